use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use vision_core::{Estimate, Usage, Usd};

/// Dated prices per provider and model. What is not in it is unknown, and unknown is not zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceBook {
    /// Always `USD`.
    pub currency: String,
    /// The day it was last looked over.
    pub as_of: String,
    /// Where the figures come from, with their licence.
    pub origin: String,
    /// One entry per provider, model and date.
    pub entries: Vec<Price>,
}

/// What one model costs, in dollars per million tokens where the name does not say otherwise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The provider's name, as in `openai/…`.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// The day this price was seen.
    pub as_of: String,
    /// Input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_per_mtok: Option<f64>,
    /// Output, reasoning included unless that is priced apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_per_mtok: Option<f64>,
    /// Input read from the provider's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input_per_mtok: Option<f64>,
    /// Input written to the provider's cache for minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_per_mtok: Option<f64>,
    /// Input written to the provider's cache for an hour or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_long_per_mtok: Option<f64>,
    /// Input that stands for sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_input_per_mtok: Option<f64>,
    /// Reasoning, where it has a price of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_output_per_mtok: Option<f64>,
    /// Input sent as a batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_input_per_mtok: Option<f64>,
    /// Output of a batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_output_per_mtok: Option<f64>,
    /// Dollars per second of sound, where time is billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_audio_second_usd: Option<f64>,
    /// Dollars per image on top of its tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_image_usd: Option<f64>,
    /// Other prices for long requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where this figure was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Prices for requests above so many input tokens: the whole request is billed by them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The bound.
    pub above_input_tokens: u64,
    /// Input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_per_mtok: Option<f64>,
    /// Output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_per_mtok: Option<f64>,
    /// Input read from the provider's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input_per_mtok: Option<f64>,
}

impl PriceBook {
    /// The book that comes with this version.
    pub fn embedded() -> &'static Self {
        static BOOK: OnceLock<PriceBook> = OnceLock::new();
        BOOK.get_or_init(|| {
            serde_json::from_str(include_str!("../prices.json")).expect("a test reads the embedded book")
        })
    }

    /// This book, with the entries of `other` put before its own.
    #[must_use]
    pub fn overridden_by(mut self, other: Self) -> Self {
        let replaced = |mine: &Price| {
            other.entries.iter().any(|its| (&its.provider, &its.model) == (&mine.provider, &mine.model))
        };
        self.entries.retain(|mine| !replaced(mine));
        self.entries.extend(other.entries);
        self.as_of = self.as_of.max(other.as_of);
        self
    }

    /// The newest price of a model. A dated snapshot (`…-2026-07-09`, `…-20260709`) costs what its alias costs.
    pub fn find(&self, provider: &str, model: &str) -> Option<&Price> {
        self.newest(provider, model).or_else(|| self.newest(provider, without_date(model)?))
    }

    fn newest(&self, provider: &str, model: &str) -> Option<&Price> {
        self.entries
            .iter()
            .filter(|price| price.provider == provider && price.model == model)
            .max_by(|a, b| a.as_of.cmp(&b.as_of))
    }
}

fn without_date(model: &str) -> Option<&str> {
    [11, 9].into_iter().find_map(|len| {
        let (alias, date) = model.split_at_checked(model.len().checked_sub(len)?)?;
        let digits = date.chars().filter(char::is_ascii_digit).count();
        let is_date =
            digits == 8 && date.starts_with('-') && date.chars().all(|c| c == '-' || c.is_ascii_digit());
        is_date.then_some(alias)
    })
}

impl Price {
    /// A price of nothing at all, for what runs on this machine.
    pub fn free(provider: &str, model: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            model: model.to_owned(),
            input_per_mtok: Some(0.0),
            output_per_mtok: Some(0.0),
            per_audio_second_usd: Some(0.0),
            ..Self::default()
        }
    }

    /// Whether it costs nothing, whatever is asked.
    pub fn is_free(&self) -> bool {
        self.input_per_mtok == Some(0.0) && self.output_per_mtok == Some(0.0)
    }

    /// What an answer cost, or `None` where a count or a price that it needs is missing.
    pub fn cost(&self, usage: &Usage) -> Option<Usd> {
        if let (Some(seconds), Some(price)) = (usage.audio_seconds, self.per_audio_second_usd) {
            return Some(Usd(seconds as f64 * price));
        }
        if self.is_free() {
            return Some(Usd::ZERO);
        }
        let (input, output) = (usage.input?, usage.output?);
        let tier = self.tier(input);
        let input_price = tier.and_then(|tier| tier.input_per_mtok).or(self.input_per_mtok)?;
        let output_price = tier.and_then(|tier| tier.output_per_mtok).or(self.output_per_mtok)?;
        let cached_price = tier
            .and_then(|tier| tier.cached_input_per_mtok)
            .or(self.cached_input_per_mtok)
            .unwrap_or(input_price);

        let cached = usage.cached.unwrap_or(0);
        let short_write = usage.cache_write.unwrap_or(0);
        let long_write = usage.cache_write_long.unwrap_or(0);
        // Sound has a price of its own only where the book says so; elsewhere it is ordinary input.
        let audio = if self.audio_input_per_mtok.is_some() { usage.audio.unwrap_or(0) } else { 0 };
        let plain_input = input.saturating_sub(cached + short_write + long_write + audio);
        let reasoning = if self.reasoning_output_per_mtok.is_some() {
            usage.reasoning.unwrap_or(0).min(output)
        } else {
            0
        };

        let parts = [
            (plain_input, input_price),
            (cached, cached_price),
            (short_write, self.cache_write_per_mtok.unwrap_or(input_price)),
            (long_write, self.cache_write_long_per_mtok.or(self.cache_write_per_mtok).unwrap_or(input_price)),
            (audio, self.audio_input_per_mtok.unwrap_or(input_price)),
            (output - reasoning, output_price),
            (reasoning, self.reasoning_output_per_mtok.unwrap_or(output_price)),
        ];
        Some(Usd(parts.iter().map(|(tokens, price)| *tokens as f64 * price / 1e6).sum()))
    }

    /// What a request is expected to cost, or the most it can cost, if `input` and `output` tokens are billed.
    ///
    /// Nothing is taken as cached. Sound is billed at the dearer of its own and the ordinary price.
    pub fn quote(&self, estimate: &Estimate, input: u64, output: u64) -> Option<Usd> {
        if let (Some(seconds), Some(price)) = (estimate.audio_seconds, self.per_audio_second_usd) {
            return Some(Usd(seconds as f64 * price));
        }
        let audio = estimate.audio.unwrap_or(0).min(input);
        let usage =
            Usage { input: Some(input), output: Some(output), audio: Some(audio), ..Usage::default() };
        self.cost(&usage)
    }

    fn tier(&self, input: u64) -> Option<&Tier> {
        self.tiers
            .iter()
            .filter(|tier| input > tier.above_input_tokens)
            .max_by_key(|tier| tier.above_input_tokens)
    }
}

#[cfg(test)]
mod tests;
