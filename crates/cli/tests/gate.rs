//! Gates through the binary, over recorded runs and damaged copies of them: nobody is asked.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use eval_record::Record;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun, damaged};
use tempfile::TempDir;
use vision_core::Task;

/// A folder with runs.
struct Project(TempDir);

/// How a command ended.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

fn start(folder: &Path, words: &str, variables: &[(&str, &str)]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
    command.args(words.split_whitespace()).current_dir(folder).env_clear();
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[track_caller]
fn expect(folder: &Path, code: i32, words: &str) -> String {
    let ended = start(folder, words, &[]);
    assert_eq!(ended.code, Some(code), "vision-eval {words}\n{}\n{}", ended.out, ended.err);
    ended.out
}

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        fs::write(project.path("eval.toml"), "").unwrap();
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// With `good`, in which a made-up reader read so many receipts, the baseline `main` of it, and `damaged`, the same
    /// with digits swapped in 3 % of the fields.
    fn with_receipts(cases: u64) -> Self {
        let project = Self::new();
        let reader = SyntheticProvider {
            local: true,
            price: Some(0.0),
            ..SyntheticProvider::new("local/synthetic-ocr", 4, 0.97)
        };
        let run = SyntheticRun {
            cases,
            repeats: 1,
            tasks: vec![Task::Receipt],
            providers: vec![reader],
            ..SyntheticRun::varied()
        };
        let record = run.write(&project.path("good")).unwrap();
        damaged(&record, &project.path("damaged"), 0.03, 1).unwrap();
        project.expect(0, "baseline set main good");
        project
    }

    #[track_caller]
    fn expect(&self, code: i32, words: &str) -> String {
        expect(self.0.path(), code, words)
    }
}

#[test]
fn a_run_passes_its_own_gate_and_swapped_digits_fail_it_with_their_fields() {
    let project = Project::with_receipts(84);
    let same = project.expect(0, "gate good --baseline main");
    assert!(
        same.starts_with("No loss found; a loss of 2.8 points or more would have been detected."),
        "{same}"
    );
    let worse = project.expect(100, "gate damaged --baseline main");
    assert!(worse.starts_with("Regressed in the only check."), "{worse}");
    for field in ["items.price", "date", "total"] {
        assert!(worse.contains(&format!("· field {field}: broken in ")), "{worse}");
    }
    for field in ["store", "items.name", "items.quantity"] {
        assert!(!worse.contains(&format!("· field {field}")), "{field} has no digits to swap: {worse}");
    }
    project.expect(0, "gate damaged --baseline main --margin 0.1");
}

#[test]
fn too_few_cases_are_inconclusive() {
    let project = Project::with_receipts(10);
    project.expect(3, "gate good --baseline main");
    let unclear = project.expect(3, "gate damaged --baseline main");
    assert!(
        unclear
            .starts_with("Inconclusive in the only check: too few cases to rule out a loss of 10.0 points."),
        "{unclear}"
    );
}

#[test]
fn the_committed_run_passes_and_so_does_damage_of_less_than_can_be_shown() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    expect(workspace, 0, "gate reports/record --baseline default");
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("damaged");
    damaged(&Record::open(&workspace.join("reports/record")).unwrap(), &copy, 0.03, 1).unwrap();
    expect(workspace, 0, &format!("gate {} --baseline default", copy.display()));
}

#[test]
fn the_verdict_is_announced_where_the_service_has_a_place_for_it() {
    let project = Project::with_receipts(84);
    let summary = project.path("summary.md");
    let variables = [("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()), ("GITHUB_ACTIONS", "true")];
    let ended = start(project.0.path(), "gate damaged --baseline main --format json", &variables);
    assert_eq!(ended.code, Some(100));
    let json: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(json["verdict"], "regressed");
    let annotation = ended.err.lines().find(|line| line.starts_with("::error ")).unwrap();
    assert!(annotation.starts_with("::error title=local/synthetic-ocr · receipts::−"), "{annotation}");
    assert!(annotation.contains("%0Afield items.price: broken in "), "{annotation}");
    let summary = fs::read_to_string(summary).unwrap();
    assert!(summary.starts_with("## Gate: regressed\n\n❌ **Regressed in the only check.**"), "{summary}");
}

#[test]
fn comparisons_come_in_every_format() {
    let project = Project::with_receipts(84);
    let text = project.expect(0, "compare main damaged");
    assert!(text.starts_with("0 better, 1 worse, 0 not significant, compared with main"), "{text}");
    assert!(project.expect(0, "compare main damaged --format md").contains("**Broken: 20 of "));
    assert!(project.expect(0, "compare main damaged --format html").starts_with("<!doctype html>"));
    let json: serde_json::Value =
        serde_json::from_str(&project.expect(0, "compare main damaged --format json")).unwrap();
    assert_eq!(json["against"][0]["differences"][0]["difference"]["opinion"], "worse");
}

#[test]
fn the_local_reader_alone_is_held_against_a_baseline_with_others() {
    let project = Project::with_receipts(30);
    let other = SyntheticProvider::new("synthetic/reader", 1, 0.9);
    let local = SyntheticProvider { local: true, ..SyntheticProvider::new("local/synthetic-ocr", 4, 0.97) };
    let run = SyntheticRun {
        cases: 30,
        repeats: 1,
        tasks: vec![Task::Receipt],
        providers: vec![other, local],
        ..SyntheticRun::varied()
    };
    run.write(&project.path("both")).unwrap();
    project.expect(0, "baseline set both both");
    project.expect(5, "gate good --baseline both");
    project.expect(0, "gate good --baseline both@local/synthetic-ocr");
}

#[test]
fn the_workflow_that_init_writes_uses_flags_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    expect(folder.path(), 0, "init");
    let workflow = fs::read_to_string(folder.path().join(".github/workflows/vision-eval.yml")).unwrap();
    let commands = workflow.lines().filter_map(|line| line.trim().strip_prefix("vision-eval "));
    let mut verbs = Vec::new();
    for command in commands {
        let words: String =
            command.replace("\"$providers\"", "local,control").replace("\"$baseline\"", "main");
        expect(folder.path(), 0, &format!("{words} --help"));
        verbs.push(words.split(' ').next().unwrap().to_owned());
    }
    assert_eq!(verbs, ["run", "gate"]);
}
