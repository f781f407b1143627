use std::path::PathBuf;

use clap::Args;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::host::Traffic;
use crate::running::SendFlags;
use crate::settings::{dollars, share};

#[cfg(feature = "studio")]
mod prefill;
#[cfg(feature = "studio")]
mod review;
#[cfg(feature = "studio")]
mod serve;

/// What `studio` takes.
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "studio"), allow(dead_code, reason = "only read where the studio is built"))]
#[command(after_help = "\
Examples:
  vision-eval studio scans
  vision-eval studio runs/20261129T100000Z-receipts
  vision-eval studio scans --template receipt
  vision-eval studio scans --field vendor,invoice_date,total:money --date-order dmy
  vision-eval studio scans --schema invoice.json -p openai/gpt-5.6-luna --budget-usd 2")]
pub struct StudioArguments {
    /// Folder with documents to label, or directory of a run to review
    #[arg(default_value = ".", value_name = "FOLDER|RUN")]
    folder: PathBuf,

    /// Use the fields of a template: receipt, invoice, document, classes, transcript, description, summary
    #[arg(long, value_name = "NAME", group = "what", help_heading = "Fields")]
    template: Option<String>,

    /// Name the classes of the template `classes`
    #[arg(
        long,
        value_name = "NAME,…",
        value_delimiter = ',',
        requires = "template",
        help_heading = "Fields"
    )]
    class: Vec<String>,

    /// Use the fields of a JSON Schema
    #[arg(long, value_name = "FILE", group = "what", help_heading = "Fields")]
    schema: Option<PathBuf>,

    /// Name the fields, with a type where the name does not tell it: total:money
    #[arg(
        long,
        value_name = "NAME[:TYPE],…",
        value_delimiter = ',',
        group = "what",
        help_heading = "Fields"
    )]
    field: Vec<String>,

    /// Use the columns of a CSV file as fields
    #[arg(long, value_name = "FILE", group = "what", help_heading = "Fields")]
    columns_of: Option<PathBuf>,

    /// Set the date order where days and months can be confused: dmy, mdy, ymd
    #[arg(long, value_name = "ORDER", help_heading = "Fields")]
    date_order: Option<String>,

    /// Show this share of the documents without proposals [default: 0.1]
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Proposals")]
    blind: Option<f64>,

    /// Show media of these datasets in a review, beside those of eval.toml and the run's own folder
    #[arg(short, long, value_name = "DIR,…", value_delimiter = ',', help_heading = "Review")]
    dataset: Vec<String>,

    /// Ask these providers for proposals [default: local/fast,local/accurate]
    #[arg(short, long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Proposals")]
    provider: Vec<String>,

    /// Show no proposals
    #[arg(long, conflicts_with = "provider", help_heading = "Proposals")]
    no_proposals: bool,

    /// Spend at most USD on proposals (required for paid providers)
    #[arg(long, value_name = "USD", value_parser = dollars, help_heading = "Budget")]
    budget_usd: Option<f64>,

    #[command(flatten)]
    how: SendFlags,

    #[command(flatten)]
    traffic: Traffic,

    /// Listen at this port of this machine [default: a free one]
    #[arg(
        long,
        value_name = "PORT",
        default_value = "0",
        hide_default_value = true,
        help_heading = "Output"
    )]
    port: u16,

    /// Export datasets to DIR [default: beside FOLDER, with -dataset behind its name]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    export: Option<PathBuf>,
}

#[cfg(feature = "studio")]
impl StudioArguments {
    /// Whether anything was typed that only makes sense for documents to label.
    fn is_about_labels(&self) -> bool {
        let fields = self.template.is_some() || self.schema.is_some() || self.columns_of.is_some();
        fields || !self.field.is_empty() || !self.provider.is_empty() || self.export.is_some()
    }
}

/// Serves the page, and asks for proposals meanwhile.
#[cfg(feature = "studio")]
pub async fn start(arguments: StudioArguments, app: &App) -> Result<Exit, Failure> {
    serve::start(arguments, app).await
}

/// Says how to come by a build that has it.
#[cfg(not(feature = "studio"))]
pub async fn start(_: StudioArguments, _: &App) -> Result<Exit, Failure> {
    Err(Failure::setup(
        "this build has no studio; in the repository: cargo install --path crates/cli --features studio",
    ))
}
