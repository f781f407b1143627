//! Datasets that change while a run goes on, and records that say otherwise than whoever pays.

use std::fs;

use crate::support::{Host, Project, ended};

/// Starts a run, changes the dataset when a few cases were sent, and waits for its end.
fn run_with(project: &Project, host: &Host, change: impl FnOnce()) -> crate::support::Ended {
    let child = project.spawn("run --run-dir run --no-progress");
    host.wait_for(12);
    change();
    ended(child)
}

#[test]
fn media_that_are_replaced_during_a_run_are_noticed() {
    let host = Host::new(&["slow:30ms"]);
    let project = Project::new(60, &host.url());
    let run = run_with(&project, &host, || {
        let other = vision_testkit::media::png("p", 3, 3, 9);
        for number in 0..60 {
            fs::write(project.path(&format!("data/{number}.png")), other.bytes().unwrap()).unwrap();
        }
    });
    assert_eq!(run.code, Some(5), "{}", run.err);
    assert!(run.err.contains("media files were changed during the run"), "{}", run.err);
    let report = project.expect(0, "report run").out;
    assert!(report.contains("media files were changed during the run"), "{report}");
    let gate = project.expect(5, "gate run --cutoff demo.score=0.1");
    assert!(gate.out.contains("the dataset demo was changed during the run"), "{}", gate.out);
    let compared = project.expect(5, "compare run run");
    assert!(compared.err.contains("changed during the run"), "{}", compared.err);
    project.expect(96, "resume run");
}

#[test]
fn media_that_are_swapped_and_put_back_are_noticed() {
    let host = Host::new(&["slow:30ms"]);
    let project = Project::new(60, &host.url());
    fs::create_dir(project.path("other")).unwrap();
    let child = project.spawn("run --run-dir run --no-progress");
    host.wait_for(12);
    let other = vision_testkit::media::png("p", 3, 3, 9);
    for number in 0..60 {
        let name = format!("{number}.png");
        fs::rename(project.path("data").join(&name), project.path("other").join(&name)).unwrap();
        fs::write(project.path("data").join(&name), other.bytes().unwrap()).unwrap();
    }
    host.wait_for(30);
    for number in 0..60 {
        let name = format!("{number}.png");
        fs::rename(project.path("other").join(&name), project.path("data").join(&name)).unwrap();
    }
    let run = ended(child);
    assert_eq!(run.code, Some(5), "{}", run.err);
    assert!(run.err.contains("changed during the run"), "{}", run.err);
}

#[test]
fn labels_that_are_replaced_during_a_run_are_noticed() {
    let host = Host::new(&["slow:30ms"]);
    let project = Project::new(60, &host.url());
    let run = run_with(&project, &host, || {
        let cases = project.read("data/cases.jsonl");
        project.write("data/cases.jsonl", &cases.replace("photo", "chart"));
    });
    assert_eq!(run.code, Some(5), "{}", run.err);
    assert!(run.err.contains("demo: the dataset was changed during the run"), "{}", run.err);
}

#[test]
fn a_dataset_that_is_only_touched_is_the_same() {
    let host = Host::new(&["slow:30ms"]);
    let project = Project::new(40, &host.url());
    let run = run_with(&project, &host, || {
        for number in 0..40 {
            let path = project.path(&format!("data/{number}.png"));
            fs::write(&path, fs::read(&path).unwrap()).unwrap();
        }
    });
    assert!(!run.err.contains("changed during the run:"), "{}", run.err);
    assert!(!project.path("run/changed-datasets.jsonl").exists(), "{}", run.err);
}

#[test]
fn media_that_are_deleted_during_a_run_are_missing_and_not_skipped() {
    let host = Host::new(&["slow:30ms"]);
    let project = Project::new(60, &host.url());
    let run = run_with(&project, &host, || {
        for number in 0..60 {
            fs::remove_file(project.path(&format!("data/{number}.png"))).unwrap();
        }
    });
    assert_eq!(run.code, Some(5), "{}", run.err);
    assert!(run.err.contains("was changed or deleted during the run"), "{}", run.err);
    assert!(!run.err.contains("skipped"), "{}", run.err);
    let summary: serde_json::Value = serde_json::from_str(&project.read("run/summary.json")).unwrap();
    let answers = &summary["overall"]["rows"][0]["answers"];
    assert!(answers["missing"].as_u64() > Some(20) && answers["skipped"] == 0, "{answers}");
    assert!(summary["verdict"]["provisional"].is_object(), "{}", summary["verdict"]);
}

