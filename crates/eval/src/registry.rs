use std::sync::Arc;

use eval_record::{HostLimits, Price};
use vision_batch::Batching;
use vision_core::Provider;
use vision_layers::Trust;

use crate::{ProviderConfig, SetupError};

/// Builds providers by name. The command line has the only one that knows them all.
pub trait Registry: Send + Sync {
    /// Builds one provider, without layers around it.
    fn build(&self, config: &ProviderConfig) -> Result<Built, SetupError>;
}

/// A provider, and what a plan must know of it.
#[derive(Debug)]
pub struct Built {
    /// One attempt at a time, no layers.
    pub provider: Provider,
    /// Models of one host share its limits.
    pub host: String,
    /// Where requests go.
    pub base_url: Option<String>,
    /// Requests at once, if the plan does not say otherwise.
    pub concurrency: usize,
    /// Whether it runs on this machine for nothing.
    pub local: bool,
    /// A sentence for reports, where the name does not say it all.
    pub about: String,
    /// How its requests are handed over in batches, if they are to be.
    pub batching: Option<Batching>,
    /// What a cascade asks; nothing for a single provider.
    pub cascade: Option<Chained>,
}

/// The candidates of a cascade. Each gets layers of its own.
#[derive(Debug)]
pub struct Chained {
    /// In their order.
    pub stages: Vec<Stage>,
    /// Decides whose answer is taken.
    pub trust: Arc<dyn Trust>,
}

/// One candidate of a cascade.
#[derive(Debug)]
pub struct Stage {
    /// Its label.
    pub label: String,
    /// What it costs; nothing if that is not known.
    pub price: Option<Price>,
    /// What its host allows.
    pub limits: HostLimits,
    /// The provider.
    pub built: Built,
}

impl Chained {
    /// More than a request can cost, for the quote: that of every candidate, and of the second reading of those that are
    /// asked twice. What was billed is counted for each.
    pub fn price(&self, kind: &str, model: &str) -> Option<Price> {
        let mut prices: Vec<&Price> = Vec::new();
        for (place, stage) in self.stages.iter().enumerate() {
            let readings = if self.trust.asks_again(place) { 2 } else { 1 };
            prices.extend(std::iter::repeat_n(stage.price.as_ref()?, readings));
        }
        let sum = |of: fn(&Price) -> Option<f64>| {
            let known: Vec<f64> = prices.iter().filter_map(|price| of(price)).collect();
            (!known.is_empty()).then(|| known.iter().sum())
        };
        if prices.iter().all(|price| price.is_free()) {
            return Some(Price::free(kind, model));
        }
        Some(Price {
            provider: kind.to_owned(),
            model: model.to_owned(),
            as_of: prices.iter().map(|price| price.as_of.clone()).min().unwrap_or_default(),
            input_per_mtok: sum(|price| price.input_per_mtok),
            output_per_mtok: sum(|price| price.output_per_mtok),
            audio_input_per_mtok: sum(|price| price.audio_input_per_mtok),
            per_audio_second_usd: sum(|price| price.per_audio_second_usd),
            per_image_usd: sum(|price| price.per_image_usd),
            units: prices.iter().flat_map(|price| price.units.clone()).collect(),
            at_most: true,
            ..Price::default()
        })
    }
}
