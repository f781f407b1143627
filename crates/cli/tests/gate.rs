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
fn whoever_reads_the_first_lines_only_gets_the_same_exit_code() {
    let project = Project::with_receipts(84);
    for format in ["text", "json", "markdown"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
        command.args(["gate", "damaged", "--baseline", "main", "--format", format]);
        command.current_dir(project.0.path()).env_clear().stdout(writer);
        assert_eq!(command.status().unwrap().code(), Some(100), "{format}");
    }
}

#[test]
fn a_run_passes_its_own_gate_and_swapped_digits_fail_it_with_their_fields() {
    let project = Project::with_receipts(84);
    let same = project.expect(0, "gate good --baseline main");
    assert!(
        same.starts_with("No loss found; a loss of 2.8 points or more is ruled out (90% confidence)."),
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
    // A container may be handed the variable without the file.
    let variables = [("GITHUB_STEP_SUMMARY", "/nowhere/summary.md")];
    let ended = start(project.0.path(), "gate damaged --baseline main", &variables);
    assert_eq!(ended.code, Some(100));
    assert!(ended.err.contains("warning: the job summary /nowhere/summary.md cannot"), "{}", ended.err);
}

#[test]
fn comparisons_come_in_every_format() {
    let project = Project::with_receipts(84);
    let text = project.expect(0, "compare main damaged");
    assert!(text.starts_with("Worse than main: local/synthetic-ocr by "), "{text}");
    let markdown = project.expect(0, "compare main damaged --format md");
    assert!(markdown.contains("<summary>Broken: 20 of "), "{markdown}");
    assert!(project.expect(0, "compare main damaged --format html").starts_with("<!doctype html>"));
    let json: serde_json::Value =
        serde_json::from_str(&project.expect(0, "compare main damaged --format json")).unwrap();
    assert_eq!(json["against"][0]["differences"][0]["difference"]["opinion"], "worse");
}

/// The data of the cases in a page.
fn data(page: &str) -> serde_json::Value {
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn a_page_and_a_comment_are_written_by_compare_and_gate_alike() {
    let project = Project::with_receipts(84);
    for (words, code, name) in [
        ("compare main damaged", 0, "compare-main"),
        ("compare good damaged", 0, "compare-good"),
        ("gate damaged --baseline main", 100, "gate-main"),
    ] {
        let files = "-o out/page.html -o out/comment.md -o out/data.json -o out/text.txt";
        project.expect(code, &format!("{words} {files}"));
        let read = |file: &str| fs::read_to_string(project.path("out").join(file)).unwrap();
        let comment = read("comment.md");
        assert!(comment.starts_with(&format!("<!-- vision-eval:{name} -->\n## ")), "{words}: {comment}");
        assert!(comment.contains(&format!("\nvision-eval {words} ")), "the command is there: {comment}");
        let printed = project.expect(code, &format!("{words} --format github"));
        assert_eq!(printed.lines().next(), comment.lines().next(), "{words}");
        let data = data(&read("page.html"));
        assert_eq!(data["cases"].as_array().unwrap().len(), 84, "{words}");
        // Answers of the run; a baseline has none, and nobody knows where its run is.
        let answers = data["cases"][0]["answers"].as_array().unwrap();
        let known: Vec<bool> = answers.iter().map(|answer| answer["text"].is_string()).collect();
        assert_eq!(known, [words.starts_with("compare good"), true], "{words}: {answers:?}");
        assert!(read("text.txt").lines().count() > 10 && read("data.json").starts_with('{'), "{words}");
    }
    let refused = start(project.0.path(), "compare main damaged -o out.csv", &[]);
    assert_eq!(refused.code, Some(96));
    assert!(refused.err.contains("none of .html .md .json .txt"), "{}", refused.err);
}

#[test]
fn the_run_behind_a_baseline_lends_its_answers_while_it_is_there() {
    let project = Project::with_receipts(20);
    fs::create_dir(project.path("runs")).unwrap();
    fs::rename(project.path("good"), project.path("runs/good")).unwrap();
    let page = project.expect(0, "compare main damaged --format html");
    let answers = data(&page)["cases"][0]["answers"].as_array().unwrap().clone();
    assert!(answers.len() == 2 && answers.iter().all(|answer| answer["text"].is_string()), "{answers:?}");
}

/// The script of a step of the workflow.
fn script(workflow: &str, step: &str) -> String {
    let (_, from) = workflow.split_once(&format!("- name: {step}\n")).unwrap();
    let (_, script) = from.split_once("run: |\n").unwrap();
    let lines = script.lines().take_while(|line| line.starts_with("          "));
    lines.map(|line| line[10..].to_owned() + "\n").collect()
}

#[test]
#[cfg(unix)]
fn the_workflow_updates_its_own_comment_in_place() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    expect(folder.path(), 0, "init");
    let workflow = fs::read_to_string(folder.path().join(".github/workflows/vision-eval.yml")).unwrap();
    let script = script(&workflow, "comment");
    // It says which comments there are, and writes down what else it was asked.
    let gh = "#!/bin/sh\ncase \"$*\" in *--jq*) cat there;; esac\necho \"$*\" >>asked\n";
    fs::write(folder.path().join("gh"), gh).unwrap();
    fs::set_permissions(folder.path().join("gh"), fs::Permissions::from_mode(0o755)).unwrap();
    let run = |there: &str| {
        fs::write(folder.path().join("there"), there).unwrap();
        fs::write(folder.path().join("asked"), "").unwrap();
        let path = format!("{}:/usr/bin:/bin", folder.path().display());
        let mut shell = Command::new("/bin/bash");
        let shell = shell.args(["-e", "-c", &script]).current_dir(folder.path()).env_clear();
        let shell = shell.env("PATH", path).env("ISSUES", "repos/o/r/issues").env("NUMBER", "7");
        assert!(shell.status().unwrap().success());
        fs::read_to_string(folder.path().join("asked")).unwrap()
    };
    assert_eq!(run(""), "", "without a comment nothing is posted");
    fs::write(folder.path().join("comment.md"), "<!-- vision-eval:gate-main -->\n## Gate: pass\n").unwrap();
    let first = run("");
    assert!(first.contains("repos/o/r/issues/7/comments --jq "), "{first}");
    assert!(first.contains(r#"startswith("<!-- vision-eval:gate-main -->")"#), "{first}");
    assert!(first.ends_with("--method POST repos/o/r/issues/7/comments -F body=@comment.md\n"), "{first}");
    let second = run("99\n");
    assert!(
        second.ends_with("--method PATCH repos/o/r/issues/comments/99 -F body=@comment.md\n"),
        "{second}"
    );
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
            command.replace("$providers", "--provider local,control").replace("\"$baseline\"", "main");
        expect(folder.path(), 0, &format!("{words} --help"));
        verbs.push(words.split(' ').next().unwrap().to_owned());
    }
    assert_eq!(verbs, ["run", "gate"]);
}
