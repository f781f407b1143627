use std::sync::Arc;

use eval_datasets::Dataset;
use eval_record::{HostLimits, PlannedProvider, Price};
use vision_core::Capabilities;

use super::{Answerer, Concurrency, PreparedProvider, Setup};
use crate::control::{Control, Reads};
use crate::{Built, CONTROLS, Config, ProviderConfig, Registry, SetupError, is_control};

pub(super) fn prepare_provider(
    entry: &ProviderConfig,
    config: &Config,
    setup: &Setup<'_>,
    registry: &dyn Registry,
) -> Result<(PreparedProvider, PlannedProvider), SetupError> {
    let label = entry.label();
    if is_control(&entry.kind) {
        let (control, about) = control(entry, config, setup)?;
        let planned = planned_provider(
            entry,
            &label,
            about,
            None,
            true,
            Some(Price::free(&entry.kind, &entry.model)),
            &[],
        );
        let price = planned.price.clone();
        let answerer = Answerer::Control(Arc::new(control));
        let prepared = PreparedProvider {
            label,
            answerer,
            host: "control".to_owned(),
            concurrency: Concurrency::Fixed(1),
            limits: HostLimits::default(),
            price,
        };
        return Ok((prepared, planned));
    }
    let Built { provider, host, base_url, concurrency, local, about } = registry.build(entry)?;
    let price = match &entry.price {
        Some(price) => Some(price.entry(entry)),
        None if local => Some(Price::free(&entry.kind, &entry.model)),
        None => setup.prices.find(&entry.kind, &entry.model, &setup.started).cloned(),
    };
    // An entry without a figure says nothing.
    let price = price.filter(Price::has_figures);
    let capabilities = names(provider.capabilities());
    let mut planned = planned_provider(entry, &label, about, base_url, false, price.clone(), &capabilities);
    planned.local = local;
    let concurrency = match entry.limits.concurrency {
        Some(fixed) => Concurrency::Fixed(fixed),
        None if local => Concurrency::Fixed(concurrency),
        None => Concurrency::Usual(concurrency),
    };
    let prepared = PreparedProvider {
        label,
        answerer: Answerer::Provider(provider),
        host,
        concurrency,
        limits: entry.limits.clone(),
        price,
    };
    Ok((prepared, planned))
}

fn planned_provider(
    entry: &ProviderConfig,
    label: &str,
    about: String,
    base_url: Option<String>,
    control: bool,
    price: Option<Price>,
    capabilities: &[&str],
) -> PlannedProvider {
    PlannedProvider {
        label: label.to_owned(),
        kind: entry.kind.clone(),
        model: entry.model.clone(),
        about,
        base_url,
        settings: serde_json::to_value(&entry.settings).expect("a table of TOML has texts as keys"),
        control,
        local: control,
        price,
        limits: entry.limits.clone(),
        capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn control(
    entry: &ProviderConfig,
    config: &Config,
    setup: &Setup<'_>,
) -> Result<(Control, String), SetupError> {
    let Some((_, about)) = CONTROLS.iter().find(|(name, _)| *name == entry.model) else {
        let known: Vec<_> = CONTROLS.iter().map(|(name, _)| *name).collect();
        let message = format!("there is no control of this name (there are: {})", known.join(", "));
        return Err(SetupError::Provider { label: entry.label(), message });
    };
    let about = format!("control: {about}");
    if entry.model == "blank" {
        return Ok((Control::Blank, about));
    }
    let reads = if entry.model == "question" { Reads::Question } else { Reads::Nothing };
    let datasets: Vec<Dataset> = config
        .dataset
        .iter()
        .map(|dataset| Dataset::open(&setup.root.join(&dataset.path)))
        .collect::<Result<_, _>>()?;
    Ok((Control::of(datasets.into_iter(), reads)?, about))
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
fn names(capabilities: &Capabilities) -> Vec<&'static str> {
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
    CAPABILITIES.into_iter().zip(has).filter(|(_, has)| *has).map(|(name, _)| name).collect()
}
