//! Answers that come piece by piece: in four dialects, at hosts that do it well and at hosts that do not.

use serde_json::Value;
use vision_testkit::server::Settings;

use crate::faults::all;
use crate::support::{Ended, Host, Project, read};

/// One model behind each dialect, and where the dialect is spoken.
const DIALECTS: [(&str, &str, &str); 4] = [
    ("compatible", "m", "/v1"),
    ("openai", "gpt-5-pro", "/v1"),
    ("anthropic", "claude-haiku-5-5", ""),
    ("gemini", "gemini-3.7-flash", ""),
];

/// With a dollar for a thousand tokens.
fn project(cases: usize, host: &Host, how: &str) -> Project {
    let project = Project::new(cases, "");
    let providers = DIALECTS.iter().map(|(kind, model, path)| {
        format!(
            "[[provider]]\nkind = \"{kind}\"\nmodel = \"{model}\"\nbase_url = \"{}{path}\"\n{how}\n\
             price = {{ input_per_mtok = 1000.0, output_per_mtok = 1000.0 }}\n",
            host.address()
        )
    });
    project.configure(&providers.collect::<String>());
    project.write(".env", "ANTHROPIC_API_KEY=sk-ant-made-up\nGEMINI_API_KEY=AIza-made-up\n");
    project
}

#[track_caller]
fn run(project: &Project, code: i32, options: &str) -> (Vec<Value>, Ended) {
    let ended =
        project.expect(code, &format!("run --run-dir run --no-progress --budget-usd 1000 -y {options}"));
    (project.trials("run"), ended)
}

fn summary(project: &Project) -> Value {
    serde_json::from_str(&project.read("run/summary.json")).unwrap()
}

