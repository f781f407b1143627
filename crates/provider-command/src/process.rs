use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use vision_core::{Error, ErrorKind, Result};

/// No answer is longer.
const LONGEST_ANSWER: u64 = 64 << 20;

/// What is kept of what a program complains about.
const LONGEST_COMPLAINT: u64 = 64 << 10;

/// Starts a program without the variables that are withheld, hands it `input`, and gives back what it wrote. It is killed
/// when its time is up, or it is not waited for any longer.
pub(crate) async fn run(
    command: &[String],
    withheld: &[String],
    input: Vec<u8>,
    timeout: Duration,
) -> Result<Vec<u8>> {
    let (program, arguments) = command.split_first().expect("a command has a program, as was checked");
    let mut process = tokio::process::Command::new(program);
    process.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    withheld.iter().for_each(|name| _ = process.env_remove(name));
    let mut child = process.kill_on_drop(true).spawn().map_err(|source| {
        let message = format!("the program `{program}` cannot be started: is it installed and in PATH?");
        Error::new(ErrorKind::Config, message).with_source(source)
    })?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // A program that answers without reading to the end closes its side, which is its right.
            let _ = stdin.write_all(&input).await;
        }
    };
    let work = async {
        let ((), out, complaint) =
            tokio::join!(write, read(stdout, LONGEST_ANSWER), read(stderr, LONGEST_COMPLAINT));
        (child.wait().await, out, complaint)
    };
    let (status, out, complaint) = tokio::time::timeout(timeout, work).await.map_err(|_| {
        let mut error = Error::new(
            ErrorKind::Timeout,
            format!("the program `{program}` did not end within {} s", timeout.as_secs()),
        );
        // What it had done by then may have cost something.
        error.details.maybe_billed = true;
        error
    })?;
    let status = status.map_err(|source| {
        Error::new(ErrorKind::Malformed, format!("the program `{program}` was lost")).with_source(source)
    })?;
    if status.success() {
        return Ok(out);
    }
    let words = last_line(&complaint);
    let how = match status.code() {
        Some(code) => format!("ended with code {code}"),
        None => "was killed".to_owned(),
    };
    let mut error = Error::new(kind(status.code()), format!("the program `{program}` {how}: {words}"));
    error.details.maybe_billed = true;
    Err(error)
}

async fn read(stream: Option<impl AsyncRead + Unpin>, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        // What could be read until a failure is all there is; the rest is read and thrown away, so that nothing blocks.
        let _ = (&mut stream).take(most).read_to_end(&mut bytes).await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    }
    bytes
}

/// The codes of `sysexits.h`.
fn kind(code: Option<i32>) -> ErrorKind {
    match code {
        Some(64..=66) => ErrorKind::InvalidRequest,
        Some(69 | 75) => ErrorKind::Unavailable,
        Some(77) => ErrorKind::Auth,
        Some(78) => ErrorKind::Config,
        _ => ErrorKind::Malformed,
    }
}

fn last_line(complaint: &[u8]) -> String {
    let text = String::from_utf8_lossy(complaint);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it said nothing");
    line.chars().take(300).collect()
}
