//! What a full disk, a second process, a damaged file and a changed dataset may do to a run.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::{Ended, Host, Project, ended};

/// Runs the binary where files may grow to so many kilobytes and no further.
fn start_with_little_room(project: &Project, kilobytes: u32, words: &str) -> Ended {
    // Without a trap the signal would end the process.
    let script =
        format!("trap '' XFSZ; ulimit -f {kilobytes}; exec {} {words}", env!("CARGO_BIN_EXE_vision-eval"));
    ended(project.program("bash", "-c").arg(script).spawn().unwrap())
}

#[test]
fn a_full_disk_ends_the_run_with_a_clear_word_and_loses_nothing() {
    let host = Host::new(&["slow:5ms"]);
    let project = Project::new(60, &host.url());
    let full = start_with_little_room(&project, 16, "run --run-dir run --no-progress");
    assert_eq!(full.code, Some(110), "{}", full.err);
    assert!(full.err.contains("trials.jsonl: cannot be written"), "{}", full.err);
    assert!(full.err.contains("the run can be resumed"), "{}", full.err);
    let kept: Vec<String> =
        project.trials("run").iter().map(|trial| trial["case"].as_str().unwrap().to_owned()).collect();
    assert!((5..60).contains(&kept.len()), "{}", kept.len());

    let before = host.journal().requests;
    project.expect(0, "resume run --no-progress");
    let asked = host.asked_after(before);
    assert!(kept.iter().all(|case| !asked.contains_key(case)), "what was kept is not asked again");
    assert_eq!(project.trials("run").len(), 60);
}

#[test]
fn a_full_disk_costs_the_cache_but_no_answer_that_was_given() {
    let host = Host::new(&["slow:5ms"]);
    let project = Project::new(300, &host.url());
    // The cache takes more room than the record, so that it is the first to be full.
    let full = start_with_little_room(&project, 100, "run --run-dir run --no-progress --cache on");
    assert_eq!(full.code, Some(110), "{}", full.err);
    assert!(full.err.contains("trials.jsonl: cannot be written"), "{}", full.err);
    assert!(full.err.contains("the run can be resumed"), "{}", full.err);
    let warnings = full.err.lines().filter(|line| line.contains("cache")).count();
    assert!(
        (1..10).contains(&warnings),
        "the cache is full, and that is said, but not each time: {}",
        full.err
    );
    let kept: Vec<String> =
        project.trials("run").iter().map(|trial| trial["case"].as_str().unwrap().to_owned()).collect();
    assert!((30..300).contains(&kept.len()), "{}", kept.len());

    let before = host.journal().requests;
    project.expect(0, "resume run --no-progress --cache on");
    let asked = host.asked_after(before);
    assert!(kept.iter().all(|case| !asked.contains_key(case)), "what was kept is not asked again");
    assert_eq!(project.trials("run").len(), 300);
    // And the cache works again.
    let before = host.journal().requests;
    project.expect(0, "run --run-dir again --no-progress --cache on");
    assert!(host.journal().requests - before < 300);
}

#[test]
fn a_cache_without_any_room_is_named_before_anything_is_asked() {
    let host = Host::new(&[]);
    let project = Project::new(5, &host.url());
    let full = start_with_little_room(&project, 8, "run --run-dir run --no-progress --cache on");
    assert_eq!(full.code, Some(110), "{}", full.err);
    assert!(
        full.err.contains("cannot open the cache") && full.err.contains("answers.sqlite"),
        "{}",
        full.err
    );
    assert_eq!(host.journal().requests, 0);
}

#[test]
fn a_report_that_has_no_room_is_an_error_of_the_output() {
    let project = Project::offline(3);
    symlink("/dev/full", project.path("full.html")).unwrap();
    let full = project.expect(110, "run --run-dir run -o full.html");
    assert!(full.err.contains("full.html"), "{}", full.err);
    project.expect(0, "report run");
}

