//! Open answers put before judges, and before people.

use std::path::{Path, PathBuf};

use clap::Args;
use eval_judge::{JudgeError, add_people, read_sheet, sample, sheet};
use eval_record::Record;
use eval_report::figures::counted;
use eval_report::{Embed, Finding};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::findings::{print_out, record_here};
use crate::host::Traffic;
use crate::plan::now;
use crate::report::reported;
use crate::running::SendFlags;
use crate::settings::{Project, dollars, read_saved};
use crate::summaries;
use crate::table::Format;

mod asking;
mod bench;

pub use asking::after_run;
pub use bench::check as check_judges;

/// What `judge` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval judge --judge openai/gpt-5.6-luna --budget-usd 1
  vision-eval judge runs/20261121T100000Z-eval --sample 40 -o sheet.csv
  vision-eval judge runs/20261121T100000Z-eval --calibrate sheet.csv --author anna")]
pub struct JudgeArguments {
    /// Run directory [default: the newest run]
    run: Option<PathBuf>,

    /// Ask these judges instead of those in eval.toml; the scores are those of the first
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Judges")]
    judge: Vec<String>,

    /// Use this prompt, with places for {{question}}, {{answer}} and {{checks}}
    #[arg(long, value_name = "FILE", help_heading = "Judges")]
    prompt: Option<PathBuf>,

    /// Write at least N randomly drawn answers to --output for people to judge; ask no judge
    #[arg(
        long = "sample",
        value_name = "N",
        requires = "output",
        conflicts_with_all = ["judge", "calibrate"],
        help_heading = "People"
    )]
    draw: Option<usize>,

    /// Read what people judged; ask no judge
    #[arg(long, value_name = "FILE", conflicts_with = "judge", help_heading = "People")]
    calibrate: Option<PathBuf>,

    /// Name the person who judged
    #[arg(long, value_name = "NAME", default_value = "anonymous", help_heading = "People")]
    author: String,

    /// Draw with this seed [default: that of the run]
    #[arg(long, value_name = "N", requires = "draw", help_heading = "People")]
    seed: Option<u64>,

    /// Spend at most USD (required for paid judges)
    #[arg(long, value_name = "USD", value_parser = dollars, alias = "max-usd", help_heading = "Budget")]
    budget_usd: Option<f64>,

    /// Show the quote; send nothing
    #[arg(long, alias = "quote", help_heading = "Budget")]
    dry_run: bool,

    #[command(flatten)]
    how: SendFlags,

    #[command(flatten)]
    traffic: Traffic,

    /// Write the sheet of --sample
    #[arg(short, long = "output", value_name = "FILE", requires = "draw", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    format: Format,
}

/// Asks judges, draws a sample for people, or reads what they said.
pub async fn start(mut arguments: JudgeArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let record = record_here(arguments.run.as_deref(), &project)?;
    arguments.how.again = Some(format!("vision-eval judge {}", record.dir.display()));
    if let (Some(count), Some(path)) = (arguments.draw, &arguments.output) {
        return draw(&record, count, arguments.seed, path, app);
    }
    let exit = match &arguments.calibrate {
        Some(path) => {
            let _lock = record.lock()?;
            let said = read_sheet(&read_saved(path)?).map_err(|error| in_file(path, &error))?;
            let known = add_people(&record, &said, &arguments.author, &now())
                .map_err(|error| in_file(path, &error))?;
            if !app.shared.quiet {
                let left = said.len() - known;
                let left =
                    if left > 0 { format!("; {left} are not judged, or not in full") } else { String::new() };
                eprintln!(
                    "{} judged by {}{left}",
                    counted(known as u64, "answer"),
                    eval_report::escape::terminal(&arguments.author)
                );
            }
            Exit::Pass
        }
        None => {
            let _lock = record.lock()?;
            asking::ask(&record, &arguments, app).await?
        }
    };
    match arguments.dry_run {
        true => Ok(exit),
        false => conclude(&record, &project, exit, arguments.format, app),
    }
}

fn in_file(path: &Path, error: &JudgeError) -> Failure {
    Failure::setup(format!("{}: {error}", path.display()))
}

impl From<JudgeError> for Failure {
    fn from(error: JudgeError) -> Self {
        let exit = if error.is_unwritable { Exit::Output } else { Exit::Setup };
        Self::new(exit, error.to_string())
    }
}

/// Writes the sheet.
fn draw(record: &Record, count: usize, seed: Option<u64>, path: &Path, app: &App) -> Result<Exit, Failure> {
    let items = sample(record, count, seed.unwrap_or(record.plan.seed))?;
    if items.is_empty() {
        let none = "no answer is left to judge: the run has no open task, or people have judged all of it";
        return Err(Failure::new(Exit::NothingSelected, none));
    }
    let failed = |error| Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()));
    // A sheet that somebody has begun to fill in is worth more than a new one.
    std::fs::File::create_new(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, sheet(&items).as_bytes()))
        .map_err(failed)?;
    if !app.shared.quiet {
        eprintln!("written {}: {}", path.display(), counted(items.len() as u64, "answer"));
        eprintln!(
            "write yes or no into the column `met` of every row: does the answer say what the statement says?"
        );
        eprintln!("then: vision-eval judge {} --calibrate {}", record.dir.display(), path.display());
    }
    Ok(Exit::Pass)
}

/// Scores anew, and says what judges and people say.
fn conclude(
    record: &Record,
    project: &Project,
    exit: Exit,
    format: Format,
    app: &App,
) -> Result<Exit, Failure> {
    let options = summaries::options(project, &app.environment)?;
    reported(record, &options, project, Embed::default(), app, |reporter| {
        record.write_json("summary.json", reporter.summary)?;
        reporter.write_page()?;
        match &reporter.summary.judging {
            Some(judging) => print_out(Finding::Judging(judging), format, app)?,
            None => return Ok(exit),
        };
        if !app.shared.quiet {
            eprintln!("\nreport   {}", record.path("report.html").display());
        }
        Ok(exit)
    })
}
