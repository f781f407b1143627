use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use eval::{cancel_batches, equip, reopen};
use eval_record::{BatchStage, Record, RecordedBatch};
use eval_report::escape::terminal;
use eval_report::figures::money;

use crate::agreed;
use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::host::{Traffic, batch_transport, transport};
use crate::output::{BatchLine, BatchesOutput, ListFormat, json};
use crate::registry::Providers;
use crate::settings::Project;
use crate::sides::newest;
use crate::table::{columns, print, table};

/// What `batch` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval batch list
  vision-eval batch cancel runs/20261121T100000Z-eval --batch 2
  vision-eval resume runs/20261121T100000Z-eval")]
pub struct BatchArguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the batches of a run as they were last seen; send nothing
    List {
        /// Run directory [default: the newest run]
        run: Option<PathBuf>,

        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Cancel open batches of a run; what is answered by then is billed, and `resume` collects it
    Cancel {
        /// Run directory [default: the newest run]
        run: Option<PathBuf>,

        /// Cancel the batch of this number only
        #[arg(long, value_name = "N")]
        batch: Option<u32>,
    },
}

/// Carries it out.
pub async fn start(arguments: BatchArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    match arguments.verb {
        Verb::List { run, format } => list(&open(run, &project)?, format, app),
        Verb::Cancel { run, batch } => cancel(&open(run, &project)?, batch, (&project, app)).await,
    }
}

fn open(run: Option<PathBuf>, project: &Project) -> Result<Record, Failure> {
    let dir = match run {
        Some(dir) => dir,
        None => newest(project)?,
    };
    if vision_files::storage::is_address(&dir) {
        return Err(Failure::setup(
            "batches of a run in object storage are collected by `resume`, and not listed",
        ));
    }
    Record::open(&dir).map_err(|error| Failure::setup(error.to_string()))
}

fn list(record: &Record, format: ListFormat, app: &App) -> Result<Exit, Failure> {
    let batches: Vec<BatchLine> = record.batches()?.iter().map(line).collect();
    if format == ListFormat::Json {
        json(&BatchesOutput { run: record.dir.display().to_string(), batches })?;
        return Ok(Exit::Pass);
    }
    if batches.is_empty() {
        print(&format!("{} has no batches", record.dir.display()))?;
        return Ok(Exit::Pass);
    }
    let rows = batches.iter().map(|batch| {
        [
            batch.batch.to_string(),
            terminal(&batch.provider),
            batch.stage.to_owned(),
            terminal(batch.state.as_deref().unwrap_or_default()),
            batch.requests.to_string(),
            batch.done.map_or_else(String::new, |done| done.to_string()),
            batch.reserved_usd.map_or_else(String::new, money),
            terminal(batch.id.as_deref().unwrap_or_default()),
        ]
    });
    let head = ["batch", "provider", "stage", "state", "requests", "done", "reserved", "id"];
    print(&table(head, rows, columns(&app.environment)))?;
    Ok(Exit::Pass)
}

fn line(batch: &RecordedBatch) -> BatchLine {
    let reserved: f64 = batch.intent.asks.iter().map(|ask| ask.usd.0).sum();
    BatchLine {
        batch: batch.intent.batch,
        provider: batch.intent.provider.clone(),
        stage: match batch.stage {
            BatchStage::Intended => "intended",
            BatchStage::Creating => "unknown",
            BatchStage::Open => "open",
            BatchStage::Collected => "collected",
            BatchStage::Dropped => "dropped",
        },
        id: batch.id.clone(),
        state: batch.state.clone(),
        requests: batch.intent.asks.len() as u64,
        done: batch.done,
        reserved_usd: batch.stage.is_open().then_some(reserved),
    }
}

async fn cancel(
    record: &Record,
    batch: Option<u32>,
    (project, app): (&Project, &App),
) -> Result<Exit, Failure> {
    // Whoever collects meanwhile would be written over.
    let _lock = record.lock()?;
    let traffic = Traffic::default();
    let providers = Providers::new(&app.environment, transport(&app.shared, &traffic)?, true)
        .of_a_record(&project.config.provider)
        .with_batches(batch_transport(&app.shared, &traffic)?);
    let providers = match agreed::is_own(&record.plan, &app.environment) {
        true => providers,
        false => providers.of_a_stranger(),
    };
    let prepared = equip(reopen(record, &project.config, &project.root, None)?, &providers)?;
    let cancelled = cancel_batches(&prepared, record, batch).await?;
    if cancelled.is_empty() {
        print("no batch is open")?;
        return Ok(Exit::NothingSelected);
    }
    let mut exit = Exit::Pass;
    for one in cancelled {
        let name = format!("batch {} of {}", one.batch, one.provider);
        match one.outcome {
            Ok(()) => print(&terminal(&format!("{name}: cancellation requested")))?,
            Err(error) => {
                eprintln!("{}", terminal(&format!("{name}: {}", error.chain())));
                exit = Exit::Incomplete;
            }
        }
    }
    say_what_next(&record.dir);
    Ok(exit)
}

fn say_what_next(dir: &Path) {
    let dir = dir.display();
    eprintln!("collect what was answered with: vision-eval resume {dir}");
    eprintln!("the rest is not submitted again, except with: vision-eval resume {dir} --resubmit");
}
