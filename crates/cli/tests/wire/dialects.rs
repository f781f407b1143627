//! `ask` through every dialect: what arrives, and what comes back.

use serde_json::{Value, json};
use vision_testkit::media;
use vision_testkit::server::Settings;

use crate::doors::{DOORS, Door, KEY, all, every};
use crate::shell::{Ended, Host, Shell};

fn host() -> Host {
    Host::start(Settings { key: Some(KEY.to_owned()), ..Settings::default() })
}

/// Without a file of answers the server says what it saw.
#[track_caller]
fn saw(ended: &Ended, pointer: &str) -> Value {
    ended.json().pointer(pointer).cloned().unwrap_or_else(|| panic!("no {pointer} in {}", ended.out))
}

#[track_caller]
fn not_a_trace_of_the_key(ended: &Ended) {
    for start in 0..=KEY.len() - 8 {
        let piece = &KEY[start..start + 8];
        assert!(!ended.out.contains(piece) && !ended.err.contains(piece), "{}\n{}", ended.out, ended.err);
    }
}

#[test]
fn an_image_and_a_question_arrive_whole() {
    let host = host();
    let image = media::png("receipt.png", 60, 40, 1);
    for door in every() {
        let shell = door.shell(&host, None);
        let ended = shell.put(&image).run(&["ask", door.name, "receipt.png", "What is the total? 東京"]);
        let ended = ended.expect(0);
        let seen = saw(&ended, "/media/0");
        let arrived = (&seen["kind"], &seen["width"], &seen["height"], &seen["whole"], &seen["bytes"]);
        let bytes = json!(image.bytes().unwrap().len());
        assert_eq!(arrived, (&json!("png"), &json!(60), &json!(40), &json!(true), &bytes), "{}", door.name);
        assert_eq!(saw(&ended, "/texts"), json!(["What is the total? 東京"]), "{}", door.name);
        let ended = ended.says(" tokens in · ").says(" s · ");
        assert!(ended.err.contains('$') || ended.err.contains("cost unknown"), "{}", ended.err);
        not_a_trace_of_the_key(&ended);
    }
    assert_eq!(host.journal().by_status.keys().collect::<Vec<_>>(), [&200]);
}

#[test]
fn several_images_arrive_in_order() {
    let host = host();
    let images: Vec<_> = (1..=3).map(|n| media::png(&format!("{n}.png"), 10 * n, 8, n)).collect();
    for door in every() {
        let shell = door.shell(&host, None);
        images.iter().for_each(|image| {
            shell.put(image);
        });
        let ended = shell.run(&["ask", door.name, "3.png", "1.png", "2.png", "Compare."]).expect(0);
        let widths: Vec<_> = (0..3).map(|n| saw(&ended, &format!("/media/{n}/width"))).collect();
        assert_eq!(widths, [30, 10, 20], "{}", door.name);
    }
}

#[test]
fn an_answer_is_held_to_a_schema() {
    let host = host();
    let schema = json!({
        "type": "object",
        "properties": {"total": {"type": ["number", "null"]}, "items": {"type": "array", "items": {"type": "string"}}},
        "required": ["total", "items"],
        "additionalProperties": false
    });
    // llama.cpp's shape is its own; the tests of its preset hold it to that.
    for door in every().filter(|door| door.name != "llama.cpp/default") {
        let shell = door.shell(&host, None);
        shell.put(&media::png("a.png", 9, 9, 1)).write("bill.json", schema.to_string());
        // Unset, Yandex's own shape is written, which the schema of the dialect does not know.
        let named =
            "[[provider]]\nkind = \"yandex\"\nmodel = \"gemma-3-27b-it\"\nsettings.named_schema = true\n";
        shell.write("eval.toml", named);
        let ended = shell.run(&["ask", door.name, "a.png", "--schema", "bill.json", "Read the bill."]);
        assert_eq!(ended.expect(0).json(), json!({"total": null, "items": []}), "{}", door.name);
    }
}

#[test]
fn json_of_any_shape_can_be_asked_for_or_is_refused_before_anything_is_sent() {
    let host = host();
    for door in every() {
        let before = host.journal().requests;
        let shell = door.shell(&host, None);
        shell.put(&media::png("a.png", 9, 9, 1));
        let ended = shell.run(&["ask", door.name, "a.png", "--json", "Read the bill, as JSON."]);
        if door.json {
            assert!(ended.expect(0).json().is_object());
        } else {
            ended.expect(96).says("JSON mode not supported").says(door.name);
            assert_eq!(host.journal().requests, before, "{}", door.name);
        }
    }
}

