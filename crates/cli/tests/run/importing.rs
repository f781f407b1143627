//! Answers that other tools have collected, and everything that is done with a record of our own.

use std::fs;

use serde_json::{Value, json};

use crate::support::Project;

/// A file of the crate that reads them; those of promptfoo and Inspect were written by these.
fn file(project: &Project, name: &str) {
    let from = format!("{}/../eval-answers/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::copy(from, project.path(name)).unwrap();
}

fn summary(project: &Project, run: &str) -> Value {
    serde_json::from_str(&project.expect(0, &format!("report {run} --format json")).out).unwrap()
}

fn row<'a>(summary: &'a Value, provider: &str) -> &'a Value {
    let rows = summary["overall"]["rows"].as_array().unwrap();
    rows.iter().find(|row| row["provider"] == provider).unwrap_or_else(|| panic!("{provider}: {rows:?}"))
}

#[test]
fn what_promptfoo_has_run_is_reported_compared_and_gated() {
    let project = Project::offline(4);
    file(&project, "promptfoo.json");
    let imported = project.expect(0, "import answers promptfoo.json --run-dir run");
    assert!(
        imported.err.contains("no case for the answer of strong · prompt=plain to `elsewhere`"),
        "{}",
        imported.err
    );
    let summary = summary(&project, "run");
    let (strong, weak) = (row(&summary, "strong · prompt=plain"), row(&summary, "weak · prompt=strict"));
    assert_eq!((&strong["score"]["mean"], &weak["score"]["mean"]), (&json!(1.0), &json!(0.5)));
    assert_eq!((&strong["answers"]["answered"], &weak["answers"]["failed"]), (&json!(4), &json!(1)));
    assert_eq!(strong["cost"]["per_1000"], json!(2.0));
    // What is unknown stays unknown.
    assert_eq!(weak["cost"]["per_1000"], Value::Null, "{}", weak["cost"]);
    let effects = &summary["tried"]["effects"];
    assert_eq!(
        (&effects[0]["model"], &effects[0]["factor"]),
        (&json!("strong"), &json!("prompt")),
        "{effects}"
    );
    project.expect(0, "gate run --cutoff score>=0.4");
    project.expect(100, "gate run --cutoff score>=0.9");
    project.expect(0, "compare run run");
    let refused = project.expect(96, "resume run");
    assert!(refused.err.contains("were imported"), "{}", refused.err);
}

#[test]
fn tables_logs_and_predictions_are_read_and_time_is_not_invented() {
    let project = Project::offline(3);
    file(&project, "inspect.json");
    project.write(
        "a.csv",
        "case,candidate,answer,usd\nc0,ours,photo,0.01\n1.png,ours,chart,\nc2,ours,photo,0.01\n",
    );
    project.write("model-x/c0.json", r#"{"data": {"label": "photo"}, "citations": []}"#);
    project.write("model-x/c1.json", r#"{"data": {"label": "map"}}"#);
    let told = project.expect(0, "import answers a.csv inspect.json model-x --run-dir run");
    assert!(told.err.contains("model-x has no answer to 1 case"), "{}", told.err);
    let summary = summary(&project, "run");
    let ours = row(&summary, "ours");
    assert_eq!((&ours["score"]["mean"], &ours["latency"]), (&json!(1.0), &Value::Null));
    assert_eq!(ours["cost"]["at_least"], json!(true), "one of three costs is not known: {}", ours["cost"]);
    assert_eq!(row(&summary, "model-x")["score"]["mean"], json!(0.5));
    // Each sample twice, with the time of each call, named by its picture.
    let inspected = row(&summary, "mockllm/model");
    assert_eq!((&inspected["answers"]["trials"], inspected["latency"].is_null()), (&json!(6), false));
    let wrong = project.expect(96, "import answers a.csv --form promptfoo --run-dir other");
    assert!(wrong.err.contains("a.csv: is not JSON"), "{}", wrong.err);
    project.write("b.csv", "case,candidate,answer\nx,ours,photo\n");
    let none = project.start("import answers b.csv --run-dir other");
    assert!(none.err.contains("no answer belongs to a case") && none.code != Some(0), "{}", none.err);
}

#[test]
fn a_case_answered_twice_is_a_repeat_only_where_somebody_says_so() {
    let project = Project::offline(3);
    let head = "case,candidate,answer\nc0,ours,photo\nc1,ours,chart\nc2,ours,photo\n";
    project.write("same.csv", &format!("{head}c1,ours,chart\n"));
    let told = project.expect(0, "import answers same.csv --run-dir same");
    assert!(told.err.contains("same.csv, line 5 repeats same.csv, line 3"), "{}", told.err);
    assert_eq!(summary(&project, "same")["run"]["repeats"], json!(1));
    project.write("other.csv", &format!("{head}c1,ours,photo\n"));
    let refused = project.expect(4, "import answers other.csv --run-dir other");
    assert!(refused.err.contains("other.csv, line 3 and other.csv, line 5"), "{}", refused.err);
    project.expect(0, "import answers other.csv --repeats --run-dir other");
    assert_eq!(summary(&project, "other")["run"]["repeats"], json!(2));
    project.write(
        "numbered.csv",
        "case,candidate,answer,repeat\nc0,ours,photo,0\nc1,ours,a,0\nc1,ours,b,1\nc2,ours,c,0\n",
    );
    project.expect(0, "import answers numbered.csv --run-dir numbered");
}

#[test]
fn empty_places_are_no_answers_and_most_cases_without_one_are_an_incomplete_run() {
    let project = Project::offline(4);
    project.write("few.csv", "case,candidate,answer\nc0,ours,photo\nc1,ours,\nc2,ours,  \n");
    let told = project.expect(5, "import answers few.csv --run-dir few");
    assert!(told.err.contains("ours has 2 empty answers"), "{}", told.err);
    assert!(told.err.contains("ours answered 1 of 4 cases, fewer than half"), "{}", told.err);
    let summary = summary(&project, "few");
    let ours = row(&summary, "ours");
    assert_eq!(
        (&ours["answers"]["failed"], &ours["failures"]["no_answer"]),
        (&json!(2), &json!(2)),
        "{ours}"
    );
}

#[cfg(unix)]
#[test]
fn whoever_reads_only_the_first_lines_ends_it_quietly() {
    let project = Project::offline(3);
    project.write("a.csv", "case,candidate,answer\nc0,ours,photo\nc1,ours,chart\nc2,ours,photo\n");
    project.expect(0, "import answers a.csv --run-dir run");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vision-eval"));
    command.args(["report", "run", "--format", "csv"]).current_dir(project.path(".")).stdout(writer);
    let output = command.stderr(std::process::Stdio::piped()).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
