use eval_record::{PlannedProvider, Price, PriceBook};

use super::Setup;
use crate::candidate::{Answerer, Candidate};
use crate::capabilities;
use crate::config::PriceConfig;
use crate::opened::OpenDataset;
use crate::variants::Way;
use crate::{Built, ProviderConfig, Registry, SetupError};

/// One candidate as the plan has it.
pub(super) fn plan_provider(
    way: Way,
    datasets: &[OpenDataset],
    setup: &Setup<'_>,
    registry: &dyn Registry,
) -> Result<Candidate, SetupError> {
    let Way { entry, variant } = way;
    let answerer = Answerer::of(&entry, registry)?;
    let planned = PlannedProvider {
        label: entry.label(),
        kind: entry.kind.clone(),
        model: entry.model.clone(),
        about: String::new(),
        base_url: None,
        settings: serde_json::to_value(&entry.settings).expect("a table of TOML has texts as keys"),
        control: false,
        local: true,
        price: Some(Price::free(&entry.kind, &entry.model)),
        limits: entry.limits.clone(),
        capabilities: Vec::new(),
        batch: false,
        variant,
    };
    let planned = match &answerer {
        Answerer::Control(control) => {
            PlannedProvider { about: format!("control: {}", control.about), control: true, ..planned }
        }
        Answerer::Provider(built) => PlannedProvider {
            about: built.about.clone(),
            base_url: built.base_url.clone(),
            local: built.local,
            price: price_of(&entry, built, setup.prices, &setup.started),
            batch: built.batching.is_some(),
            capabilities: capabilities::names(built.provider.capabilities()),
            ..planned
        },
    };
    check_price(&entry, &planned)?;
    Candidate::new(planned, answerer, datasets)
}

/// Tokens that an engine never reports would cost nothing, and no budget would be kept.
fn check_price(entry: &ProviderConfig, planned: &PlannedProvider) -> Result<(), SetupError> {
    let by_tokens = entry.price.as_ref().is_some_and(PriceConfig::counts_tokens);
    match by_tokens && planned.is_by_the_page() {
        false => Ok(()),
        true => Err(SetupError::Provider {
            label: entry.label(),
            message: "it reports no tokens, so that its price cannot be by the token; write instead: price = { units = [{ \
                      unit = \"page\", usd = … }] }"
                .to_owned(),
        }),
    }
}

/// What an entry costs on a day.
pub(crate) fn price_of(
    entry: &ProviderConfig,
    built: &Built,
    prices: &PriceBook,
    day: &str,
) -> Option<Price> {
    let price = match &built.cascade {
        Some(chained) => chained.price(&entry.kind, &entry.model),
        None => price(entry, built.local, prices, day),
    };
    // An entry without a figure says nothing.
    let price = price.filter(Price::has_figures)?;
    if built.batching.is_some() { price.for_batches() } else { Some(price) }
}

fn price(entry: &ProviderConfig, local: bool, prices: &PriceBook, day: &str) -> Option<Price> {
    match &entry.price {
        Some(price) => Some(price.entry(entry)),
        None if local => Some(Price::free(&entry.kind, &entry.model)),
        None => prices.find(&entry.kind, &entry.model, day).cloned(),
    }
}