/// What a door does not take is refused with the name of the file, and nothing is sent.
#[track_caller]
fn taken_or_refused(file: &vision_core::Media, kind: &str, taken: fn(&Door) -> bool) {
    let host = host();
    for door in DOORS {
        let before = host.journal().requests;
        let shell = door.shell(&host, None);
        let ended = shell.put(file).run(&["ask", door.name, file.name(), "What is it?"]);
        if taken(&door) {
            let ended = ended.expect(0);
            let seen = (saw(&ended, "/media/0/kind"), saw(&ended, "/media/0/whole"));
            assert_eq!(seen, (json!(kind), json!(true)), "{}", door.name);
        } else {
            ended.expect(96).says("not supported ").says(&format!("({})", file.name())).says(door.name);
            assert_eq!(host.journal().requests, before, "{}", door.name);
        }
    }
}

#[test]
fn a_pdf_arrives_whole_or_is_refused() {
    taken_or_refused(&media::pdf("bill.pdf"), "pdf", |door| door.pdf);
}

#[test]
fn sound_arrives_whole_or_is_refused() {
    taken_or_refused(&media::wav("call.wav"), "wav", |door| door.wav);
}

#[test]
fn sound_goes_to_models_that_hear_and_models_that_transcribe() {
    let host = host();
    for (name, of) in [
        ("openai/gpt-audio-1.5", 0),
        ("openai/gpt-transcribe", 0),
        ("tsystems/whisper-large-v3", 7),
        ("deepinfra/openai/whisper-large-v3", 4),
    ] {
        let shell = DOORS[of].shell(&host, None);
        let words = ["ask", name, "call.wav", "--task", "transcribe", "Write down what is said."];
        let ended = shell.put(&media::wav("call.wav")).run(&words).expect(0);
        assert_eq!(saw(&ended, "/media/0/whole"), json!(true), "{name}");
    }
    let paths = host.journal().by_path;
    assert_eq!(paths["/v1/audio/transcriptions"], 1);
    assert_eq!(paths["/v2/audio/transcriptions"], 1);
    assert_eq!(paths["/v1/openai/audio/transcriptions"], 1);
}

#[test]
fn a_link_is_passed_on_and_fetched_by_nobody_here() {
    let host = host();
    // If anybody here fetched it, this port would hear of it.
    let bait = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    bait.set_nonblocking(true).unwrap();
    let url = format!("http://{}/a.png", bait.local_addr().unwrap());
    for door in DOORS {
        let ended = door.shell(&host, None).run(&["ask", door.name, &url, "What is it?"]);
        if ended.code == Some(0) {
            assert_eq!(saw(&ended, "/media/0/url"), json!(url), "{}", door.name);
        } else {
            ended.expect(96).says("URL input not supported");
        }
        assert!(bait.accept().is_err(), "{} let us fetch the link", door.name);
    }
}

#[test]
fn a_failure_that_passes_is_survived_and_told() {
    let host = host();
    all(|door| {
        for fault in ["429:0.01*1", "500*1", "529*1", "cut*1", "half*1"] {
            let shell = door.shell(&host, Some(fault));
            shell.put(&media::png("a.png", 9, 9, 1));
            // Of two doors with the same model, the server would take one's question for the other's second try.
            let question = format!("Through {fault} and {}?", door.name);
            let ended = shell.run(&["ask", door.name, "a.png", &question]).expect(0);
            assert_eq!(saw(&ended, "/media/0/whole"), json!(true), "{} {fault}", door.name);
            ended.says("2 attempts");
        }
    });
}

#[test]
fn slow_bytes_are_waited_for() {
    let host = host();
    all(|door| {
        for fault in ["slow:30ms", "trickle:5ms"] {
            let shell = door.shell(&host, Some(fault));
            let ended = shell.put(&media::png("a.png", 9, 9, 1)).run(&["ask", door.name, "a.png", "What?"]);
            assert_eq!(saw(&ended.expect(0), "/media/0/whole"), json!(true), "{} {fault}", door.name);
        }
    });
}

