//! `init` in folders as people have them: what it proposes passes `plan`, and nothing is asked or sent.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use vision_testkit::media;

const KEY: &str = "sk-Qz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf0";

/// A folder of somebody's, with what the environment holds.
struct Folder {
    place: tempfile::TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ended = Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!ended.out.contains(KEY) && !ended.err.contains(KEY), "the key is shown");
        ended
    }
}

impl Folder {
    fn new(variables: &[(&'static str, &'static str)]) -> Self {
        Self { place: tempfile::tempdir().unwrap(), variables: variables.to_vec() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
    }

    fn pictures(&self, names: impl IntoIterator<Item = String>) {
        for (seed, name) in names.into_iter().enumerate() {
            self.write(&name, media::png("own", 40, 30, seed as u32).bytes().unwrap());
        }
    }

    /// Pictures with a table of labels.
    fn with_table(count: usize, variables: &[(&'static str, &'static str)]) -> Self {
        let folder = Self::new(variables);
        folder.pictures((0..count).map(|number| format!("pictures/{number}.png")));
        let rows = (0..count).map(|number| {
            let label = ["chart", "photo"][number % 2];
            format!("pictures/{number}.png,{label}\n")
        });
        folder.write("labels.csv", format!("file,label\n{}", rows.collect::<String>()));
        folder
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
        command.args(words.split_whitespace()).current_dir(self.place.path()).stdin(Stdio::null());
        command.env_clear().env("HOME", self.path("home")).envs(self.variables.iter().copied());
        command
    }

    #[track_caller]
    fn types(&self, words: &str, code: i32) -> Ended {
        let ended = Ended::from(self.command(words).output().unwrap());
        assert_eq!(ended.code, Some(code), "{words}\n{}\n{}", ended.out, ended.err);
        ended
    }

    fn config(&self) -> toml::Table {
        fs::read_to_string(self.path("eval.toml")).unwrap().parse().unwrap()
    }

    /// The providers that take part, as `kind/model`.
    fn enabled(&self) -> Vec<String> {
        let config = self.config();
        let providers = config["provider"].as_array().unwrap().iter();
        let enabled = providers.filter(|it| it.get("enabled").is_none_or(|it| it.as_bool() == Some(true)));
        enabled
            .map(|it| format!("{}/{}", it["kind"].as_str().unwrap(), it["model"].as_str().unwrap()))
            .collect()
    }
}

const FREE: [&str; 3] = ["local/accurate", "control/prior", "control/question"];

#[test]
fn a_table_of_labels_is_imported_and_planned() {
    let folder = Folder::with_table(6, &[]);
    let begun = folder.types("init --yes", 0);
    assert!(begun.out.contains("pictures/   6 files"), "{}", begun.out);
    assert!(begun.out.contains("labels.csv  6 labeled cases (csv)"), "{}", begun.out);
    assert!(begun.out.contains("6 requests, free"), "the quote is shown: {}", begun.out);
    assert!(!begun.out.contains("vision-eval plan"), "all is planned: {}", begun.out);
    assert_eq!(folder.enabled(), FREE);
    assert!(folder.config().get("budget_usd").is_none());
    let plan = folder.types("plan", 0);
    assert!(plan.out.contains("6 requests, free"), "{}", plan.out);
}

#[test]
fn a_key_brings_its_provider_and_a_budget_that_holds_the_quote() {
    let folder = Folder::with_table(6, &[("OPENAI_API_KEY", KEY)]);
    folder.types("init --yes", 0);
    let enabled = folder.enabled();
    assert_eq!(enabled[..3], FREE);
    assert_eq!(enabled[3..], ["openai/gpt-5.6-luna"]);
    assert_eq!(folder.config()["budget_usd"].as_float(), Some(1.0));
    let plan = folder.types("plan", 0);
    assert!(plan.out.contains("12 requests for up\u{a0}to\u{a0}$"), "{}", plan.out);
    assert!(!plan.err.contains("budget"), "the budget is too small: {}", plan.err);
    let written = fs::read_to_string(folder.path("eval.toml")).unwrap();
    assert!(!written.contains(KEY) && written.contains("# OPENAI_API_KEY"), "{written}");
}

#[test]
fn a_key_of_the_env_file_counts_and_one_of_a_cloud_stays_a_remark() {
    let folder = Folder::with_table(2, &[("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")]);
    folder.write(".env", format!("ANTHROPIC_API_KEY={KEY}\n"));
    let begun = folder.types("init --yes", 0);
    assert_eq!(folder.enabled()[3..], ["anthropic/claude-haiku-5-5"], "{}", begun.out);
    let written = fs::read_to_string(folder.path("eval.toml")).unwrap();
    assert!(written.contains("# ANTHROPIC_API_KEY in .env"), "{written}");
    assert!(written.contains("kind = \"textract\""), "{written}");
    folder.types("plan", 0);
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_copied() {
    let folder = Folder::with_table(4, &[]);
    let begun = folder.types("init", 0);
    assert!(!folder.path("datasets").exists());
    let next = begun.out.lines().find(|line| line.contains("datasets import")).unwrap();
    let next = next.split(" #").next().unwrap().trim();
    assert_eq!(next, "vision-eval datasets import csv labels.csv datasets/mine");
    folder.types(next.strip_prefix("vision-eval ").unwrap(), 0);
    folder.types("plan", 0);
}

#[test]
fn what_was_begun_without_a_terminal_is_finished_with_yes() {
    let folder = Folder::with_table(4, &[]);
    fs::rename(folder.path("labels.csv"), folder.path("Rechnungen.csv")).unwrap();
    folder.types("init", 0);
    let refused = folder.types("plan", 96);
    let command = "vision-eval datasets import csv Rechnungen.csv datasets/mine";
    assert!(refused.err.contains(command), "{}", refused.err);
    let again = folder.types("init", 0);
    assert!(again.out.contains(command), "{}", again.out);
    let finished = folder.types("init --yes", 0);
    assert!(finished.out.contains("datasets/mine: 4 cases imported"), "{}", finished.out);
    assert!(!finished.out.contains("datasets import"), "{}", finished.out);
    folder.types("plan", 0);
}

#[test]
fn folders_of_classes_in_the_project_itself_are_found_and_its_other_files_are_none() {
    let classes = Folder::new(&[]);
    classes.pictures((0..4).map(|number| format!("{}/{number}.png", ["cat", "dog"][number / 2])));
    classes.write("README.md", "mine");
    classes.write("notes/ideas.txt", "none");
    let begun = classes.types("init --yes", 0);
    assert!(begun.out.contains("4 labeled cases (classes)"), "{}", begun.out);
    assert!(begun.out.contains("4 cases imported, 0 refused"), "{}", begun.out);
    let labels = fs::read_to_string(classes.path("datasets/mine/cases.jsonl")).unwrap();
    assert!(labels.contains(r#"{"label":"cat"}"#) && labels.contains(r#"{"label":"dog"}"#), "{labels}");
    classes.types("plan", 0);
}

#[test]
fn documents_without_labels_are_pointed_to_the_studio() {
    let folder = Folder::new(&[]);
    folder.pictures((0..3).map(|number| format!("scans/{number}.png")));
    let begun = folder.types("init", 0);
    assert!(begun.out.contains("  vision-eval studio scans "), "{}", begun.out);
    assert!(!begun.out.contains("labels.csv"), "{}", begun.out);
}

#[test]
fn labels_beside_the_files_or_in_one_list_or_as_folders_are_found() {
    let label = r#"{"store":"A shop","total":12.5}"#;
    let sidecars = Folder::new(&[]);
    sidecars.pictures((0..3).map(|number| format!("bills/{number}.png")));
    (0..3).for_each(|number| sidecars.write(&format!("bills/{number}.json"), label));
    sidecars.write("package.json", r#"{"name":"not labels"}"#);

    let list = Folder::new(&[]);
    list.pictures((0..3).map(|number| format!("{number}.png")));
    let rows: Vec<_> = (0..3).map(|number| format!(r#"{{"file":"{number}.png","label":"photo"}}"#)).collect();
    list.write("labels.json", format!("[{}]", rows.join(",\n")));

    let classes = Folder::new(&[]);
    classes.pictures((0..4).map(|number| format!("sorted/{}/{number}.png", ["cats", "dogs"][number / 2])));

    for (folder, kind, cases) in [(sidecars, "sidecars", 3), (list, "json", 3), (classes, "classes", 4)] {
        let begun = folder.types("init --yes", 0);
        assert!(begun.out.contains(&format!("{cases} labeled cases ({kind})")), "{}", begun.out);
        let plan = folder.types("plan", 0);
        assert!(plan.out.contains(&format!("{cases} requests, free")), "{kind}: {}", plan.out);
    }
}

#[test]
fn a_dataset_that_is_there_is_used_and_a_large_one_sampled() {
    let folder = Folder::with_table(120, &[]);
    folder.types("datasets import csv labels.csv data/first", 0);
    let begun = folder.types("init --yes", 0);
    assert!(begun.out.contains("data/first  dataset, 120 cases"), "{}", begun.out);
    assert!(!folder.path("datasets").exists(), "nothing is imported beside it");
    assert_eq!(folder.config()["dataset"][0]["path"].as_str(), Some("data/first"));
    let plan = folder.types("plan", 0);
    assert!(plan.out.contains("50 requests, free"), "{}", plan.out);
}

#[test]
fn models_of_other_tools_become_candidates() {
    let folder =
        Folder::with_table(2, &[("OPENAI_API_KEY", KEY), ("INSPECT_EVAL_MODEL", "google/gemini-3.7-flash")]);
    folder.write(
        "promptfooconfig.yaml",
        "prompts: [file://prompt.txt]\nproviders:\n  - openai:chat:gpt-5.6-luna\n  - id: anthropic:messages:claude-haiku-5-5\n    \
         config: {max_tokens: 99}\n  - exec:python chain.py\n",
    );
    folder.write(
        "task.py",
        "from inspect_ai import task\nmodel = get_model(\"openai/a-model-without-a-price\")\n",
    );
    let begun = folder.types("init --yes", 0);
    for line in [
        "promptfooconfig.yaml  openai/gpt-5.6-luna and anthropic/claude-haiku-5-5; not supported: exec:python chain.py",
        "INSPECT_EVAL_MODEL    gemini/gemini-3.7-flash",
        "task.py               openai/a-model-without-a-price",
    ] {
        assert!(begun.out.contains(line), "{line}\n{}", begun.out);
    }
    // One has a key and a price; the others wait, each with what it needs.
    assert_eq!(folder.enabled()[3..], ["openai/gpt-5.6-luna"]);
    let written = fs::read_to_string(folder.path("eval.toml")).unwrap();
    for remark in [
        "# needs ANTHROPIC_API_KEY, from promptfooconfig.yaml",
        "# no built-in price: add `price`, from task.py",
    ] {
        assert!(written.contains(remark), "{remark}\n{written}");
    }
    folder.types("plan", 0);
}

#[test]
fn what_cannot_be_read_is_said_and_stops_nothing() {
    let folder = Folder::new(&[]);
    folder.pictures(["a.png".to_owned()]);
    folder.write("promptfooconfig.yaml", "providers: [unclosed\n");
    folder.write("data/dataset.toml", "name = ");
    folder.write("notes.csv", "topic,words\nx,1\n");
    folder.write("\u{1b}[31m.json", "[]");
    folder.write("\u{1b}[31m/dataset.toml", "name = ");
    let begun = folder.types("init --yes", 0);
    assert!(begun.out.contains("promptfooconfig.yaml  cannot be read: "), "{}", begun.out);
    assert!(begun.out.contains("labels                none: a table with the columns"), "{}", begun.out);
    assert!(begun.err.contains("data/dataset.toml"), "{}", begun.err);
    assert!(!begun.out.contains('\u{1b}') && !begun.err.contains('\u{1b}'), "a name steers the terminal");
    assert_eq!(folder.config()["dataset"][0]["path"].as_str(), Some("datasets/mine"));
}

#[test]
fn aliases_that_multiply_end_with_a_sentence() {
    let folder = Folder::new(&[]);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..12 {
        let before = format!("*a{}, ", at - 1).repeat(9);
        bomb += &format!("a{at}: &a{at} [{before}]\n");
    }
    folder.write("promptfooconfig.yaml", bomb + "providers: *a11\n");
    let begun = folder.types("init --yes", 0);
    assert!(begun.out.contains("promptfooconfig.yaml  cannot be read: "), "{}", begun.out);
}

#[test]
fn dates_that_can_be_read_in_two_ways_are_not_guessed() {
    let folder = Folder::new(&[]);
    folder.pictures(["1.png".to_owned()]);
    folder.write("labels.csv", "file,total,date\n1.png,12.50,03/04/2025\n");
    let begun = folder.types("init --yes", 0);
    assert!(begun.out.contains("labels; how `date` is written is not clear"), "{}", begun.out);
    assert!(!folder.path("datasets").exists());
    folder.types("datasets import csv labels.csv datasets/mine --date-order dmy", 0);
    folder.types("plan", 0);
}

#[test]
fn what_is_there_is_kept() {
    let folder = Folder::with_table(2, &[]);
    folder.types("init --yes", 0);
    folder.write("eval.toml", "name = \"mine\"\n");
    let again = folder.types("init --yes", 0);
    assert!(again.out.contains("kept    eval.toml"), "{}", again.out);
    assert_eq!(fs::read_to_string(folder.path("eval.toml")).unwrap(), "name = \"mine\"\n");
}

#[test]
fn a_folder_that_is_not_there_yet_is_made() {
    let folder = Folder::new(&[]);
    let begun = folder.types("init --yes new/project", 0);
    assert!(begun.out.contains("written new/project/eval.toml"), "{}", begun.out);
    assert!(folder.path("new/project/.github/workflows/vision-eval.yml").is_file());
    folder.write("file", "");
    let refused = folder.types("init --yes file/project", 110);
    assert!(refused.err.contains("file/project cannot be written"), "{}", refused.err);
}

#[test]
fn the_workflow_of_a_project_in_a_repository_is_where_github_looks_for_it() {
    let folder = Folder::new(&[]);
    folder.write("repository/.git/HEAD", "ref: refs/heads/main\n");
    folder.types("init --yes repository/tools/eval", 0);
    assert!(folder.path("repository/tools/eval/eval.toml").is_file());
    assert!(!folder.path("repository/tools/eval/.github").exists());
    let name = "repository/.github/workflows/vision-eval-tools-eval.yml";
    let written = fs::read_to_string(folder.path(name)).unwrap();
    for part in ["    working-directory: \"tools/eval\"\n", "            tools/eval/report.html\n"] {
        assert!(written.contains(part), "{written}");
    }
    let again = folder.types("init --yes repository/tools/eval", 0);
    assert!(again.out.contains(&format!("kept    {}", folder.path(name).canonicalize().unwrap().display())));
    folder.types("init --yes repository", 0);
    assert!(folder.path("repository/.github/workflows/vision-eval.yml").is_file());
    // A link would lead what is written out of the repository.
    fs::remove_dir_all(folder.path("repository/.github")).unwrap();
    std::os::unix::fs::symlink(folder.path("elsewhere"), folder.path("repository/.github")).unwrap();
    fs::create_dir(folder.path("elsewhere")).unwrap();
    folder.types("init --yes repository/tools/eval", 110);
    assert!(!folder.path("elsewhere/workflows").exists());
}

/// At a terminal, which `script` makes: one question about the import, one about money.
#[test]
#[cfg(target_os = "linux")]
fn a_person_is_asked_about_the_copy_and_the_money_only() {
    use std::io::Write as _;
    let folder = Folder::with_table(4, &[("OPENAI_API_KEY", KEY), ("PATH", "/usr/bin:/bin")]);
    let mut command = Command::new("script");
    let init = format!("{} init", Path::new(env!("CARGO_BIN_EXE_vision-eval")).display());
    command.args(["-qec", &init, "/dev/null"]).current_dir(folder.place.path()).env_clear();
    command.env("HOME", folder.path("home")).envs(folder.variables.iter().copied());
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap();
    child.stdin.as_mut().unwrap().write_all(b"\n0.5\n").unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    assert!(ended.out.contains("Import the labels of labels.csv into datasets/mine? [Y/n]"), "{}", ended.out);
    assert!(ended.out.contains("Budget of a run in US dollars [1]"), "{}", ended.out);
    assert_eq!(folder.config()["budget_usd"].as_float(), Some(0.5));
    folder.types("plan", 0);
}