#[test]
fn whatever_has_no_room_is_an_error_of_the_output() {
    let host = Host::new(&[]);
    let project = Project::new(40, &host.url());
    project.expect(0, "run -q --run-dir run");
    let rows: String = (0..40).map(|number| format!("data/{number}.png,odd\n")).collect();
    project.write("labels.csv", &format!("file,label\n{rows}"));
    // Without any room no medium is copied; with little the list of cases is cut.
    for (kilobytes, words) in [
        (1, "baseline set main run"),
        (0, "datasets import csv labels.csv media"),
        (1, "datasets import csv labels.csv list"),
        (0, "init --force"),
        (0, "report run -o report.md"),
    ] {
        let full = start_with_little_room(&project, kilobytes, words);
        assert_eq!(full.code, Some(110), "{words}: {}", full.err);
    }
}

/// A run that was killed when its host had seen ten requests.
fn killed_after_ten_of_sixty() -> (Host, Project) {
    let host = Host::new(&["slow:20ms"]);
    let project = Project::new(60, &host.url());
    let mut first = project.spawn("run --run-dir run --no-progress");
    host.wait_for(10);
    first.kill().unwrap();
    first.wait().unwrap();
    (host, project)
}

#[test]
fn the_second_of_two_processes_on_one_run_is_refused() {
    let (host, project) = killed_after_ten_of_sixty();
    let before = host.journal().requests;
    let first = project.spawn("resume run --no-progress");
    host.wait_for(before + 5);
    let second = project.expect(110, "resume run");
    assert!(second.err.contains("another process is running or resuming this run"), "{}", second.err);
    assert_eq!(ended(first).code, Some(0));
    assert_eq!(project.trials("run").len(), 60);
}

#[test]
fn garbage_in_the_middle_costs_one_trial_and_a_torn_end_none_that_was_whole() {
    let host = Host::new(&[]);
    let project = Project::new(6, &host.url());
    project.expect(0, "run -q --run-dir run");
    let text = project.read("run/trials.jsonl");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[2] = "\u{1}{{garbage";
    let torn = &lines[5][..40];
    let damaged = format!("{}\n{torn}", lines[..5].join("\n"));
    project.write("run/trials.jsonl", &damaged);
    let before = host.journal().requests;
    let resumed = project.expect(0, "resume run --no-progress");
    assert!(resumed.err.contains("trials.jsonl:3"), "{}", resumed.err);
    assert_eq!(host.journal().requests - before, 2);
    assert_eq!(project.trials("run").len(), 6);
}

#[test]
fn what_cannot_be_read_is_named_and_never_taken_for_something_else() {
    let host = Host::new(&[]);
    let project = Project::new(4, &host.url());
    project.expect(0, "run -q --run-dir run --cache on");
    let database = "home/.cache/vision-eval/answers.sqlite";
    fs::remove_dir_all(project.path("home/.cache/vision-eval")).unwrap();
    project.write(database, "garbage");
    let replaced = project.expect(0, "run -q --run-dir other --cache on");
    assert!(replaced.err.contains("answers.sqlite is damaged"), "{}", replaced.err);
    assert_eq!(project.read(&format!("{database}.damaged")), "garbage");

    let plan = project.read("run/plan.json");
    let trials = project.read("run/trials.jsonl");
    project.write("run/trials.jsonl", &format!("{trials}{{\"v\":99,\"words\":\"of tomorrow\"}}\n\u{fffd}\n"));
    let report = project.expect(0, "report run");
    assert!(report.out.contains("2 lines of the record cannot be read"), "{}", report.out);
    project.write("run/plan.json", &plan.replacen("\"v\": 1", "\"v\": 99", 1));
    let newer = project.expect(96, "report run");
    assert!(newer.err.contains("run/plan.json: was written by a newer version"), "{}", newer.err);
    for verb in ["report run", "resume run", "score run", "gate run --cutoff demo.score=0.5"] {
        project.write("run/plan.json", &plan[..100]);
        let torn = project.expect(96, verb);
        assert!(torn.err.contains("run/plan.json: is not a plan"), "{}", torn.err);
    }
}

