//! What `-v` shows on stderr: each request, its retries, and with `-vv` everything that any library says.

use std::io::{self, Write};

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::time::uptime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use vision_core::Secret;
use vision_http::star_queries;

use crate::exit::Exit;

/// Ours, of which the first level is enough to follow what happens on the wire.
const OURS: [&str; 2] = ["vision_http", "vision_layers"];

/// Starts to listen, if that is wanted. Whatever is said, no secret passes.
pub fn start(verbose: u8, secrets: Vec<Secret>) {
    let targets = match verbose {
        0 => return,
        1 => OURS.iter().fold(Targets::new(), |targets, ours| targets.with_target(*ours, Level::DEBUG)),
        _ => Targets::new().with_default(Level::TRACE),
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_timer(uptime())
        .with_ansi(false)
        .with_writer(move || Scrubbed { line: Vec::new(), secrets: secrets.clone() });
    // Somebody who listens already hears the same.
    tracing_subscriber::registry().with(targets).with(lines).try_init().ok();
}

/// A line on its way to stderr. Our own code logs no keys; this also holds for what libraries say.
struct Scrubbed {
    line: Vec<u8>,
    secrets: Vec<Secret>,
}

impl Write for Scrubbed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Scrubbed {
    fn drop(&mut self) {
        // Nobody is left to be told that stderr is closed.
        io::stderr().write_all(self.clean().as_bytes()).ok();
    }
}

impl Scrubbed {
    fn clean(&self) -> String {
        star_queries(&scrubbed(&String::from_utf8_lossy(&self.line), &self.secrets))
    }
}

fn scrubbed(text: &str, secrets: &[Secret]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| secret.scrub(&text))
}

/// Tells of a panic in one line that can be passed on: what was private when the program started is starred.
pub fn hide_secrets_in_panics(secrets: Vec<Secret>) {
    std::panic::set_hook(Box::new(move |panic| {
        let panic = panic.to_string();
        if vision_core::panics::is_caught() {
            // A broken file, which is told by its name.
            tracing::debug!("a parser gave up: {panic}");
            return;
        }
        if panic.contains("failed printing to std") {
            // The reader has gone; what was recorded is safe.
            std::process::exit(Exit::Output as i32);
        }
        eprintln!("{}", told(&panic, &secrets));
    }));
}

fn told(panic: &str, secrets: &[Secret]) -> String {
    format!("internal error, please report it: {}", scrubbed(panic, secrets))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use vision_core::Secret;

    use super::told;

    #[test]
    fn a_panic_shows_no_key() {
        let text = told("at src/a.rs:1:2: no `sk-Qz7Wv3Xk9Jp2Ry6T`", &[Secret::new("sk-Qz7Wv3Xk9Jp2Ry6T")]);
        assert_eq!(text, "internal error, please report it: at src/a.rs:1:2: no `***`");
    }

    #[test]
    fn a_line_is_put_together_before_it_is_searched() {
        let secrets = vec![Secret::new("sk-Qz7Wv3Xk9Jp2Ry6T")];
        let mut line = super::Scrubbed { line: Vec::new(), secrets };
        line.write_all(b"sent sk-Qz7Wv3").unwrap();
        line.write_all(b"Xk9Jp2Ry6T to /up?upload_id=AB-12").unwrap();
        assert_eq!(line.clean(), "sent *** to /up?upload_id=***");
    }
}
