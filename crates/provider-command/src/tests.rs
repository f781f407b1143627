use std::num::NonZeroU32;
use std::sync::Arc;

use serde_json::{Value, json};
use vision_core::{ErrorKind, Output, Part, Request, Response, Result, Schema, Stop, Task, Usd};
use vision_testkit::media;

use super::{Config, Settings, provider};

fn settings(command: &[&str]) -> Settings {
    let command = command.iter().map(|word| (*word).to_owned()).collect();
    Settings { command, timeout_seconds: 20, formats: Vec::new(), max_images: None, env: Vec::new() }
}

fn question() -> Request {
    let parts = vec![
        Part::Media(media::png("cat.png", 2, 1, 1)),
        Part::Text("What is it? \"$HOME\"".to_owned()),
        Part::Media(media::pdf("b.pdf")),
    ];
    let schema = json!({"properties": {"total": {"type": "number"}}});
    let schema = Schema { name: "a".into(), schema: Arc::new(schema), strict: true };
    let request = Request::new(Task::Receipt, parts, NonZeroU32::MIN);
    Request { system: Some("You read.".to_owned()), output: Output::Schema(schema), seed: Some(7), ..request }
}

async fn ask(settings: Settings) -> Result<Response> {
    provider(Config { model: "mine".to_owned(), settings, keys: Vec::new() })?.analyze(&question()).await
}

async fn script(text: &str) -> Result<Response> {
    ask(settings(&["sh", "-c", text])).await
}

#[tokio::test]
async fn a_question_arrives_as_documented() {
    // It gives back what it was asked, and how long the files are while they are there.
    let text = r#"question=$(cat); files=$(printf '%s' "$question" | grep -o '/[^"]*\.p[nd][gf]' | xargs wc -c | tail -n 1 | awk '{print $1}'); printf '{"answer":{"question":%s,"bytes":%s}}' "$question" "$files""#;
    let answer: Value = serde_json::from_str(&script(text).await.unwrap().text).unwrap();
    let request = question();
    let bytes: usize = request.media().map(|media| media.bytes().unwrap().len()).sum();
    assert_eq!(answer["bytes"], json!(bytes));
    let mut asked = answer["question"].clone();
    for (part, name) in [(0, "1.png"), (2, "3.pdf")] {
        let file = asked["parts"][part]["file"].take();
        let file = file.as_str().unwrap();
        assert!(file.ends_with(name) && !std::path::Path::new(file).exists(), "{file} is still there");
        asked["parts"][part]["file"] = json!(name);
    }
    let wanted = json!({
        "protocol": 1, "model": "mine", "task": "receipt", "system": "You read.",
        "parts": [
            {"file": "1.png", "mime": "image/png"}, {"text": "What is it? \"$HOME\""},
            {"file": "3.pdf", "mime": "application/pdf"}
        ],
        "output": "schema", "schema": {"properties": {"total": {"type": "number"}}},
        "max_output_tokens": 1, "seed": 7
    });
    assert_eq!(asked, wanted);
}

#[tokio::test]
async fn an_answer_is_read_whole() {
    let text = r#"cat >/dev/null; echo '{"answer":{"total":12.50},"usage":{"input":9,"output":4,"pages":1},"cost_usd":0.002,"model":"m-1",
        "evidence":[{"path":"total","text":"$12.50","confidence":0.9,"page":1,"box":{"left":0.1,"top":0.2,"right":0.3,"bottom":0.4}}]}'"#;
    let response = script(text).await.unwrap();
    assert_eq!((response.text.as_str(), response.stop), (r#"{"total":12.50}"#, Stop::Complete));
    assert_eq!(
        (response.usage.pages, response.cost, response.model.as_deref()),
        (Some(1), Some(Usd(0.002)), Some("m-1"))
    );
    assert_eq!(response.evidence[0].confidence, Some(0.9));
    assert_eq!(script("echo '{\"text\":\"hi\"}'").await.unwrap().text, "hi");
    let refused = script("echo '{\"refusal\":\"no\"}'").await.unwrap();
    assert_eq!((refused.stop, refused.refusal.as_deref()), (Stop::Refused, Some("no")));
}

#[tokio::test]
async fn exit_codes_have_their_kind_and_stderr_its_last_word() {
    for (code, kind) in [
        (65, ErrorKind::InvalidRequest),
        (75, ErrorKind::Unavailable),
        (77, ErrorKind::Auth),
        (78, ErrorKind::Config),
        (1, ErrorKind::Malformed),
    ] {
        let error = script(&format!("echo first >&2; echo 'the reason' >&2; exit {code}")).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().ends_with(&format!("ended with code {code}: the reason")), "{error}");
        assert_eq!(error.is_transient(), code == 75);
    }
    let killed = script("kill -9 $$").await.unwrap_err();
    assert!(killed.message().contains("was killed"), "{killed}");
}

