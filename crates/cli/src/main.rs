//! The command `vision-eval`. See the README.

mod agreed;
mod app;
mod ask;
mod automate;
mod baseline;
mod batch;
mod budget;
mod cache;
mod cascade;
mod compare;
mod compared;
mod conclusion;
mod datasets;
mod drawing;
mod environment;
mod exit;
mod findings;
mod gate;
mod help;
mod history;
mod host;
mod import;
mod init;
mod interrupts;
mod judge;
mod labels;
mod labels_audit;
mod log;
mod looking;
mod media_source;
mod merge;
mod needs;
mod open_files;
mod output;
mod plan;
mod progress;
mod providers;
mod reference;
mod registry;
mod repeating;
mod report;
mod resume;
mod run;
mod running;
mod said;
mod schema;
mod score;
mod settings;
mod shell;
mod sides;
mod steered;
mod storage;
mod studio;
mod summaries;
mod table;
mod telemetry;
mod view;
mod worker;
mod workers;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::App;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};

/// Chooses a vision-model provider on evidence, and keeps that choice honest.
#[derive(Debug, Parser)]
#[command(
    name = "vision-eval",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  vision-eval init
  vision-eval run --provider openai/gpt-5.6-luna,local/accurate --dataset receipts --budget-usd 2
  vision-eval ask local/accurate receipt.jpg \"What does it say?\""
)]
struct CommandLine {
    #[command(flatten)]
    shared: settings::Shared,

    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run an evaluation: plan, quote, send, score, report (default command)
    Run(Box<run::RunArguments>),
    /// Show the requests and their cost; send nothing
    Plan(Box<plan::PlanArguments>),
    /// Resume an interrupted run; recorded answers are not asked again
    Resume(Box<resume::ResumeArguments>),
    /// Carry out requests for runs started with --workers on other machines
    Worker(worker::WorkerArguments),
    /// List and cancel the batches of a run
    Batch(batch::BatchArguments),
    /// Have open answers judged, by models and by people
    Judge(Box<judge::JudgeArguments>),
    /// Import answers that were collected elsewhere
    Import(import::ImportArguments),
    /// Merge runs made with --partition
    Merge(merge::MergeArguments),
    /// Re-score a recorded run or a file of pairs; send nothing
    Score(score::ScoreArguments),
    /// Print or write reports of a recorded run
    Report(Box<report::ReportArguments>),
    /// Compare runs: what changed, improved and regressed
    Compare(compare::CompareArguments),
    /// Show how many documents can run unattended, and the total cost
    Automate(automate::AutomateArguments),
    /// Search chains: a cheap candidate first, a dearer one or a person if in doubt
    Cascade(cascade::CascadeArguments),
    /// Label documents, or review and watch a run, in a local page
    Studio(Box<studio::StudioArguments>),
    /// Audit labels, and apply corrections
    Labels(labels_audit::LabelsArguments),
    /// Save, show and list baselines
    Baseline(baseline::BaselineArguments),
    /// Check a run against a baseline or bounds (exit code for CI)
    Gate(gate::GateArguments),
    /// Show all runs over time, with what changed
    History(history::HistoryArguments),
    /// Open the HTML report in a browser
    View(view::ViewArguments),
    /// List, check, generate and import datasets
    Datasets(datasets::DatasetsArguments),
    /// List and check providers
    Providers(providers::ProvidersArguments),
    /// Ask a question about files, with one or more providers
    Ask(Box<ask::AskArguments>),
    /// Show or prune cached answers
    Cache(cache::CacheArguments),
    /// Set up a project: look at the folder, propose datasets, providers and a budget
    Init(init::InitArguments),
    /// List or print the JSON Schemas of files and outputs
    Schema(schema::SchemaArguments),
    /// Print shell completions
    Completions(shell::Completions),
    /// Print the manual page
    #[command(hide = true)]
    Man,
    /// Write the reference pages of the docs
    #[command(hide = true)]
    Reference(reference::ReferenceArguments),
}

