use std::path::PathBuf;

use clap::Args;
use eval_report::Look;
use eval_summary::history;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::settings::Project;
use crate::summaries;
use crate::table::{Format, columns, print};

/// What `history` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval history
  vision-eval history runs --format html > history.html")]
pub struct HistoryArguments {
    /// Directory of the runs [default: runs]
    folder: Option<PathBuf>,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Every run over time, with marks where something changed.
pub fn start(arguments: HistoryArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let folder = arguments.folder.unwrap_or_else(|| project.root.join(&project.config.runs));
    let history = history(&folder, &summaries::options(&project, &app.environment)?)?;
    let look = Look { columns: columns(&app.environment), color: app.shared.wants_color(&app.environment) };
    let text = match arguments.format {
        Format::Text => eval_report::terminal(&history, look),
        Format::Markdown => eval_report::markdown(&history),
        Format::Html => eval_report::history_html(&history),
        Format::Json => eval_report::json(&history),
    };
    print(text.trim_end())?;
    Ok(Exit::Pass)
}
