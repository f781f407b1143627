//! Candidates that are variants of a model, and runs with worse twins, through everything that comes after a run: parts that
//! are merged, baselines, gates, comparisons.

use std::collections::HashMap;
use std::fs;

use serde_json::{Value, json};

use crate::looking::{Sent, host, receipts};
use crate::support::Project;

const RECEIPTS: usize = 12;
const ALL: &str = "-q --budget-usd 5 --yes";

/// A project, the labels of its receipts, and a host at which `sharp` needs a large picture.
struct Tried {
    project: Project,
    labels: HashMap<String, Value>,
}

fn needs_a_large_picture(sent: &Sent) -> bool {
    sent.model != "sharp" || sent.side > 500
}

fn never(sent: &Sent) -> bool {
    sent.model != "sharp"
}

impl Tried {
    fn new(tries: &str) -> Self {
        Self::of(RECEIPTS, tries)
    }

    fn of(count: usize, tries: &str) -> Self {
        let project = Project::new(1, "");
        let labels = receipts(&project, count);
        let tried = Self { project, labels };
        tried.configure(tries, needs_a_large_picture);
        tried
    }

    /// Two models at a host of their own, with what is tried of both.
    fn configure(&self, tries: &str, is_right: fn(&Sent) -> bool) {
        let url = host(self.labels.clone(), is_right);
        let provider = |model: &str| {
            format!(
                "[[provider]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{url}\"\n\
                 price = {{ input_per_mtok = 1.0, output_per_mtok = 1.0 }}\n{tries}\n"
            )
        };
        let both = provider("sharp") + &provider("plain");
        self.project.write("eval.toml", &format!("[[dataset]]\npath = \"receipts\"\n{both}"));
    }

    fn run(&self, flags: &str, dir: &str) {
        self.project.expect(0, &format!("run {ALL} {flags} --run-dir {dir}"));
    }

    fn summary(&self, run: &str) -> Value {
        self.json(0, &format!("report {run}"))
    }

    #[track_caller]
    fn json(&self, code: i32, words: &str) -> Value {
        serde_json::from_str(&self.project.expect(code, &format!("{words} --format json")).out).unwrap()
    }
}

/// What does not depend on the hour: who scored what for how much, what was tried, and what worse pictures cost.
fn figures(summary: &Value) -> Value {
    let rows = summary["overall"]["rows"].as_array().unwrap().iter();
    let row = |row: &Value| json!([row["provider"], row["score"], row["cost"]]);
    let mut tried = summary["tried"].clone();
    for effect in tried["effects"].as_array_mut().unwrap() {
        effect["seconds"] = Value::Null;
    }
    for model in tried["models"].as_array_mut().unwrap() {
        model["ways"].as_array_mut().unwrap().iter_mut().for_each(|way| way["p50_seconds"] = Value::Null);
    }
    rounded(&json!([rows.map(row).collect::<Vec<_>>(), tried, summary["degraded"]]))
}

