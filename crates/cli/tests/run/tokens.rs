//! How sure a model is of its tokens: asked for in each dialect, kept in the record, a signal for decisions, and what a cascade
//! decides by.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vision_testkit::server::{Answers, Settings};

use crate::support::{Host, Project};

const RECEIPTS: usize = 40;

/// How sure a model is of each token of a date that it got wrong, of one that was hard to read, and of any other.
const SURE: [f64; 3] = [0.6, 0.9, 0.995];

fn dataset() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("datasets/receipts")
}

/// `cheap` gets the date of every fifth receipt wrong and is not sure of it; `dear` none.
fn answers() -> Answers {
    let read = |name: &str| std::fs::read_to_string(dataset().join(name)).unwrap();
    let sums = read("SHA256SUMS");
    let hashes: HashMap<&str, &str> =
        sums.lines().filter_map(|line| line.split_once("  ")).map(|(hash, name)| (name, hash)).collect();
    let mut lines = String::new();
    for (at, line) in read("cases.jsonl").lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap();
        let image = hashes[case["media"][0].as_str().unwrap()];
        let (mut answer, dear) = (case["expected"].clone(), case["expected"].clone());
        let kind = if at % 5 == 0 { 0 } else { 1 + usize::from(at % 3 != 0) };
        if kind == 0 {
            answer["date"] = json!("2019-02-03");
        }
        lines += &format!("{}\n", json!({"image": image, "model": "dear", "answer": dear}));
        lines += &format!("{}\n", json!({"image": image, "answer": answer, "sure": SURE[kind]}));
    }
    Answers::parse(&lines).unwrap()
}

fn project(host: &Host, providers: &str, generation: &str) -> Project {
    let project = Project::offline(1);
    let dataset = dataset();
    let dataset = format!("[[dataset]]\npath = \"{}\"\nsample = {RECEIPTS}\n", dataset.display());
    let providers = providers.replace("CHAT", &host.url()).replace("ADDRESS", &host.address());
    project.write("eval.toml", &format!("{dataset}{providers}{generation}"));
    project
}

const GENERATION: &str = "[generation]\ntoken_probabilities = true\neffort = \"none\"\n";

/// The dialects that can say it, each with a price.
fn dialects(stream: bool) -> String {
    let one = |kind: &str, model: &str, base: &str| {
        format!(
            "[[provider]]\nkind = \"{kind}\"\nmodel = \"{model}\"\nlabel = \"{kind}\"\nbase_url = \"{base}\"\n\
             stream = {stream}\nprice = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n"
        )
    };
    let google = one("gemini", "gemini-2.5-flash", "ADDRESS/v1beta");
    one("compatible", "cheap", "CHAT") + &one("openai", "gpt-5.6-luna", "CHAT") + &google
}

#[test]
fn every_dialect_says_how_sure_it_is_and_that_tells_right_from_wrong() {
    let host = Host::with_answers(answers(), Settings::default());
    let mut streamed = Vec::new();
    for stream in [false, true] {
        let project = project(&host, &dialects(stream), GENERATION);
        let mut command = project.command("run -q --run-dir run --budget-usd 5");
        command.env("GEMINI_API_KEY", "made-up");
        let ended = crate::support::ended(command.spawn().unwrap());
        assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
        let trials = project.trials("run");
        assert_eq!(trials.len(), 3 * RECEIPTS);
        let mut all: Vec<String> = Vec::new();
        for trial in &trials {
            let said = &trial["response"]["token_probabilities"];
            let date = said["values"].as_array().unwrap().iter().find(|it| it["path"] == "date");
            let sum = date.unwrap_or_else(|| panic!("{trial}"))["sum"].as_f64().unwrap();
            let is_wrong = trial["response"]["text"].as_str().unwrap().contains("2019-02-03");
            // A date has two or three tokens with digits; what is not there has none.
            assert_eq!(sum < 2.0 * SURE[0].ln() + 1e-6, is_wrong, "{sum}: {trial}");
            assert!(said["least"].as_f64().unwrap() <= said["mean"].as_f64().unwrap());
            all.push(format!("{} {} {said}", trial["provider"], trial["case"]));
        }
        all.sort_unstable();
        streamed.push(all);

        let found = project.expect(0, "automate run --on date --max-error 0.2 --format json").out;
        let found: Value = serde_json::from_str(&found).unwrap();
        let lines = found["tasks"][0]["lines"].as_array().unwrap();
        for kind in ["compatible", "openai", "gemini"] {
            let is_it = |line: &&Value| line["provider"] == kind && line["signal"] == "tokens";
            let line = lines.iter().find(is_it).unwrap_or_else(|| panic!("{kind}: {found}"));
            assert_eq!(line["calibration"]["auroc"], 1.0, "{line}");
            assert!(line["calibration"]["reliability"].as_array().unwrap().len() > 1, "{line}");
            assert_eq!(line["promised"]["wrong"], 0, "{line}");
        }
        let text = project.expect(0, "automate run --on date --max-error 0.2").out;
        assert!(text.contains("token probabilities"), "{text}");
    }
    assert_eq!(streamed[0], streamed[1], "a stream says the same");
}

