use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use eval_datasets::{DateOrder, Import, Imported, KINDS, Mark, Problem, import};
use eval_report::escape;
use eval_report::figures::counted;
use vision_core::Task;

use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::table::print;

pub mod questions;
mod understanding;

/// More refused rows than anybody reads.
const SHOWN: usize = 50;

/// What `datasets import` takes.
#[derive(Debug, Args)]
#[command(after_help = kinds())]
pub struct ImportArguments {
    /// Kind of input (listed below)
    kind: String,
    /// File or folder to import
    input: PathBuf,
    /// New folder for the dataset
    #[arg(required_unless_present = "dry_run")]
    output: Option<PathBuf>,
    /// Name of the dataset [default: the folder's]
    #[arg(long)]
    name: Option<String>,
    /// Set the task, where the input does not say it
    #[arg(long)]
    task: Option<Task>,
    /// Set the license of the files
    #[arg(long, alias = "license")]
    licence: Option<String>,
    /// Select the split: test, train, …
    #[arg(long)]
    split: Option<String>,
    /// Set the question
    #[arg(long)]
    prompt: Option<String>,
    /// Show how the input is understood; write nothing
    #[arg(long)]
    dry_run: bool,
    /// Directory of the files [default: that of the list]
    #[arg(long, value_name = "DIR", help_heading = "CSV and JSONL")]
    files: Option<PathBuf>,
    /// Rename a column (repeatable)
    #[arg(long, value_name = "COLUMN=NAME", value_parser = pair, help_heading = "CSV and JSONL")]
    map: Vec<(String, String)>,
    /// Ignore a column (repeatable)
    #[arg(long, value_name = "COLUMN", help_heading = "CSV and JSONL")]
    ignore_column: Vec<String>,
    /// Set the date order, for all columns or one: dmy, mdy, ymd
    #[arg(long, value_name = "[COLUMN=]ORDER", value_parser = of_column::<DateOrder>, help_heading = "CSV and JSONL")]
    date_order: Vec<(String, DateOrder)>,
    /// Set the decimal mark, for all columns or one: point, comma
    #[arg(long, value_name = "[COLUMN=]MARK", value_parser = of_column::<Mark>, help_heading = "CSV and JSONL")]
    decimal: Vec<(String, Mark)>,
    /// Keep a column as text, whatever it looks like (repeatable)
    #[arg(long, value_name = "COLUMN", help_heading = "CSV and JSONL")]
    text: Vec<String>,
    /// Set the meaning of empty cells: not labeled, or labeled as absent (null)
    #[arg(long, value_name = "MEANING", default_value = "unlabeled", value_parser = ["unlabeled", "null"], help_heading = "CSV and JSONL")]
    empty: String,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.rsplit_once('=').filter(|(_, name)| !name.is_empty());
    let (column, name) = pair.ok_or("should be COLUMN=NAME, such as `company=store`")?;
    Ok((column.to_owned(), name.to_owned()))
}

/// `dmy`, or `COLUMN=dmy`.
fn of_column<T: FromStr<Err = String>>(text: &str) -> Result<(String, T), String> {
    let (column, value) = text.rsplit_once('=').unwrap_or(("", text));
    Ok((column.to_owned(), value.parse()?))
}

fn kinds() -> String {
    let lines: Vec<String> = KINDS.iter().map(|(name, about)| format!("  {name:<14} {about}")).collect();
    let examples = "Examples:
  vision-eval datasets import csv labels.csv --dry-run
  vision-eval datasets import csv labels.csv datasets/mine --task receipt --map company=store --date-order dmy";
    format!("{examples}\n\nKinds:\n{}", lines.join("\n"))
}

/// Imports, says what was understood, and lists what could not be imported.
pub fn start(arguments: ImportArguments, environment: &Environment) -> Result<Exit, Failure> {
    let mut wanted = settings(arguments);
    if environment.is_interactive() {
        questions::ask(&eval_datasets::questions(&wanted)?, &mut wanted)?;
    }
    let imported = carry_out(&wanted, environment)?;
    Ok(if imported.refused.is_empty() { Exit::Pass } else { Exit::Setup })
}

/// Imports what leaves no question open, and says what was understood.
pub fn carry_out(wanted: &Import, environment: &Environment) -> Result<Imported, Failure> {
    let imported = import(wanted)?;
    if let Some(understood) = &imported.understood {
        print(&understanding::text(wanted, understood, environment))?;
    }
    tell(&imported.notes, "note: ");
    tell(&imported.refused, "refused: ");
    print(&last_line(wanted, &imported))?;
    Ok(imported)
}

fn settings(arguments: ImportArguments) -> Import {
    let ImportArguments { kind, input, output, name, task, licence, split, prompt, dry_run, files, .. } =
        arguments;
    Import {
        kind,
        input,
        output: output.unwrap_or_default(),
        name,
        task,
        licence,
        split,
        prompt,
        files,
        map: arguments.map.into_iter().collect(),
        ignore: arguments.ignore_column,
        date_order: arguments.date_order.into_iter().collect::<BTreeMap<_, _>>(),
        decimal: arguments.decimal.into_iter().collect::<BTreeMap<_, _>>(),
        text: arguments.text,
        empty_is_null: arguments.empty == "null",
        dry_run,
    }
}

fn tell(problems: &[Problem], kind: &str) {
    for problem in problems.iter().take(SHOWN) {
        eprintln!("{kind}{}", escape::lines(&problem.to_string()));
    }
    if problems.len() > SHOWN {
        eprintln!("{kind}… and {} more", problems.len() - SHOWN);
    }
}

fn last_line(wanted: &Import, imported: &Imported) -> String {
    let (cases, refused) = (counted(imported.cases as u64, "case"), imported.refused.len());
    if wanted.dry_run {
        return format!("dry run: {cases} would be imported, {refused} refused; nothing was written");
    }
    format!("{}: {cases} imported, {refused} refused", wanted.output.display())
}
