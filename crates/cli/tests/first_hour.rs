//! A newcomer's first hour, in an empty folder and an empty home: own files, a first report, a paid provider, CI.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use vision_testkit::media;
use vision_testkit::server::{Answers, Server, Settings};

const KEY: &str = "sk-Qz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf0";

/// A shell in which the newcomer types.
struct Shell {
    folder: PathBuf,
    home: PathBuf,
    variables: Vec<(&'static str, String)>,
}

struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Shell {
    /// Types a line as it stands in a guide, `vision-eval` and comment included.
    #[track_caller]
    fn types(&self, line: &str, code: i32) -> Ended {
        let line = line.split(" #").next().unwrap().trim();
        let words = line.strip_prefix("vision-eval").unwrap_or_else(|| panic!("no command of ours: {line}"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
        command.args(words.split_whitespace());
        self.ends(command, line, code)
    }

    /// Runs a script as CI does: in bash, which stops at the first failure.
    #[track_caller]
    fn runs(&self, script: &str, code: i32) -> Ended {
        let mut command = Command::new("bash");
        command.args(["-e", "-c", script]);
        self.ends(command, script, code)
    }

    #[track_caller]
    fn ends(&self, mut command: Command, line: &str, code: i32) -> Ended {
        let bin = Path::new(env!("CARGO_BIN_EXE_vision-eval")).parent().unwrap();
        let output = command
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("HOME", &self.home)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ended = Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        assert_eq!(ended.code, Some(code), "{line}\n{}\n{}", ended.out, ended.err);
        assert!(!ended.out.contains(KEY) && !ended.err.contains(KEY), "{line} shows the key");
        ended
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Changes a line of a file, as one does in an editor.
    fn edits(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.folder.join(name)).unwrap();
        assert!(text.contains(from), "`{from}` is not in {name}");
        self.write(name, text.replacen(from, to, 1));
    }

    /// Where CI works: a checkout without what is ignored, and with nobody to ask.
    fn ci(&self, folder: PathBuf) -> Self {
        let ignored = fs::read_to_string(self.folder.join(".gitignore")).unwrap();
        assert_eq!(ignored.lines().collect::<Vec<_>>(), ["/runs/", ".env"]);
        copy(&self.folder, &folder, &["runs", ".env"]);
        let summary = folder.join("step-summary.md").display().to_string();
        let variables = vec![
            ("CI", "true".to_owned()),
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_STEP_SUMMARY", summary),
            ("OPENAI_API_KEY", KEY.to_owned()),
        ];
        Self { home: folder.join("home"), folder, variables }
    }
}

fn copy(from: &Path, to: &Path, without: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        match entry.path() {
            _ if without.iter().any(|one| name == *one) => {}
            path if path.is_dir() => copy(&path, &to.join(name), &[]),
            path => _ = fs::copy(path, to.join(name)).unwrap(),
        }
    }
}

/// A paid provider that takes everything for the same.
struct Host {
    server: Server,
    _runtime: tokio::runtime::Runtime,
}

impl Host {
    fn new(answer: &str) -> Self {
        let answers = Answers::parse(&format!("{{\"answer\":{{\"label\":\"{answer}\"}}}}")).unwrap();
        let settings = Settings { key: Some(KEY.to_owned()), answers, ..Settings::default() };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(settings)).unwrap();
        Self { server, _runtime: runtime }
    }

    fn address(&self) -> (&'static str, String) {
        ("OPENAI_BASE_URL", format!("{}/v1", self.server.url()))
    }

    fn requests(&self) -> u64 {
        self.server.journal().requests
    }
}

/// Twenty-four pictures, and a table that says what is on them.
fn own_files(shell: &Shell) {
    let mut table = "file,label\n".to_owned();
    for number in 0..24 {
        let picture = media::png("own", 40, 30, number);
        shell.write(&format!("pictures/{number}.png"), picture.bytes().unwrap());
        let label = if number % 4 == 0 { "chart" } else { "photo" };
        table += &format!("pictures/{number}.png,{label}\n");
    }
    shell.write("labels.csv", table);
}

#[test]
fn a_newcomers_first_hour() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("project");
    fs::create_dir(&folder).unwrap();
    let mut shell = Shell { folder, home: place.path().join("home"), variables: Vec::new() };

    // Nothing is there, and each command says what comes next.
    let nothing = shell.types("vision-eval", 4);
    assert!(nothing.err.contains("vision-eval init"), "{}", nothing.err);
    let begun = shell.types("vision-eval init", 0);
    own_files(&shell);
    let early = shell.types("vision-eval plan", 96);
    assert!(early.err.contains("vision-eval datasets import csv labels.csv datasets/mine"), "{}", early.err);

    // What `init` says is all there is to do: four commands to a baseline.
    let next: Vec<&str> =
        begun.out.lines().map(str::trim).filter(|line| line.starts_with("vision-eval")).collect();
    assert_eq!(next.len(), 4, "{}", begun.out);
    let said: Vec<Ended> = next.iter().map(|line| shell.types(line, 0)).collect();
    assert!(said[0].out.contains("24 cases imported, 0 refused"), "{}", said[0].out);
    assert!(said[1].out.contains("free"), "{}", said[1].out);
    assert!(said[2].out.starts_with("No recommendation"), "{}", said[2].out);
    let page = said[2].err.lines().find_map(|line| line.strip_prefix("report   ")).unwrap();
    let page = fs::read_to_string(shell.folder.join(page.trim())).unwrap();
    assert!(page.contains("<html") && page.contains("local/accurate"), "no report");
    assert!(shell.folder.join("reports/baselines/main.json").is_file());
    shell.types("vision-eval gate", 0);

