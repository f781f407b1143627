use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::table::print;

/// What `init` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval init
  vision-eval init ~/receipts --no-ci")]
pub struct InitArguments {
    /// Project directory
    #[arg(default_value = ".")]
    folder: PathBuf,

    /// Do not write a CI workflow
    #[arg(long)]
    no_ci: bool,

    /// Overwrite existing files
    #[arg(long)]
    force: bool,
}

const NEXT: &str = "
Next:
  vision-eval datasets import csv labels.csv datasets/mine  # your own files and labels: columns `file` and `label`
  vision-eval plan                                          # what it would ask and cost
  vision-eval run                                           # ask, score, report
  vision-eval baseline set main                             # what CI holds later runs against";

const CONFIG: &str = include_str!("init/eval.toml");
const WORKFLOW: &str = include_str!("init/workflow.yml");
const SCHEMA: &str = include_str!("../../../schemas/eval.schema.json");

/// Writes what a project needs to begin, and says what to do next.
pub fn start(arguments: &InitArguments) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    write(&folder.join("eval.toml"), CONFIG, arguments.force)?;
    write(&folder.join("eval.schema.json"), SCHEMA, arguments.force)?;
    if !arguments.no_ci {
        write(&folder.join(".github/workflows/vision-eval.yml"), WORKFLOW, arguments.force)?;
    }
    ignore_runs(folder)?;
    print(NEXT)?;
    Ok(Exit::Pass)
}

fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    if path.exists() && !force {
        print(&format!("kept    {}", path.display()))?;
        return Ok(());
    }
    let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    made.map_err(|error| {
        Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
    })?;
    print(&format!("written {}", path.display()))
}

/// Runs and keys do not belong into a repository.
fn ignore_runs(folder: &Path) -> Result<(), Failure> {
    let path = folder.join(".gitignore");
    let known = fs::read_to_string(&path).unwrap_or_default();
    let missing: Vec<_> =
        ["/runs/", ".env"].into_iter().filter(|line| !known.lines().any(|it| it.trim() == *line)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let gap = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
    fs::write(&path, format!("{known}{gap}{}\n", missing.join("\n"))).map_err(|error| {
        Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
    })?;
    print(&format!("written {}", path.display()))
}