#[test]
fn each_dialect_streams_and_says_when_the_first_token_came() {
    let host = Host::new(&["trickle:4ms"]);
    let project = project(6, &host, "stream = true");
    let (trials, ended) = run(&project, 0, "-o report.csv");
    assert_eq!(trials.len(), 6 * DIALECTS.len());
    for trial in &trials {
        let response = &trial["response"];
        let expected = [r#"{"label":"photo"}"#, r#"{"label":"chart"}"#];
        let number: usize = trial["case"].as_str().unwrap()[1..].parse().unwrap();
        assert_eq!(
            (&response["text"], &response["stop"]),
            (&expected[number % 2].into(), &"complete".into())
        );
        let time = |name: &str| response["timing"][name].as_u64().unwrap();
        assert!(time("first_token") > 0 && time("first_token") <= time("first_text"), "{trial}");
        assert!(time("total") >= time("first_text") + 8_000, "four pieces and the end come later: {trial}");
        // A token for four letters.
        assert_eq!(response["usage"]["output"], 5, "{trial}");
    }
    for row in summary(&project)["overall"]["rows"].as_array().unwrap() {
        let streamed = &row["streamed"];
        assert_eq!(streamed["n"], 6, "{row}");
        assert!(streamed["first_token"]["value"].as_f64() < row["latency"]["p50"]["value"].as_f64());
        let speed = streamed["tokens_per_second"]["value"].as_f64().unwrap();
        assert!(speed > 1.0 && speed < 500.0, "five tokens, four milliseconds apart: {speed}");
    }
    let report = project.expect(0, "report run").out;
    for column in ["First token", "Tokens/s"] {
        assert!(report.contains(column), "{report}\n{}", ended.err);
    }
    let table = project.read("report.csv");
    assert!(
        table.lines().next().unwrap().contains("seconds,first_token_seconds,tokens_per_second"),
        "{table}"
    );
}

#[test]
fn a_stream_that_comes_to_its_end_costs_what_a_whole_answer_costs() {
    let host = Host::new(&[]);
    let bills = |how: &str| {
        let (trials, _) = run(&project(3, &host, how), 0, "");
        let bill = |trial: &Value| {
            let charged = trial["response"]["attempts"][0]["charged"].to_string();
            (trial["provider"].to_string(), trial["case"].to_string(), charged, trial["cost"].to_string())
        };
        let mut bills: Vec<_> = trials.iter().map(bill).collect();
        bills.sort();
        bills
    };
    assert_eq!(bills("stream = true"), bills(""));
}

#[test]
fn whoever_is_not_asked_for_pieces_sends_none() {
    let host = Host::new(&[]);
    let project = project(1, &host, "");
    let (trials, _) = run(&project, 0, "");
    for trial in &trials {
        assert!(trial["response"]["timing"].get("first_token").is_none(), "{trial}");
    }
    assert!(!project.expect(0, "report run").out.contains("First token"));
}

#[test]
fn to_stream_or_not_is_a_setting_that_can_be_tried() {
    let host = Host::new(&[]);
    let project = project(4, &host, "");
    let (trials, _) = run(&project, 0, "--try stream=true,false --provider compatible/m");
    let of = |label: &str| trials.iter().filter(|trial| trial["provider"] == label).collect::<Vec<_>>();
    let (streamed, whole) = (of("compatible/m · stream=true"), of("compatible/m · stream=false"));
    assert_eq!((streamed.len(), whole.len()), (4, 4));
    assert!(streamed.iter().all(|trial| trial["response"]["timing"]["first_token"].is_u64()));
    assert!(whole.iter().all(|trial| trial["response"]["timing"].get("first_token").is_none()));
    let refused = project.start("run --run-dir again --try stream=maybe");
    assert!(refused.err.contains("expected a boolean"), "{}", refused.err);
}

#[test]
fn a_provider_that_cannot_stream_says_so() {
    let project = Project::offline(2);
    project.configure("[[provider]]\nkind = \"local\"\nmodel = \"fast\"\nstream = true\n");
    let ended = project.start("run --run-dir run --no-progress");
    assert_ne!(ended.code, Some(0));
    assert!(ended.err.contains("streaming not supported"), "{}", ended.err);
}

#[test]
fn a_host_that_ignores_the_wish_is_understood() {
    let host = Host::new(&["plain"]);
    let project = project(2, &host, "stream = true");
    let (trials, _) = run(&project, 0, "");
    assert!(trials.iter().all(|trial| trial["response"]["text"].is_string()));
    assert!(trials.iter().all(|trial| trial["response"]["timing"].get("first_token").is_none()));
}

/// A fault, the kind of its failure, and a word of its message.
const BROKEN: [(&str, &str, &str); 7] = [
    ("half", "unavailable", "broke off"),
    ("stall", "timeout", "sent nothing for 0.3 s"),
    ("noend", "malformed", "before the answer was complete"),
    ("badjson", "malformed", "before the answer was complete"),
    ("garbage", "malformed", "no part of an answer"),
    ("error200", "unavailable", "upstream broke"),
    ("empty", "malformed", "before the answer was complete"),
];

/// How long a host may be silent: only one that stalls is, and any other may be slow on a busy machine.
fn patience(fault: &str) -> f64 {
    if fault.starts_with("stall") { 0.3 } else { 60.0 }
}

fn is_a_failure_that_keeps_what_had_come((fault, kind, words): (&str, &str, &str)) {
    let host = Host::new(&[fault]);
    let project = project(2, &host, "stream = true");
    let (trials, _) = run(&project, 5, &format!("--max-retries 0 --stream-timeout {}", patience(fault)));
    assert_eq!(trials.len(), 2 * DIALECTS.len(), "{fault}");
    for trial in &trials {
        let failure = &trial["failure"];
        assert_eq!(failure["kind"], kind, "{fault}: {trial}");
        assert!(failure["message"].as_str().unwrap().contains(words), "{fault}: {trial}");
        let kept = failure["body"].as_str().unwrap();
        assert_eq!(kept.contains("data: {"), fault != "empty", "{fault}: {trial}");
        // Nobody knows what the host counted, so that all stays charged that it can have cost: fifty tokens and the input.
        let charged = failure["attempts"][0]["charged"].as_f64().unwrap();
        assert!(charged > 0.05, "{fault}: {trial}");
        assert!(trial.get("cost").is_none(), "what it cost is not known: {trial}");
    }
    for row in summary(&project)["overall"]["rows"].as_array().unwrap() {
        assert_eq!(row["score"]["mean"], 0.0, "{fault}: {row}");
        assert!(row.get("streamed").is_none() && row.get("latency").is_none(), "{fault}: {row}");
    }
}

#[test]
fn a_broken_stream_is_a_failure_that_keeps_what_had_come_and_may_be_paid_for() {
    all(&BROKEN, is_a_failure_that_keeps_what_had_come);
}

#[test]
fn a_stream_that_broke_off_is_asked_again_and_both_attempts_are_charged() {
    for fault in ["half*1", "stall*1"] {
        let host = Host::new(&[fault]);
        let project = project(2, &host, "stream = true");
        let (trials, _) = run(&project, 0, &format!("--stream-timeout {}", patience(fault)));
        for trial in &trials {
            let attempts = trial["response"]["attempts"].as_array().unwrap();
            assert_eq!(attempts.len(), 2, "{fault}: {trial}");
            let charged = |at: usize| attempts[at]["charged"].as_f64().unwrap();
            // Fifty tokens and the input.
            assert!(charged(0) > 0.05 && charged(0) >= charged(1), "{fault}: {trial}");
        }
    }
}

#[test]
fn a_replay_has_the_answers_and_times_of_the_recording() {
    let host = Host::new(&["trickle:3ms"]);
    let project = project(2, &host, "stream = true");
    let (recorded, _) = run(&project, 0, "--record wire");
    drop(host);
    project.expect(0, "run --run-dir again --no-progress --budget-usd 1000 -y --replay wire");
    let replayed = project.trials("again");
    let facts = |trials: &[Value]| {
        let fact = |trial: &Value| {
            let response = &trial["response"];
            (
                trial["provider"].to_string(),
                trial["case"].to_string(),
                response["text"].to_string(),
                response["timing"].to_string(),
            )
        };
        let mut facts: Vec<_> = trials.iter().map(fact).collect();
        facts.sort();
        facts
    };
    assert_eq!(facts(&replayed), facts(&recorded));
}

#[test]
fn a_key_that_a_host_cuts_into_its_pieces_is_found_in_all_that_is_left_behind() {
    let key = "sk-Qz7Wv3Xk9Jp2Ry6TbN4mLd8";
    let host = Host::with(Settings { echo: true, faults: read(&["half@0.3"]), ..Settings::default() });
    let project = project(6, &host, "stream = true");
    project.write(
        ".env",
        &format!("ANTHROPIC_API_KEY={key}\nGEMINI_API_KEY={key}\nOPENAI_COMPATIBLE_API_KEY={key}\n"),
    );
    let mut command = project.command(
        "run --run-dir run --record wire --no-progress --budget-usd 1000 -y --max-retries 0 -o report.html -o report.json",
    );
    let output = command.env("OPENAI_API_KEY", key).output().unwrap();
    assert!(
        [Some(0), Some(5)].contains(&output.status.code()),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let pieces: Vec<&str> = (0..key.len() - 3).step_by(4).map(|at| &key[at..at + 4]).collect();
    let mut searched = 0;
    for file in files(&project.path("")) {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        searched += usize::from(file.starts_with(project.path("wire")));
        // One piece may stand anywhere by chance, and the last one before a cut is no key.
        let found: Vec<_> = pieces.iter().filter(|piece| text.contains(**piece)).collect();
        assert!(found.len() < 3, "{found:?} of the key are in {}", file.display());
    }
    assert!(searched >= 20, "{searched} recordings");
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, mut files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    files.retain(|path| path.file_name().is_none_or(|name| name != ".env"));
    files.extend(folders.iter().flat_map(|folder| self::files(folder)));
    files
}
