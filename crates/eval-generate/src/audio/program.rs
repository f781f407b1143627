//! Running installed programs in a folder of our own.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use crate::error::{Error, Result};

/// A program that must be installed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Program {
    /// As typed.
    pub name: &'static str,
    /// Debian packages that bring it.
    pub package: &'static str,
}

impl Program {
    /// The first line of what it says about itself.
    pub(super) fn version(self) -> Result<String> {
        let output = self.output(&["--version"])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().next().unwrap_or(self.name);
        // What follows is where this machine keeps its files.
        Ok(line.split("  Data at").next().unwrap_or(line).trim().to_owned())
    }

    /// Runs it to its end.
    pub(super) fn run(self, arguments: &[&str]) -> Result<()> {
        let output = self.output(arguments)?;
        if output.status.success() {
            return Ok(());
        }
        let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(format!("{} failed: {complaint}", self.name).into())
    }

    fn output(self, arguments: &[&str]) -> Result<Output> {
        let Self { name, package } = self;
        Command::new(name).args(arguments).output().map_err(|source| {
            Error::because(
                format!("audio needs the program {name} (Debian: apt-get install {package})"),
                source,
            )
        })
    }
}

/// A temporary folder, removed at the end.
#[derive(Debug)]
pub(super) struct Workplace {
    folder: PathBuf,
}

impl Workplace {
    pub(super) fn create() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("eval-generate-{}", std::process::id()));
        fs::create_dir_all(&folder)
            .map_err(|source| Error::because(format!("cannot create {}", folder.display()), source))?;
        Ok(Self { folder })
    }

    /// The path of a file; a bare format names the finished clip.
    pub(super) fn path(&self, name: &str) -> String {
        let name = if name.contains('.') { name.to_owned() } else { format!("done.{name}") };
        self.folder.join(name).to_string_lossy().into_owned()
    }

    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.path(name);
        fs::read(&path).map_err(|source| Error::because(format!("cannot read {path}"), source))
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(name);
        fs::write(&path, bytes).map_err(|source| Error::because(format!("cannot write {path}"), source))
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // A folder left behind in the temporary directory does no harm.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_says_what_to_install() {
        let program = Program { name: "no-such-program-here", package: "some-package" };
        let error = program.run(&[]).unwrap_err().to_string();
        assert_eq!(
            error,
            "audio needs the program no-such-program-here (Debian: apt-get install some-package)"
        );
    }
}
