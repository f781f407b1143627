//! What the team needs of a provider: kept with the run, and in its exit code and JUnit file.

use crate::support::{Host, Project, provider};

fn verdict(project: &Project, words: &str) -> serde_json::Value {
    let report = project.expect(0, &format!("report run --format json {words}"));
    serde_json::from_str::<serde_json::Value>(&report.out).unwrap()["verdict"].clone()
}

#[test]
fn a_report_decides_by_what_was_typed_for_the_run_unless_something_else_is_typed() {
    let host = Host::new(&[]);
    let project = Project::new(60, &host.url());
    project.configure(&format!("{}[decide]\nmonthly_volume = 77\n", provider("compatible", &host.url())));
    project.expect(0, "run -q --run-dir run --tolerance 3 --min-score 0.5");
    let kept = &verdict(&project, "")["constraints"];
    assert_eq!((&kept["tolerance"], &kept["min_score"]), (&0.03.into(), &0.5.into()));
    let other = &verdict(&project, "--tolerance 7")["constraints"];
    assert_eq!((&other["tolerance"], &other["min_score"]), (&0.07.into(), &0.5.into()));
    // What the configuration says later is about later runs.
    project.configure(&format!("{}[decide]\ntolerance = 9.0\n", provider("compatible", &host.url())));
    assert_eq!(verdict(&project, "")["constraints"]["tolerance"], 0.03);
}

#[test]
fn a_run_that_does_not_show_what_is_needed_does_not_exit_with_0() {
    let host = Host::new(&["400@0.5"]);
    let project = Project::new(60, &host.url());
    let missed = project.expect(100, "run -q --run-dir missed --min-score 0.9 -o junit.junit.xml");
    assert!(missed.out.contains("no candidate meets the constraints"), "{}", missed.out);
    let junit = project.read("junit.junit.xml");
    assert!(
        junit.contains("name=\"recommendation\"") && junit.contains("<failure message=\"No recommendation"),
        "{junit}"
    );
    let open = project.expect(3, "run -q --run-dir open --min-score 0.5");
    let said = open.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("but is not shown to reach the minimum score (95% CI"), "{}", open.out);
    project.expect(0, "run -q --run-dir met --min-score 0.1");
    project.expect(0, "run -q --run-dir none");
}

#[test]
fn the_junit_file_of_a_run_holds_its_gate() {
    let host = Host::new(&[]);
    let project = Project::new(12, &host.url());
    project.expect(
        100,
        "run -q --run-dir run --cutoff score=1.0 --cutoff failures<=0 --cutoff p95<=0 -o run.junit.xml",
    );
    let junit = project.read("run.junit.xml");
    assert!(
        junit.contains("<testsuite name=\"gate\" tests=\"3\"") && junit.contains("does not hold"),
        "{junit}"
    );
    assert_eq!(junit.matches("<failure").count(), 1, "{junit}");
}
