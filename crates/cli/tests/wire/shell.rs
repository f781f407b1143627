//! A folder of its own, and the built binary in it with an environment of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use vision_core::Media;
use vision_testkit::server::{Journal, Server, Settings};

/// A server with the runtime that it lives in.
pub struct Host {
    server: Server,
    _runtime: tokio::runtime::Runtime,
}

impl Host {
    pub fn start(settings: Settings) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(Server::start(settings)).unwrap();
        Self { server, _runtime: runtime }
    }

    pub fn url(&self) -> String {
        self.server.url()
    }

    /// `127.0.0.1:40123`.
    pub fn name(&self) -> String {
        self.url().trim_start_matches("http://").to_owned()
    }

    pub fn journal(&self) -> Journal {
        self.server.journal()
    }
}

pub struct Shell {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// How a command ended.
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Shell {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    pub fn forget(&mut self, name: &str) -> &mut Self {
        self.variables.retain(|(known, _)| known != name);
        self
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.forget(name);
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn put(&self, medium: &Media) -> &Self {
        self.write(medium.name(), medium.bytes().unwrap())
    }

    pub fn run(&self, words: &[&str]) -> Ended {
        self.run_within(Duration::from_secs(120), words)
    }

    /// Runs `vision-eval` with these words, and with nothing of our own environment. One that hangs is killed.
    pub fn run_within(&self, patience: Duration, words: &[&str]) -> Ended {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vision-eval"))
            .args(words)
            .env_clear()
            .env("HOME", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (id, (done, timer)) = (child.id(), std::sync::mpsc::channel::<()>());
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let out = std::thread::spawn(move || std::io::read_to_string(out).unwrap());
        let err = std::thread::spawn(move || std::io::read_to_string(err).unwrap());
        let guard = std::thread::spawn(move || {
            let hangs = timer.recv_timeout(patience).is_err();
            if hangs {
                Command::new("kill").args(["-9", &id.to_string()]).status().ok();
            }
            hangs
        });
        let code = child.wait().unwrap().code();
        done.send(()).ok();
        let (out, err) = (out.join().unwrap(), err.join().unwrap());
        assert!(!guard.join().unwrap(), "{words:?} hangs:\n{out}\n{err}");
        Ended { code, out, err }
    }
}

impl Ended {
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// stderr has these words.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.err.contains(words), "`{words}` is not in:\n{}", self.err);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}\n{}", self.out, self.err))
    }
}
