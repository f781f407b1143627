//! What a shell and `man` want to know.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::exit::{Exit, Failure};

/// What `completions` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  vision-eval completions bash > ~/.local/share/bash-completion/completions/vision-eval"
)]
pub struct Completions {
    /// Shell to print completions for
    shell: Shell,
}

/// Prints completions.
pub fn completions(arguments: &Completions) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::CommandLine::command(), "vision-eval", &mut text);
    put(&text)
}

/// Prints the manual page.
pub fn manual() -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(crate::CommandLine::command()).render(&mut text).map_err(Failure::output)?;
    put(&text)
}

fn put(text: &[u8]) -> Result<Exit, Failure> {
    std::io::Write::write_all(&mut std::io::stdout().lock(), text).map_err(Failure::output)?;
    Ok(Exit::Pass)
}
