//! The program that takes documents apart in processes of its own.
//!
//! A document of a kilobyte may ask for more memory than there is, or for years of work, and nothing within a process can
//! be stopped or held to a bound. Another process can: the program that is started sets its own bounds.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use vision_core::{Error, ErrorKind, Result};

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// From now on documents are read and drawn by this program, which serves what its first argument asks for. Without it,
/// that is done in this process, without a bound.
pub fn work_apart(program: PathBuf) {
    PROGRAM.set(program).ok();
}

/// The program, if there is one.
pub(crate) fn known() -> Option<&'static Path> {
    PROGRAM.get().map(PathBuf::as_path)
}

/// A process that works. It ends with this value, whatever it does.
pub(crate) struct Apart(Child);

impl Apart {
    pub fn start(program: &Path, what: &str, words: &[String]) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg(what).args(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // It needs neither keys nor settings, and an interrupt of the run lets what was begun end.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command.env_clear(), 0);
        command.spawn().map(Self).map_err(|error| {
            let message = "the process that reads documents cannot be started";
            Error::new(ErrorKind::Config, message).with_source(error)
        })
    }

    /// Hands bytes over.
    pub fn tell(&mut self, bytes: &[u8]) -> io::Result<()> {
        let input = self.0.stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        input.write_all(bytes).and_then(|()| input.flush())
    }

    /// There are no more.
    pub fn end_of_input(&mut self) {
        self.0.stdin = None;
    }

    /// What it says.
    pub fn output(&mut self) -> impl Read + use<'_> {
        self.0.stdout.as_mut().expect("it was asked for")
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
