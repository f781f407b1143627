//! Every command in README.md and docs/ is run as it stands there, or is listed here with the reason why not.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use vision_testkit::media;
use vision_testkit::server::{Server, Settings};

/// What is not run, by how it begins, and why. Each must still be in some guide.
const NOT_RUN: [(&str, &str); 28] = [
    ("vision-eval judge", "it needs a model that judges and a person; the tests of `judge` have both"),
    ("cargo xtask simulate", "it takes minutes; a test of eval-statistics runs a short form"),
    ("cargo test -p eval-statistics", "cargo test --workspace runs it"),
    (
        "cargo xtask eval run --dataset real",
        "it reads all real files of this repository, which takes minutes",
    ),
    ("cargo test -p vision-eval --test run", "it takes minutes"),
    ("cargo test --workspace", "it would run this test"),
    ("cargo install --path crates/cli", "it builds for minutes; what it installs is what is run here"),
    ("cargo xtask census", "CI runs it"),
    ("cargo xtask bench", "it takes minutes"),
    ("cargo test --release", "it takes minutes"),
    ("cargo xtask conformance", "CI runs the same tests"),
    ("cargo run -p eval-summary --example damage", "an example of another crate"),
    ("cargo xtask eval gate runs/damaged", "it needs that example"),
    ("cargo xtask datasets generate", "it needs a build with the renderer; eval-generate tests it"),
    ("export OPENAI_API_KEY=", "the key is set here"),
    ("vision-eval worker", "it needs a NATS server and a build with workers; .ci/nats/run has both"),
    ("vision-eval run --workers", "the same"),
    ("vision-eval resume --workers", "the same"),
    (
        "vision-eval run --dataset s3://",
        "it needs a bucket and a build with cloud-storage; .ci/storage/run has both",
    ),
    ("vision-eval datasets check s3://", "the same"),
    ("vision-eval run --run-dir s3://", "the same"),
    ("vision-eval report s3://", "the same"),
    ("vision-eval resume s3://", "the same"),
    (
        "vision-eval report reports/record -o trials.parquet",
        "it needs a build with parquet; .ci/parquet/run has one",
    ),
    ("export OTEL_EXPORTER_OTLP_ENDPOINT=", "the tests of telemetry have a collector of their own"),
    ("nats-server", "it is another program"),
    ("ssh -L", "it needs another machine"),
    ("vision-eval merge", "only the verb is named; the tests of `run` join parts"),
];

/// What stands for something of the reader's own: such a command is only held against its help.
const PLACEHOLDERS: [&str; 5] = ["FOLDER", "NAME", "FILE", "DATASET", "runs/RUN"];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(workspace().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    pages.extend([workspace().join("README.md"), workspace().join("crates/cli/README.md")]);
    pages.sort();
    pages
}

/// The commands of a page, in order: each line of a block of shell, and each command in the text.
fn commands(page: &str) -> Vec<String> {
    let mut commands = Vec::new();
    for (number, piece) in page.split("```").enumerate() {
        match number % 2 {
            1 if piece.starts_with("sh\n") || piece.starts_with("console\n") => {
                let lines = piece.lines().skip(1).map(|line| line.trim_start_matches("$ "));
                let lines = lines.map(|line| line.split(" #").next().unwrap_or_default().trim());
                commands.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
            }
            1 => {}
            _ => {
                let spans = piece.split('`').skip(1).step_by(2);
                let spans = spans.map(|span| span.split_whitespace().collect::<Vec<_>>().join(" "));
                commands.extend(
                    spans.filter(|span| ["vision-eval ", "cargo "].iter().any(|it| span.starts_with(it))),
                );
            }
        }
    }
    commands
}

/// What the pages take for granted: a project with a dataset, the record of this repository, some files, a provider
/// that can be reached, and the commands themselves.
struct Place {
    folder: tempfile::TempDir,
    server: Server,
    _runtime: tokio::runtime::Runtime,
}