/// Without what depends on the order in which numbers were added.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            number.as_f64().map_or_else(|| value.clone(), |it| json!((it * 1e9).round() / 1e9))
        }
        Value::Array(list) => list.iter().map(rounded).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), rounded(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Pictures are made worse slowly without optimization, so that there are few of them.
#[test]
fn merged_parts_with_variants_and_worse_twins_are_the_whole_run() {
    const TRIALS: usize = 2 * 2 * 6;
    let tried = Tried::of(6, "try = { long_side = [200, 600] }");
    let project = &tried.project;
    let few = "--provider compatible/sharp --degrade scale=0.2";
    tried.run(few, "whole");
    let whole = tried.summary("whole");
    assert_eq!(project.trials("whole").len(), TRIALS);
    for part in 1..=2 {
        tried.run(&format!("{few} --partition {part}/2"), &format!("part-{part}"));
    }
    project.expect(0, "merge part-1 part-2 --run-dir merged");
    assert_eq!(figures(&tried.summary("merged")), figures(&whole));
    project.expect(0, "resume merged --no-progress");
    assert_eq!(project.trials("merged").len(), TRIALS);

    // What is missing of a variant is asked again, with the same pictures.
    let kept = project.read("merged/trials.jsonl");
    let (lost, kept): (Vec<&str>, Vec<&str>) = kept.lines().partition(|line| line.contains("long_side=600"));
    assert_eq!(lost.len(), TRIALS / 2);
    project.write("merged/trials.jsonl", &format!("{}\n", kept.join("\n")));
    assert_eq!(tried.summary("merged")["degraded"]["missing"], 6);
    project.expect(0, "resume merged --no-progress");
    assert_eq!(figures(&tried.summary("merged")), figures(&whole));
}

#[test]
fn a_baseline_of_variants_gates_each_of_them() {
    let tried = Tried::new("try = { long_side = [200, 600] }");
    let project = &tried.project;
    tried.run("", "before");
    project.expect(0, "baseline set main before");
    let shown = project.expect(0, "baseline show main").out;
    assert!(shown.contains("compatible/sharp · long_side=600"), "{shown}");
    tried.run("", "same");
    // Twelve receipts cannot show that nothing was lost, but nothing was.
    let report = tried.json(3, "gate same --baseline main");
    let checks = |report: &Value| -> Vec<(String, String)> {
        let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
        let all = report["checks"].as_array().unwrap().iter();
        let checks = all.filter(|check| check["part"] != json!(true) && check["provider"] != "");
        checks.map(|check| (text(check, "provider"), text(check, "verdict"))).collect()
    };
    assert!(checks(&report).iter().all(|(_, verdict)| verdict != "regressed"), "{report}");

    tried.configure("try = { long_side = [200, 600] }", never);
    tried.run("", "worse");
    let report = tried.json(100, "gate worse --baseline main");
    let regressed: Vec<String> = checks(&report)
        .into_iter()
        .filter(|(_, verdict)| verdict == "regressed")
        .map(|(provider, _)| provider)
        .collect();
    assert_eq!(regressed, ["compatible/sharp · long_side=600"], "{report}");

    // A run of one variant alone is held against that one.
    let mut one = project.command(&format!("run {ALL} --run-dir one --provider"));
    one.arg("compatible/plain · long_side=200");
    assert_eq!(one.status().unwrap().code(), Some(0));
    let report = tried.json(5, "gate one --baseline main");
    let found = checks(&report);
    let of = |verdict: &str| found.iter().filter(|(_, it)| it == verdict).count();
    assert_eq!((of("incomplete"), of("inconclusive")), (3, 1), "{found:?}");
    assert!(found.contains(&("compatible/plain · long_side=200".to_owned(), "inconclusive".to_owned())));
}

#[test]
fn runs_are_compared_by_the_variants_that_both_have() {
    let tried = Tried::new("try = { long_side = [200, 600] }");
    let project = &tried.project;
    tried.run("", "first");
    tried.configure("try = { long_side = [600, 900] }", never);
    tried.run("", "second");
    tried.configure("", needs_a_large_picture);
    tried.run("", "plain");

    let compared = |sides: [&str; 2]| -> Value {
        let mut command = project.command("compare --format json");
        let ended = crate::support::ended(command.args(sides).spawn().unwrap());
        assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
        serde_json::from_str(&ended.out).unwrap()
    };
    let shared = compared(["first", "second"]);
    assert_eq!(
        differences(&shared),
        ["compatible/plain · long_side=600 cannot-tell 12", "compatible/sharp · long_side=600 worse 12"]
    );
    let unmatched = |of: &Value| -> Vec<String> {
        let all = of["against"][0]["unmatched"].as_array().unwrap().iter();
        all.map(|it| it["provider"].as_str().unwrap().to_owned()).collect()
    };
    let sides = [200, 900];
    let others = ["plain", "sharp"].map(|it| sides.map(|side| format!("compatible/{it} · long_side={side}")));
    assert_eq!(unmatched(&shared), others.concat());
    // One variant against the model as it is asked without any.
    let one = compared(["first@compatible/sharp · long_side=600", "plain@compatible/sharp"]);
    assert_eq!(differences(&one), ["compatible/sharp cannot-tell 12"]);
    // A variant is not the model that is asked without it.
    let none = compared(["first", "plain"]);
    assert_eq!((differences(&none).len(), unmatched(&none).len()), (0, 6));
    // Where a name has to be cut, it says which one it is all the same.
    let text = project.expect(0, "compare first second").out;
    let rows = |name: &str| text.lines().filter(|line| line.starts_with(name)).count();
    assert!(rows("compatible/sharp") > 0 && rows("compatible/plain") > 0, "{text}");
}

/// Who was compared, what may be said, and on how many cases.
fn differences(compared: &Value) -> Vec<String> {
    let all = compared["against"][0]["differences"].as_array().unwrap().iter();
    let one = |it: &Value| {
        let it = &it["difference"];
        format!("{} {} {}", it["b"].as_str().unwrap(), it["opinion"].as_str().unwrap(), it["n"])
    };
    all.map(one).collect()
}

#[test]
fn a_run_with_worse_twins_is_compared_and_gated_by_its_clean_pictures() {
    let tried = Tried::new("");
    let project = &tried.project;
    tried.run("", "clean");
    tried.run("--degrade scale=0.1", "twins");
    let compared = tried.json(0, "compare clean twins");
    assert_eq!(
        differences(&compared),
        ["compatible/plain cannot-tell 12", "compatible/sharp cannot-tell 12"]
    );
    assert_eq!(compared["against"][0]["changes"], json!([]), "{compared}");
    project.expect(0, "baseline set main clean");
    let report = tried.json(3, "gate twins --baseline main");
    assert_eq!(report["against"]["unmatched"], Value::Null, "{report}");
    project.expect(0, "baseline set twins twins");
    let lines = fs::read_to_string(project.path("reports/baselines/twins.json")).unwrap();
    assert!(!lines.contains("receipts · scale"), "{lines}");
    project.expect(3, "gate clean --baseline twins");
}
