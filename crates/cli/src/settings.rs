//! What was typed, the configuration file and the defaults meet here, and nowhere else.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use eval::{Config, MOST_AT_ONCE, MOST_REPEATS, Try};
use eval_datasets::{Partition, Range};
use vision_core::Task;

use crate::environment::Environment;

mod project;

pub use project::{Project, prices, read_saved, read_text};

/// Flags that every verb knows.
#[derive(Debug, Clone, Default, Args)]
pub struct Shared {
    /// Use this configuration [default: eval.toml]
    #[arg(short, long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub config: Option<PathBuf>,

    /// Print errors and results only
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,

    /// Log requests and retries, never keys (-vv: libraries too)
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,

    /// Color the output: auto, always, never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: Color,

    /// Trust an additional certificate (PEM), for example of a proxy
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub ca_certificate: Vec<PathBuf>,

    /// Allow sending keys over plain HTTP to other machines
    #[arg(long, global = true, help_heading = "Global options")]
    pub allow_plain_http: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Shared {
    /// The file of the configuration, whether it is there or not.
    fn file(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(|| PathBuf::from("eval.toml"))
    }

    /// The folder that paths of the configuration are relative to; empty for the current one.
    pub fn folder(&self) -> PathBuf {
        self.file().parent().map(Path::to_owned).unwrap_or_default()
    }

    /// Whether stdout is coloured.
    pub fn wants_color(&self, environment: &Environment) -> bool {
        match self.color {
            Color::Auto => environment.wants_color(),
            Color::Always => true,
            Color::Never => false,
        }
    }
}

/// Flags that choose what is asked and of whom.
#[derive(Debug, Clone, Default, Args)]
pub struct Choice {
    /// Select providers by label, kind or PROVIDER/MODEL
    #[arg(short, long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Selection")]
    pub provider: Vec<String>,

    /// Select models of the provider named by --provider
    #[arg(short, long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Selection")]
    pub model: Vec<String>,

    /// Try ways of asking with every provider, all combined: detail=low,high
    #[arg(long = "try", value_name = "FACTOR=VALUE,…", help_heading = "Selection")]
    pub tries: Vec<String>,

    /// Ask with worse twins of every picture, too: rotate=90,180 jpeg=20 blur=2 noise=8 dim=0.4 crop=0.05
    #[arg(long, value_name = "WAY=VALUE,…", num_args = 1.., help_heading = "Selection")]
    pub degrade: Vec<String>,

    /// Select datasets by name or directory
    #[arg(short, long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Selection")]
    pub dataset: Vec<String>,

    /// Select tasks
    #[arg(long, value_name = "TASK,…", value_delimiter = ',', help_heading = "Selection")]
    pub task: Vec<Task>,

    /// Use the first N cases of each dataset, or a range: 10-20
    #[arg(short = 'n', long, value_name = "N", help_heading = "Selection")]
    pub limit: Option<Range>,

    /// Use a random sample of N cases of each dataset
    #[arg(long, value_name = "N", help_heading = "Selection")]
    pub sample: Option<usize>,

    /// Select cases by id; a trailing * matches any rest
    #[arg(long = "case", value_name = "ID,…", value_delimiter = ',', help_heading = "Selection")]
    pub case: Vec<String>,

    /// Select cases with this tag
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value, help_heading = "Selection")]
    pub filter: Vec<(String, String)>,

    /// Select cases with failed trials in RUN
    #[arg(long, value_name = "RUN", help_heading = "Selection")]
    pub failed_from: Option<PathBuf>,

    /// Run one part of the cases, for several machines
    #[arg(long, value_name = "1/4", help_heading = "Selection")]
    pub partition: Option<Partition>,

    /// Repeat each case N times
    #[arg(long, value_name = "N", value_parser = repeats, help_heading = "Selection")]
    pub repeat: Option<u32>,

    /// Set the seed for order, samples and jitter
    #[arg(long, value_name = "N", help_heading = "Selection")]
    pub seed: Option<u64>,

    /// Override built-in prices
    #[arg(long, value_name = "FILE", help_heading = "Budget")]
    pub prices: Option<PathBuf>,

    /// Spend at most USD (required for paid providers)
    #[arg(long, value_name = "USD", value_parser = dollars, help_heading = "Budget")]
    pub budget_usd: Option<f64>,
}

impl Choice {
    /// The names of --provider. The label of a candidate holds commas of its own, each with a space behind it.
    pub fn providers(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for piece in &self.provider {
            match names.last_mut() {
                Some(label) if piece.starts_with(' ') && Try::model_of(label).is_some() => {
                    *label += ",";
                    *label += piece;
                }
                _ => names.push(piece.clone()),
            }
        }
        names
    }

    /// Those of them that name one candidate of what is tried with a model.
    pub fn candidates(&self, config: &Config) -> Vec<String> {
        let is_own = |name: &String| config.provider.iter().any(|it| it.label() == *name);
        self.providers().into_iter().filter(|name| Try::model_of(name).is_some() && !is_own(name)).collect()
    }
}

/// The same bounds as in the configuration.
pub fn at_once(text: &str) -> Result<u32, String> {
    count(text, MOST_AT_ONCE)
}

fn repeats(text: &str) -> Result<u32, String> {
    count(text, MOST_REPEATS)
}

fn count(text: &str, most: u32) -> Result<u32, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number of so many digits is too large for any count.
    let count = if is_number { text.parse().unwrap_or(u64::MAX) } else { 0 };
    eval::check_count(count, most)
}

/// An amount of dollars, with or without the sign.
pub fn dollars(text: &str) -> Result<f64, String> {
    let amount = text.trim_start_matches('$').parse().ok();
    amount.filter(|it: &f64| *it >= 0.0 && it.is_finite()).ok_or("not an amount of dollars".to_owned())
}

/// Up to a day, as in the configuration.
pub fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|it: &f64| *it > 0.0 && *it <= 86_400.0);
    seconds.ok_or("not a number of seconds between 0 and 86400".to_owned())
}

/// A share of the whole score, as in the configuration.
pub fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().map_err(|_| "not a share between 0 and 1".to_owned())?;
    eval::check_share(share)
}

/// An amount that is known.
pub fn amount(text: &str) -> Result<f64, String> {
    let amount = text.parse().ok().filter(|it: &f64| *it >= 0.0 && it.is_finite());
    amount.ok_or("not an amount of 0 or more".to_owned())
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("not of the form KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::Choice;

    #[test]
    fn the_label_of_a_candidate_is_one_name() {
        let typed = "local/fast,openai/m · detail=low, prompt=short,gemini";
        let provider = typed.split(',').map(str::to_owned).collect();
        let choice = Choice { provider, ..Choice::default() };
        assert_eq!(choice.providers(), ["local/fast", "openai/m · detail=low, prompt=short", "gemini"]);
    }
}