impl Place {
    fn new() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(Settings::default())).unwrap();
        let place = Self { folder: tempfile::tempdir().unwrap(), server, _runtime: runtime };
        let binary = env!("CARGO_BIN_EXE_vision-eval");
        fs::create_dir(place.path("bin")).unwrap();
        symlink(binary, place.path("bin/vision-eval")).unwrap();
        let cargo = "#!/bin/sh\n[ \"$1 $2\" = 'xtask eval' ] || exit 99\nshift 2\nexec vision-eval \"$@\"\n";
        place.write("bin/cargo", cargo);
        fs::set_permissions(place.path("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        copy(&workspace().join("reports"), &place.path("reports"));
        place.write("bill.jpg", media::png("bill", 60, 40, 1).bytes().unwrap());
        let mut labels = "file,expected\n".to_owned();
        for number in 0..8 {
            place.write(&format!("{number}.png"), media::png("p", 40, 30, number).bytes().unwrap());
            labels += &format!("{number}.png,A bill\n");
        }
        place.write("labels.csv", labels);
        place.write("eval.toml", PROJECT);
        place.write("datasets/receipts/dataset.toml", DATASET);
        let mut cases = String::new();
        for number in 0..8 {
            place.write(
                &format!("datasets/receipts/{number}.png"),
                media::png("p", 40, 30, number).bytes().unwrap(),
            );
            cases += &format!(
                "{{\"id\":\"{number}\",\"media\":[\"{number}.png\"],\"expected\":{{\"label\":\"photo\"}}}}\n"
            );
        }
        place.write("datasets/receipts/cases.jsonl", cases);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
    }

    fn run(&self, command: &str) -> Output {
        Command::new("/bin/sh")
            .args(["-c", command])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", self.path("bin").display()))
            .env("HOME", self.path("home"))
            .env("OPENAI_API_KEY", "sk-made-up-for-the-guides")
            .env("ANTHROPIC_API_KEY", "sk-ant-made-up-for-the-guides")
            .env("ANTHROPIC_BASE_URL", self.server.url())
            .env("OPENAI_BASE_URL", format!("{}/v1", self.server.url()))
            .output()
            .unwrap()
    }
}

const PROJECT: &str = r#"
[[dataset]]
path = "datasets/receipts"
[[provider]]
kind = "local"
model = "fast"
[[provider]]
kind = "control"
model = "prior"
[[provider]]
kind = "openai"
model = "gpt-5.6-luna"
enabled = false
[gate]
baseline = "main"
"#;

const DATASET: &str = r#"
name = "receipts"
version = "1"
licence = "CC0-1.0"
provenance = "made up"
[tasks.classify]
prompt = "What is it?"
metric = "classify"
[tasks.classify.settings]
labels = ["chart", "photo"]
"#;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        match entry.path() {
            path if path.is_dir() => copy(&path, &to.join(entry.file_name())),
            path => _ = fs::copy(path, to.join(entry.file_name())).unwrap(),
        }
    }
}

/// The verb must know every flag that the page names.
fn is_in_the_help(place: &Place, command: &str) {
    let words: Vec<&str> = command.split_whitespace().collect();
    let verbs = words.iter().take_while(|word| !word.starts_with('-') && !PLACEHOLDERS.contains(word));
    let help = place.run(&format!("{} --help", verbs.copied().collect::<Vec<_>>().join(" ")));
    let help = String::from_utf8(help.stdout).unwrap();
    for flag in words.iter().filter(|word| word.starts_with("--")) {
        assert!(help.contains(flag), "`{command}`: no {flag} in\n{help}");
    }
}

#[test]
fn every_command_of_the_guides_works() {
    let (mut run, mut skipped) = (0, BTreeSet::new());
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let place = Place::new();
        for command in commands(&text) {
            if let Some((start, _)) = NOT_RUN.iter().find(|(start, _)| command.starts_with(start)) {
                skipped.insert(*start);
            } else if command.split_whitespace().any(|word| PLACEHOLDERS.contains(&word)) {
                is_in_the_help(&place, &command);
            } else {
                let output = place.run(&command);
                // A gate on the few cases there are here says that they are too few.
                let few = command.contains(" gate") && output.status.code() == Some(3);
                // What was submitted in batches is collected later.
                let later = text.contains(" --batch ") && output.status.code() == Some(5);
                assert!(
                    output.status.success() || few || later,
                    "{}: `{command}`: {output:?}",
                    page.display()
                );
                run += 1;
            }
        }
    }
    assert!(run >= 20, "only {run} commands were found");
    let listed: BTreeSet<&str> = NOT_RUN.iter().map(|(start, _)| *start).collect();
    assert_eq!(listed, skipped, "what is listed as not run must be in a guide");
}

#[test]
fn commands_are_found_in_blocks_and_in_the_text() {
    let page = "Say `vision-eval\n  plan`, or `cargo xtask eval`, and `eval.toml`:\n\n```sh\nvision-eval run -n 5   # now\n\n```\n\n```toml\nvision-eval = 1\n```\n";
    assert_eq!(commands(page), ["vision-eval plan", "cargo xtask eval", "vision-eval run -n 5"]);
}