/// A run of a paid provider that was interrupted after its first answers.
fn interrupted(host: &Host) -> Project {
    let project = Project::new(40, &host.url());
    let config = project.read("eval.toml").replace("mtok = 0.0", "mtok = 1000.0");
    project.write("eval.toml", &config);
    let mut child = project.spawn("run --run-dir run --budget-usd 100 --no-progress");
    host.wait_for(9);
    child.kill().unwrap();
    child.wait().unwrap();
    project
}

#[test]
fn a_record_without_a_budget_is_not_paid_for() {
    let host = Host::new(&["slow:100ms"]);
    let project = interrupted(&host);
    let plan = project.plan("run");
    let asked = host.journal().requests;
    for budget in [serde_json::Value::Null, 1e308.into(), (-1.0).into()] {
        let mut edited = plan.clone();
        edited["budget_usd"] = budget;
        project.write("run/plan.json", &edited.to_string());
        let refused = project.expect(96, "resume run --no-progress");
        assert!(refused.err.contains("budget_usd"), "{}", refused.err);
    }
    assert_eq!(host.journal().requests, asked);
    let config = project.read("eval.toml");
    project.write("eval.toml", &format!("budget_usd = 0.01\n{config}"));
    project.write("run/plan.json", &plan.to_string());
    let low = project.expect(5, "resume run --no-progress");
    assert!(low.err.contains("the budget of $0.01 has no room"), "{}", low.err);
    assert_eq!(host.journal().requests, asked);
    project.expect(0, "resume run --no-progress --budget-usd 100");
}