#[test]
fn of_many_processes_that_resume_one_run_at_once_one_does_the_work() {
    let (host, project) = killed_after_ten_of_sixty();
    let kept = project.trials("run").len();
    let before = host.journal().requests;
    let all: Vec<_> = (0..4).map(|_| project.spawn("resume run --no-progress")).collect();
    let codes: Vec<_> = all.into_iter().map(|child| ended(child).code.unwrap()).collect();
    assert!(codes.contains(&0) && codes.iter().all(|code| [0, 110].contains(code)), "{codes:?}");
    assert_eq!(host.journal().requests - before, (60 - kept) as u64, "nothing was asked twice");
    assert_eq!(project.trials("run").len(), 60);
}

#[test]
fn a_clock_that_was_set_back_changes_nothing() {
    let host = Host::new(&["slow:10ms"]);
    let project = Project::new(40, &host.url());
    let mut child = project.spawn("run --run-dir runs/a --no-progress");
    host.wait_for(10);
    child.kill().unwrap();
    child.wait().unwrap();
    let plan = project.read("runs/a/plan.json");
    let year = plan.find("\"started\": \"").unwrap() + 12;
    project.write("runs/a/plan.json", &format!("{}2999{}", &plan[..year], &plan[year + 4..]));
    project.expect(0, "resume --no-progress");
    assert_eq!(project.trials("runs/a").len(), 40);
}

#[test]
fn a_dataset_prompt_or_setting_that_was_changed_is_refused_with_the_list() {
    let host = Host::new(&[]);
    let project = Project::new(4, &host.url());
    project.expect(0, "run -q --run-dir run");
    let manifest = project.read("data/dataset.toml").replace("odd?", "odd or even?");
    project.write("data/dataset.toml", &manifest);
    let config = project.read("eval.toml");
    project.write("eval.toml", &format!("{config}[media]\nmode = \"fit\"\n"));
    let refused = project.expect(96, "resume run");
    for change in ["the way media are prepared was changed", "the dataset `demo` in data was changed"] {
        assert!(refused.err.contains(change), "{}", refused.err);
    }
}

#[test]
fn a_missing_file_and_a_huge_one_fail_by_name_and_the_rest_goes_on() {
    let host = Host::new(&[]);
    let project = Project::new(5, &host.url());
    fs::remove_file(project.path("data/1.png")).unwrap();
    // Thirty megabytes that are a PNG by name only.
    fs::File::create(project.path("data/2.png")).unwrap().set_len(30_000_000).unwrap();
    // A file that is not there is a mistake of the dataset, and the run is not complete.
    let run = project.expect(5, "run -q --run-dir run");
    assert!(run.err.contains("case c1: `1.png` cannot be read"), "{}", run.err);
    let trials = project.trials("run");
    let of = |case: &str| trials.iter().find(|trial| trial["case"] == case);
    assert!(of("c1").is_none());
    let message = of("c2").unwrap()["failure"]["message"].as_str().unwrap();
    assert!(message.contains("2.png"), "{message}");
    assert_eq!(trials.iter().filter(|trial| trial.get("response").is_some()).count(), 3);
    let summary: serde_json::Value = serde_json::from_str(&project.read("run/summary.json")).unwrap();
    let row = &summary["overall"]["rows"][0];
    assert_eq!(
        (&row["score"]["mean"], &row["answers"]["failed"], &row["answers"]["skipped"]),
        (&1.0.into(), &0.into(), &1.into()),
        "a file that is no picture is nobody's mistake: {row}"
    );
    assert_eq!(row["answers"]["missing"], 1);
    let report = project.expect(0, "report run --format jsonl");
    assert!(report.out.contains("2.png"), "{}", report.out);
    project.expect(5, "resume run -q");
}
