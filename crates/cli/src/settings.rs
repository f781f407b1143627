//! What was typed, the configuration file and the defaults meet here, and nowhere else.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use eval::{Config, DatasetConfig, MOST_AT_ONCE, MOST_REPEATS, Prefer, ProviderConfig, SetupError, Try};
use eval_datasets::{Partition, Range, Selection};
use eval_record::{About, PriceBook, Sequential};
use vision_core::Task;
use vision_files::storage;

use crate::environment::Environment;
use crate::exit::Failure;
use crate::registry::{KINDS, kind};

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

/// Source documents between two looks at a run that ends when it is decided.
const BLOCK: u32 = 5;

/// A configuration, and the folder that its paths are relative to.
#[derive(Debug)]
pub struct Project {
    /// What it says, with what was typed on top.
    pub config: Config,
    /// The folder of the file, or the current one.
    pub root: PathBuf,
    /// The prices that were typed, if any.
    prices: Option<PathBuf>,
    /// The file and its text, if there is one.
    pub source: Option<(PathBuf, String)>,
    /// Of what a run's verdict speaks, if it ends when that is settled.
    pub until_decided: Option<About>,
    /// Whether requests are handed over in batches where that is possible.
    pub in_batches: bool,
}

impl Project {
    /// Reads the configuration. Without a file there is an empty one, unless a file was asked for.
    pub fn read(shared: &Shared) -> Result<Self, Failure> {
        let path = shared.file();
        if shared.config.is_none() && !path.exists() {
            return Ok(Self {
                config: Config::default(),
                root: PathBuf::new(),
                prices: None,
                source: None,
                until_decided: None,
                in_batches: false,
            });
        }
        let text = read_text(&path)?;
        let config = Config::parse(&path, &text)?;
        config.dataset.iter().for_each(|dataset| storage::allow(&dataset.path));
        Ok(Self {
            config,
            root: shared.folder(),
            prices: None,
            source: Some((path, text)),
            until_decided: None,
            in_batches: false,
        })
    }

    /// The same project with another configuration, which stands in no file.
    pub fn with(&self, config: Config) -> Self {
        Self {
            config,
            root: self.root.clone(),
            prices: self.prices.clone(),
            source: None,
            until_decided: None,
            in_batches: false,
        }
    }

    /// The mistake at its place in the configuration.
    pub fn located(&self, error: SetupError) -> SetupError {
        match &self.source {
            Some((path, text)) => eval::located(error, path, text),
            None => error,
        }
    }

    /// How a run ends before its cases are used up, if it is to.
    pub fn sequential(&self) -> Option<Sequential> {
        let decide = &self.config.decide;
        self.until_decided.map(|about| Sequential {
            block: BLOCK,
            about,
            tolerance: decide.tolerance.unwrap_or(1.0) / 100.0,
            prefer_time: decide.prefer == Some(Prefer::Time),
        })
    }

    /// Lays what was typed over the configuration.
    pub fn apply(&mut self, choice: &Choice) -> Result<Selection, Failure> {
        self.choose_providers(choice)?;
        self.choose_datasets(choice)?;
        let config = &mut self.config;
        if self.in_batches {
            let has_batches = |it: &&mut ProviderConfig| kind(&it.kind).is_ok_and(|kind| kind.has_batches());
            config.provider.iter_mut().filter(has_batches).for_each(|it| it.batch = it.batch.or(Some(true)));
        }
        config.try_all = Try::from_flags(&choice.tries).map_err(Failure::setup)?;
        config.repeats = choice.repeat.unwrap_or(config.repeats);
        config.seed = choice.seed.unwrap_or(config.seed);
        config.budget_usd = choice.budget_usd.or(config.budget_usd);
        self.prices = choice.prices.clone();
        Ok(Selection {
            tasks: choice.task.clone(),
            ids: choice.case.clone(),
            tags: choice.filter.clone(),
            partition: choice.partition,
            range: choice.limit,
            sample: choice.sample.map(|count| (count, config.seed)),
            ..Selection::default()
        })
    }

    fn choose_providers(&mut self, choice: &Choice) -> Result<(), Failure> {
        if choice.provider.is_empty() {
            return match choice.model.is_empty() {
                true => Ok(()),
                false => {
                    Err(Failure::setup("--model needs --provider, so that it is clear whose model it is"))
                }
            };
        }
        let mut chosen: Vec<ProviderConfig> = Vec::new();
        for name in &choice.providers() {
            let mut found = self.named(name, &choice.model)?;
            found.retain(|provider| chosen.iter().all(|known| known.label() != provider.label()));
            chosen.extend(found);
        }
        self.config.provider = chosen;
        Ok(())
    }

