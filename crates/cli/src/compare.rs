use clap::Args;
use eval_report::Look;
use eval_summary::compare_runs;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::settings::Project;
use crate::sides::side;
use crate::summaries;
use crate::table::{Format, columns, print};

/// What `compare` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval compare main runs/20261121T100000Z-eval
  vision-eval compare runs/a@openai/gpt-5.6-luna runs/b@openai/gpt-6-luna
  vision-eval compare main runs/today --format html > comparison.html")]
pub struct CompareArguments {
    /// Runs, baselines or RUN@PROVIDER; each is compared with the first
    #[arg(required = true, num_args = 2.., value_name = "SIDE")]
    sides: Vec<String>,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Says what changed, and then what got better or worse.
pub fn start(arguments: &CompareArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let options = summaries::options(&project, &app.environment)?;
    let sides: Result<Vec<_>, _> =
        arguments.sides.iter().map(|text| side(text, &project, &options)).collect();
    let comparison = compare_runs(&sides?, &options)?;
    let look = Look { columns: columns(&app.environment), color: app.shared.wants_color(&app.environment) };
    let text = match arguments.format {
        Format::Text => eval_report::compare_terminal(&comparison, look),
        Format::Markdown => eval_report::compare_markdown(&comparison),
        Format::Html => eval_report::compare_html(&comparison),
        Format::Json => eval_report::json(&comparison),
    };
    print(text.trim_end())?;
    Ok(Exit::Pass)
}
