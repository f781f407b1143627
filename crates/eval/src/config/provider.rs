use eval_record::{HostLimits, Price, UnitPrice};
use serde::{Deserialize, Serialize};

use super::Try;
use super::bounds::{MOST_AT_ONCE, check_count};

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
    /// Whether its requests are handed over in batches; unset, `--batch` decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<bool>,
    /// Settings of this kind of provider; docs/configure-providers.md lists them.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub settings: toml::Table,
    /// Whether its answers shall come piece by piece, which shows the time to the first token.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stream: bool,
    /// Its price, if the price book does not know it or knows another.
    #[serde(default)]
    pub price: Option<PriceConfig>,
    /// What its host allows.
    #[serde(default)]
    pub limits: HostLimits,
    /// Ways of asking it that are tried, each as a candidate of its own: `try = { detail = ["low", "high"] }`.
    #[serde(default, rename = "try", skip_serializing_if = "Try::is_empty")]
    pub tries: Try,
}

/// A price in `eval.toml`, in dollars per million tokens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PriceConfig {
    /// Input.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub input_per_mtok: Option<f64>,
    /// Output.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub output_per_mtok: Option<f64>,
    /// Input read from the provider's cache.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub cached_input_per_mtok: Option<f64>,
    /// Input written to the provider's cache.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub cache_write_per_mtok: Option<f64>,
    /// Input that stands for sound.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub audio_input_per_mtok: Option<f64>,
    /// Input of requests in batches.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub batch_input_per_mtok: Option<f64>,
    /// Output of requests in batches.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub batch_output_per_mtok: Option<f64>,
    /// Dollars per second of sound.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub per_audio_second_usd: Option<f64>,
    /// Dollars per image on top of its tokens.
    #[serde(deserialize_with = "eval_record::dollars")]
    pub per_image_usd: Option<f64>,
    /// Pages, documents, requests, credits, images or minutes: `units = [{ unit = "page", usd = 0.01 }]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitPrice>,
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
            batch: None,
            settings: toml::Table::new(),
            stream: false,
            price: None,
            limits: HostLimits::default(),
            tries: Try::default(),
        }
    }

    /// A limit that no host has, or under which no run ends.
    pub(super) fn wrong_limit(&self) -> Option<(&'static str, String)> {
        let HostLimits { concurrency, requests_per_minute, tokens_per_minute } = &self.limits;
        if let Some(Err(message)) = concurrency.map(|count| check_count(count as u64, MOST_AT_ONCE)) {
            return Some(("concurrency", format!("limits.concurrency: {message}")));
        }
        let rates = [("requests_per_minute", requests_per_minute), ("tokens_per_minute", tokens_per_minute)];
        rates.into_iter().find_map(|(name, rate)| {
            rate.filter(|rate| !(LEAST_RATE..=MOST_RATE).contains(rate))?;
            Some((name, format!("limits.{name} must be between {LEAST_RATE} and {MOST_RATE}")))
        })
    }

    /// What is tried with it. To stream or not is a way of asking like any other.
    pub(crate) fn ways(&self) -> Try {
        match self.stream && self.tries.stream.is_empty() {
            true => Try { stream: vec![true], ..self.tries.clone() },
            false => self.tries.clone(),
        }
    }

    /// What reports print.
    pub fn label(&self) -> String {
        self.label.clone().unwrap_or_else(|| format!("{}/{}", self.kind, self.model))
    }
}

impl PriceConfig {
    /// Whether it says what tokens cost.
    pub fn counts_tokens(&self) -> bool {
        let tokens = [
            self.input_per_mtok,
            self.output_per_mtok,
            self.cached_input_per_mtok,
            self.cache_write_per_mtok,
            self.audio_input_per_mtok,
            self.batch_input_per_mtok,
            self.batch_output_per_mtok,
        ];
        // A price of nothing is a way to say that it is free.
        tokens.into_iter().flatten().any(|dollars| dollars > 0.0)
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
            batch_input_per_mtok: self.batch_input_per_mtok,
            batch_output_per_mtok: self.batch_output_per_mtok,
            per_audio_second_usd: self.per_audio_second_usd,
            per_image_usd: self.per_image_usd,
            units: self.units.clone(),
            ..Price::default()
        }
    }
}

fn yes() -> bool {
    true
}