    /// Entries of the configuration, on or off, by label or kind; else whatever PROVIDER/MODEL says.
    fn named(&self, name: &str, models: &[String]) -> Result<Vec<ProviderConfig>, Failure> {
        let known = &self.config.provider;
        let switched_on = |provider: &ProviderConfig| ProviderConfig { enabled: true, ..provider.clone() };
        if !models.is_empty() {
            let of_model = |model: &String| {
                let configured = known.iter().find(|it| it.kind == name && it.model == *model);
                configured.map_or_else(|| ProviderConfig::new(name, model), switched_on)
            };
            return Ok(models.iter().map(of_model).collect());
        }
        let by_label: Vec<_> = known.iter().filter(|it| it.label() == name).map(switched_on).collect();
        if !by_label.is_empty() {
            return Ok(by_label);
        }
        let by_kind: Vec<_> = known.iter().filter(|it| it.kind == name).map(switched_on).collect();
        if !by_kind.is_empty() {
            return Ok(by_kind);
        }
        if let Some(model) = Try::model_of(name) {
            return self.named(model, models);
        }
        match name.split_once('/') {
            Some((kind, model)) if !model.is_empty() => Ok(vec![ProviderConfig::new(kind, model)]),
            _ if let Some(kind) = KINDS.iter().find(|kind| kind.name == name) => {
                // A bare kind that is not configured stands for its example.
                Ok(vec![ProviderConfig::new(kind.name, kind.example)])
            }
            _ => {
                let labels: Vec<_> = known.iter().map(ProviderConfig::label).collect();
                let near = eval_datasets::nearest(name, labels.iter().map(String::as_str));
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Err(Failure::setup(format!(
                    "`{name}` is neither in the configuration nor of the form PROVIDER/MODEL{hint}"
                )))
            }
        }
    }

    fn choose_datasets(&mut self, choice: &Choice) -> Result<(), Failure> {
        if choice.dataset.is_empty() {
            return Ok(());
        }
        let mut chosen = Vec::new();
        for name in &choice.dataset {
            let of_config = self.config.dataset.iter().find(|it| {
                it.path == *name
                    || Path::new(&it.path).file_name().is_some_and(|folder| folder == name.as_str())
            });
            let folder = std::path::absolute(name).unwrap_or_else(|_| PathBuf::from(name));
            match of_config {
                Some(dataset) => chosen.push(dataset.clone()),
                None if storage::is_address(Path::new(name)) || folder.join("dataset.toml").is_file() => {
                    chosen.push(dataset_at(name));
                }
                None => {
                    let known: Vec<_> = self.config.dataset.iter().map(|it| it.path.as_str()).collect();
                    let near = eval_datasets::nearest(
                        name,
                        known.iter().map(|path| path.rsplit('/').next().unwrap_or(path)),
                    );
                    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    return Err(Failure::setup(format!(
                        "`{name}` is neither a dataset of the configuration nor a folder with a dataset.toml{hint}"
                    )));
                }
            }
        }
        self.config.dataset = chosen;
        Ok(())
    }

    /// Names further datasets by their folders.
    pub fn add_datasets(&mut self, folders: &[String]) {
        self.config.dataset.extend(folders.iter().map(|folder| dataset_at(folder)));
    }

    /// The folders of the datasets that the configuration, or whoever typed, names.
    pub fn dataset_folders(&self) -> Vec<PathBuf> {
        self.config.dataset.iter().map(|dataset| storage::within(&self.root, &dataset.path)).collect()
    }

    /// The built-in price book, with the project's own prices on top.
    pub fn prices(&self) -> Result<PriceBook, Failure> {
        match (&self.prices, &self.config.prices) {
            (Some(typed), _) => prices(typed),
            (None, Some(file)) => {
                let path = vision_files::below(&self.root.join("."), file);
                prices(&path.map_err(|refused| Failure::setup(format!("prices: `{file}` {refused}")))?)
            }
            (None, None) => Ok(PriceBook::embedded().clone()),
        }
    }
}

/// The built-in price book, with the prices of this file on top.
pub fn prices(path: &Path) -> Result<PriceBook, Failure> {
    let text = read_text(path)?;
    let own = PriceBook::parse(&text)
        .map_err(|(line, message)| Failure::setup(format!("{}:{line}: {message}", path.display())))?;
    Ok(PriceBook::embedded().clone().overridden_by(own))
}

/// A dataset whose folder was typed, which is relative to the current folder and not to the configuration.
fn dataset_at(folder: &str) -> DatasetConfig {
    if storage::is_address(Path::new(folder)) {
        storage::allow(folder);
        let path = folder.trim_end_matches('/').to_owned();
        return DatasetConfig { path, ..DatasetConfig::default() };
    }
    let path = std::path::absolute(folder).unwrap_or_else(|_| PathBuf::from(folder));
    DatasetConfig { path: path.display().to_string(), ..DatasetConfig::default() }
}

/// Reads a file that was typed: a regular one, with a bound.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    vision_files::read_text(path, vision_files::TEXT)
        .map_err(|refused| Failure::setup(format!("{} {refused}", path.display())))
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
