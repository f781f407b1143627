use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vision_core::{Usage, Usd};

use super::day::days;
use super::units::{Amounts, RangeEnd, Unit, UnitPrice};

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
    /// The first day it holds; for ever before if unset.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::day")]
    pub from: Option<String>,
    /// The last day it holds; until further notice if unset.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::day")]
    pub until: Option<String>,
    /// Input.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub input_per_mtok: Option<f64>,
    /// Output, reasoning included unless that is priced apart.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub output_per_mtok: Option<f64>,
    /// Input read from the provider's cache.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub cached_input_per_mtok: Option<f64>,
    /// Input written to the provider's cache for minutes.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub cache_write_per_mtok: Option<f64>,
    /// Input written to the provider's cache for an hour or more.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub cache_write_long_per_mtok: Option<f64>,
    /// Input that stands for sound.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub audio_input_per_mtok: Option<f64>,
    /// Input that stands for sound and was read from the provider's cache; as other sound if unset.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub cached_audio_per_mtok: Option<f64>,
    /// Reasoning, where it has a price of its own.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub reasoning_output_per_mtok: Option<f64>,
    /// Input of requests in batches, and what the host says it billed at its batch or flex tier.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub batch_input_per_mtok: Option<f64>,
    /// Output of the same.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub batch_output_per_mtok: Option<f64>,
    /// What a service tier or a place costs, in times the usual price: `priority`, `fast`, `us`, `regional`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "super::read::factors")]
    pub times: BTreeMap<String, f64>,
    /// Dollars per second of sound, where time is billed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub per_audio_second_usd: Option<f64>,
    /// Dollars per image on top of its tokens.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub per_image_usd: Option<f64>,
    /// Pages, documents, requests and whatever else is counted whole, beside the tokens or instead of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitPrice>,
    /// Other prices for long requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier>,
    /// Whether it only bounds what a request can cost, as that of a cascade does: each candidate in it counts by its own
    /// price, and their sum, which may be nothing at all, is in the answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_most: bool,
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
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub input_per_mtok: Option<f64>,
    /// Output.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub output_per_mtok: Option<f64>,
    /// Input read from the provider's cache. Here and below, what is not said rises as the input does.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub cached_input_per_mtok: Option<f64>,
    /// Input written to the provider's cache for minutes.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub cache_write_per_mtok: Option<f64>,
    /// Input written to the provider's cache for an hour or more.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::read::dollars")]
    pub cache_write_long_per_mtok: Option<f64>,
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
        self.input_per_mtok == Some(0.0)
            && self.output_per_mtok == Some(0.0)
            && self.figures().all(|it| it == 0.0)
    }

    /// Whether it says anything about money.
    pub fn has_figures(&self) -> bool {
        self.figures().next().is_some()
    }

    fn figures(&self) -> impl Iterator<Item = f64> {
        let own = [
            self.input_per_mtok,
            self.output_per_mtok,
            self.cached_input_per_mtok,
            self.cache_write_per_mtok,
            self.cache_write_long_per_mtok,
            self.audio_input_per_mtok,
            self.cached_audio_per_mtok,
            self.reasoning_output_per_mtok,
            self.batch_input_per_mtok,
            self.batch_output_per_mtok,
            self.per_audio_second_usd,
            self.per_image_usd,
        ];
        let tiers = self.tiers.iter().flat_map(|tier| {
            let cache =
                [tier.cached_input_per_mtok, tier.cache_write_per_mtok, tier.cache_write_long_per_mtok];
            [tier.input_per_mtok, tier.output_per_mtok].into_iter().chain(cache)
        });
        let units = self.units.iter().map(|unit| unit.most_usd.unwrap_or(unit.usd));
        own.into_iter().chain(tiers).flatten().chain(units)
    }

    /// Whether it holds on this day. Where a day is not known, every price may.
    pub fn holds_on(&self, day: &str) -> bool {
        let day = day.get(..10).unwrap_or_default();
        day.is_empty()
            || (self.from.as_deref().is_none_or(|from| from <= day)
                && self.until.as_deref().is_none_or(|until| day <= until))
    }

    /// Whether it was seen more than `most` days before `today`, or has ended.
    pub fn is_outdated(&self, today: &str, most: i64) -> bool {
        let Some(now) = days(today) else { return false };
        let old = days(&self.as_of).is_some_and(|seen| now - seen > most);
        let ended = self.until.as_deref().and_then(days).is_some_and(|until| until < now);
        old || ended
    }

    /// What all units together cost; nothing if it has none, and `None` if a count that it needs is missing.
    pub fn by_units(&self, amounts: &Amounts, end: RangeEnd) -> Option<Usd> {
        self.units.iter().map(|price| price.cost(amounts, end)).sum::<Option<f64>>().map(Usd)
    }

    /// Whether tokens cost nothing because only units are billed.
    pub fn bills_only_units(&self) -> bool {
        !self.units.is_empty() && self.input_per_mtok.is_none() && self.output_per_mtok.is_none()
    }

    /// The unit that a count is missing for, by name.
    pub fn unknown_unit(&self, amounts: &Amounts) -> Option<&'static str> {
        self.units.iter().find(|it| it.cost(amounts, RangeEnd::Most).is_none()).map(|it| it.unit.name())
    }

    /// Whether each unit that only the host can count was counted, with at least one.
    pub(super) fn units_are_counted(&self, usage: &Usage) -> bool {
        let amounts = Amounts::counted(usage, 0);
        let counted = |price: &UnitPrice| match price.unit {
            Unit::Page | Unit::Document => amounts.pages.is_some_and(|count| count > 0),
            // A request without them can be billed beside one with them.
            Unit::AnnotatedPage => amounts.annotated_pages.is_some(),
            Unit::Credit => amounts.credits.is_some(),
            Unit::Minute => amounts.seconds.is_some_and(|count| count > 0),
            Unit::Request | Unit::Image => true,
        };
        self.units.iter().filter(|price| price.is_counted_by_the_host()).all(counted)
    }
}
