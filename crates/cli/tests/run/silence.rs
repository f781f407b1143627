//! Nothing is silent: what was lost, skipped or changed on the way is told, counted, and never a pass.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::support::{Host, Project, ended, provider};

/// The states of all trials in the list of cases.
fn states(project: &Project, run: &str) -> Vec<(String, String)> {
    let list = project.expect(0, &format!("report {run} --format jsonl"));
    let of = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        (text("case"), text("status"))
    };
    list.out.lines().map(of).collect()
}

fn count(project: &Project, run: &str, name: &str) -> u64 {
    let report = project.expect(0, &format!("report {run} --format json"));
    let summary: Value = serde_json::from_str(&report.out).unwrap();
    summary["overall"]["rows"][0]["answers"][name].as_u64().unwrap()
}

#[test]
fn a_lost_part_is_missing_in_the_whole_until_it_is_asked() {
    let host = Host::new(&[]);
    let project = Project::new(12, &host.url());
    for part in 1..=3 {
        project.expect(0, &format!("run -q --run-dir part-{part} --partition {part}/3"));
    }
    let lost: BTreeSet<String> =
        project.trials("part-2").iter().map(|trial| trial["case"].as_str().unwrap().to_owned()).collect();
    let merged = project.expect(5, "merge part-1 part-3 --run-dir whole");
    assert!(merged.err.contains("part 2/3 is missing"), "{}", merged.err);
    assert!(merged.err.contains(&format!("{} of 12 planned trials", lost.len())), "{}", merged.err);
    project.expect(5, "gate whole --cutoff demo.score=0.1");

    let missing = states(&project, "whole").into_iter().filter(|(_, state)| state == "missing");
    assert_eq!(missing.map(|(case, _)| case).collect::<BTreeSet<_>>(), lost);
    assert_eq!(count(&project, "whole", "missing"), lost.len() as u64);
    let report = project.expect(0, "report whole --format markdown").out;
    assert!(lost.iter().all(|case| report.contains(case)), "{report}");
    let junit = project.expect(0, "report whole --format junit-cases").out;
    assert_eq!(junit.matches("type=\"missing\"").count(), lost.len(), "{junit}");

    let before = host.journal().requests;
    project.expect(0, "resume whole -q");
    assert_eq!(host.journal().requests - before, lost.len() as u64);
    assert_eq!(count(&project, "whole", "missing"), 0);
    let none = project.expect(96, "merge part-1 whole --run-dir no");
    assert!(none.err.contains("whole is not a part"), "{}", none.err);
}

#[test]
fn a_part_of_a_sample_knows_what_the_others_drew() {
    let project = Project::offline(30);
    for part in 1..=2 {
        project.expect(0, &format!("run -q --run-dir part-{part} --partition {part}/2 --limit 5"));
    }
    project.expect(0, "run -q --run-dir part-of-three --partition 3/3 --limit 5");
    let refused = project.expect(96, "merge part-1 part-of-three --run-dir no");
    assert!(refused.err.contains("a plan is split in one way only"), "{}", refused.err);
    let whole = project.expect(0, "merge part-1 part-2 --run-dir whole");
    assert!(whole.out.contains("10 trials on 10 cases"), "{}", whole.out);
    assert_eq!(fs::read_to_string(project.path("part-1/other-parts.jsonl")).unwrap().lines().count(), 5);
}

#[test]
fn a_dataset_that_is_edited_during_a_run_leaves_a_gap_that_is_named() {
    let host = Host::new(&["slow:30ms"]);
    let project = Project::new(80, &host.url());
    let child = project.spawn("run --run-dir run --no-progress");
    host.wait_for(12);
    // In place, as some editors and scripts do.
    let cases = project.read("data/cases.jsonl").replace("photo", "chart");
    fs::write(project.path("data/cases.jsonl"), cases).unwrap();
    let run = ended(child);
    assert_eq!(run.code, Some(5), "{}", run.err);
    assert!(run.err.contains("data/cases.jsonl:") && run.err.contains("was changed while"), "{}", run.err);
    let missing = count(&project, "run", "missing");
    assert!((10..70).contains(&missing), "{missing}");
    project.expect(5, "gate run --cutoff demo.score=0.1");
    let refused = project.expect(96, "resume run");
    assert!(refused.err.contains("the dataset `demo` in data was changed"), "{}", refused.err);
}

