//! How findings that a decision rests on are printed.

use std::path::{Path, PathBuf};

use eval_record::Record;
use eval_report::{Finding, Look};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::settings::Project;
use crate::sides::newest;
use crate::table::{Format, columns, print};

/// Prints a finding.
pub fn put_out(finding: Finding<'_>, format: Format, app: &App) -> Result<Exit, Failure> {
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
