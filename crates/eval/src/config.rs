use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path};

use eval_datasets::{Problem, nearest, parse_toml};
use eval_record::{Decide, Execution, Generation, MediaPolicy, Prefer, STREAM_TIMEOUT_SECONDS};
use serde::{Deserialize, Serialize};
use vision_core::Task;

use crate::capabilities::CAPABILITIES;
use crate::places;

mod bounds;
mod judge;
mod provider;
mod tries;

pub use bounds::{MOST_AT_ONCE, MOST_REPEATS, check_count, check_margin, check_share};
pub use judge::JudgeConfig;
pub use provider::{PriceConfig, ProviderConfig};
pub use tries::Try;
pub(crate) use tries::{Choice, Factor, Tried, is_file_name};

/// A project's `eval.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// A name for reports.
    pub name: String,
    /// Decides order, samples and jitter.
    pub seed: u64,
    /// How often each case is asked.
    pub repeats: u32,
    /// Requests in flight at once, over all providers. Above the default it also raises how many each provider gets,
    /// where its `limits.concurrency` does not say.
    pub max_concurrency: usize,
    /// The most seconds one attempt may take.
    pub timeout_seconds: f64,
    /// The most seconds between two pieces of a streamed answer.
    pub stream_timeout_seconds: f64,
    /// Attempts after the first, where that may help.
    pub max_retries: u32,
    /// The most the run may spend. Paid providers do not run without it.
    pub budget_usd: Option<f64>,
    /// Where runs are written.
    pub runs: String,
    /// A file with prices that replace the built-in ones.
    pub prices: Option<String>,
    /// What is asked.
    pub dataset: Vec<DatasetConfig>,
    /// Who is asked.
    pub provider: Vec<ProviderConfig>,
    /// Other prompts than the datasets' own, by task and name.
    pub prompt: BTreeMap<Task, BTreeMap<String, PromptConfig>>,
    /// How media are prepared.
    pub media: MediaPolicy,
    /// Parameters of generation.
    pub generation: Generation,
    /// What the team needs, for the verdict.
    pub decide: Decide,
    /// Dollars for mistakes: `total.wrong = 25`, `"*.missing" = 1`, `failed = 2`.
    pub loss: toml::Table,
    /// What CI insists on.
    pub gate: GateConfig,
    /// Who judges open answers.
    pub judge: JudgeConfig,
    /// Ways of asking that the command line tries with every provider that can be asked so.
    #[serde(skip)]
    pub try_all: Try,
}

/// One `[[dataset]]`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetConfig {
    /// Its folder, relative to `eval.toml`.
    pub path: String,
    /// Only these of its tasks.
    #[serde(default)]
    pub tasks: Vec<Task>,
    /// The name of the prompt variant to use.
    #[serde(default)]
    pub prompt: Option<String>,
    /// Only its first cases (`20`) or a range of them (`10-20`).
    #[serde(default)]
    pub limit: Option<String>,
    /// Only so many cases, drawn by the seed.
    #[serde(default)]
    pub sample: Option<usize>,
}

/// One `[prompt.TASK.NAME]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromptConfig {
    /// The text above the question.
    #[serde(default)]
    pub system: Option<String>,
    /// The question; `{{name}}` is replaced by the case's field of that name.
    pub text: String,
}

/// What CI insists on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GateConfig {
    /// The baseline to compare with.
    pub baseline: Option<String>,
    /// A drop of less than this share of the score is no regression: 0.01 if unset.
    pub margin: Option<f64>,
    /// A loss of this share of the score must not go unseen: 0.1 if unset.
    pub detect: Option<f64>,
    /// Bounds such as `"receipts.field_f1=0.9"`.
    pub cutoff: Vec<String>,
}

/// Requests in flight at once, where nobody says.
pub(crate) const DEFAULT_CONCURRENCY: usize = 8;

