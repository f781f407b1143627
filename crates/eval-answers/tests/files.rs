//! Files that the tools themselves have written, and files by hand in forms whose tools need a model to run; the name says
//! which.
#![expect(clippy::unwrap_used, reason = "a test may")]

use eval_answers::{Answer, read};

fn file(name: &str) -> Vec<Answer> {
    let path = format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    read(&path, &std::fs::read_to_string(&path).unwrap(), None).unwrap()
}

/// Written by promptfoo, with two providers of its own making and two prompts.
#[test]
fn promptfoo() {
    let answers = file("promptfoo.json");
    assert_eq!(answers.len(), 20);
    let of = |candidate: &str, case: &str| {
        answers.iter().find(|it| it.candidate == candidate && it.keys.contains(&case.to_owned())).unwrap()
    };
    let strong = of("strong · prompt=plain", "c1");
    assert_eq!(strong.outcome.as_deref(), Ok(r#"{"label":"chart"}"#));
    assert_eq!((strong.usd, strong.input_tokens, strong.output_tokens), (Some(0.002), Some(110), Some(20)));
    assert!(strong.seconds.unwrap() > 0.0);
    let weak = of("weak · prompt=strict", "c2");
    assert_eq!((weak.outcome.clone(), weak.usd), (Err("the host said 503".to_owned()), None));
    assert_eq!(weak.input_tokens, None);
    // It writes a cost of 0 where it knows none.
    assert_eq!(of("weak · prompt=plain", "c0").usd, None);
}

/// By hand, in the form of lmms-eval 0.3's `*_samples_*.jsonl`.
#[test]
fn lmms_eval() {
    let name = "lmms_eval/by__hand/20261128_samples_receipts.jsonl";
    let answers = file(name);
    assert_eq!(answers.len(), 2);
    assert_eq!((answers[0].candidate.as_str(), answers[0].outcome.as_deref()), ("by/hand", Ok("chart")));
    assert!(answers[0].keys.contains(&"c1".to_owned()), "{:?}", answers[0].keys);
    assert_eq!((answers[1].usd, answers[1].seconds, answers[1].repeat), (None, None, None));
}

/// Written by Inspect with its mock model and two epochs; the events of the samples are left out, which it allows.
#[test]
fn inspect() {
    let answers = file("inspect.json");
    let told: Vec<_> = answers
        .iter()
        .map(|it| (it.keys[0].as_str(), it.repeat, it.outcome.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(told.len(), 6);
    assert!(told.contains(&("c0", Some(0), "photo")) && told.contains(&("7", Some(1), "map")), "{told:?}");
    assert!(answers.iter().all(|it| it.candidate == "mockllm/model" && it.usd.is_none()));
    let first = answers.iter().find(|it| it.keys[0] == "c0").unwrap();
    assert!(first.keys.contains(&"0.png".to_owned()), "{:?}", first.keys);
    assert_eq!((first.input_tokens, first.output_tokens), (Some(110), Some(20)));
    assert!(first.seconds.is_some());
}