#[test]
fn a_dataset_that_vanishes_during_a_run_leaves_a_gap_and_no_skipped_cases() {
    let host = Host::new(&["slow:30ms"]);
    let project = Project::new(80, &host.url());
    let child = project.spawn("run --run-dir run --no-progress");
    host.wait_for(12);
    fs::rename(project.path("data"), project.path("gone")).unwrap();
    let run = ended(child);
    assert_eq!(run.code, Some(5), "{}", run.err);
    assert!(run.err.contains("the dataset no longer exists"), "{}", run.err);
    fs::rename(project.path("gone"), project.path("data")).unwrap();
    assert_eq!(count(&project, "run", "skipped"), 0);
    project.expect(0, "resume run -q");
    assert_eq!(project.trials("run").len(), 80);
}

#[test]
fn a_run_whose_directory_vanishes_asks_no_more() {
    for what in ["run", "run/trials.jsonl"] {
        let host = Host::new(&["slow:40ms"]);
        let project = Project::new(120, &host.url());
        let child = project.spawn("run --run-dir run --no-progress");
        host.wait_for(16);
        let path = project.path(what);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
        let before = host.journal().requests;
        let run = ended(child);
        assert_eq!(run.code, Some(110), "{what}: {}", run.err);
        assert!(run.err.contains("trials.jsonl: no longer exists"), "{what}: {}", run.err);
        let further = host.journal().requests - before;
        assert!(further <= 16, "{what}: asked {further} times more");
    }
}

#[test]
fn few_file_descriptors_cost_time_and_no_trial() {
    let host = Host::new(&["slow:5ms"]);
    let project = Project::new(120, &host.url());
    project.configure(&provider("compatible", &host.url()).replace("concurrency = 8", "concurrency = 100"));
    for limit in [40, 100] {
        let run = format!("run -j 100 --run-dir run-{limit} --no-progress --max-retries 0");
        let script = format!("ulimit -n {limit}; exec {} {run}", env!("CARGO_BIN_EXE_vision-eval"));
        let run = ended(project.program("bash", "-c").arg(script).spawn().unwrap());
        assert_eq!(run.code, Some(0), "{limit}: {}", run.err);
        assert!(run.err.contains("raise the limit with `ulimit -n`"), "{}", run.err);
        let answered = |trial: &Value| trial.get("response").is_some();
        assert_eq!(project.trials(&format!("run-{limit}")).iter().filter(|it| answered(it)).count(), 120);
    }
}

#[test]
fn a_model_that_is_not_there_is_asked_a_few_times() {
    let host = Host::new(&["404"]);
    let project = Project::new(40, "");
    project.configure(&provider("compatible", &host.url()).replace("concurrency = 8", "concurrency = 4"));
    let run = project.expect(5, "run --run-dir run --no-progress");
    assert!(run.err.contains("knows no such model"), "{}", run.err);
    assert!(host.journal().requests <= 5, "{}", host.journal().requests);
}

#[test]
fn a_run_that_nobody_answered_is_no_pass() {
    for fault in ["429:0.01", "418", "badjson", "empty", "html"] {
        let host = Host::new(&[fault]);
        let project = Project::new(6, &host.url());
        let run = project.expect(5, "run --run-dir run --no-progress --max-retries 0");
        assert!(run.err.contains("no trial was answered"), "{fault}: {}", run.err);
        // Nor is it one when it is looked at again.
        project.expect(5, "resume run -q --max-retries 0");
        assert!(project.expect(5, "cascade run").err.contains("no candidate answered"));
    }
}

