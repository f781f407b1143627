use std::num::NonZeroUsize;

use clap::Args;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::workers;

/// What `worker` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Start it in the project's directory, or in a copy: it needs the datasets of the runs, and the keys of their providers in the
environment or in .env. It works on every run of the server that it can serve, until Ctrl-C.

The server may ask for NATS_TOKEN, NATS_USER and NATS_PASSWORD, NATS_NKEY (a seed), or NATS_CREDENTIALS (a file).

Examples:
  vision-eval worker nats://127.0.0.1:4222
  vision-eval worker tls://nats.example.com:4222 -j 256")]
pub struct WorkerArguments {
    /// Address of the NATS server, such as nats://127.0.0.1:4222
    #[arg(value_parser = workers::address)]
    pub url: String,

    /// Open these datasets in object storage, beside those of eval.toml, if a run names them
    #[arg(short, long, value_name = "ADDRESS,…", value_delimiter = ',')]
    pub dataset: Vec<String>,

    /// Run at most N requests in parallel for each remote provider
    #[arg(short = 'j', long, value_name = "N", default_value = "128")]
    pub max_concurrency: NonZeroUsize,

    /// Run at most N requests in parallel for each local provider [default: number of cores]
    #[arg(long, value_name = "N")]
    pub local_concurrency: Option<NonZeroUsize>,
}

/// Works until it is interrupted.
pub async fn start(arguments: WorkerArguments, app: &App) -> Result<Exit, Failure> {
    arguments.dataset.iter().for_each(|address| vision_files::storage::allow(address));
    workers::work(arguments, app).await
}
