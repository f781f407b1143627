use std::time::Duration;

use vision_chat::{Help, Host};
use vision_core::ErrorKind::{self, *};
use vision_http::{Reply, Wire};

use crate::support::{HOST, chat, failure};

#[track_caller]
fn check(status: u16, body: &str, kind: ErrorKind, words: &str) {
    let error = failure(HOST, status, body);
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.message().contains(words), "{error}");
    assert_eq!(error.details.body.is_some(), kind == Malformed);
}

/// The shape of the dialect.
fn coded(kind: &str, code: &str) -> String {
    format!(r#"{{"error":{{"message":"so it is","type":"{kind}","param":null,"code":"{code}"}}}}"#)
}

#[test]
fn a_status_means_what_it_means_everywhere() {
    let body = r#"{"error":{"message":"so it is","type":"x","param":null,"code":null}}"#;
    check(400, body, InvalidRequest, "api.acme.test refused the request (status 400): so it is");
    check(401, body, Auth, "key rejected by api.acme.test: so it is");
    check(402, body, QuotaExhausted, "no credit or quota left at api.acme.test");
    check(403, body, Auth, "api.acme.test denies access to this key");
    check(404, body, InvalidRequest, "is the base URL right?");
    check(408, body, Timeout, "gave up waiting");
    check(413, body, TooLarge, "the request is too large for api.acme.test");
    check(422, body, InvalidRequest, "so it is");
    check(429, body, RateLimited, "asks for fewer requests");
    check(500, body, Unavailable, "api.acme.test is not available (status 500)");
    check(502, body, Unavailable, "so it is");
    check(503, body, Unavailable, "so it is");
    check(504, body, Timeout, "so it is");
    check(529, body, Unavailable, "so it is");
}

#[test]
fn a_certain_name_outranks_the_status() {
    check(429, &coded("insufficient_quota", "insufficient_quota"), QuotaExhausted, "no credit");
    check(429, &coded("requests", "credit_balance_exhausted"), QuotaExhausted, "no credit");
    check(429, &coded("tokens", "rate_limit_exceeded"), RateLimited, "fewer requests");
    check(503, &coded("rate_limit_error", "slow_down"), RateLimited, "fewer requests");
    check(503, &coded("service_unavailable_error", "server_is_overloaded"), Unavailable, "not available");
    check(400, &coded("invalid_request_error", "context_length_exceeded"), TooLarge, "too large");
    check(
        400,
        &coded("invalid_request_error", "content_policy_violation"),
        Refused,
        "because of its content",
    );
    check(400, &coded("invalid_request_error", "invalid_api_key"), Auth, "key rejected");
    check(
        400,
        &coded("invalid_request_error", "unsupported_parameter"),
        InvalidRequest,
        "refused the request",
    );
}

#[test]
fn policies_and_unpaid_bills_go_by_many_names() {
    for code in ["bio_policy", "misalignment_policy_violation", "data_inspection_failed"] {
        check(400, &coded("invalid_request_error", code), Refused, "because of its content");
    }
    check(400, &coded("ContentPolicyViolationError", "400"), Refused, "because of its content");
    check(400, &coded("Arrearage", "Arrearage"), QuotaExhausted, "no credit");
}

#[test]
fn more_than_a_minute_allows_is_not_tried_again() {
    for (status, unit) in [(413, "tokens per minute (TPM)"), (429, "tokens per min (TPM)")] {
        let body = format!(
            r#"{{"error":{{"message":"Request too large for model `m` on {unit}: Limit 6000, Requested 12328","type":"tokens","code":"rate_limit_exceeded"}}}}"#
        );
        check(status, &body, TooLarge, "too large");
    }
    let passing = r#"{"error":{"message":"Rate limit reached for `m` on tokens per minute (TPM): Limit 6000, Used 5000, Requested 1200","type":"tokens","code":"rate_limit_exceeded"}}"#;
    check(429, passing, RateLimited, "fewer requests");
}

#[test]
fn a_missing_model_is_named() {
    check(
        404,
        &coded("invalid_request_error", "model_not_found"),
        InvalidRequest,
        "model not found at api.acme.test: acme-1",
    );
    check(
        404,
        r#"{"error":"model 'acme-1' not found"}"#,
        InvalidRequest,
        "model not found at api.acme.test: acme-1",
    );
}

#[test]
fn the_parameter_at_fault_is_named() {
    let body = r#"{"error":{"message":"Unsupported value.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}"#;
    check(400, body, InvalidRequest, "Unsupported value. [temperature]");
}

#[test]
fn azure_blocks_a_prompt_with_a_400() {
    let body = r#"{"error":{"message":"The response was filtered","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"violence":{"filtered":true}}}}}"#;
    check(400, body, Refused, "because of its content");
}

#[test]
fn errors_hide_in_successes() {
    check(
        200,
        r#"{"error":{"code":402,"message":"Insufficient credits"}}"#,
        QuotaExhausted,
        "Insufficient credits",
    );
    check(200, r#"{"error":{"code":"429","message":"busy"}}"#, RateLimited, "busy");
    check(200, r#"{"error":{"message":"bad key","type":"authentication_error"}}"#, Auth, "bad key");
    check(200, r#"{"error":{"message":"oops","type":"server_error"},"choices":[]}"#, Unavailable, "oops");
    check(200, r#"{"error":"out of memory"}"#, Malformed, "an error inside a success: out of memory");
    check(
        200,
        r#"{"choices":[{"error":{"code":502,"message":"upstream"},"finish_reason":"error"}]}"#,
        Unavailable,
        "upstream",
    );
    check(
        200,
        r#"{"choices":[{"message":{"content":"a"},"finish_reason":"error"}]}"#,
        Unavailable,
        "broke off",
    );
}

#[test]
fn a_failed_choice_may_have_been_billed() {
    let body = r#"{"choices":[{"error":{"code":502,"message":"upstream"}}],"usage":{"prompt_tokens":7}}"#;
    let error = failure(HOST, 200, body);
    assert!(error.details.maybe_billed);
    assert_eq!(error.details.usage.input, Some(7));
}

#[test]
fn a_moderator_refuses_with_reasons() {
    let body = r#"{"error":{"code":403,"message":"flagged","metadata":{"reasons":["violence"],"provider_name":"x"}}}"#;
    check(403, body, Refused, "flagged");
}

#[test]
fn bodies_that_are_not_json_are_shown() {
    check(502, "<html><head><title>502 Bad Gateway</title></head></html>", Unavailable, "502 Bad Gateway");
    check(413, "<html><h1>413</h1></html>", TooLarge, "a web page");
    check(503, "upstream connect error", Unavailable, "upstream connect error");
    check(500, "", Unavailable, "api.acme.test is not available (status 500)");
}

#[test]
fn a_host_may_mean_something_else_by_403() {
    let host = Host { forbidden: QuotaExhausted, ..HOST };
    assert_eq!(failure(host, 403, r#"{"message":"no funds"}"#).kind(), QuotaExhausted);
    assert_eq!(failure(host, 401, r#"{"message":"no key"}"#).kind(), Auth);
}

#[test]
fn help_names_the_cure_and_corrects_the_kind() {
    const HELP: &[Help] = &[
        Help {
            status: Some(500),
            words: "MMPROJ",
            kind: Some(InvalidRequest),
            advice: "start with --mmproj",
        },
        Help { status: Some(404), words: "", kind: None, advice: "ollama pull {model}" },
    ];
    let host = Host { help: HELP, ..HOST };
    let error = failure(host, 500, r#"{"error":{"message":"you may need to provide the mmproj"}}"#);
    assert_eq!(error.kind(), InvalidRequest);
    assert!(error.message().ends_with("(start with --mmproj)"), "{error}");
    let error = failure(host, 404, r#"{"error":"model not found"}"#);
    assert!(error.message().ends_with("(ollama pull acme-1)"), "{error}");
    assert!(!failure(host, 500, "{}").message().contains("mmproj"));
}

#[test]
fn the_delay_comes_from_headers_or_body() {
    let reply = Reply::json_text(429, "{}").with_header("retry-after-ms", "1500");
    let delay = |reply: &Reply| chat(HOST).decode(reply).unwrap_err().details.retry_after;
    assert_eq!(delay(&reply), Some(Duration::from_millis(1500)));
    let google = r#"[{"error":{"code":429,"message":"slow","details":[{"retryDelay":"37s"}]}}]"#;
    assert_eq!(delay(&Reply::json_text(429, google)), Some(Duration::from_secs(37)));
}

#[test]
fn what_to_quote_to_support_is_kept() {
    let error = failure(HOST, 500, r#"{"message":"Something wrong","requestId":"0a-1b","statusCode":500}"#);
    assert_eq!(error.details.request_id.as_deref(), Some("0a-1b"));
    assert_eq!(error.details.status, Some(500));
}

#[test]
fn a_message_is_one_short_line_without_control_characters() {
    let body = serde_json::json!({"error": {"message": format!("no\n  \u{1b}[31mway: {}", "é".repeat(900))}});
    let message = failure(HOST, 400, &body.to_string()).message().to_owned();
    assert!(message.contains(": no [31mway: éé") && message.ends_with("é…"), "{message}");
    assert!(message.len() < 500 && !message.contains('\u{1b}'), "{message}");
}

#[test]
fn an_answer_that_will_be_elsewhere_is_asked_for_again() {
    let reply = Reply::json_text(202, "").with_header("nvcf-reqid", "1234-abcd");
    let error = chat(HOST).decode(&reply).unwrap_err();
    assert_eq!(error.kind(), Unavailable);
    assert!(error.is_transient() && error.message().contains("(request 1234-abcd)"), "{error}");
}