#[test]
fn what_could_not_be_asked_is_skipped_everywhere() {
    let host = Host::new(&["400@0.2"]);
    let project = Project::new(24, &host.url());
    for number in [1, 2, 3] {
        fs::write(project.path(&format!("data/{number}.png")), "").unwrap();
    }
    fs::write(project.path("data/4.png"), "no picture at all").unwrap();
    let plan = project.expect(0, "plan").out;
    assert!(
        plan.contains("4 cases:") && plan.contains("\n  3 cases: ") && plan.contains("\n  1 case: "),
        "{plan}"
    );
    let run = project.expect(0, "run --run-dir run --no-progress");
    assert!(run.err.contains("3 skipped: ") && run.err.contains("1 skipped: "), "{}", run.err);
    let of =
        |wanted: &str| states(&project, "run").iter().filter(|(_, state)| state == wanted).count() as u64;
    let failed = of("failed");
    assert!(failed > 0);
    assert_eq!((of("skipped"), count(&project, "run", "skipped")), (4, 4));
    assert_eq!(count(&project, "run", "failed"), failed);
    let junit = project.expect(0, "report run --format junit-cases").out;
    assert_eq!(
        (junit.matches("<skipped").count() as u64, junit.matches("<error").count() as u64),
        (4, failed)
    );
    let page = project.read("run/report.html");
    assert_eq!(page.matches("\"status\":\"skipped\"").count(), 4);
    let csv = project.expect(0, "report run --format csv").out;
    assert_eq!(csv.matches(",skipped,").count(), 4);
}

#[test]
fn the_command_that_repeats_a_run_does() {
    let host = Host::new(&[]);
    let project = Project::new(12, &host.url());
    let words = ["run", "-q", "--run-dir", "first", "--case", "c*", "--cutoff", "demo.score>=0", "--seed=7"];
    let first = ended(project.command("").args(words).env("VISION_EVAL_LIMIT", "5").spawn().unwrap());
    assert_eq!(first.code, Some(0), "{}", first.err);
    let command = project.plan("first")["command"].as_str().unwrap().to_owned();
    let script = command.replace("vision-eval", env!("CARGO_BIN_EXE_vision-eval"));
    let again = ended(project.program("bash", "-c").arg(script).spawn().unwrap());
    assert_eq!(again.code, Some(0), "{command}: {}", again.err);
    let run = fs::read_dir(project.path("runs")).unwrap().next().unwrap().unwrap().path();
    let plan = |run: &str| {
        let plan = project.plan(run);
        (plan["seed"].clone(), plan["datasets"].clone(), plan["command"].clone())
    };
    assert_eq!(plan("first"), plan(run.to_str().unwrap()));
}

#[test]
fn settings_that_cannot_be_read_end_a_resumption() {
    let host = Host::new(&[]);
    let project = Project::new(4, &host.url());
    project.expect(0, "run -q --run-dir run");
    let plan = project.read("run/plan.json");
    assert!(plan.contains("\"settings\": {}"), "{plan}");
    project.write("run/plan.json", &plan.replacen("\"settings\": {}", "\"settings\": [1]", 1));
    project.write("eval.toml", "[[dataset]]\npath = \"data\"\n");
    let before = host.journal().requests;
    let refused = project.expect(96, "resume run");
    assert!(refused.err.contains("the settings of compatible/m cannot be read"), "{}", refused.err);
    assert_eq!(host.journal().requests, before);
}

#[test]
fn many_processes_may_set_a_baseline_at_once() {
    let host = Host::new(&[]);
    let project = Project::new(12, &host.url());
    project.expect(0, "run -q --run-dir run");
    let all: Vec<_> = (0..16).map(|_| project.spawn("baseline set main run")).collect();
    for child in all {
        let ended = ended(child);
        assert_eq!(ended.code, Some(0), "{}", ended.err);
    }
    project.expect(0, "baseline show main");
    assert_eq!(fs::read_dir(project.path("reports/baselines")).unwrap().count(), 1);
}

