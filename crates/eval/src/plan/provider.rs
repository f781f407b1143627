use eval_record::{PlannedProvider, Price};
use vision_core::Capabilities;

use super::Setup;
use crate::candidate::{Answerer, Candidate};
use crate::{ProviderConfig, Registry, SetupError};

/// One entry of the configuration as the plan has it.
pub(super) fn plan_provider(
    entry: &ProviderConfig,
    setup: &Setup<'_>,
    registry: &dyn Registry,
) -> Result<Candidate, SetupError> {
    let answerer = Answerer::of(entry, registry)?;
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
    };
    let planned = match &answerer {
        Answerer::Control(control) => {
            PlannedProvider { about: format!("control: {}", control.about), control: true, ..planned }
        }
        Answerer::Provider(built) => PlannedProvider {
            about: built.about.clone(),
            base_url: built.base_url.clone(),
            local: built.local,
            // An entry without a figure says nothing.
            price: price(entry, built.local, setup).filter(Price::has_figures),
            capabilities: names(built.provider.capabilities()),
            ..planned
        },
    };
    Ok(Candidate { planned, answerer })
}

fn price(entry: &ProviderConfig, local: bool, setup: &Setup<'_>) -> Option<Price> {
    match &entry.price {
        Some(price) => Some(price.entry(entry)),
        None if local => Some(Price::free(&entry.kind, &entry.model)),
        None => setup.prices.find(&entry.kind, &entry.model, &setup.started).cloned(),
    }
}

/// The names that `[decide] require` knows.
pub const CAPABILITIES: [&str; 11] = [
    "prompt",
    "image",
    "pdf",
    "audio",
    "video",
    "url",
    "json",
    "json_schema",
    "temperature",
    "seed",
    "usage",
];

/// Those that a provider has.
fn names(capabilities: &Capabilities) -> Vec<String> {
    use vision_core::Modality;
    let has = [
        capabilities.prompt,
        capabilities.takes(Modality::Image),
        capabilities.takes(Modality::Pdf),
        capabilities.takes(Modality::Audio),
        capabilities.takes(Modality::Video),
        capabilities.url_input,
        capabilities.json,
        capabilities.json_schema,
        capabilities.temperature,
        capabilities.seed,
        capabilities.usage,
    ];
    CAPABILITIES.into_iter().zip(has).filter(|(_, has)| *has).map(|(name, _)| name.to_owned()).collect()
}
