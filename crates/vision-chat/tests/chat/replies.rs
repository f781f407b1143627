use vision_core::{ErrorKind, Stop, Usage, Usd};
use vision_http::{Reply, Wire};

use crate::support::{HOST, answer, chat, failure};

#[test]
fn reads_a_full_answer() {
    let response = answer(
        r#"{"id":"chatcmpl-1","object":"chat.completion","created":1795000000.5,"model":"acme-1-2026-07-09",
            "service_tier":"default","system_fingerprint":"fp_0a1b",
            "choices":[{"index":0,"finish_reason":"stop","logprobs":null,
              "message":{"role":"assistant","content":"TOTAL 12.50 €","refusal":null,"annotations":[]}}],
            "usage":{"prompt_tokens":1310,"completion_tokens":48,"total_tokens":1358,
              "prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":2,"image_tokens":1105,"cache_write_tokens":8},
              "completion_tokens_details":{"reasoning_tokens":32}}}"#,
    );
    assert_eq!((response.text.as_str(), response.stop), ("TOTAL 12.50 €", Stop::Complete));
    assert_eq!(response.model.as_deref(), Some("acme-1-2026-07-09"));
    assert_eq!(response.fingerprint.as_deref(), Some("fp_0a1b"));
    assert_eq!(response.service_tier.as_deref(), Some("default"));
    assert_eq!(response.request_id.as_deref(), Some("chatcmpl-1"));
    let usage = Usage {
        input: Some(1310),
        cached: Some(1024),
        cache_write: Some(8),
        output: Some(48),
        reasoning: Some(32),
        image: Some(1105),
        audio: Some(2),
        ..Usage::default()
    };
    assert_eq!(response.usage, usage);
}

#[test]
fn the_header_is_the_better_request_id() {
    let body = r#"{"id":"chatcmpl-1","choices":[{"message":{"content":"a"}}]}"#;
    let reply = Reply::json_text(200, body).with_header("x-request-id", "req_9");
    let response = chat(HOST).decode(&reply).unwrap();
    assert_eq!(response.request_id.as_deref(), Some("req_9"));
}

