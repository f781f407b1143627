//! The command `vision-eval`. See the README.

mod ask;
mod environment;
mod exit;
mod host;
mod input;
mod plan;
mod progress;
mod providers;
mod registry;
mod resume;
mod run;
mod settings;
mod table;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::environment::Environment;
use crate::exit::{Exit, Failure};

/// Chooses a vision-model provider on evidence, and keeps that choice honest.
#[derive(Debug, Parser)]
#[command(name = "vision-eval", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    shared: settings::Shared,

    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Plan, quote, run, score, report (what happens without a verb)
    Run(run::Arguments),
    /// Show what would be asked and what it would cost; sends nothing
    Plan(plan::Arguments),
    /// Go on with an interrupted run; nothing is paid twice
    Resume(resume::Arguments),
    /// Ask one question about one or more files, through any provider
    Ask(ask::Arguments),
    /// What providers there are, what they can do, and whether their keys are set
    Providers(providers::Arguments),
}

fn main() -> std::process::ExitCode {
    let environment = Environment::read();
    let outcome = parse(&environment).and_then(|arguments| start(arguments, environment));
    match outcome {
        Ok(exit) => exit.code(),
        Err(failure) => failure.report(),
    }
}

fn parse(environment: &Environment) -> Result<Arguments, Failure> {
    let command = environment.with_twins(Arguments::command());
    let matches = command.try_get_matches().map_err(Failure::usage)?;
    Arguments::from_arg_matches(&matches).map_err(Failure::usage)
}

fn start(arguments: Arguments, environment: Environment) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unexpected(format!("cannot start: {error}")))?;
    let shared = arguments.shared;
    let verb = arguments.verb.unwrap_or_else(|| Verb::Run(run::Arguments::default()));
    let exit = runtime.block_on(async {
        match verb {
            Verb::Run(arguments) => run::start(arguments, &shared, &environment).await,
            Verb::Plan(arguments) => plan::start(arguments, &shared, &environment),
            Verb::Resume(arguments) => resume::start(arguments, &shared, &environment).await,
            Verb::Ask(arguments) => ask::start(arguments, &shared, &environment).await,
            Verb::Providers(arguments) => providers::start(arguments, &shared, &environment).await,
        }
    });
    // A second Ctrl-C or a reader that never ends must not keep the process alive.
    runtime.shutdown_background();
    exit
}
