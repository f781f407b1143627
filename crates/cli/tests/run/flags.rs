//! Every flag does what it says, typed or as its twin in the environment.

use serde_json::{Value, json};

use crate::support::{Ended, Host, Project, ended};

/// Runs with a flag, then with its twin, and looks at the same place of both plans.
#[track_caller]
fn check(flag: &str, value: &str, place: &str, wanted: &Value) {
    let project = Project::offline(12);
    let typed = project.start(&format!("run -q --run-dir typed {flag} {value}"));
    let twin = format!("VISION_EVAL_{}", flag.trim_start_matches('-').replace('-', "_").to_uppercase());
    let set = ended(project.command("run -q --run-dir set").env(&twin, value).spawn().unwrap());
    for (run, Ended { code, err, .. }) in [("typed", &typed), ("set", &set)] {
        assert_eq!(*code, Some(0), "{flag} {run}: {err}");
        assert_eq!(project.plan(run).pointer(place), Some(wanted), "{flag} {run}");
    }
}

#[test]
fn flags_choose_what_is_asked() {
    let cases = "/datasets/0/cases";
    check("--limit", "5", cases, &json!(5));
    check("--limit", "10-11", cases, &json!(2));
    check("--sample", "4", cases, &json!(4));
    check("--case", "c1,c2,c3", cases, &json!(3));
    check("--filter", "parity=odd", cases, &json!(6));
    check("--task", "classify", cases, &json!(12));
    check("--partition", "2/3", "/partition", &json!("2/3"));
    check("--repeat", "3", "/repeats", &json!(3));
    check("--seed", "99", "/seed", &json!(99));
}

#[test]
fn flags_choose_who_is_asked_and_how() {
    check("--provider", "control/blank", "/providers/0/label", &json!("control/blank"));
    check("--max-concurrency", "3", "/execution/max_concurrency", &json!(3));
    check("--timeout", "7", "/execution/timeout_seconds", &json!(7.0));
    check("--max-retries", "1", "/execution/max_retries", &json!(1));
    check("--budget-usd", "2.5", "/budget_usd", &json!(2.5));
}

#[test]
fn short_flags_and_switches_work_too() {
    let project = Project::offline(12);
    project.expect(0, "run -q -y -n 3 -j 2 --no-progress --run-dir run -d data -p control -m blank");
    let plan = project.plan("run");
    assert_eq!((&plan["datasets"][0]["cases"], &plan["providers"][0]["model"]), (&json!(3), &json!("blank")));
    let bare = project.start("");
    assert_eq!(bare.code, Some(0), "bare is run: {}", bare.err);
    assert!(project.path("runs").is_dir());
    let dry = project.expect(0, "run --dry-run");
    assert_eq!(dry.out, project.expect(0, "plan").out);
}

#[test]
fn only_what_failed_is_asked_again() {
    let host = Host::new(&["400@0.4"]);
    let project = Project::new(12, &host.url());
    project.expect(0, "run -q --run-dir first");
    let failed = project.trials("first").iter().filter(|trial| trial.get("failure").is_some()).count();
    assert!((1..12).contains(&failed), "{failed}");
    project.expect(0, "run -q --run-dir second --failed-from first");
    assert_eq!(project.trials("second").len(), failed);
    project.expect(0, "run --resume --run-dir second --retry-errors");
    let refused = project.expect(2, "run --resume -n 3");
    assert!(refused.err.contains("cannot be used with"), "{}", refused.err);
}

#[test]
fn the_parts_of_a_plan_make_the_whole_and_strangers_are_refused() {
    let project = Project::offline(12);
    for part in 1..=3 {
        project.expect(0, &format!("run -q --run-dir part-{part} --partition {part}/3"));
    }
    project.expect(0, "run -q --run-dir other --partition 3/3 --seed 5");
    let merged = project.expect(0, "merge part-1 part-2 part-3 --run-dir whole");
    assert!(merged.out.contains("12 trials on 12 cases"), "{}", merged.out);
    project.expect(0, "report whole");
    let refused = project.expect(96, "merge part-1 other --run-dir no");
    assert!(refused.err.contains("they differ in\n  - the seed"), "{}", refused.err);
    let twice = project.expect(96, "merge part-1 part-1 --run-dir no");
    assert!(twice.err.contains("part-1: part 1/3 is given twice"), "{}", twice.err);
}
