use std::path::PathBuf;

use clap::Args;
use eval_datasets::{Import, KINDS, import};
use vision_core::Task;

use crate::exit::{Exit, Failure};
use crate::table::print;

/// What `datasets import` takes.
#[derive(Debug, Args)]
#[command(after_help = kinds())]
pub struct Arguments {
    /// What it is; the kinds are listed below
    kind: String,
    /// The file or folder
    input: PathBuf,
    /// A new folder, for the dataset
    output: PathBuf,
    /// Its name [default: the folder's]
    #[arg(long)]
    name: Option<String>,
    /// What is asked, where the kind does not say it
    #[arg(long)]
    task: Option<Task>,
    /// Its licence, if you know it
    #[arg(long)]
    licence: Option<String>,
    /// test, train, …
    #[arg(long)]
    split: Option<String>,
    /// The question, where the kind's own is not wanted
    #[arg(long)]
    prompt: Option<String>,
}

fn kinds() -> String {
    let lines: Vec<String> = KINDS.iter().map(|(name, about)| format!("  {name:<14} {about}")).collect();
    let example = "Examples:\n  vision-eval datasets import csv labels.csv datasets/mine --task classify";
    format!("{example}\n\nKinds:\n{}", lines.join("\n"))
}

/// Imports, and lists what could not be.
pub fn start(arguments: Arguments) -> Result<Exit, Failure> {
    let Arguments { kind, input, output, name, task, licence, split, prompt } = arguments;
    let wanted = Import { kind, input, output, name, task, licence, split, prompt };
    let imported = import(&wanted)?;
    for note in &imported.notes {
        eprintln!("note: {note}");
    }
    for problem in &imported.refused {
        eprintln!("{problem}");
    }
    let refused = imported.refused.len();
    print(&format!("{}: {} cases imported, {refused} refused", wanted.output.display(), imported.cases))?;
    Ok(if refused == 0 { Exit::Pass } else { Exit::Setup })
}
