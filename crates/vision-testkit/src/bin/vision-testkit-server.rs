//! The server of `vision-testkit` as a program.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use vision_testkit::server::{Answers, Fault, Server, Settings};

/// Speaks the dialects of the vendors on this machine, checks requests, and misbehaves on demand.
///
/// Its address is the first line on stdout. `GET /__journal` shows what came; `DELETE /__journal` forgets it.
/// A fault can also be asked for by one request: in the header `x-vision-fault`, as `?fault=…`, or in front of
/// the path as `/__fault/503*1/v1/…`.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The key to ask for; without it any key and none are taken
    #[arg(long)]
    key: Option<String>,
    /// A model that exists (repeatable); without it all do
    #[arg(long)]
    model: Vec<String>,
    /// Take requests that do not satisfy the vendors' schemas
    #[arg(long)]
    lax: bool,
    /// JSON lines of answers: {"image":"<sha256>","prompt":"…","model":"…","answer":…}, conditions optional
    #[arg(long)]
    answers: Option<PathBuf>,
    /// What goes wrong: KIND[:ARGUMENT][*TIMES][@PROBABILITY] (repeatable), such as 429:2@0.1 or cut*1
    #[arg(long)]
    fault: Vec<Fault>,
    /// Quote keys wherever they can be, as careless hosts do
    #[arg(long)]
    echo: bool,
    /// For faults that strike by chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The most requests at the same time, for each key
    #[arg(long)]
    max_concurrency: Option<u64>,
    /// The most requests a minute, for each key
    #[arg(long)]
    requests_per_minute: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let answers = match &arguments.answers {
        None => Answers::default(),
        Some(path) => {
            let wrong = |error: String| format!("{}: {error}", path.display());
            let lines = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
            Answers::parse(&lines).map_err(wrong)?
        }
    };
    let settings = Settings {
        key: arguments.key,
        models: arguments.model,
        strict: !arguments.lax,
        answers,
        faults: arguments.fault,
        echo: arguments.echo,
        seed: arguments.seed,
        max_concurrency: arguments.max_concurrency,
        requests_per_minute: arguments.requests_per_minute,
        ..Settings::default()
    };
    let server = Server::bind(arguments.listen, settings).await.map_err(|error| error.to_string())?;
    println!("{}", server.url());
    tokio::select! {
        () = server.forever() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(|error| error.to_string()),
    }
}