#[tokio::test]
async fn what_is_no_answer_is_malformed_and_kept() {
    for (text, words) in [
        ("echo hello", "not the JSON"),
        ("true", "not the JSON"),
        ("echo '{}'", "neither `text` nor `answer`"),
        ("echo '{\"text\":\"a\",\"answer\":1}'", "both `text` and `answer`"),
        ("echo '{\"txt\":\"a\"}'", "not the JSON"),
    ] {
        let error = script(text).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
        assert!(error.message().contains(words) && error.details.body.is_some(), "{error}");
    }
}

#[tokio::test]
async fn a_program_that_hangs_or_floods_is_stopped() {
    let start = std::time::Instant::now();
    let slow = Settings { timeout_seconds: 1, ..settings(&["sleep", "3600"]) };
    let error = ask(slow).await.unwrap_err();
    assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Timeout, true));
    assert!(start.elapsed().as_secs() < 15);
    // Neither a long complaint nor a program that never reads its question blocks anything.
    let loud = "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo '{\"text\":\"done\"}'";
    assert_eq!(script(loud).await.unwrap().text, "done");
}

#[tokio::test]
async fn what_cannot_be_started_says_so() {
    let error = ask(settings(&["no-such-program-anywhere"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("`no-such-program-anywhere` cannot be started"), "{error}");
    for command in [&[][..], &[" "]] {
        provider(Config { model: "m".to_owned(), settings: settings(command), keys: Vec::new() })
            .unwrap_err();
    }
}

/// The blocks of JSON in the documentation: a question and an answer.
fn documented() -> Vec<Value> {
    let blocks = include_str!("../README.md").split("```json\n").skip(1);
    let ended = blocks.filter_map(|block| block.split("```").next());
    ended.map(|block| serde_json::from_str(block).expect("a block of JSON is JSON")).collect()
}

#[test]
fn the_documented_question_and_answer_are_those_of_the_protocol() {
    let documented = documented();
    let request = question();
    let written = super::question::Question::new("my-extractor", &request).unwrap().text().unwrap();
    let written: Value = serde_json::from_slice(&written).unwrap();
    let names = |value: &Value| {
        value.as_object().unwrap().keys().filter(|name| *name != "seed").cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&documented[0]), names(&written));
    let answer = super::answer::read(documented[1].to_string().as_bytes()).unwrap();
    assert_eq!((answer.text.as_str(), answer.cost), (r#"{"total":12.5}"#, Some(Usd(0.002))));
}

#[tokio::test]
async fn a_bill_that_cannot_be_says_nothing() {
    for (said, cost) in [("0.25", Some(Usd(0.25))), ("-1", None), ("null", None), ("0", Some(Usd(0.0)))] {
        let response = script(&format!("echo '{{\"text\":\"a\",\"cost_usd\":{said}}}'")).await.unwrap();
        assert_eq!(response.cost, cost, "{said}");
    }
}

/// The example of the documentation, where there is a Python to run it.
#[tokio::test]
async fn the_example_in_python_answers() {
    if std::process::Command::new("python3").arg("--version").output().is_err() {
        return;
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/extract.py");
    let response = ask(settings(&["python3", path])).await.unwrap();
    let bytes: usize = question().media().map(|media| media.bytes().unwrap().len()).sum();
    let answer: Value = serde_json::from_str(&response.text).unwrap();
    assert_eq!(answer, json!({"bytes": bytes, "total": null}));
    assert_eq!(response.usage.pages, Some(2));
    let nothing = Request { parts: vec![Part::Text("What is it?".to_owned())], ..question() };
    let config =
        Config { model: "mine".to_owned(), settings: settings(&["python3", path]), keys: Vec::new() };
    let error = provider(config).unwrap().analyze(&nothing).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().ends_with("ended with code 65: there is no file to read"), "{error}");
}

#[tokio::test]
async fn keys_of_others_are_given_to_a_program_only_if_its_settings_name_them() {
    // Cargo sets it for every test.
    let name = "CARGO_MANIFEST_DIR";
    let given = async |env: &[&str]| {
        let env = env.iter().map(|name| (*name).to_owned()).collect();
        let text = format!(r#"cat >/dev/null; printf '{{"answer":"%s"}}' "${{{name}-none}}""#);
        let settings = Settings { env, ..settings(&["sh", "-c", &text]) };
        let config = Config { model: "mine".to_owned(), settings, keys: vec![name.to_owned()] };
        provider(config).unwrap().analyze(&question()).await.unwrap().text
    };
    assert_eq!(given(&[]).await, r#""none""#);
    assert_eq!(given(&[name]).await, format!("\"{}\"", env!("CARGO_MANIFEST_DIR")));
}