#[test]
fn the_limit_of_the_run_raises_that_of_a_provider() {
    let peak = |words: &str, limits: &str| {
        let host = Host::new(&["slow:60ms"]);
        let project = Project::new(60, "");
        let entry = provider("compatible", &host.url()).replace("limits = { concurrency = 8 }", limits);
        project.configure(&entry);
        project.expect(0, &format!("run -q --run-dir run {words}"));
        host.journal().peak
    };
    assert!(peak("", "") <= 8);
    let raised = peak("-j 16", "");
    assert!((12..=16).contains(&raised), "{raised}");
    assert!(peak("-j 16", "limits = { concurrency = 3 }") <= 3);
}

#[test]
fn numbers_that_mean_nothing_are_refused() {
    let project = Project::offline(3);
    for (words, said) in [
        ("run --min-score nan", "not a share between 0 and 1"),
        ("report --min-score 85", "85% is 0.85"),
        ("run --max-p95 inf", "not an amount"),
        ("gate --margin 1", "would be 100 points"),
        ("gate --margin=-0.5", "not a share of the score"),
    ] {
        let refused = project.expect(2, words);
        assert!(refused.err.contains(said), "{words}: {}", refused.err);
    }
    let config = project.read("eval.toml");
    project.write("eval.toml", &format!("{config}[gate]\nmargin = 1\n"));
    let refused = project.expect(96, "plan");
    assert!(refused.err.contains("would be 100 points"), "{}", refused.err);
}

#[test]
fn a_mistyped_baseline_is_recognised_and_a_plan_is_data_too() {
    let project = Project::offline(3);
    project.expect(0, "run -q --run-dir run --save-baseline main");
    let typo = project.expect(96, "gate run --baseline mian");
    assert!(typo.err.contains("did you mean `main`?"), "{}", typo.err);
    let dry = project.expect(0, "run --dry-run --format json");
    let plan: Value = serde_json::from_str(&dry.out).unwrap();
    assert_eq!(plan["datasets"][0]["cases"], 3);
    project.expect(2, "run --dry-run --format csv");
    assert!(!project.path("runs").exists());
}

#[test]
fn labels_that_no_answer_can_be_held_against_are_told_before_anything_is_asked() {
    let host = Host::new(&[]);
    let project = Project::new(8, &host.url());
    let cases = project.read("data/cases.jsonl");
    let manifest = project.read("data/dataset.toml");
    let schema = "metric = \"classify\"\n        schema = \"label.json\"";
    project.write("data/dataset.toml", &manifest.replace("metric = \"classify\"", schema));
    project.write(
        "data/label.json",
        r#"{"properties":{"label":{"type":"string"}},"additionalProperties":false}"#,
    );
    let more = cases.replacen("{\"label\":\"chart\"}", "{\"label\":\"chart\",\"company\":\"Acme\"}", 1);
    project.write("data/cases.jsonl", &more);
    for words in ["plan", "run --dry-run"] {
        let warned = project.expect(0, words).err;
        assert!(warned.contains("cases.jsonl:2: case c1: ") && warned.contains("'company'"), "{warned}");
    }
    project.write("data/cases.jsonl", &cases.replace("{\"label\":\"chart\"}", "{\"label\":7}"));
    for words in ["plan", "run"] {
        let refused = project.expect(96, words).err;
        assert!(refused.contains("cases.jsonl:2: case c1 cannot be scored"), "{refused}");
    }
    project.write("data/dataset.toml", &manifest.replace("metric = \"classify\"", "metric = \"clasify\""));
    let refused = project.expect(96, "run").err;
    assert!(refused.contains("clasify"), "{refused}");
    assert_eq!(host.journal().requests, 0);
}
