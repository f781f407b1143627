//! A project in a folder of its own, a server on this machine, and the built binary.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use vision_testkit::media;
use vision_testkit::server::{Answers, Entry, Fault, Journal, Server, Settings};

/// A server that answers every case of a [`Project`] with its label, unless told otherwise.
pub struct Host {
    server: Server,
    _runtime: tokio::runtime::Runtime,
}

impl Host {
    pub fn new(faults: &[&str]) -> Self {
        Self::with(Settings { faults: read(faults), ..Settings::default() })
    }

    pub fn with(settings: Settings) -> Self {
        let answers = r#"{"prompt":"is odd.","answer":{"label":"chart"}}
            {"prompt":"is even.","answer":{"label":"photo"}}
            {"model":"gpt-transcribe","answer":"good morning"}"#;
        Self::with_answers(Answers::parse(answers).unwrap(), settings)
    }

    /// With other answers than the labels of a [`Project`].
    pub fn with_answers(answers: Answers, settings: Settings) -> Self {
        let settings = Settings { answers, ..settings };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(settings)).unwrap();
        Self { server, _runtime: runtime }
    }

    pub fn url(&self) -> String {
        format!("{}/v1", self.address())
    }

    /// Without the path of any dialect.
    pub fn address(&self) -> String {
        self.server.url()
    }

    pub fn journal(&self) -> Journal {
        self.server.journal()
    }

    /// The questions with a number above `number` that are still remembered, by the name of their case.
    pub fn asked_after(&self, number: u64) -> BTreeMap<String, usize> {
        let mut asked = BTreeMap::new();
        for entry in self.journal().last.iter().filter(|entry| entry.number > number) {
            *asked.entry(case_of(entry)).or_default() += 1;
        }
        asked
    }

    /// Waits until so many questions have come.
    pub fn wait_for(&self, requests: u64) {
        let patience = Instant::now() + Duration::from_secs(60);
        while self.journal().requests < requests {
            assert!(Instant::now() < patience, "{requests} requests never came");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

pub fn read(faults: &[&str]) -> Vec<Fault> {
    faults.iter().map(|fault| fault.parse().unwrap()).collect()
}

/// `Is number c7 odd?` is the question of the case `c7`.
pub fn case_of(entry: &Entry) -> String {
    let text = entry.texts.concat();
    text.split_whitespace().nth(2).unwrap().to_owned()
}

/// A folder with a dataset, an `eval.toml`, and a home that nobody else has.
pub struct Project {
    pub folder: tempfile::TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Project {
    /// With one provider, `compatible/m`, at this address, and this many cases.
    pub fn new(cases: usize, url: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        write_dataset(&project.path("data"), cases);
        project.configure(&provider("compatible", url));
        project
    }

    /// Nobody is asked but the controls.
    pub fn offline(cases: usize) -> Self {
        let project = Self::new(cases, "");
        project.configure("[[provider]]\nkind = \"control\"\nmodel = \"prior\"\n");
        project
    }

    pub fn configure(&self, rest: &str) {
        self.write("eval.toml", &format!("[[dataset]]\npath = \"data\"\n{rest}"));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The binary, with nothing of this machine around it.
    pub fn command(&self, words: &str) -> Command {
        self.program(env!("CARGO_BIN_EXE_vision-eval"), words)
    }

    pub fn program(&self, program: &str, words: &str) -> Command {
        let mut command = Command::new(program);
        command
            .args(words.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            .env("OPENAI_API_KEY", "sk-made-up")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn spawn(&self, words: &str) -> Child {
        self.command(words).spawn().unwrap()
    }

    pub fn start(&self, words: &str) -> Ended {
        ended(self.spawn(words))
    }

    /// Runs it, and insists on the exit code.
    #[track_caller]
    pub fn expect(&self, code: i32, words: &str) -> Ended {
        let ended = self.start(words);
        assert_eq!(ended.code, Some(code), "vision-eval {words}\n{}\n{}", ended.out, ended.err);
        ended
    }

    /// The whole lines of a run's trials that can be read.
    pub fn trials(&self, run: &str) -> Vec<Value> {
        lines(&self.path(run).join("trials.jsonl"))
    }

    pub fn plan(&self, run: &str) -> Value {
        serde_json::from_str(&self.read(&format!("{run}/plan.json"))).unwrap()
    }
}

/// A provider without a price at this address, with places for eight.
pub fn provider(kind: &str, url: &str) -> String {
    format!(
        "[[provider]]\nkind = \"{kind}\"\nmodel = \"m\"\nbase_url = \"{url}\"\nlimits = {{ concurrency = 8 }}\n\
         price = {{ input_per_mtok = 0.0, output_per_mtok = 0.0 }}\n"
    )
}

pub fn ended(child: Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

pub fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Sends a signal by its name.
pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Seconds of near silence in which the same is said; each differs from the others by a sample.
pub fn write_sounds(folder: &Path, cases: usize) {
    fs::create_dir_all(folder).unwrap();
    let manifest = "name = \"sounds\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
                    [tasks.transcribe]\nprompt = \"Write down what is said.\"\nmetric = \"transcribe\"\n";
    fs::write(folder.join("dataset.toml"), manifest).unwrap();
    let mut text = String::new();
    for number in 0..cases {
        let mut sound = media::wav("s.wav").bytes().unwrap().to_vec();
        let end = sound.len();
        sound[end - 2..].copy_from_slice(&u16::try_from(number).unwrap().to_le_bytes());
        fs::write(folder.join(format!("{number}.wav")), sound).unwrap();
        text +=
            &format!("{{\"id\":\"s{number}\",\"media\":[\"{number}.wav\"],\"expected\":\"good morning\"}}\n");
    }
    fs::write(folder.join("cases.jsonl"), text).unwrap();
}

pub fn write_dataset(folder: &Path, cases: usize) {
    fs::create_dir_all(folder).unwrap();
    let manifest = r#"
        name = "demo"
        version = "1"
        licence = "CC0-1.0"
        provenance = "made up"
        [tasks.classify]
        prompt = "Is number {{number}} odd? It is {{parity}}."
        metric = "classify"
        max_output_tokens = 50
        [tasks.classify.settings]
        labels = ["chart", "photo"]
    "#;
    fs::write(folder.join("dataset.toml"), manifest).unwrap();
    let mut text = String::new();
    for number in 0..cases {
        let (parity, label) = if number % 2 == 1 { ("odd", "chart") } else { ("even", "photo") };
        let picture = media::png("p", 2, 2, u32::try_from(number).unwrap() + 1);
        fs::write(folder.join(format!("{number}.png")), picture.bytes().unwrap()).unwrap();
        let case = serde_json::json!({
            "id": format!("c{number}"), "media": [format!("{number}.png")], "expected": {"label": label},
            "tags": {"parity": parity}, "fields": {"number": format!("c{number}"), "parity": parity},
        });
        text += &format!("{case}\n");
    }
    fs::write(folder.join("cases.jsonl"), text).unwrap();
}