/// The chain is chosen by token probabilities, and asks for them though the run does not.
#[test]
fn a_cascade_asks_for_what_it_decides_by() {
    let host = Host::with_answers(answers(), Settings::default());
    let provider = |model: &str, price: f64| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"CHAT\"\n\
             price = {{ input_per_mtok = {price:.1}, output_per_mtok = {price:.1} }}\n"
        )
    };
    let both = provider("cheap", 1.0) + &provider("dear", 30.0);
    let project = project(&host, &both, GENERATION);
    project.expect(0, "run -q --run-dir first --budget-usd 5");
    let found = project.expect(0, "cascade first --on date --export cascade.toml --format json").out;
    let found: Value = serde_json::from_str(&found).unwrap();
    let task = &found["tasks"][0];
    assert_eq!(task["chosen"][0]["accept"]["signal"], "tokens", "{task}");

    let config = project.read("eval.toml").replace(GENERATION, "");
    project.write("eval.toml", &format!("{config}\n{}", project.read("cascade.toml")));
    let before = host.journal().requests;
    project.expect(0, "run -q --provider cascade/receipts --run-dir second --budget-usd 5");
    let asked = (host.journal().requests - before) as usize;
    let trials = project.trials("second");
    let by = |model: &str| trials.iter().filter(|it| it["response"]["model"] == *model).count();
    assert_eq!((by("cheap") + by("dear"), asked), (RECEIPTS, RECEIPTS + by("dear")), "{trials:?}");
    assert!((1..RECEIPTS / 2).contains(&by("dear")), "{}", by("dear"));
    let compared = project.expect(0, "compare first second --format json").out;
    let compared: Value = serde_json::from_str(&compared).unwrap();
    let promise = &compared["promises"][0];
    assert_eq!(promise["accuracy"]["mean"], 1.0, "{promise}");
}

/// `cheap` is wrong in two ways, of which sums show one and its tokens the other.
fn wrong_in_two_ways() -> Answers {
    let read = |name: &str| std::fs::read_to_string(dataset().join(name)).unwrap();
    let sums = read("SHA256SUMS");
    let hashes: HashMap<&str, &str> =
        sums.lines().filter_map(|line| line.split_once("  ")).map(|(hash, name)| (name, hash)).collect();
    let mut lines = String::new();
    for (at, line) in read("cases.jsonl").lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap();
        let image = hashes[case["media"][0].as_str().unwrap()];
        let (mut answer, mut sure) = (case["expected"].clone(), if at % 3 == 0 { 0.97 } else { 0.995 });
        let add = |answer: &mut Value, path: &str| {
            let value = answer.pointer_mut(path).unwrap();
            *value = json!(value.as_f64().map(|it| it + 1.0));
        };
        match at % 8 {
            // The sums do not add up any more.
            0 => add(&mut answer, "/total"),
            // They do, but the model was not sure.
            4 => {
                sure = 0.7;
                for path in ["/total", "/subtotal", "/items/0/price"] {
                    add(&mut answer, path);
                }
            }
            _ => {}
        }
        lines += &format!("{}\n", json!({"image": image, "model": "dear", "answer": case["expected"]}));
        lines += &format!("{}\n", json!({"image": image, "answer": answer, "sure": sure}));
    }
    Answers::parse(&lines).unwrap()
}

/// What is learned from several signals together is exported with its weights, and decides in the next run.
#[test]
fn a_chain_by_a_learned_signal_is_exported_with_its_weights_and_carried_out() {
    let host = Host::with_answers(wrong_in_two_ways(), Settings::default());
    let provider = |model: &str, price: f64| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"CHAT\"\n\
             price = {{ input_per_mtok = {price:.1}, output_per_mtok = {price:.1} }}\n"
        )
    };
    let both = provider("cheap", 1.0) + &provider("dear", 30.0);
    let project = project(&host, &both, GENERATION);
    project.write("eval.toml", &project.read("eval.toml").replace(&format!("sample = {RECEIPTS}\n"), ""));
    project.expect(0, "run -q --run-dir first --budget-usd 20");
    let found =
        project.expect(0, "cascade first --on total --wrong-usd 5 --export cascade.toml --format json").out;
    let found: Value = serde_json::from_str(&found).unwrap();
    let stage = &found["tasks"][0]["chosen"][0];
    assert_eq!(
        (&stage["provider"], &stage["accept"]["signal"]),
        (&json!("compatible/cheap"), &json!("own")),
        "{stage}"
    );
    let weights = stage["model"]["weights"].as_array().unwrap();
    let signals: Vec<&Value> = weights.iter().map(|it| &it["signal"]).collect();
    assert!(signals.contains(&&json!("rules")) && signals.contains(&&json!("tokens")), "{stage}");
    let cascade = project.read("cascade.toml");
    assert!(cascade.contains("weights"), "{cascade}");

    let config = project.read("eval.toml").replace(GENERATION, "");
    project.write("eval.toml", &format!("{config}\n{cascade}"));
    project.expect(0, "run -q --provider cascade/receipts --run-dir second --budget-usd 20");
    let text = project.expect(0, "compare first second").out;
    assert!(text.contains("consistent") && !text.contains("missed"), "{text}");
    let compared = project.expect(0, "compare first second --format json").out;
    let compared: Value = serde_json::from_str(&compared).unwrap();
    let promise = &compared["promises"][0];
    assert!(promise["accuracy"]["mean"].as_f64().unwrap() > 0.98, "{promise}");
    let trials = project.trials("second");
    let by_dear = trials.iter().filter(|it| it["response"]["model"] == "dear").count();
    assert!((trials.len() / 4 - 3..trials.len() / 2).contains(&by_dear), "{by_dear} of {}", trials.len());
}
