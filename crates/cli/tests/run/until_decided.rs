//! A run that ends when its verdict is settled.

use serde_json::{Value, json};

use crate::support::{Host, Project, provider};

/// One prompt is always answered right, the other every other time.
#[test]
fn a_clear_difference_ends_the_run_early_and_the_report_says_so() {
    let host = Host::new(&[]);
    let project = Project::new(120, &host.url());
    // To the second prompt the host always answers the same, which is right for every other case.
    project.write("wrong.txt", "Is number {{number}} odd? It is odd.");
    let tries = "try = { prompt = [\"default\", \"wrong.txt\"] }\n";
    let control = "[[provider]]\nkind = \"control\"\nmodel = \"prior\"\n";
    project.configure(&format!("{}{tries}{control}", provider("compatible", &host.url())));
    let ran = project.expect(0, "run --until-decided --budget-usd 1 --run-dir run");
    assert!(ran.err.contains("documents: decided for compatible/m · prompt=default"), "{}", ran.err);
    let summary: Value = serde_json::from_str(&project.expect(0, "report run --format json").out).unwrap();
    let stopped = &summary["stopped"];
    assert_eq!(stopped["decided"], json!(true));
    assert!(stopped["documents"].as_u64().unwrap() < 60, "{stopped}");
    assert!(stopped["trials"].as_u64().unwrap() < 120 && stopped["all_trials"] == json!(240), "{stopped}");
    assert_eq!(summary["verdict"]["winner"], json!("compatible/m · prompt=default"));
    assert_eq!(summary["verdict"]["provisional"], Value::Null);
    assert_eq!(summary["trust"]["incomplete"], json!([]));
    let text = project.expect(0, "report run --format markdown").out;
    assert!(text.contains("Stopped when decided") && text.contains("anytime-valid"), "{text}");
    // There is nothing left to do.
    let before = project.trials("run").len();
    project.expect(0, "resume run --budget-usd 1 --no-progress");
    assert_eq!(project.trials("run").len(), before);
}

#[test]
fn with_few_documents_a_fixed_plan_is_named_as_the_cheaper_one() {
    let host = Host::new(&[]);
    let project = Project::new(10, &host.url());
    let ran = project.expect(0, "run --until-decided --budget-usd 1 --run-dir run --no-progress");
    assert!(ran.err.contains("with 10 documents a run of all cases decides as much"), "{}", ran.err);
}