impl Default for Config {
    fn default() -> Self {
        Self {
            name: "eval".to_owned(),
            seed: 1,
            repeats: 1,
            max_concurrency: DEFAULT_CONCURRENCY,
            timeout_seconds: 120.0,
            stream_timeout_seconds: STREAM_TIMEOUT_SECONDS,
            max_retries: 4,
            budget_usd: None,
            runs: "runs".to_owned(),
            prices: None,
            dataset: Vec::new(),
            provider: Vec::new(),
            prompt: BTreeMap::new(),
            media: MediaPolicy::default(),
            generation: Generation::default(),
            decide: Decide::default(),
            loss: toml::Table::new(),
            gate: GateConfig::default(),
            judge: JudgeConfig::default(),
            try_all: Try::default(),
        }
    }
}

impl Config {
    /// Reads the text of an `eval.toml`. A mistake is shown with its place and the nearest right word.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Problem> {
        let config: Self = parse_toml(path, text)
            .map_err(|problem| Problem { message: Self::with_place(problem.message), ..problem })?;
        config.check().map_err(|(place, message)| {
            match places::value(text, &place.split('.').collect::<Vec<_>>()) {
                Some(span) => Problem::in_text(path, text, span, message),
                None => Problem::new(path, message),
            }
        })?;
        Ok(config)
    }

    /// How a run is carried out.
    pub fn execution(&self) -> Execution {
        Execution {
            max_concurrency: self.max_concurrency,
            timeout_seconds: self.timeout_seconds,
            stream_timeout_seconds: self.stream_timeout_seconds,
            max_retries: self.max_retries,
        }
    }

    /// In TOML a table goes on until the next one, so that `repeats` below `[[dataset]]` is the dataset's.
    fn with_place(message: String) -> String {
        let Some(word) = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next())
        else {
            return message;
        };
        if message.contains("did you mean") {
            return message;
        }
        // What stands at the top of the file, as its own parser tells it.
        let told = toml::from_str::<Self>("'' = 0")
            .map_or_else(|error| error.message().to_owned(), |_| String::new());
        let known = told.split('`').skip(3).step_by(2);
        match nearest(word, known) {
            Some(near) => {
                format!("{message}; `{near}` belongs to the top of the file, above the first [table]")
            }
            None => message,
        }
    }

    /// What TOML's own types cannot say. The first word is the place of the value that is wrong.
    fn check(&self) -> Result<(), (String, String)> {
        self.check_execution()?;
        self.check_decide()?;
        // Before anything else names them.
        self.check_names()?;
        self.check_providers()?;
        self.judge.wrong().map_or(Ok(()), |(place, message)| wrong(&format!("judge.{place}"), &message))
    }

    fn check_execution(&self) -> Result<(), (String, String)> {
        let counts = [
            ("repeats", u64::from(self.repeats), MOST_REPEATS),
            ("max_concurrency", self.max_concurrency as u64, MOST_AT_ONCE),
        ];
        for (name, count, most) in counts {
            if let Err(message) = check_count(count, most) {
                return wrong(name, &format!("{name}: {message}"));
            }
        }
        let timeouts = [
            ("timeout_seconds", self.timeout_seconds),
            ("stream_timeout_seconds", self.stream_timeout_seconds),
        ];
        if let Some((name, _)) = timeouts.into_iter().find(|(_, it)| !(*it > 0.0 && *it <= 86_400.0)) {
            return wrong(name, &format!("{name} must be between 0 and 86400"));
        }
        if self.budget_usd.is_some_and(|budget| !(budget >= 0.0 && budget.is_finite())) {
            return wrong("budget_usd", "budget_usd must be an amount of dollars");
        }
        let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        let runs = Path::new(&self.runs);
        if vision_files::storage::is_address(runs) || !runs.components().all(stays) {
            return wrong(
                "runs",
                "runs: a directory below that of eval.toml; `--run-dir` can name any other",
            );
        }
        Ok(())
    }

    fn check_decide(&self) -> Result<(), (String, String)> {
        if let Some(Err(message)) = self.decide.min_score.map(check_share) {
            return wrong("decide.min_score", &format!("decide.min_score: {message}"));
        }
        let amounts = [
            ("decide.max_p95_seconds", self.decide.max_p95_seconds),
            ("decide.max_usd_per_1000", self.decide.max_usd_per_1000),
        ];
        for (place, amount) in amounts {
            if amount.is_some_and(|amount| !(amount >= 0.0 && amount.is_finite())) {
                return wrong(place, &format!("{place} is an amount of 0 or more"));
            }
        }
        if let Some(Err(message)) = self.gate.margin.map(check_margin) {
            return wrong("gate.margin", &format!("gate.margin: {message}"));
        }
        let by_money = self.decide.prefer == Some(Prefer::TotalCost);
        if by_money && self.loss.is_empty() {
            return wrong("decide.prefer", "decide.prefer: `total-cost` needs prices of mistakes in [loss]");
        }
        // Dollars have no upper end.
        let most = if by_money { f64::MAX } else { 100.0 };
        if self.decide.tolerance.is_some_and(|it| !(0.0..=most).contains(&it)) {
            return wrong(
                "decide.tolerance",
                match by_money {
                    true => "decide.tolerance is an amount of dollars per 1,000 documents",
                    false => "decide.tolerance is a number of points from 0 to 100",
                },
            );
        }
        let required = &self.decide.require;
        if let Some(at) = required.iter().position(|it| !CAPABILITIES.contains(&it.as_str())) {
            let (wanted, known) = (&required[at], CAPABILITIES.join(", "));
            let message = format!("`{wanted}` is not a capability (known: {known})");
            return wrong(&format!("decide.require.{at}"), &message);
        }
        Ok(())
    }

    fn check_providers(&self) -> Result<(), (String, String)> {
        for (number, provider) in self.provider.iter().enumerate() {
            if let Some((name, message)) = provider.wrong_limit() {
                return wrong(&format!("provider.{number}.limits.{name}"), &message);
            }
        }
        for (number, provider) in self.provider.iter().enumerate() {
            if let Some((name, message)) = provider.tries.wrong() {
                return wrong(&format!("provider.{number}.try.{name}"), &format!("try.{name}: {message}"));
            }
        }
        let mut labels = HashSet::new();
        for (number, provider) in self.provider.iter().enumerate().filter(|(_, it)| it.enabled) {
            let label = provider.label();
            if !labels.insert(label.clone()) {
                let own = if provider.label.is_some() { "label" } else { "model" };
                let message = format!("two providers are called `{label}`; give one of them a `label`");
                return wrong(&format!("provider.{number}.{own}"), &message);
            }
        }
        Ok(())
    }

    /// Names stand in logs and in lists of one name a line.
    fn check_names(&self) -> Result<(), (String, String)> {
        let names = self.provider.iter().enumerate().flat_map(|(number, provider)| {
            let named = [("label", provider.label.as_ref()), ("kind", Some(&provider.kind))];
            let named = named.into_iter().chain([("model", Some(&provider.model))]);
            named.filter_map(move |(key, name)| Some((format!("provider.{number}.{key}"), name?)))
        });
        for (place, name) in [("name".to_owned(), &self.name)].into_iter().chain(names) {
            if name.contains(|letter: char| letter.is_control() || "\u{2028}\u{2029}".contains(letter)) {
                let key = place.rsplit('.').next().unwrap_or_default();
                return wrong(&place, &format!("{key}: a name is one line without control characters"));
            }
        }
        Ok(())
    }
}

/// What is wrong with the value at this place.
fn wrong(place: &str, message: &str) -> Result<(), (String, String)> {
    Err((place.to_owned(), message.to_owned()))
}

#[cfg(test)]
mod tests;
