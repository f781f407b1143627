use std::path::PathBuf;
use std::process::Command;

use clap::Args;
use eval_record::Record;
use eval_report::Embed;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::report::reported;
use crate::settings::Project;
use crate::sides::newest;
use crate::summaries;

/// What `view` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vision-eval view runs/20261121T100000Z-eval")]
pub struct ViewArguments {
    /// Run directory [default: the newest run]
    run: Option<PathBuf>,

    /// Show media of these datasets, beside those of eval.toml and the run's own folder
    #[arg(short, long, value_name = "DIR,…", value_delimiter = ',')]
    dataset: Vec<String>,
}

/// Opens the HTML report, made anew from the record: a page that lies beside it may be anybody's, with scripts in it.
pub fn start(arguments: ViewArguments, app: &App) -> Result<Exit, Failure> {
    let mut project = Project::read(&app.shared)?;
    project.add_datasets(&arguments.dataset);
    let dir = arguments.run.map_or_else(|| newest(&project), Ok)?;
    let record = Record::open(&dir).map_err(|error| Failure::setup(error.to_string()))?;
    summaries::decide_as_begun(&mut project, &record.plan);
    let options = summaries::options(&project, &app.environment)?;
    reported(&record, &options, &project, Embed::default(), app, |reporter| reporter.write_page())?;
    let path = record.path("report.html");
    let opener = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    if !Command::new(opener).arg(&path).status().is_ok_and(|status| status.success()) {
        eprintln!("no browser could be opened; the report is here:");
    }
    crate::table::print(&path.display().to_string())?;
    Ok(Exit::Pass)
}
