//! Programs that hand out keys: started without a shell, with a time limit, and silent about what they said.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use vision_core::{Error, ErrorKind, Result};

use crate::Machine;

/// The longest wait for a program, which may be asking for a password.
const PATIENCE: Duration = Duration::from_secs(30);

/// No token is longer.
const LONGEST: u64 = 1 << 20;

/// Whether a program can be started by this name.
pub(crate) fn is_installed(machine: &Machine<'_>, program: &str) -> bool {
    let is_there = |path: &Path| path.is_file() || path.with_extension("exe").is_file();
    if program.contains(['/', '\\']) {
        return is_there(Path::new(program));
    }
    machine.get("PATH").is_some_and(|path| std::env::split_paths(&path).any(|it| is_there(&it.join(program))))
}

/// Runs a program and gives back what it wrote. `advice` says what to do if that fails.
pub(crate) async fn output(program: &str, arguments: &[String], advice: &str) -> Result<String> {
    let failed = |why: String| Error::new(ErrorKind::Auth, format!("{why}: {advice}"));
    let mut command = tokio::process::Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.kill_on_drop(true).spawn();
    let mut child = child.map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => failed(format!("`{program}` is not installed")),
        _ => failed(format!("`{program}` cannot be started")).with_source(source),
    })?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let work = async {
        let (out, err) = tokio::join!(read(out), read(err));
        (child.wait().await, out, err)
    };
    let (status, out, err) = tokio::time::timeout(PATIENCE, work)
        .await
        .map_err(|_| failed(format!("`{program}` did not end within {} s", PATIENCE.as_secs())))?;
    match status {
        Ok(status) if status.success() => Ok(out),
        // What went to stdout may be half a token.
        Ok(_) => Err(failed(format!("`{program}` failed ({})", last_line(&err)))),
        Err(source) => Err(failed(format!("`{program}` failed")).with_source(source)),
    }
}

async fn read(stream: Option<impl tokio::io::AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        // What could be read until a failure is all there is.
        let _ = stream.take(LONGEST).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn last_line(text: &str) -> String {
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("without a word").trim();
    line.chars().take(200).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::output;

    async fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
        let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
        output(program, &arguments, "log in").await.map_err(|error| error.message().to_owned())
    }

    #[tokio::test]
    async fn what_it_wrote_comes_back_and_no_shell_looks_at_the_arguments() {
        assert_eq!(run("printf", &["%s", "$HOME; echo"]).await, Ok("$HOME; echo".to_owned()));
    }

    #[tokio::test]
    async fn a_failure_says_what_to_do() {
        let missing = run("no-such-program-anywhere", &[]).await.unwrap_err();
        assert_eq!(missing, "`no-such-program-anywhere` is not installed: log in");
        let failed = run("sh", &["-c", "echo token; echo 'not logged in' >&2; exit 1"]).await.unwrap_err();
        assert_eq!(failed, "`sh` failed (not logged in): log in");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        let stuck = run("sleep", &["3600"]).await.unwrap_err();
        assert_eq!(stuck, "`sleep` did not end within 30 s: log in");
    }
}
