//! What was run, in the words of the plan.

use std::collections::BTreeMap;

use eval_record::{MediaMode, MediaPolicy, Plan, PlannedTask};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{DatasetInfo, ProviderInfo, RunInfo, Scored, Served, TaskInfo};

pub(super) fn run(plan: &Plan) -> RunInfo {
    RunInfo {
        name: plan.name.clone(),
        started: plan.started.clone(),
        tool: plan.tool.clone(),
        commit: plan.commit.clone(),
        command: plan.command.clone(),
        seed: plan.seed,
        repeats: plan.repeats,
        partition: plan.partition.clone(),
        budget_usd: plan.budget_usd.map(|budget| budget.0),
        media: media(&plan.media),
    }
}

fn media(policy: &MediaPolicy) -> String {
    let side = policy.long_side.map_or_else(String::new, |side| format!("longest side {side} pixels, "));
    let changed = |mode| format!("{mode}: {side}JPEG quality {}", policy.jpeg_quality);
    match policy.mode {
        MediaMode::AsIs => "as they are".to_owned(),
        MediaMode::Convert => {
            "as they are; pictures of a type that a provider does not take, converted".to_owned()
        }
        MediaMode::Fit => changed("fit"),
        MediaMode::Same => changed("same"),
    }
}

pub(super) fn providers(scored: &Scored<'_>) -> Vec<ProviderInfo> {
    let info = |(at, provider): (usize, &eval_record::PlannedProvider)| ProviderInfo {
        label: provider.label.clone(),
        kind: provider.kind.clone(),
        model: provider.model.clone(),
        about: provider.about.clone(),
        control: provider.control,
        local: provider.local,
        capabilities: provider.capabilities.clone(),
        price_date: provider.price.as_ref().map(|price| price.as_of.clone()),
        served: served(scored, at),
    };
    scored.providers().iter().enumerate().map(info).collect()
}

/// More marks than these are noise: some hosts give every answer its own.
const MOST_SERVED: usize = 20;

/// The models that answered as one provider, the most frequent first.
pub(crate) fn served(scored: &Scored<'_>, provider: usize) -> Vec<Served> {
    let mut counts: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
    for unit in 0..scored.units.len() {
        for (key, count) in &scored.tally(unit, provider).served {
            *counts.entry(key.clone()).or_default() += count;
        }
    }
    let mut served: Vec<Served> = counts
        .into_iter()
        .map(|((model, fingerprint), answers)| Served { model, fingerprint, answers })
        .collect();
    served.sort_by_key(|one| std::cmp::Reverse(one.answers));
    served.truncate(MOST_SERVED);
    served
}

pub(super) fn datasets(scored: &Scored<'_>) -> Vec<DatasetInfo> {
    let units = &scored.units;
    let info = |dataset: &eval_record::PlannedDataset| DatasetInfo {
        name: dataset.name.clone(),
        version: dataset.version.clone(),
        licence: dataset.licence.clone(),
        folder: dataset.folder.clone(),
        content_hash: dataset.content_hash.clone(),
        selection: dataset.selection.clone(),
        cases: dataset.cases,
        origin: dataset.origin.clone(),
        tasks: (units.iter().enumerate())
            .filter(|(_, unit)| unit.dataset == dataset.name)
            .map(|(at, _)| task(scored, at))
            .collect(),
    };
    scored.plan().clean_datasets().map(info).collect()
}

fn task(scored: &Scored<'_>, at: usize) -> TaskInfo {
    let unit = &scored.units[at];
    TaskInfo {
        task: unit.task,
        cases: unit.planned.cases,
        prompt_name: unit.planned.prompt_name.clone(),
        prompt_hash: prompt_hash(&unit.planned),
        metric: unit.judge.name().to_owned(),
        metric_hash: metric_hash(scored, at),
        values: unit.judge.values(),
    }
}

/// A hash of everything that is asked beside the media.
pub(crate) fn prompt_hash(task: &PlannedTask) -> String {
    short_hash(&json!([task.system, task.prompt, task.schema]))
}

/// A hash of everything that decides about the score.
pub(crate) fn metric_hash(scored: &Scored<'_>, at: usize) -> String {
    let unit = &scored.units[at];
    let planned = &unit.planned;
    let rule = json!([unit.judge.name(), planned.settings, planned.critical, planned.schema]);
    let judge =
        scored.open.as_ref().and_then(|open| open.judgements.judge()).filter(|_| scored.is_judged(at));
    match judge {
        // Before scores were corrected between runs, too, baselines held nothing that people said.
        Some(judge) => short_hash(&json!([rule, judge.name, "corrected"])),
        None => short_hash(&rule),
    }
}

fn short_hash(value: &serde_json::Value) -> String {
    let digest = Sha256::digest(value.to_string());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
