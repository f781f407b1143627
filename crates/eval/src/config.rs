use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use eval_datasets::{Problem, nearest, parse_toml};
use eval_record::{Generation, HostLimits, MediaPolicy, Price};
use serde::{Deserialize, Serialize};
use vision_core::Task;

use crate::{CAPABILITIES, places};

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
    /// Requests on their way at once, over all providers.
    pub max_concurrency: usize,
    /// The most seconds one attempt may take.
    pub timeout_seconds: f64,
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
    /// What CI insists on.
    pub gate: GateConfig,
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

/// One `[[provider]]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// Which provider: `openai`, `anthropic`, `local`, …
    pub kind: String,
    /// Which of its models.
    pub model: String,
    /// What reports print; `kind/model` if unset.
    #[serde(default)]
    pub label: Option<String>,
    /// Where requests go, if not to the provider's own address.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Whether it takes part.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Settings of this kind of provider; docs/configure-providers.md lists them.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub settings: toml::Table,
    /// Its price, if the price book does not know it or knows another.
    #[serde(default)]
    pub price: Option<PriceConfig>,
    /// What its host allows.
    #[serde(default)]
    pub limits: HostLimits,
}

/// A price in `eval.toml`, in dollars per million tokens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PriceConfig {
    /// Input.
    pub input_per_mtok: Option<f64>,
    /// Output.
    pub output_per_mtok: Option<f64>,
    /// Input read from the provider's cache.
    pub cached_input_per_mtok: Option<f64>,
    /// Input written to the provider's cache.
    pub cache_write_per_mtok: Option<f64>,
    /// Input that stands for sound.
    pub audio_input_per_mtok: Option<f64>,
    /// Dollars per second of sound.
    pub per_audio_second_usd: Option<f64>,
    /// Dollars per image on top of its tokens.
    pub per_image_usd: Option<f64>,
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

/// What the team needs of a provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decide {
    /// The least headline score.
    pub min_score: Option<f64>,
    /// The most seconds for 95 % of the answers.
    pub max_p95_seconds: Option<f64>,
    /// The most dollars for a thousand cases.
    pub max_usd_per_1000: Option<f64>,
    /// Capabilities it must have: `json_schema`, `pdf`, `audio`, …
    pub require: Vec<String>,
    /// Points of the score to give up for a lower cost: 1 if unset.
    pub tolerance: Option<f64>,
    /// What decides among candidates within the tolerance: cost if unset.
    pub prefer: Option<Prefer>,
}

/// What decides among candidates within the tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefer {
    /// The lower cost per 1,000 cases.
    Cost,
    /// The lower median latency.
    Time,
}

impl std::str::FromStr for Prefer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "cost" => Ok(Self::Cost),
            "time" => Ok(Self::Time),
            _ => Err("expected `cost` or `time`".to_owned()),
        }
    }
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

