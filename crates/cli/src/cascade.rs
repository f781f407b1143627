use std::path::PathBuf;

use clap::Args;
use eval_decide::chain::{Goal, chains};
use eval_decide::{People, Question, studies};
use eval_report::Finding;
use eval_summary::score;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::findings::{FindingOutput, put_out, record};
use crate::settings::{Project, amount, share};
use crate::summaries;

mod export;

/// What `cascade` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval cascade --on total,date
  vision-eval cascade runs/20261121T100000Z-eval --on total --wrong-usd 25 --human-usd 0.40
  vision-eval cascade --task receipts --min-accuracy 0.98 --format json
  vision-eval cascade --on total --export cascade.toml -o cascade.html")]
pub struct CascadeArguments {
    /// Run directory [default: the newest run]
    run: Option<PathBuf>,

    /// Require only these fields to be right [default: the whole answer]
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    on: Vec<String>,

    /// Decide for one task: DATASET or DATASET/TASK [default: every task with the fields]
    #[arg(long, value_name = "TASK")]
    task: Option<String>,

    /// Choose the cheapest chain with at least this share of right answers [default: as many as the best candidate]
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "wrong_usd")]
    min_accuracy: Option<f64>,

    /// Choose the lowest total cost, with USD for each wrong answer [default: by `loss` of eval.toml, if set]
    #[arg(long, value_name = "USD", value_parser = amount)]
    wrong_usd: Option<f64>,

    /// Put a person at the end of chains, at USD per case
    #[arg(long, value_name = "USD", value_parser = amount)]
    human_usd: Option<f64>,

    /// Share of cases that a person gets wrong
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0.01")]
    human_error: f64,

    /// Write the chain of the first task as a provider for eval.toml
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,

    #[command(flatten)]
    output: FindingOutput,
}

/// Searches chains of candidates. Nobody is asked.
pub fn start(arguments: &CascadeArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let record = record(arguments.run.as_deref(), &project)?;
    let scored = score(&record, &summaries::options(&project, &app.environment)?)?;
    let question = Question {
        on: arguments.on.clone(),
        scope: arguments.task.clone(),
        loss: summaries::loss(&project)?,
    };
    let studies = studies(&record.plan, scored.case_views()?, &question)?;
    let answers =
        studies.iter().flat_map(|study| &study.cases).flat_map(|case| case.answers.iter().flatten());
    if arguments.human_usd.is_none() && !answers.into_iter().any(|answer| answer.answered) {
        return Err(Failure::new(
            Exit::Incomplete,
            "no candidate answered in this run: there is nothing to chain",
        ));
    }
    let by_loss = studies.first().and_then(eval_decide::Study::usd_per_wrong_answer);
    let goal = match (arguments.min_accuracy, arguments.wrong_usd.or(by_loss)) {
        (Some(least), _) => Goal::Accuracy { least },
        (None, Some(wrong_usd)) => Goal::TotalCost { wrong_usd },
        (None, None) => Goal::BestSingle,
    };
    let people = arguments.human_usd.map(|usd| People { usd, error: arguments.human_error });
    let report = chains(&record.plan.name, &studies, goal, people);
    if let Some(path) = &arguments.export {
        export::write(path, &record, &report)?;
    }
    put_out(Finding::Cascade(&report), &arguments.output, app)
}
