//! From a run to decisions and back: automation, a cascade that is exported and carried out, labels that are corrected.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::Value;
use vision_testkit::server::{Answers, Seen, Settings};

use crate::support::{Host, Project};

/// `small` knows odd numbers and says how sure it is; `large` knows all of them.
const ANSWERS: &str = r#"{"model":"small","prompt":"is odd.","answer":{"label":"chart","confidence":0.97}}
{"model":"small","prompt":"is even.","answer":{"label":"chart","confidence":0.4}}
{"model":"large","prompt":"is odd.","answer":{"label":"chart","confidence":0.9}}
{"model":"large","prompt":"is even.","answer":{"label":"photo","confidence":0.9}}"#;

const CASES: usize = 80;

/// Both models at a server of our own, the large one at fifty times the price.
fn project() -> (Host, Project) {
    project_at([1.0, 50.0])
}

fn project_at(prices: [f64; 2]) -> (Host, Project) {
    project_with(Answers::parse(ANSWERS).unwrap(), prices)
}

fn project_with(answers: Answers, [small, large]: [f64; 2]) -> (Host, Project) {
    let host = Host::with_answers(answers, Settings::default());
    let project = Project::new(CASES, &host.url());
    let provider = |model: &str, price: f64| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{}\"\n\
             price = {{ input_per_mtok = {price:.1}, output_per_mtok = {price:.1} }}\n",
            host.url()
        )
    };
    project.configure(&(provider("small", small) + &provider("large", large)));
    (host, project)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Without what is lost in the last digits of a sum.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

#[test]
fn a_cascade_is_exported_carried_out_and_held_against_its_promise() {
    let (host, project) = project();
    project.expect(0, "run -q --run-dir one --budget-usd 5");

    let automation = json(&project.expect(0, "automate one --max-error 0.1 --format json").out);
    let lines = automation["tasks"][0]["lines"].as_array().unwrap().clone();
    let line = |provider: &str, signal: &str| {
        lines.iter().find(|it| it["provider"] == provider && it["signal"] == signal).unwrap().clone()
    };
    let small = line("compatible/small", "stated");
    assert_eq!(
        (&small["promised"]["share"], &small["promised"]["wrong"]),
        (&0.5.into(), &0.into()),
        "{small}"
    );
    assert_eq!(small["calibration"]["auroc"], 1.0);
    assert!(line("compatible/large", "candidates")["promised"].is_object());

    let cascade = json(&project.expect(0, "cascade one --export cascade.toml --format json").out);
    let task = &cascade["tasks"][0];
    let chosen: Vec<&Value> = task["chosen"].as_array().unwrap().iter().map(|it| &it["provider"]).collect();
    assert_eq!(chosen, ["compatible/small", "compatible/large"]);
    assert_eq!((&task["held_out"]["accuracy"]["mean"], &task["same_in_parts"]), (&1.0.into(), &5.into()));

    project.write("eval.toml", &format!("{}\n{}", project.read("eval.toml"), project.read("cascade.toml")));
    let before = host.journal().requests;
    project.expect(0, "run -q --provider cascade/demo --run-dir two --budget-usd 5");
    let asked = host.journal().requests - before;
    assert_eq!(asked as usize, CASES + CASES / 2, "the large model is asked where the small one is not sure");
    for trial in project.trials("two") {
        let attempts = trial["response"]["attempts"].as_array().unwrap().clone();
        let charged: f64 = attempts.iter().map(|it| it["charged"].as_f64().unwrap_or(0.0)).sum();
        assert!((1..=2).contains(&attempts.len()), "{trial}");
        assert!((trial["cost"].as_f64().unwrap() - charged).abs() < 1e-12, "every call is paid for: {trial}");
    }

    let comparison = json(&project.expect(0, "compare one two --format json").out);
    let promise = &comparison["promises"][0];
    assert_eq!((&promise["provider"], &promise["cases"]), (&"cascade/demo".into(), &CASES.into()));
    assert_eq!((&promise["promised_accuracy"], &promise["accuracy"]["mean"]), (&1.0.into(), &1.0.into()));
    let usd = |key: &str| promise[key].as_f64().unwrap();
    assert!((usd("usd_per_1000") / usd("promised_usd_per_1000") - 1.0).abs() < 0.05, "{promise}");
    let text = project.expect(0, "compare one two").out;
    assert!(text.contains("PROMISED AND MEASURED") && text.contains("consistent"), "{text}");
}

