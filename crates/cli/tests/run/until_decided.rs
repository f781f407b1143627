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

/// What is said of them alone takes fewer of them, and every page says that it is said of them alone.
#[test]
fn these_documents_alone_are_decided_sooner_and_the_report_says_so() {
    let host = Host::new(&[]);
    let project = Project::new(120, &host.url());
    project.write("wrong.txt", "Is number {{number}} odd? It is odd.");
    let tries = "try = { prompt = [\"default\", \"wrong.txt\"] }\n";
    project.configure(&format!("{}{tries}", provider("compatible", &host.url())));
    let mut asked = Vec::new();
    for (about, alone) in [("documents-like-these", false), ("these-documents", true)] {
        let command = format!("run --until-decided={about} --budget-usd 1 --run-dir {about}");
        let ran = project.expect(0, &command);
        assert_eq!(
            ran.err.contains("shown by fewer documents if their number is fixed"),
            !alone,
            "{}",
            ran.err
        );
        let json = project.expect(0, &format!("report {about} --format json")).out;
        let summary: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(summary["verdict"]["about_these_alone"].as_bool().unwrap_or(false), alone);
        asked.push(summary["stopped"]["documents"].as_u64().unwrap());
        let text = project.expect(0, &format!("report {about} --format markdown")).out;
        assert_eq!(text.contains("On these documents alone: Recommended: "), alone, "{text}");
        assert_eq!(text.contains("these documents alone: what all of them would say"), alone, "{text}");
    }
    assert!(asked[1] <= asked[0], "{asked:?}");
    let refused = project.expect(2, "run --until-decided=everything");
    assert!(refused.err.contains("documents-like-these"), "{}", refused.err);
}

#[test]
fn with_few_documents_a_fixed_plan_is_named_as_the_cheaper_one() {
    let host = Host::new(&[]);
    let project = Project::new(10, &host.url());
    let ran = project.expect(0, "run --until-decided --budget-usd 1 --run-dir run --no-progress");
    assert!(ran.err.contains("with 10 documents a run of all cases decides as much"), "{}", ran.err);
}
