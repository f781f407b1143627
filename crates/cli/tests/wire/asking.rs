//! `ask` with all that can be said, of one provider or of several.

use serde_json::{Value, json};
use vision_testkit::media;
use vision_testkit::server::Settings;

use crate::doors::{DOORS, Door, KEY};
use crate::shell::{Host, Shell};

fn host() -> Host {
    Host::start(Settings { key: Some(KEY.to_owned()), ..Settings::default() })
}

fn door(kind: &str) -> Door {
    *DOORS.iter().find(|door| door.name.starts_with(kind)).unwrap()
}

/// The body of the request that was recorded last.
fn sent(shell: &Shell) -> Value {
    let files = std::fs::read_dir(shell.path("wire")).unwrap().map(|entry| entry.unwrap().path());
    let recording = std::fs::read(files.max().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&recording).unwrap()["request"]["body"].clone()
}

#[test]
fn several_providers_answer_in_one_dictionary_failures_among_them() {
    let host = host();
    let mut shell = Shell::new();
    door("openai").open(&mut shell, &host, None);
    door("anthropic").open(&mut shell, &host, None);
    shell.put(&media::png("a.png", 9, 9, 1));
    let (openai, anthropic) = (door("openai").name, door("anthropic").name);
    let both = format!("{openai},{anthropic}");
    let ended = shell.run(&["ask", &both, "a.png", "What is it?", "--json"]).expect(0);
    let answers = ended.json();
    assert_eq!(answers.as_object().unwrap().keys().collect::<Vec<_>>(), [openai, anthropic]);
    for name in [openai, anthropic] {
        let answer = &answers[name];
        assert!(answer["text"].as_str().unwrap().contains("What is it?"), "{answer}");
        assert_eq!((&answer["complete"], &answer["stop"]), (&json!(true), &json!("complete")));
        assert!(answer["usage"]["input"].is_u64() && answer["seconds"].is_f64(), "{answer}");
    }

    // Who has no key is an entry like the others, and the exit code tells.
    let three = format!("{both},gemini/gemini-3.7-flash");
    let ended = shell.run(&["ask", &three, "a.png", "What is it?", "--json"]).expect(96);
    let answers = ended.json();
    let error = &answers["gemini/gemini-3.7-flash"]["error"];
    assert_eq!(error["kind"], "config");
    assert!(error["message"].as_str().unwrap().contains("GEMINI_API_KEY"), "{error}");
    assert!(answers[openai]["text"].is_string());
    assert_eq!(shell.run(&["ask", &format!("{openai},{openai}"), "a.png", "What?"]).expect(2).out, "");
}

#[test]
fn without_json_the_answers_stand_below_each_other() {
    let host = host();
    let mut shell = Shell::new();
    door("openai").open(&mut shell, &host, None);
    door("anthropic").open(&mut shell, &host, None);
    let (openai, anthropic) = (door("openai").name, door("anthropic").name);
    let ended = shell.run(&["ask", &format!("{openai},{anthropic}"), "What?"]).expect(0);
    assert!(ended.out.contains(&format!("{openai}:\n")) && ended.out.contains(&format!("{anthropic}:\n")));
    let one = shell.run(&["ask", openai, "What?", "--format", "json"]).expect(0).json();
    assert!(one[openai]["text"].is_string(), "{one}");
}

#[test]
fn a_cut_answer_is_printed_and_told_by_the_exit_code() {
    let host = host();
    let shell = door("openai").shell(&host, None);
    let long = "What is it, and what else can be seen? ".repeat(9);
    let ended = shell.run(&["ask", door("openai").name, &long, "--max-output-tokens", "16"]).expect(5);
    assert!(!ended.out.is_empty());
    ended.says("stopped: Length");
}

#[test]
fn seed_effort_and_detail_are_sent() {
    let host = host();
    let shell = door("openai").shell(&host, None);
    shell.put(&media::png("a.png", 9, 9, 1));
    let ended = shell.run(&[
        "ask",
        "openai/gpt-5.4",
        "a.png",
        "What?",
        "--seed",
        "7",
        "--effort",
        "low",
        "--detail",
        "original",
        "--record",
        "wire",
    ]);
    ended.expect(0);
    let body = sent(&shell);
    assert_eq!((&body["seed"], &body["reasoning_effort"]), (&json!(7), &json!("low")));
    assert_eq!(body["messages"][0]["content"][0]["image_url"]["detail"], "original");
    shell.run(&["ask", "openai/gpt-5.4", "What?", "--effort", "much"]).expect(2).says("minimal");
}

#[test]
fn an_address_without_an_extension_takes_its_type_from_the_flag() {
    let host = host();
    let shell = door("openai").shell(&host, None);
    let url = "https://example.test/photo?id=7";
    shell.run(&["ask", door("openai").name, url, "What?"]).expect(96).says("--type");
    shell.run(&["ask", door("openai").name, url, "What?", "--type", "jpeg", "--record", "wire"]);
    assert_eq!(sent(&shell)["messages"][0]["content"][0]["image_url"]["url"], url);
}

#[test]
fn an_image_of_a_format_that_is_not_known_is_written_in_another() {
    let host = host();
    let shell = door("gemini").shell(&host, None);
    // One white pixel, made by hand.
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    shell.write("a.gif", gif).run(&["ask", door("gemini").name, "a.gif", "What?"]).expect(0);
    let seen = host.journal();
    assert_eq!(seen.by_status.keys().collect::<Vec<_>>(), [&200]);
}