/// `small` says of even numbers one thing and then another; `large` knows all of them.
fn wavering(seen: &Seen) -> String {
    static ASKED: Mutex<Option<HashMap<String, usize>>> = Mutex::new(None);
    let question = seen.texts.concat();
    if question.contains("is odd.") {
        return r#"{"label":"chart"}"#.to_owned();
    }
    let mut asked = ASKED.lock().unwrap();
    let count = asked.get_or_insert_default().entry(format!("{} {question}", seen.model)).or_default();
    *count += 1;
    let wrong = seen.model == "small" && *count % 2 == 1;
    if wrong { r#"{"label":"chart"}"# } else { r#"{"label":"photo"}"# }.to_owned()
}

#[test]
fn a_second_reading_is_asked_for_compared_and_paid_for() {
    let (host, project) = project_with(Answers::thought(wavering), [1.0, 50.0]);
    project.expect(0, "run -q --run-dir one --budget-usd 5 --repeat 2");
    let words = "cascade one --export cascade.toml -o cascade.html --format json";
    let cascade = json(&project.expect(0, words).out);
    let task = &cascade["tasks"][0];
    let chosen: Vec<&Value> = task["chosen"].as_array().unwrap().iter().map(|it| &it["provider"]).collect();
    assert_eq!(chosen, ["compatible/small", "compatible/large"]);
    assert_eq!(task["chosen"][0]["accept"]["signal"], "repeats", "{task}");
    let page = project.read("cascade.html");
    assert!(page.starts_with("<!doctype html>") && page.contains("twice"), "{page}");

    project.write("eval.toml", &format!("{}\n{}", project.read("eval.toml"), project.read("cascade.toml")));
    let before = host.journal().requests;
    project.expect(0, "run -q --provider cascade/demo --run-dir two --budget-usd 5");
    let asked = host.journal().requests - before;
    assert_eq!(
        asked as usize,
        2 * CASES + CASES / 2,
        "two readings each, and the large model where they differ"
    );
    for trial in project.trials("two") {
        let attempts = trial["response"]["attempts"].as_array().unwrap().clone();
        let charged: f64 = attempts.iter().map(|it| it["charged"].as_f64().unwrap_or(0.0)).sum();
        assert!((2..=3).contains(&attempts.len()), "{trial}");
        assert!((trial["cost"].as_f64().unwrap() - charged).abs() < 1e-12, "both readings are paid: {trial}");
    }
    let comparison = json(&project.expect(0, "compare one two --format json").out);
    let promise = &comparison["promises"][0];
    assert_eq!((&promise["promised_accuracy"], &promise["accuracy"]["mean"]), (&1.0.into(), &1.0.into()));
    // Both readings of the small model, and the first one of the large model where they differ: in every other case.
    let is_paid = |trial: &&Value| match trial["provider"].as_str().unwrap() {
        "compatible/small" => true,
        _ => trial["repeat"] == 0 && trial["case"].as_str().unwrap().ends_with(['0', '2', '4', '6', '8']),
    };
    let trials = project.trials("one");
    let paid: f64 = trials.iter().filter(is_paid).map(|trial| trial["cost"].as_f64().unwrap()).sum();
    let promised = promise["promised_usd_per_1000"].as_f64().unwrap();
    assert!((promised - paid / CASES as f64 * 1000.0).abs() < 1e-9, "{promised} {paid}");
    let refused = project.expect(96, "cascade one -o cascade.pdf");
    assert!(refused.err.contains("none of .html .md .json .txt"), "{}", refused.err);
}

#[test]
fn what_a_free_candidate_of_a_cascade_answers_costs_nothing_and_is_not_unknown() {
    let (_host, project) = project_at([0.0, 50.0]);
    project.expect(0, "run -q --run-dir one --budget-usd 5");
    let cascade = json(&project.expect(0, "cascade one --export cascade.toml --format json").out);
    let promised = cascade["tasks"][0]["held_out"]["answers"].as_f64().unwrap();
    project.write("eval.toml", &format!("{}\n{}", project.read("eval.toml"), project.read("cascade.toml")));
    project.expect(0, "run -q --provider cascade/demo --run-dir two --budget-usd 5");
    let trials = project.trials("two");
    assert_eq!(trials.iter().filter(|trial| trial["cost"] == 0.0).count(), CASES / 2);
    assert!(trials.iter().all(|trial| trial["cost"].is_number()), "{trials:?}");

    let report = json(&project.expect(0, "report two --format json").out);
    let cost = &report["overall"]["rows"][0]["cost"];
    let charged: f64 = trials.iter().filter_map(|trial| trial["cost"].as_f64()).sum();
    assert!((cost["total"].as_f64().unwrap() - charged).abs() < 1e-9, "{cost}");
    assert!((cost["per_1000"].as_f64().unwrap() / promised - 1.0).abs() < 0.05, "{cost} {promised}");
    let comparison = json(&project.expect(0, "compare one two --format json").out);
    let measured = comparison["promises"][0]["usd_per_1000"].as_f64().unwrap();
    assert!((measured / promised - 1.0).abs() < 0.05, "{comparison}");
}

/// One model and a person: what the person reads is in the record, counts as the person's work, and is paid for.
#[test]
fn what_a_person_reads_is_recorded_priced_and_held_against_the_promise() {
    let host = Host::with_answers(Answers::parse(ANSWERS).unwrap(), Settings::default());
    let project = Project::new(CASES, &host.url());
    project.configure(&format!(
        "[[provider]]\nkind = \"compatible\"\nmodel = \"small\"\nbase_url = \"{}\"\n\
         price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n",
        host.url()
    ));
    project.expect(0, "run -q --run-dir one --budget-usd 5");
    let people = "--wrong-usd 5 --human-usd 0.01 --human-error 0.01";
    let cascade =
        json(&project.expect(0, &format!("cascade one {people} --export cascade.toml --format json")).out);
    let task = &cascade["tasks"][0];
    assert_eq!((task["chosen"].as_array().unwrap().len(), &task["ends_with_person"]), (1, &true.into()));
    project.write("eval.toml", &format!("{}\n{}", project.read("eval.toml"), project.read("cascade.toml")));
    project.expect(0, "run -q --provider cascade/demo --run-dir two --budget-usd 5");
    // The server shows what it was asked where it knows no answer: nothing in that is sure.
    let asked = project.expect(5, "ask cascade/demo data/1.png Really?");
    assert!(asked.err.contains("referred to a person"), "{}", asked.err);
    let referred = |trial: &&Value| trial["response"]["referred"].is_object();
    let trials = project.trials("two");
    let first = trials.iter().find(referred).unwrap();
    assert_eq!(first["response"]["referred"], serde_json::json!({"usd": 0.01, "error": 0.01}));
    assert_eq!(trials.iter().filter(referred).count(), CASES / 2);

    let report = json(&project.expect(0, "report two --format json").out);
    let row = &report["overall"]["rows"][0];
    let number = |value: &Value| rounded(value.as_f64().unwrap_or_else(|| panic!("{row}")));
    assert_eq!(
        (&row["referred"]["trials"], number(&row["referred"]["share"]["mean"])),
        (&(CASES / 2).into(), 0.5)
    );
    assert!((number(&row["referred"]["usd_per_1000"]) - 5.0).abs() < 1e-9);
    // Half of the cases are right, the other half as often as a person is.
    assert!((number(&row["score"]["mean"]) - 0.995).abs() < 1e-9);
    assert!((number(&row["fully_right"]["mean"]) - 0.995).abs() < 1e-9);
    let (cost, answers) = (number(&row["cost"]["per_1000"]), number(&row["cost"]["total"]));
    assert!((cost - 5.0 - answers / CASES as f64 * 1000.0).abs() < 1e-6, "{row}");
    let text = project.expect(0, "report two").out;
    assert!(text.contains("To a person"), "{text}");

    let comparison = json(&project.expect(0, "compare one two --format json").out);
    let promise = &comparison["promises"][0];
    assert_eq!((number(&promise["referred"]["mean"]), number(&promise["promised_referred"])), (0.5, 0.5));
    assert_eq!(number(&promise["people_usd_per_1000"]), number(&promise["promised_people_usd_per_1000"]));
    assert!((number(&promise["accuracy"]["mean"]) - number(&promise["promised_accuracy"])).abs() < 1e-9);
    let text = project.expect(0, "compare one two").out;
    assert!(text.contains("to a person") && text.contains("answers and people"), "{text}");
}

#[test]
fn a_cascade_that_the_budget_cannot_pay_sends_nothing() {
    let (host, project) = project();
    project.expect(0, "run -q --run-dir one --budget-usd 5");
    project.expect(0, "cascade one --export cascade.toml --format json");
    project.write("eval.toml", &format!("{}\n{}", project.read("eval.toml"), project.read("cascade.toml")));
    let before = host.journal().requests;
    let refused = project.expect(96, "run -q --provider cascade/demo --run-dir two");
    assert!(refused.err.contains("--budget-usd"), "{}", refused.err);
    assert_eq!(host.journal().requests, before);
    // The server shows what it was asked where it knows no answer: nothing in that is sure.
    let asked = project.expect(0, "ask cascade/demo data/1.png Really?");
    assert!(asked.out.contains(r#""model":"large""#), "{}", asked.out);
}

/// One model at two hosts, of which the second answers half of the questions otherwise; then another host stands behind the
/// name of the first.
#[test]
fn hosts_of_one_model_are_held_against_noise_and_a_change_is_laid_to_its_cause() {
    let changed = ANSWERS.replacen(
        r#""is odd.","answer":{"label":"chart""#,
        r#""is odd.","answer":{"label":"photo""#,
        1,
    );
    assert_ne!(changed, ANSWERS);
    let host = |answers: &str| Host::with_answers(Answers::parse(answers).unwrap(), Settings::default());
    let (one, other, later) = (host(ANSWERS), host(&changed), host(&changed));
    let project = Project::new(40, &one.url());
    let provider = |label: &str, url: &str| {
        format!(
            "[[provider]]\nkind = \"compatible\"\nlabel = \"{label}\"\nmodel = \"small\"\nbase_url = \"{url}\"\n\
             price = {{ input_per_mtok = 0.0, output_per_mtok = 0.0 }}\n"
        )
    };
    project.configure(&(provider("one", &one.url()) + &provider("other", &other.url())));
    project.expect(0, "run -q --run-dir runs/first --repeat 2");
    let found = json(&project.expect(0, "compare runs/first runs/first --format json").out);
    let parity = &found["against"][0]["parity"][0];
    assert_eq!((&parity["one"], &parity["other"]), (&"one".into(), &"other".into()), "{found}");
    let mean = |name: &str| rounded(parity[name]["mean"].as_f64().unwrap());
    assert_eq!((mean("same_within"), mean("same_across")), (1.0, 0.5));
    assert!(parity["beyond_noise"]["interval"]["low"].as_f64().unwrap() > 0.0, "{parity}");

    project.configure(&provider("one", &later.url()));
    project.expect(0, "run -q --run-dir runs/second --repeat 2");
    project.expect(0, "baseline set main runs/first");
    for words in
        ["compare runs/first runs/second --format json", "gate runs/second --baseline main --format json"]
    {
        let ended = project.start(words);
        let found = json(&ended.out);
        let against = if words.starts_with("gate") { &found["against"] } else { &found["against"][0] };
        let drift = &against["drift"][0];
        assert_eq!(drift["cases"], 40, "{words}: {found}");
        let parts = drift["parts"].as_array().unwrap();
        let moved: Vec<&Value> = parts.iter().filter(|part| part["moved"] != 0).collect();
        // The address is a setting: another host behind the same name.
        assert_eq!(moved.len(), 1, "{drift}");
        assert_eq!((&moved[0]["causes"][0], &moved[0]["noise"]), (&"settings".into(), &0.0.into()));
        assert!((drift["difference"].as_f64().unwrap() + 0.5).abs() < 1e-9, "{drift}");
    }
    let text = project.expect(0, "compare runs/first runs/second").out;
    assert!(text.contains("WHAT THE DIFFERENCE IS DUE TO") && text.contains("beyond noise"), "{text}");
}

#[test]
fn a_wrong_label_is_found_corrected_and_old_answers_scored_by_either() {
    let (_host, project) = project();
    // Case 1 is odd: its label is spoilt.
    let cases = project.read("data/cases.jsonl").replacen(r#""label":"chart""#, r#""label":"photo""#, 1);
    project.write("data/cases.jsonl", &cases);
    project.expect(0, "run -q --run-dir one --budget-usd 5");

    let audit = json(&project.expect(0, "labels audit one -o queue.csv --format json").out);
    let suspect = &audit["suspects"][0];
    assert_eq!(
        (&suspect["case"], &suspect["label"], &suspect["suggestion"]),
        (&"c1".into(), &"photo".into(), &"chart".into())
    );
    assert_eq!(audit["suspects"].as_array().unwrap().len(), 1, "{audit}");
    let effect = &audit["effects"][0];
    assert!(effect["corrected"].as_f64() > effect["score"].as_f64(), "{effect}");

    let undecided = project.expect(96, "labels apply queue.csv data");
    assert!(undecided.err.contains("is decided"), "{}", undecided.err);
    let queue = project.read("queue.csv");
    let decided = queue.replacen(",,,,\n", ",accept,,looked again,anna\n", 1);
    assert_ne!(decided, queue, "{queue}");
    project.write("queue.csv", &decided);
    project.expect(0, "labels apply queue.csv data --dry-run");
    assert_eq!(project.read("data/cases.jsonl"), cases);
    let applied = project.expect(0, "labels apply queue.csv data");
    assert!(applied.out.contains("demo 1 is now 2: 1 of 1 decided labels changed"), "{}", applied.out);
    assert!(project.read("data/dataset.toml").contains("version = \"2\""));
    let event = json(project.read("data/labels.jsonl").trim());
    assert_eq!(
        (&event["author"], &event["reason"], &event["to"]),
        (&"anna".into(), &"looked again".into(), &"chart".into())
    );
    let again = project.expect(0, "labels apply queue.csv data");
    assert!(again.out.contains("demo 2: it says all that was decided already"), "{}", again.out);
    assert_eq!(project.read("data/labels.jsonl").lines().count(), 1, "nothing is applied twice");

    let score = |words: &str| {
        let report = json(&project.expect(0, words).out);
        let rows = report["overall"]["rows"].as_array().unwrap().clone();
        let large = rows.iter().find(|row| row["provider"] == "compatible/large").unwrap();
        large["score"]["mean"].as_f64().unwrap()
    };
    assert!(score("report one --format json") < 1.0);
    assert_eq!(score("report one --labels data --format json"), 1.0);
}

#[test]
fn answers_that_were_imported_are_in_no_cascade_to_run() {
    let project = Project::offline(60);
    let mut rows = "case,candidate,answer,usd\n".to_owned();
    for case in 0..60 {
        let dear = if case % 20 == 0 { "chart" } else { "photo" };
        let cheap = if case % 5 == 0 { "chart" } else { "photo" };
        rows += &format!("c{case},dear,{dear},0.05\nc{case},cheap,{cheap},0.001\n");
    }
    project.write("answers.csv", &rows);
    project.expect(0, "import answers answers.csv --run-dir run -q");
    let refused = project.expect(96, "cascade run --export cascade.toml");
    assert!(refused.err.contains("were imported"), "{}", refused.err);
    assert!(!project.path("cascade.toml").exists());
}
