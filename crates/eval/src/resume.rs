use std::collections::{HashMap, HashSet};
use std::path::Path;

use eval_datasets::{Dataset, Selection};
use eval_record::{PlannedDataset, Price, PriceBook, Record, RecordError};
use vision_core::Usd;

use crate::candidate::{Answerer, config};
use crate::changes::changes;
use crate::opened::OpenDataset;
use crate::plan::price_of;
use crate::{Config, Planned, ProviderConfig, Registry, SetupError};

/// The plan of a recorded run, to do the rest of it. Refuses if a dataset is no longer the same, or if the configuration
/// of today would ask something else.
pub fn reopen(
    record: &Record,
    today: &Config,
    root: &Path,
    media_hashes: Option<&Path>,
) -> Result<Planned, SetupError> {
    let plan = &record.plan;
    let mut changes = changes(plan, today);
    let mut datasets = Vec::new();
    for planned in &plan.datasets {
        match unchanged(planned, root, media_hashes) {
            Ok(dataset) => datasets.push((planned, dataset)),
            Err(change) => changes.push(change),
        }
    }
    if !record.path("cases.jsonl").exists() {
        changes
            .push("its list of cases was never finished, so nothing was asked yet: start it anew".to_owned());
    }
    if !changes.is_empty() {
        return Err(SetupError::Changed(changes));
    }
    let mut recorded = recorded_ids(record)?;
    let open = |(planned, dataset): (&PlannedDataset, Dataset)| {
        let selection = Selection {
            tasks: planned.tasks.keys().copied().collect(),
            listed: recorded.as_mut().map(|ids| ids.remove(&planned.name).unwrap_or_default()),
            ..Selection::default()
        };
        let index = dataset.index(&selection)?;
        OpenDataset::new(planned, dataset.folder, index, (plan.generation, plan.seed))
    };
    let datasets = datasets.into_iter().map(open).collect::<Result<_, _>>()?;
    Ok(Planned { plan: plan.clone(), unheld: Vec::new(), datasets })
}

/// Puts what the user's own price book, configuration and machine say in the place of what a stranger's record says of
/// money: what is free, what runs here, what may be spent, and how eagerly it is asked.
pub fn distrust(
    planned: &mut Planned,
    today: &Config,
    prices: &PriceBook,
    registry: &dyn Registry,
) -> Result<(), SetupError> {
    let plan = &mut planned.plan;
    plan.budget_usd = today.budget_usd.map(Usd);
    plan.execution = today.execution();
    for provider in &mut plan.providers {
        let entry = today.provider.iter().find(|entry| entry.label() == provider.model_label());
        let own = config(provider)?;
        let own = ProviderConfig { price: entry.and_then(|entry| entry.price.clone()), ..own };
        let answerer = Answerer::of(&own, registry)?;
        (provider.price, provider.local) = match &answerer {
            Answerer::Control(_) => (Some(Price::free(&own.kind, &own.model)), true),
            Answerer::Provider(built) => (price_of(&own, built, prices, &plan.started), built.local),
        };
        provider.control = matches!(answerer, Answerer::Control(_));
    }
    Ok(())
}

/// A dataset of a plan, if it is as it was; else what is not.
pub(crate) fn unchanged(
    planned: &PlannedDataset,
    root: &Path,
    media_hashes: Option<&Path>,
) -> Result<Dataset, String> {
    let opened = Dataset::open(&vision_files::storage::within(root, &planned.folder))
        .and_then(|dataset| Ok((dataset.content_hash(media_hashes)? == planned.content_hash, dataset)));
    match opened {
        Ok((true, dataset)) => Ok(dataset),
        Ok((false, _)) => Err(format!("the dataset `{}` in {} was changed", planned.name, planned.folder)),
        Err(problem) => Err(format!("the dataset `{}` cannot be read: {problem}", planned.name)),
    }
}

/// The wanted cases by dataset and id, if the plan did not want all of them.
fn recorded_ids(record: &Record) -> Result<Option<HashMap<String, HashSet<String>>>, RecordError> {
    if record.plan.datasets.iter().all(|dataset| dataset.selection.is_empty()) {
        return Ok(None);
    }
    let mut ids: HashMap<String, HashSet<String>> = HashMap::new();
    record.cases(|_, case| {
        ids.entry(case.dataset).or_default().insert(case.case);
    })?;
    Ok(Some(ids))
}