#[test]
fn merged_parts_forget_no_request_that_was_under_way() {
    let host = Host::new(&["slow:150ms"]);
    let project = Project::new(40, &host.url());
    let config = project.read("eval.toml").replace("mtok = 0.0", "mtok = 1000.0");
    project.write("eval.toml", &config);
    for part in [1, 2] {
        let before = host.journal().requests;
        let words = format!("run --partition {part}/2 --run-dir part-{part} --budget-usd 100 --no-progress");
        let mut child = project.spawn(&words);
        host.wait_for(before + 10);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let lost = |run: &str| eval_record::Record::open(&project.path(run)).unwrap().lost().unwrap();
    let (first, second) = (lost("part-1"), lost("part-2"));
    assert!(first.attempts > 0 && second.attempts > 0);
    project.expect(5, "merge part-1 part-2 --run-dir whole");
    let whole = lost("whole");
    assert_eq!(whole.attempts, first.attempts + second.attempts);
    assert!((whole.usd.0 - first.usd.0 - second.usd.0).abs() < 1e-9);
    let report = project.expect(0, "report whole").out;
    assert!(report.contains("interrupted without a recorded outcome"), "{report}");
    let resumed = project.expect(0, "resume whole --no-progress");
    assert!(resumed.err.contains("under way when the run was interrupted: up to $"), "{}", resumed.err);
    assert_eq!(lost("whole").attempts, whole.attempts, "no later request takes the number of a lost one");
}

/// A paid provider that answers with this fault.
fn paid(cases: usize, faults: &[&str]) -> (Host, Project) {
    let host = Host::new(faults);
    let project = Project::new(cases, &host.url());
    let config = project.read("eval.toml").replace("mtok = 0.0", "mtok = 1000.0");
    project.write("eval.toml", &config);
    (host, project)
}

#[test]
fn what_a_gateway_that_gave_up_may_have_billed_is_in_the_report() {
    let (_host, project) = paid(3, &["504"]);
    project.expect(5, "run --run-dir run --budget-usd 20 --max-retries 0 --no-progress");
    let report = project.expect(0, "report run").out;
    assert!(report.contains("3 requests ended without an answer or a bill: up to $"), "{report}");
    // Where there is no room for another attempt, the first one has still failed.
    let (_host, project) = paid(1, &["504"]);
    let run = project.expect(5, "run --run-dir run --budget-usd 0.5 --max-retries 3 --no-progress");
    let summary: serde_json::Value = serde_json::from_str(&project.read("run/summary.json")).unwrap();
    let answers = &summary["overall"]["rows"][0]["answers"];
    assert_eq!((&answers["failed"], &answers["missing"]), (&1.into(), &0.into()), "{}", run.err);
}

#[test]
fn what_would_fail_at_the_end_is_refused_before_anything_is_sent() {
    let (host, project) = paid(3, &[]);
    for (code, flags, said) in [
        (96, "--save-baseline ../x", "cannot be the name of a baseline"),
        (96, "--cutoff nobody.score=0.5", "there is no dataset `nobody`"),
        (96, "--cutoff overall.beauty=0.5", "there is no figure `beauty`"),
        (96, "--cutoff score=0.5@nobody", "there is no provider `nobody`"),
        (110, "-o eval.toml/x.html", "cannot be written"),
        (110, "-o /proc/none/x.html", "cannot be written"),
    ] {
        let refused =
            project.expect(code, &format!("run --run-dir run --budget-usd 5 --no-progress {flags}"));
        assert!(refused.err.contains(said), "{flags}: {}", refused.err);
    }
    assert_eq!(host.journal().requests, 0);
    assert!(!project.path("run").exists());
    project.expect(
        0,
        "run --run-dir run --budget-usd 5 --no-progress -o new/folder/x.md --cutoff demo.score=0.1",
    );
}

#[test]
fn a_page_shows_only_what_was_sent_and_only_from_folders_that_somebody_named() {
    let host = Host::new(&[]);
    let project = Project::new(3, &host.url());
    project.expect(0, "run --run-dir runs/run --no-progress");
    let shown = |words: &str| project.expect(0, &format!("report {words} -o x.html -q --embed all"));
    let embedded = || project.read("x.html").matches("data:image/png").count();
    shown("runs/run");
    let all = embedded();
    assert!(all > 0);
    let other = vision_testkit::media::png("p", 3, 3, 9);
    for number in 0..3 {
        fs::write(project.path(&format!("data/{number}.png")), other.bytes().unwrap()).unwrap();
    }
    let note = shown("runs/run");
    assert!(note.err.contains("has changed since the run and is not shown"), "{}", note.err);
    assert_eq!(embedded(), 0);
    // A stranger's record beside a folder of ours.
    let stranger = project.path("elsewhere");
    fs::create_dir(&stranger).unwrap();
    fs::rename(project.path("data"), stranger.join("private")).unwrap();
    fs::rename(project.path("runs/run"), stranger.join("run")).unwrap();
    let plan = fs::read_to_string(stranger.join("run/plan.json")).unwrap();
    let plan = plan.replace("\"folder\": \"data\"", "\"folder\": \"elsewhere/private\"");
    fs::write(stranger.join("run/plan.json"), plan).unwrap();
    fs::remove_file(stranger.join("run/media.jsonl")).unwrap();
    let note = shown("elsewhere/run");
    assert!(note.err.contains("no media of `demo` are shown"), "{}", note.err);
    assert_eq!(embedded(), 0);
    shown("elsewhere/run --dataset elsewhere/private");
    assert!(embedded() > 0);
}

#[test]
fn figures_that_nobody_can_have_are_no_figures() {
    let (_host, project) = paid(3, &[]);
    project.expect(0, "run --run-dir run --budget-usd 5 --no-progress");
    let trials = project.read("run/trials.jsonl");
    let mut lines: Vec<serde_json::Value> =
        trials.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (line, cost) in lines.iter_mut().zip([1e308, -1e308, 1e308]) {
        line["cost"] = cost.into();
        line["response"]["attempts"][0]["charged"] = cost.into();
    }
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    project.write("run/trials.jsonl", &(lines.join("\n") + "\n"));
    for format in ["text", "markdown", "json", "html"] {
        let report = project.expect(0, &format!("report run --format {format}")).out;
        assert!(!report.contains("$inf") && !report.contains("00000000000000000000"), "{format}: {report}");
    }
    let mut plan = project.plan("run");
    plan["repeats"] = 4_000_000_000_u64.into();
    project.write("run/plan.json", &plan.to_string());
    let refused = project.expect(96, "report run");
    assert!(refused.err.contains("repeats is 4000000000"), "{}", refused.err);
}

#[test]
fn too_few_files_are_said_at_once() {
    let project = Project::offline(2);
    let words = format!("ulimit -n 20; {} run", env!("CARGO_BIN_EXE_vision-eval"));
    let mut command = project.program("sh", "");
    let refused = ended(command.args(["-c", &words]).spawn().unwrap());
    assert_eq!(refused.code, Some(96), "{}", refused.err);
    assert!(refused.err.contains("only 20 files: raise the limit with `ulimit -n 1024`"), "{}", refused.err);
}