/// Every door × a fault that stays: how the command ends, and the words that it says.
#[track_caller]
fn ends(fault: &str, code: i32, words: &[&str]) {
    let host = host();
    all(|door| {
        let shell = door.shell(&host, Some(fault));
        shell.put(&media::png("a.png", 9, 9, 1));
        // Short where nothing ever comes, and otherwise longer than any busy machine needs.
        let timeout = if fault == "hang" { "2" } else { "100" };
        let options = ["--max-retries", "0", "--timeout", timeout];
        let ended = shell.run(&[&["ask", door.name, "a.png", "What?"], &options[..]].concat());
        let ended = ended.expect(code);
        assert!(words.iter().any(|words| ended.err.contains(words)), "{} {fault}: {}", door.name, ended.err);
        let (first, rest) = ended.err.split_once('\n').unwrap();
        assert!(first.starts_with("note: requests to ") && first.contains(&host.name()), "{first}");
        assert!(rest.starts_with("error: ") && !rest.contains("panicked"), "{}", ended.err);
        assert!(ended.out.is_empty(), "{}", ended.out);
        not_a_trace_of_the_key(&ended);
    });
}

#[test]
fn a_limit_that_stays_is_named() {
    ends("429", 1, &["asks for fewer requests", "429"]);
}

#[test]
fn credit_that_is_gone_is_named() {
    ends("quota", 96, &["no credit left at 127", "no quota left at 127", "no credit or quota left at 127"]);
}

#[test]
fn a_host_that_is_down_is_named() {
    ends("500", 1, &["is not available (status 500)", "127.0.0.1"]);
    ends("503", 1, &["is not available (status 503)", "127.0.0.1"]);
}

#[test]
fn a_web_page_is_no_answer() {
    ends("html", 1, &["the reply is a web page: Bad Gateway"]);
    ends("html:502", 1, &["Bad Gateway"]);
}

#[test]
fn a_broken_reply_is_no_answer() {
    ends("cut", 1, &["closed the connection without an answer"]);
    // Head and half a body may never leave the host's own buffer.
    ends("half", 1, &["broke off in the middle of its reply", "closed the connection without an answer"]);
    ends("badjson", 1, &["the reply is not the JSON that was expected"]);
    ends("empty", 1, &["the reply is empty"]);
    ends("error200", 1, &["upstream broke"]);
}

#[test]
fn a_host_that_says_nothing_is_given_up_in_time() {
    ends("hang", 1, &["no answer within 2 s"]);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Host::start(Settings::default());
    let host = Host::start(Settings {
        faults: vec![format!("redirect:{}/v1/take", elsewhere.url()).parse().unwrap()],
        ..Settings::default()
    });
    for door in every() {
        let shell = door.shell(&host, None);
        let ended = shell.put(&media::png("a.png", 9, 9, 1)).run(&["ask", door.name, "a.png", "What?"]);
        ended.expect(96).says("redirect");
    }
    assert_eq!(elsewhere.journal().requests, 0, "a request went to a host that nobody configured");
}

#[test]
fn the_model_list_of_each_host_is_shown() {
    let host = Host::start(Settings { models: vec!["see-me".to_owned()], ..Settings::default() });
    for door in every() {
        let kind = door.name.split('/').next().unwrap();
        let ended = door.shell(&host, None).run(&["providers", "models", kind]).expect(0);
        assert!(ended.out.contains("see-me"), "{kind}: {}", ended.out);
    }
}

#[test]
fn every_provider_can_be_checked_live() {
    let host = host();
    for door in every() {
        let ended = door.shell(&host, None).run(&["providers", "check", door.name, "--live"]).expect(0);
        assert!(ended.out.contains("ok") && ended.out.contains("answers in"), "{}", ended.out);
    }
}

#[test]
fn each_request_and_retry_can_be_watched_without_the_key() {
    let host = host();
    let door = DOORS[0];
    let shell = door.shell(&host, Some("429:0.01*1"));
    shell.put(&media::png("a.png", 9, 9, 1));
    let ended = shell.run(&["ask", door.name, "a.png", "What?", "-v"]).expect(0);
    let log = &ended.err;
    for words in [
        r#"answered method="POST" host="127.0.0.1"#,
        "status=429",
        "trying again",
        "attempt=1",
        "wait_ms=",
        "status=200",
        "provider_ms=",
    ] {
        assert!(log.contains(words), "`{words}` is not in:\n{log}");
    }
    assert!(!log.contains("What?") && !log.contains("base64"), "a body is in:\n{log}");
    not_a_trace_of_the_key(&ended);
    let mut by_variable: Shell = door.shell(&host, None);
    by_variable.set("VISION_EVAL_VERBOSE", "2").put(&media::png("a.png", 9, 9, 1));
    let ended = by_variable.run(&["ask", door.name, "a.png", "What?"]).expect(0).says("TRACE");
    not_a_trace_of_the_key(&ended);
}