/// The settings that a kind of provider knows, as its message to somebody says who typed another one.
fn settings_of(kind: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let dataset = workspace().join("datasets/classify");
    let config = format!(
        "[[dataset]]\npath = '{}'\n[[provider]]\nkind = '{kind}'\nmodel = 'm'\nsettings.nonsense = 1\n",
        dataset.display()
    );
    fs::write(folder.path().join("eval.toml"), config).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.ends_with("_API_KEY")) {
        program.env_remove(name);
    }
    program.env(format!("{}_API_KEY", kind.to_uppercase()), "a-key").env("YANDEX_FOLDER_ID", "a-folder");
    let output = program.arg("plan").current_dir(folder.path()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let known = told.split_once("unknown field `nonsense`, ").unwrap_or_else(|| panic!("{kind}: {told}")).1;
    known.lines().next().unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The settings that a table names, with the kind that each is of.
fn settings_in(table: &str) -> Vec<(String, String)> {
    let mut about = String::new();
    let mut rows: Vec<(String, String)> = Vec::new();
    for row in table.lines().filter(|line| line.starts_with('|')).skip(2) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        if !cells[1].is_empty() {
            about = cells[1].split(',').next().unwrap().to_owned();
        }
        rows.extend(cells[2].split('`').skip(1).step_by(2).map(|name| (about.clone(), name.to_owned())));
    }
    rows
}

#[test]
fn the_guide_names_every_setting_of_every_provider() {
    let guide = fs::read_to_string(workspace().join("docs/configure-providers.md")).unwrap();
    let clouds = fs::read_to_string(workspace().join("docs/connect-a-cloud.md")).unwrap();
    let (_, clouds) = clouds.split_once("\n## Settings\n").unwrap();
    let rows = settings_in(&guide);
    let of_clouds = settings_in(clouds);
    let everywhere = [
        "openai",
        "anthropic",
        "gemini",
        "deepinfra",
        "aimlapi",
        "yandex",
        "tsystems",
        "compatible",
        "local",
    ];
    let clouds = [
        "bedrock",
        "textract",
        "vertex",
        "documentai",
        "azure",
        "azure-di",
        "mistral-ocr",
        "llamaextract",
        "command",
    ];
    for (kind, rows) in
        everywhere.map(|kind| (kind, &rows)).into_iter().chain(clouds.map(|kind| (kind, &of_clouds)))
    {
        let told: Vec<String> = rows
            .iter()
            .filter(|(about, _)| about == kind || about == "all but local" && kind != "local")
            .map(|(_, name)| name.clone())
            .collect();
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        assert_eq!(sorted(told), sorted(settings_of(kind)), "{kind}");
    }
}

fn book() -> PathBuf {
    workspace().join("docs")
}

/// Every page below a folder, relative to the book.
fn chapters(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            chapters(&entry, found);
        } else if entry.extension().is_some_and(|it| it == "md") {
            found.insert(entry.strip_prefix(book()).unwrap().display().to_string());
        }
    }
}

#[test]
fn the_book_lists_every_page() {
    let summary = fs::read_to_string(book().join("SUMMARY.md")).unwrap();
    let listed: BTreeSet<String> =
        summary.split("](").skip(1).map(|it| it.split(')').next().unwrap().to_owned()).collect();
    let mut there = BTreeSet::new();
    chapters(&book(), &mut there);
    there.remove("SUMMARY.md");
    assert_eq!(listed, there);
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut pages = BTreeSet::new();
    chapters(&book(), &mut pages);
    let mut pages: Vec<PathBuf> = pages.iter().map(|page| book().join(page)).collect();
    pages.push(workspace().join("README.md"));
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).map(|it| it.split(')').next().unwrap()) {
            let path = link.split('#').next().unwrap();
            if path.is_empty() || link.contains("://") {
                continue;
            }
            assert!(page.parent().unwrap().join(path).exists(), "{}: {link}", page.display());
        }
    }
}

#[test]
fn the_reference_is_what_the_program_says() {
    let folder = tempfile::tempdir().unwrap();
    let written = Command::new(env!("CARGO_BIN_EXE_vision-eval"))
        .arg("reference")
        .arg(folder.path())
        .env_clear()
        .output()
        .unwrap();
    assert!(written.status.success(), "{written:?}");
    let mut pages = BTreeSet::new();
    chapters(&book().join("reference"), &mut pages);
    // Written by hand, as an introduction.
    pages.remove("reference/providers.md");
    for page in pages {
        let expected = fs::read_to_string(folder.path().join(page.strip_prefix("reference/").unwrap()));
        let expected = expected.unwrap_or_else(|_| panic!("docs/{page} is no longer written"));
        // Too long to be printed.
        assert!(
            fs::read_to_string(book().join(&page)).unwrap() == expected,
            "docs/{page} is out of date: run `cargo xtask eval reference docs/reference`"
        );
    }
}