    paid(&mut shell);
    in_ci(&shell, place.path());
}

/// A provider that costs money: a key, a quote, a budget.
fn paid(shell: &mut Shell) {
    let host = Host::new("photo");
    shell.variables.push(host.address());
    let early = shell.types("vision-eval plan --provider openai", 0);
    assert!(early.out.contains("24 requests for up\u{a0}to\u{a0}$"), "a quote needs no key: {}", early.out);
    assert!(early.err.contains("to run, set OPENAI_API_KEY"), "{}", early.err);
    let keyless = shell.types("vision-eval run --provider openai", 96);
    assert!(keyless.err.contains("OPENAI_API_KEY") && keyless.err.contains("https://"), "{}", keyless.err);
    shell.write(".env", format!("OPENAI_API_KEY={KEY}\n"));
    let checked = shell.types("vision-eval providers check openai", 0);
    assert!(checked.out.contains("ready"), "{}", checked.out);
    let quote = shell.types("vision-eval plan --provider openai", 0);
    assert!(quote.out.contains("24 requests for up\u{a0}to\u{a0}$"), "{}", quote.out);
    let refused = shell.types("vision-eval run --provider openai", 96);
    assert!(
        refused.err.contains("openai/gpt-5.6-luna costs money: say with --budget-usd"),
        "{}",
        refused.err
    );
    let poor = shell.types("vision-eval run --provider openai --budget-usd 0.0001", 5);
    assert!(poor.err.contains("the budget of $0.0001 has no room"), "{}", poor.err);
    assert!(poor.out.is_empty(), "a report on nothing: {}", poor.out);
    assert_eq!(host.requests(), 0, "nothing was spent so far");

    let run = shell.types("vision-eval run --run-dir runs/paid --provider openai,local --budget-usd 1", 0);
    assert_eq!(host.requests(), 24);
    assert!(run.err.contains("48 requests for up\u{a0}to\u{a0}$"), "the quote is shown: {}", run.err);
    assert!(run.out.contains("openai/gpt-5.6-luna"), "{}", run.out);
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(shell.folder.join("runs/paid/summary.json")).unwrap())
            .unwrap();
    let rows = summary["overall"]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["provider"] == "openai/gpt-5.6-luna").unwrap();
    let (score, spent) = (row["score"]["mean"].as_f64().unwrap(), row["cost"]["total"].as_f64().unwrap());
    assert!((score - 0.75).abs() < 1e-9 && spent > 0.0 && spent < 1.0, "{score} for ${spent}");
    shell.types("vision-eval compare runs/paid@local/accurate runs/paid@openai/gpt-5.6-luna", 0);
}

/// The workflow that `init` wrote, line by line: all is well, then the provider gets worse.
fn in_ci(shell: &Shell, place: &Path) {
    let host = Host::new("photo");
    // What one edits before: the provider is switched on, with a budget; the result is accepted once.
    shell.edits("eval.toml", "model = \"gpt-5.6-luna\"\nenabled = false", "model = \"gpt-5.6-luna\"");
    shell.edits("eval.toml", "# budget_usd = 5.0", "budget_usd = 5.0");
    let mut here = Shell { variables: vec![host.address()], ..shell.ci(place.join("before")) };
    here.variables.push(("OPENAI_API_KEY", KEY.to_owned()));
    here.types("vision-eval run -q", 0);
    here.types("vision-eval baseline set main", 0);

    let workflow = fs::read_to_string(here.folder.join(".github/workflows/vision-eval.yml")).unwrap();
    let steps = steps(&workflow);
    assert!(steps.len() == 2 && steps[1].contains("vision-eval gate"), "{steps:?}");
    let all = |name: &str, host: &Host, code: i32| {
        let mut ci = here.ci(place.join(name));
        ci.variables.push(host.address());
        ci.runs(&steps[0], 0);
        let gate = ci.runs(&steps[1], code);
        let summary = fs::read_to_string(ci.folder.join("step-summary.md")).unwrap();
        let has = |ending: &str| {
            let names = fs::read_dir(&ci.folder).unwrap().map(|entry| entry.unwrap().file_name());
            names.into_iter().any(|name| name.to_string_lossy().ends_with(ending))
        };
        assert!(has(".html") && has(".junit.xml"), "what the workflow keeps is there");
        (gate, summary)
    };
    assert!(!steps[0].contains("openai"), "whatever eval.toml enables takes part: {}", steps[0]);
    let (gate, summary) = all("good", &host, 0);
    assert!(gate.out.starts_with("No loss found") && summary.contains("No loss found"), "{}", gate.out);
    let (gate, summary) = all("bad", &Host::new("chart"), 100);
    assert!(gate.out.starts_with("Regressed") && summary.contains("Regressed"), "{}", gate.out);
    assert!(gate.err.contains("::error"), "no annotation: {}", gate.err);
}

/// The scripts of a workflow that need the tool and do not install it.
fn steps(workflow: &str) -> Vec<String> {
    let mut scripts: Vec<String> = Vec::new();
    let mut within = None;
    for line in workflow.lines() {
        let indent = line.len() - line.trim_start().len();
        match line.split_once("run: ") {
            Some((_, "|")) => {
                within = Some(indent);
                scripts.push(String::new());
            }
            Some((_, command)) => {
                within = None;
                scripts.push(command.to_owned());
            }
            None if within.is_some_and(|outer| indent > outer) => {
                let script = scripts.last_mut().unwrap();
                script.push_str(&format!("{}\n", line.trim()));
            }
            None => within = None,
        }
    }
    scripts.retain(|script| script.contains("vision-eval ") && !script.contains("cargo install"));
    scripts
}
