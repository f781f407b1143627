//! How findings that a decision rests on are printed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use eval_record::Record;
use eval_report::{Finding, Look};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::report::folder_of;
use crate::settings::Project;
use crate::sides::newest;
use crate::table::{Format, columns, print};

/// Where a finding goes.
#[derive(Debug, Default, Args)]
pub struct FindingOutput {
    /// Write a page, Markdown, data or text: .html .md .json .txt
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Vec<PathBuf>,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// Writes the files that were asked for, and prints.
pub fn put_out(finding: Finding<'_>, to: &FindingOutput, app: &App) -> Result<Exit, Failure> {
    let texts: Vec<String> =
        to.output.iter().map(|path| text_for(finding, path)).collect::<Result<_, _>>()?;
    for (path, text) in to.output.iter().zip(texts) {
        fs::create_dir_all(folder_of(path)).and_then(|()| fs::write(path, text)).map_err(|error| {
            Failure::new(Exit::Output, format!("{} cannot be written: {error}", path.display()))
        })?;
        if !app.shared.quiet {
            eprintln!("written {}", path.display());
        }
    }
    print_out(finding, to.format, app)
}

/// A finding as the ending of a file asks for it. Labels that are probably wrong are also a queue to decide.
fn text_for(finding: Finding<'_>, path: &Path) -> Result<String, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    Ok(match (ending, finding) {
        ("html" | "htm", it) => it.html(),
        ("md" | "markdown", it) => it.markdown(),
        ("json", it) => it.json(),
        ("txt", it) => it.terminal(Look { columns: 100, color: false }),
        ("csv", Finding::Labels(audit)) => eval_report::label_queue_csv(audit),
        ("jsonl", Finding::Labels(audit)) => eval_report::label_queue_jsonl(audit),
        (_, it) => {
            let queue = if matches!(it, Finding::Labels(_)) { ".csv .jsonl " } else { "" };
            let message = format!("an ending that is none of {queue}.html .md .json .txt");
            return Err(Failure::setup(format!("{} has {message}", path.display())));
        }
    })
}

/// Prints a finding.
pub fn print_out(finding: Finding<'_>, format: Format, app: &App) -> Result<Exit, Failure> {
    let look = Look { columns: columns(&app.environment), color: app.shared.wants_color(&app.environment) };
    let text = match format {
        Format::Text => finding.terminal(look),
        Format::Markdown => finding.markdown(),
        Format::Html => finding.html(),
        Format::Json => finding.json(),
    };
    print(text.trim_end())?;
    Ok(Exit::Pass)
}

/// A run that was named, by its directory or by its name among the project's runs, or the newest one.
pub fn record(run: Option<&Path>, project: &Project) -> Result<Record, Failure> {
    let dir = match run {
        None => newest(project)?,
        Some(run) if run.join("plan.json").is_file() => run.to_owned(),
        Some(run) => {
            let in_runs: PathBuf = project.root.join(&project.config.runs).join(run);
            if in_runs.join("plan.json").is_file() { in_runs } else { run.to_owned() }
        }
    };
    Record::open(&dir).map_err(|error| Failure::setup(error.to_string()))
}

/// The same, to write to it.
pub fn record_here(run: Option<&Path>, project: &Project) -> Result<Record, Failure> {
    match run.filter(|run| vision_files::storage::is_address(run)) {
        Some(run) => Err(Failure::setup(format!(
            "{} is in object storage, where only `run` and `resume` write: copy it to a directory first",
            run.display()
        ))),
        None => record(run, project),
    }
}
