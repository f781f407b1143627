//! The studio as a process of the built binary.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::Place;

/// A program in this folder, with nothing of this machine around it.
pub fn command(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", folder.join("home"));
    command
}

/// A studio that listens; it ends with this.
pub struct Running {
    pub child: Child,
    pub place: Place,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(address) = line.trim().strip_prefix("Open ") else {
            let output = child.wait_with_output().unwrap();
            panic!("{line} {}", String::from_utf8_lossy(&output.stderr));
        };
        Self { place: Place::of(address), child }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
