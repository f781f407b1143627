use std::path::PathBuf;

use clap::Args;
use eval_decide::{Automation, People, Question, Wanted, automation, studies};
use eval_record::Record;
use eval_report::Finding;
use eval_summary::{Scored, score};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::findings::{FindingOutput, put_out, record};
use crate::settings::{Project, amount, share};
use crate::summaries;

/// What `automate` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval automate --on total,date --max-error 0.01
  vision-eval automate runs/20261121T100000Z-eval --on total --human-usd 0.40 --human-error 0.01
  vision-eval automate --task receipts --wrong-usd 25 --format markdown")]
pub struct AutomateArguments {
    /// Run directory [default: the newest run]
    run: Option<PathBuf>,

    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    output: FindingOutput,
}

/// What is promised, and what errors and people cost.
#[derive(Debug, Clone, Args)]
pub struct Rules {
    /// Require only these fields to be right [default: the whole answer]
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub on: Vec<String>,

    /// Decide for one task: DATASET or DATASET/TASK [default: every task with the fields]
    #[arg(long, value_name = "TASK")]
    pub task: Option<String>,

    /// Allow this share of wrong documents among the unattended ones
    #[arg(long, value_name = "SHARE", value_parser = open_share, default_value = "0.01")]
    pub max_error: f64,

    /// Keep the promise with this probability
    #[arg(long, value_name = "SHARE", value_parser = open_share, default_value = "0.95")]
    pub confidence: f64,

    /// Cost of a person who reads a document [default: 0.40, or --human-minutes]
    #[arg(long, value_name = "USD", value_parser = amount)]
    pub human_usd: Option<f64>,

    /// Minutes of a person for a document, at loss.person_minute of eval.toml
    #[arg(long, value_name = "N", value_parser = amount, conflicts_with = "human_usd")]
    pub human_minutes: Option<f64>,

    /// Share of documents that a person gets wrong
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0.01")]
    pub human_error: f64,

    /// Cost of a wrong document [default: by `loss` of eval.toml]
    #[arg(long, value_name = "USD", value_parser = amount)]
    pub wrong_usd: Option<f64>,
}

fn open_share(text: &str) -> Result<f64, String> {
    share(text)
        .ok()
        .filter(|it| *it > 0.0 && *it < 1.0)
        .ok_or("not a share above 0 and below 1, such as 0.01".to_owned())
}

impl Rules {
    /// What is asked of the record.
    pub fn question(&self, project: &Project) -> Result<Question, Failure> {
        Ok(Question { on: self.on.clone(), scope: self.task.clone(), loss: summaries::loss(project)? })
    }

    /// What is promised.
    pub fn wanted(&self, project: &Project) -> Result<Wanted, Failure> {
        let minute = summaries::loss(project)?.and_then(|loss| loss.person_minute);
        let by_minutes = match (self.human_minutes, minute) {
            (Some(_), None) => {
                return Err(Failure::setup(format!(
                    "--human-minutes needs a price: set person_minute in [loss] of {}",
                    project.file_name()
                )));
            }
            (minutes, price) => minutes.zip(price).map(|(minutes, price)| minutes * price),
        };
        let usual = Wanted::default().people;
        Ok(Wanted {
            max_error: self.max_error,
            // 1 − 0.95 is not 0.05 to the last digit.
            delta: ((1.0 - self.confidence) * 1e12).round() / 1e12,
            people: People {
                usd: self.human_usd.or(by_minutes).unwrap_or(usual.usd),
                error: self.human_error,
            },
            wrong_usd: self.wrong_usd,
        })
    }
}

/// Says how many documents can run unattended. Nothing is sent.
pub fn start(arguments: &AutomateArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let record = record(arguments.run.as_deref(), &project)?;
    let rules = &arguments.rules;
    let scored = score(&record, &summaries::options(&project, &app.environment)?)?;
    let studies = studies(&record.plan, scored.case_views()?, &rules.question(&project)?)?;
    if studies.is_empty() {
        return Err(Failure::setup("no case of this run has a label for these fields"));
    }
    let found = automation(&record.plan.name, &studies, &rules.wanted(&project)?);
    put_out(Finding::Automation(&found), &arguments.output, app)
}

/// More answers would be compared with each other for longer than a report should take.
const MOST_ANSWERS: usize = 20_000;

/// The part of a run's report: whole answers, usual limits. Nothing for very long runs, and where there is no candidate.
pub fn of_scored(
    record: &Record,
    scored: &Scored<'_>,
    project: &Project,
) -> Result<Option<Automation>, Failure> {
    let plan = &record.plan;
    let candidates = plan.providers.iter().filter(|provider| !provider.control).count();
    let cases: u64 = plan.datasets.iter().map(|dataset| dataset.cases).sum();
    if candidates == 0 || candidates as u64 * cases * u64::from(plan.repeats) > MOST_ANSWERS as u64 {
        return Ok(None);
    }
    let question = Question { loss: summaries::loss(project)?, ..Question::default() };
    let studies = studies(plan, scored.case_views()?, &question)?;
    Ok(Some(automation(&plan.name, &studies, &Wanted::default())))
}