#[track_caller]
fn choice(choice: &str, text: &str, stop: Stop) {
    let response = answer(&format!(r#"{{"choices":[{choice}]}}"#));
    assert_eq!((response.text.as_str(), response.stop), (text, stop));
}

#[test]
fn an_answer_may_have_no_text() {
    choice(r#"{"finish_reason":"stop","message":{"content":null}}"#, "", Stop::Complete);
    choice(r#"{"finish_reason":"stop","message":{}}"#, "", Stop::Complete);
    choice(r#"{"finish_reason":"length","message":{"content":""}}"#, "", Stop::Length);
    choice(r#"{"finish_reason":"content_filter"}"#, "", Stop::Filtered(None));
    choice(r#"{"finish_reason":null,"message":null}"#, "", Stop::Unknown);
}

#[test]
fn reasons_for_stopping_have_many_names() {
    for word in ["eos_token", "COMPLETE", "STOP"] {
        choice(&format!(r#"{{"finish_reason":"{word}","message":{{"content":"a"}}}}"#), "a", Stop::Complete);
    }
    choice(r#"{"finish_reason":"sensitive","message":{"content":""}}"#, "", Stop::Filtered(None));
    let broken = failure(HOST, 200, r#"{"choices":[{"finish_reason":"network_error","message":{}}]}"#);
    assert_eq!(broken.kind(), ErrorKind::Unavailable);
}

#[test]
fn reasoning_is_not_the_answer() {
    choice(
        r#"{"finish_reason":"stop","message":{"content":"4","reasoning_content":"2+2"}}"#,
        "4",
        Stop::Complete,
    );
    choice(r#"{"finish_reason":"length","message":{"content":"","reasoning":"hmm"}}"#, "", Stop::Length);
    let parts = r#"{"finish_reason":"stop","message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"2+2"}]},{"type":"text","text":"4"}]}}"#;
    choice(parts, "4", Stop::Complete);
    let parts = r#"{"message":{"content":[{"type":"reasoning","text":"2+2"},{"text":"4"},{"type":"text","text":"2"}]}}"#;
    choice(parts, "42", Stop::Unknown);
}

#[test]
fn the_text_stays_as_it_came() {
    let fenced = r#"{"finish_reason":"stop","message":{"content":"```json\n{}\n```"}}"#;
    choice(fenced, "```json\n{}\n```", Stop::Complete);
    choice(
        r#"{"finish_reason":"stop","message":{"content":"<think>a</think>b"}}"#,
        "<think>a</think>b",
        Stop::Complete,
    );
}

#[test]
fn reasons_to_stop_are_known_or_kept() {
    let at = |reason: &str, stop| {
        choice(&format!(r#"{{"finish_reason":"{reason}","message":{{"content":"a"}}}}"#), "a", stop);
    };
    at("stop", Stop::Complete);
    at("eos", Stop::Complete);
    at("length", Stop::Length);
    at("model_length", Stop::ContextWindow);
    at("tool_calls", Stop::ToolUse);
    at("repetition_detected", Stop::Other("repetition_detected".to_owned()));
}

#[test]
fn a_filter_names_its_category() {
    choice(
        r#"{"finish_reason":"content_filter","message":{"content":""},"content_filter_results":{"hate":{"filtered":false},"violence":{"filtered":true,"severity":"high"}}}"#,
        "",
        Stop::Filtered(Some("violence".to_owned())),
    );
}

#[test]
fn a_refusal_is_told_apart() {
    let response =
        answer(r#"{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"I can't."}}]}"#);
    assert_eq!((response.stop, response.refusal.as_deref()), (Stop::Refused, Some("I can't.")));
    assert_eq!(response.text, "");
}

#[track_caller]
fn usage(usage: &str, input: Option<u64>, output: Option<u64>) {
    let response = answer(&format!(r#"{{"choices":[{{"message":{{"content":"a"}}}}],"usage":{usage}}}"#));
    assert_eq!((response.usage.input, response.usage.output), (input, output));
}

#[test]
fn usage_may_be_missing_in_part_or_whole() {
    usage("null", None, None);
    usage("{}", None, None);
    usage(r#""none""#, None, None);
    usage(r#"{"total_tokens":9}"#, None, None);
    usage(r#"{"prompt_tokens":5,"completion_tokens":4,"total_tokens":9}"#, Some(5), Some(4));
    usage(r#"{"prompt_tokens":5.0,"completion_tokens":4.0}"#, Some(5), Some(4));
    usage(r#"{"prompt_tokens":5,"total_tokens":9}"#, Some(5), Some(4));
    usage(r#"{"prompt_tokens":-5,"completion_tokens":null}"#, None, None);
    usage(r#"{"prompt_tokens":"many","completion_tokens":"few"}"#, None, None);
    usage(r#"{"prompt_tokens":18446744073709551615,"completion_tokens":1e300}"#, None, None);
    assert_eq!(answer(r#"{"choices":[{"message":{"content":"a"}}]}"#).usage, Usage::default());
}

#[test]
fn no_tokens_for_an_answer_that_is_there_means_not_counted() {
    usage(r#"{"prompt_tokens":5,"completion_tokens":0,"total_tokens":5}"#, Some(5), None);
    usage(r#"{"prompt_tokens":5,"completion_tokens":0,"total_tokens":8}"#, Some(5), Some(3));
    usage(r#"{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}"#, None, None);
}

#[test]
fn both_spellings_of_the_details_are_read() {
    let details = |details: &str| {
        answer(&format!(r#"{{"choices":[{{}}],"usage":{{"prompt_tokens":5,{details}}}}}"#)).usage.cached
    };
    assert_eq!(
        details(r#""prompt_tokens_details":{"cached_tokens":3},"prompt_token_details":{"cached_tokens":3}"#),
        Some(3)
    );
    assert_eq!(details(r#""prompt_token_details":{"cached_tokens":4}"#), Some(4));
    assert_eq!(details(r#""num_cached_tokens":2,"prompt_tokens_details":null"#), Some(2));
}

#[test]
fn a_cost_is_read_where_the_host_reports_one() {
    let body = r#"{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":1,"cost":0.25}}"#;
    let reply = Reply::json_text(200, body);
    let paid = vision_chat::Host { cost: Some("cost"), ..HOST };
    assert_eq!(chat(paid).decode(&reply).unwrap().cost, Some(Usd(0.25)));
    assert_eq!(chat(HOST).decode(&reply).unwrap().cost, None);
}

#[test]
fn a_key_of_one_s_own_at_the_host_behind_costs_there_too() {
    let cost = |usage: &str| {
        let body = format!(r#"{{"choices":[{{"message":{{"content":"a"}}}}],"usage":{usage}}}"#);
        chat(vision_chat::Host { cost: Some("cost"), ..HOST })
            .decode(&Reply::json_text(200, body))
            .unwrap()
            .cost
    };
    let behind = |own: bool| {
        cost(&format!(r#"{{"cost":0.25,"is_byok":{own},"cost_details":{{"upstream_inference_cost":4.5}}}}"#))
    };
    assert_eq!((behind(true), behind(false)), (Some(Usd(4.75)), Some(Usd(0.25))));
    assert_eq!(cost(r#"{"cost":0.25,"is_byok":true,"cost_details":null}"#), Some(Usd(0.25)));
}

#[test]
fn nobody_is_paid_for_asking() {
    let body = r#"{"choices":[{"message":{"content":"a"}}],"usage":{"cost":-1000}}"#;
    let host = vision_chat::Host { cost: Some("cost"), ..HOST };
    assert_eq!(chat(host).decode(&Reply::json_text(200, body)).unwrap().cost, None);
}

#[test]
fn an_answer_without_choices_is_malformed_and_may_be_billed() {
    for body in [
        r#"{"choices":[],"usage":{"prompt_tokens":5}}"#,
        r#"{"id":"1"}"#,
        "[]",
        "null",
        r#"{"choices":null}"#,
    ] {
        let error = failure(HOST, 200, body);
        assert_eq!(error.kind(), ErrorKind::Malformed, "{body}");
        assert_eq!(error.details.body.as_deref(), Some(body));
        assert!(error.details.maybe_billed);
    }
    assert_eq!(
        failure(HOST, 200, r#"{"choices":[],"usage":{"prompt_tokens":5}}"#).details.usage.input,
        Some(5)
    );
}

#[test]
fn half_an_answer_and_a_web_page_are_malformed() {
    for body in [r#"{"choices":[{"mess"#, "", "<html><title>Login</title></html>"] {
        assert_eq!(failure(HOST, 200, body).kind(), ErrorKind::Malformed, "{body}");
    }
}

proptest::proptest! {
    #[test]
    fn never_panics_on_any_json(field in "[a-z_]{0,12}", value in "(null|0|-1|1e300|\"\"|\\[\\]|\\{\\}|true)") {
        let answers = [
            format!(r#"{{"choices":[{{"{field}":{value},"message":{{"content":"a"}}}}]}}"#),
            format!(r#"{{"choices":[{{"message":{{"content":{value}}}}}],"usage":{value},"model":{value},"{field}":{value}}}"#),
            format!(r#"{{"error":{value},"choices":{value}}}"#),
        ];
        for body in answers {
            let _ = chat(HOST).decode(&Reply::json_text(200, body.clone()));
            let _ = chat(HOST).decode(&Reply::json_text(400, body));
        }
    }
}