impl Default for Config {
    fn default() -> Self {
        Self {
            name: "eval".to_owned(),
            seed: 1,
            repeats: 1,
            max_concurrency: 8,
            timeout_seconds: 120.0,
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
            gate: GateConfig::default(),
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
        let wrong = |place: &str, message: &str| Err((place.to_owned(), message.to_owned()));
        if self.repeats == 0 {
            return wrong("repeats", "repeats must be at least 1");
        }
        if self.max_concurrency == 0 {
            return wrong("max_concurrency", "max_concurrency must be at least 1");
        }
        if !(self.timeout_seconds > 0.0 && self.timeout_seconds <= 86_400.0) {
            return wrong("timeout_seconds", "timeout_seconds must be between 0 and 86400");
        }
        if self.budget_usd.is_some_and(|budget| !(budget >= 0.0 && budget.is_finite())) {
            return wrong("budget_usd", "budget_usd must be an amount of dollars");
        }
        if !["as-is", "fit", "same"].contains(&self.media.mode.as_str()) {
            return wrong("media.mode", "media.mode is one of `as-is`, `fit` and `same`");
        }
        if self.decide.tolerance.is_some_and(|points| !(0.0..=100.0).contains(&points)) {
            return wrong("decide.tolerance", "decide.tolerance is a number of points from 0 to 100");
        }
        let required = &self.decide.require;
        if let Some(at) = required.iter().position(|it| !CAPABILITIES.contains(&it.as_str())) {
            let (wanted, known) = (&required[at], CAPABILITIES.join(", "));
            let message = format!("`{wanted}` is no capability (there are: {known})");
            return wrong(&format!("decide.require.{at}"), &message);
        }
        for (number, provider) in self.provider.iter().enumerate() {
            if let Some((name, message)) = provider.wrong_limit() {
                return wrong(&format!("provider.{number}.limits.{name}"), &message);
            }
            let amounts = provider.price.iter().flat_map(PriceConfig::amounts);
            for (name, amount) in amounts.filter_map(|(name, amount)| Some((name, amount?))) {
                if !(amount >= 0.0 && amount.is_finite()) {
                    return wrong(
                        &format!("provider.{number}.price.{name}"),
                        "a price is an amount of dollars",
                    );
                }
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
}

/// About one a day, and more than any host allows, a minute.
const LEAST_RATE: f64 = 0.001;
const MOST_RATE: f64 = 1e12;

impl ProviderConfig {
    /// A provider with its defaults, as `--provider openai/gpt-5.6-luna` asks for.
    pub fn new(kind: &str, model: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            model: model.to_owned(),
            label: None,
            base_url: None,
            enabled: true,
            settings: toml::Table::new(),
            price: None,
            limits: HostLimits::default(),
        }
    }

    /// A limit that no host has, or under which no run ends.
    fn wrong_limit(&self) -> Option<(&'static str, String)> {
        let HostLimits { concurrency, requests_per_minute, tokens_per_minute } = &self.limits;
        if *concurrency == Some(0) {
            return Some(("concurrency", "limits.concurrency must be at least 1".to_owned()));
        }
        let rates = [("requests_per_minute", requests_per_minute), ("tokens_per_minute", tokens_per_minute)];
        rates.into_iter().find_map(|(name, rate)| {
            rate.filter(|rate| !(LEAST_RATE..=MOST_RATE).contains(rate))?;
            Some((name, format!("limits.{name} must be between {LEAST_RATE} and {MOST_RATE}")))
        })
    }

    /// What reports print.
    pub fn label(&self) -> String {
        self.label.clone().unwrap_or_else(|| format!("{}/{}", self.kind, self.model))
    }
}

impl PriceConfig {
    fn amounts(&self) -> [(&'static str, Option<f64>); 7] {
        [
            ("input_per_mtok", self.input_per_mtok),
            ("output_per_mtok", self.output_per_mtok),
            ("cached_input_per_mtok", self.cached_input_per_mtok),
            ("cache_write_per_mtok", self.cache_write_per_mtok),
            ("audio_input_per_mtok", self.audio_input_per_mtok),
            ("per_audio_second_usd", self.per_audio_second_usd),
            ("per_image_usd", self.per_image_usd),
        ]
    }

    /// The same as an entry of a price book.
    pub fn entry(&self, provider: &ProviderConfig) -> Price {
        Price {
            provider: provider.kind.clone(),
            model: provider.model.clone(),
            as_of: "eval.toml".to_owned(),
            input_per_mtok: self.input_per_mtok,
            output_per_mtok: self.output_per_mtok,
            cached_input_per_mtok: self.cached_input_per_mtok,
            cache_write_per_mtok: self.cache_write_per_mtok,
            audio_input_per_mtok: self.audio_input_per_mtok,
            per_audio_second_usd: self.per_audio_second_usd,
            per_image_usd: self.per_image_usd,
            ..Price::default()
        }
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Config;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(Path::new("eval.toml"), text).map_err(|problem| problem.to_string())
    }

    #[test]
    fn an_empty_file_is_a_configuration() {
        assert_eq!(parse("").unwrap(), Config::default());
    }

    #[test]
    fn a_typo_is_underlined_and_the_right_word_named() {
        insta::assert_snapshot!(parse("repeats = 2\n\n[[provider]]\nkind = \"openai\"\nmodle = \"gpt\"\n").unwrap_err(), @r#"
        eval.toml:5:1: unknown field `modle`, expected one of `kind`, `model`, `label`, `base_url`, `enabled`, `settings`, `price`, `limits`; did you mean `model`?
          |
        5 | modle = "gpt"
          | ^^^^^
        "#);
    }

    #[test]
    fn what_belongs_to_the_top_is_told_so() {
        let error = |line: &str| parse(&format!("[[dataset]]\npath = \"a\"\n{line}\n")).unwrap_err();
        for line in ["repeats = 3", "repeets = 3"] {
            assert!(error(line).contains("`repeats` belongs to the top of the file"), "{}", error(line));
        }
        assert!(!error("zzz = 3").contains("belongs"));
    }

    #[test]
    fn an_unknown_task_is_underlined() {
        let error = parse("[[dataset]]\npath = \"a\"\ntasks = [\"recipt\"]\n").unwrap_err();
        assert!(error.contains("eval.toml:3:10") && error.contains("did you mean `receipt`?"), "{error}");
    }

    #[test]
    fn values_out_of_range_are_underlined() {
        let error = parse("# repeats = 3 asks thrice\nrepeats = 0\n").unwrap_err();
        assert!(error.starts_with("eval.toml:2:11: repeats must be at least 1"), "{error}");
        assert!(parse("[media]\nmode = \"resize\"\n").unwrap_err().contains("eval.toml:2:9"));
    }

    #[test]
    fn a_limit_that_no_host_has_is_underlined() {
        let limited = |limit: &str| {
            parse(&format!("[[provider]]\nkind = \"local\"\nmodel = \"fast\"\nlimits = {{ {limit} }}\n"))
        };
        for rate in ["0", "0.0", "-5", "1e-300", "nan", "inf"] {
            let error = limited(&format!("requests_per_minute = {rate}")).unwrap_err();
            assert!(
                error.starts_with("eval.toml:4:34: limits.requests_per_minute must be between"),
                "{error}"
            );
            assert!(limited(&format!("tokens_per_minute = {rate}")).is_err(), "{rate}");
        }
        assert!(limited("concurrency = 0").unwrap_err().contains("4:26: limits.concurrency"), "concurrency");
        assert!(limited("requests_per_minute = 0.5, tokens_per_minute = 1e9, concurrency = 1").is_ok());
    }

    #[test]
    fn what_is_no_capability_and_no_price_is_refused() {
        let error = parse("[decide]\nrequire = [\"json_shema\"]\n").unwrap_err();
        assert!(
            error.starts_with("eval.toml:2:13: `json_shema` is no capability (there are: prompt, "),
            "{error}"
        );
        let priced = "[[provider]]\nkind = \"local\"\nmodel = \"fast\"\nprice = { input_per_mtok = -1.5 }\n";
        let error = parse(priced).unwrap_err();
        assert!(error.starts_with("eval.toml:4:28: a price is an amount of dollars"), "{error}");
    }

    #[test]
    fn two_providers_need_two_labels() {
        let twice = "[[provider]]\nkind = \"local\"\nmodel = \"fast\"\n".repeat(2);
        let error = parse(&twice).unwrap_err();
        assert!(error.starts_with("eval.toml:6:10: two providers are called `local/fast`"), "{error}");
    }
}