fn main() -> std::process::ExitCode {
    if let Some(ended) = drawing::asked_for() {
        return ended;
    }
    let environment = Environment::read();
    log::hide_secrets_in_panics(registry::secrets(&environment));
    let outcome = parse(&environment).and_then(|arguments| {
        let environment = environment.with_file(&arguments.shared.folder(), registry::may_stand_in_a_file);
        log::hide_secrets_in_panics(registry::secrets(&environment));
        start(arguments, environment)
    });
    match outcome {
        Ok(exit) => exit.code(),
        Err(failure) => failure.report(),
    }
}

fn parse(environment: &Environment) -> Result<CommandLine, Failure> {
    let command = help::shortened(environment.with_twins(CommandLine::command()));
    let matches = command.try_get_matches().map_err(Failure::usage)?;
    CommandLine::from_arg_matches(&matches).map_err(Failure::usage)
}

/// No verb is `run`, with the same defaults and the same twins in the environment.
fn bare(environment: &Environment) -> Result<Verb, Failure> {
    let command = environment.with_twins(CommandLine::command());
    let matches = command.try_get_matches_from(["vision-eval", "run"]).map_err(Failure::usage)?;
    let arguments = CommandLine::from_arg_matches(&matches).map_err(Failure::usage)?;
    Ok(arguments.verb.expect("the verb was just named"))
}

fn start(arguments: CommandLine, environment: Environment) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unexpected(format!("cannot start: {error}")))?;
    interrupts::listen();
    log::start(arguments.shared.verbose, registry::secrets(&environment));
    let verb = match arguments.verb {
        Some(verb) => verb,
        None => bare(&environment)?,
    };
    let app = App { shared: arguments.shared, environment };
    storage::install(&app);
    let exit = runtime.block_on(async {
        match verb {
            Verb::Run(arguments) => run::start(*arguments, &app).await,
            Verb::Plan(arguments) => plan::start(&arguments, &app),
            Verb::Resume(arguments) => resume::start(*arguments, &app).await,
            Verb::Worker(arguments) => worker::start(arguments, &app).await,
            Verb::Batch(arguments) => batch::start(arguments, &app).await,
            Verb::Judge(arguments) => judge::start(*arguments, &app).await,
            Verb::Import(arguments) => import::start(arguments, &app),
            Verb::Merge(arguments) => merge::start(&arguments, &app.environment),
            Verb::Score(arguments) => score::start(&arguments, &app),
            Verb::Report(arguments) => report::start(*arguments, &app),
            Verb::Compare(arguments) => compare::start(&arguments, &app),
            Verb::Automate(arguments) => automate::start(&arguments, &app),
            Verb::Cascade(arguments) => cascade::start(&arguments, &app),
            Verb::Studio(arguments) => studio::start(*arguments, &app).await,
            Verb::Labels(arguments) => labels_audit::start(&arguments, &app),
            Verb::Baseline(arguments) => baseline::start(arguments, &app),
            Verb::Gate(arguments) => gate::start(arguments, &app),
            Verb::History(arguments) => history::start(arguments, &app),
            Verb::View(arguments) => view::start(arguments, &app),
            Verb::Datasets(arguments) => datasets::start(arguments, &app),
            Verb::Providers(arguments) => providers::start(arguments, &app).await,
            Verb::Ask(arguments) => ask::start(*arguments, &app).await,
            Verb::Cache(arguments) => cache::start(&arguments, &app.environment),
            Verb::Init(arguments) => init::start(&arguments, &app),
            Verb::Schema(arguments) => schema::start(&arguments, &app),
            Verb::Completions(arguments) => shell::completions(&arguments),
            Verb::Man => shell::manual(),
            Verb::Reference(arguments) => reference::start(&arguments),
        }
    });
    // A second Ctrl-C or a reader that never ends must not keep the process alive.
    runtime.shutdown_background();
    exit
}
