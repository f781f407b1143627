//! What is not the same in two runs.

use std::collections::BTreeSet;

use crate::baseline::BaselineTask;
use crate::{Baseline, Change, Scope, Served};

/// Everything that is not the same, what matters most first.
pub(crate) fn changes(before: &Baseline, now: &Baseline) -> Vec<Change> {
    let mut found = Found::default();
    let only = |these: &Baseline, those: &Baseline| -> Vec<String> {
        let asked = |task: &&BaselineTask| {
            those.tasks.iter().any(|other| (&other.dataset, other.task) == (&task.dataset, task.task))
        };
        let missing = these.tasks.iter().filter(|task| !asked(task));
        missing.map(|task| Scope::task(&task.dataset, task.task).to_string()).collect()
    };
    for of in only(before, now) {
        found.add("task", &of, "asked".to_owned(), "not asked".to_owned());
    }
    for of in only(now, before) {
        found.add("task", &of, "not asked".to_owned(), "asked".to_owned());
    }
    found.compare("scorer", "", &before.scorer, &now.scorer);
    for task in &now.tasks {
        let same = |old: &&BaselineTask| (&old.dataset, old.task) == (&task.dataset, task.task);
        let Some(old) = before.tasks.iter().find(same) else { continue };
        let of = Scope::task(&task.dataset, task.task).to_string();
        if old.content_hash != task.content_hash {
            let version = |task: &BaselineTask| format!("{} ({})", task.version, short(&task.content_hash));
            found.add("dataset", &of, version(old), version(task));
        }
        found.compare("prompt", &of, &old.prompt_hash, &task.prompt_hash);
        if old.metric_hash != task.metric_hash {
            let metric = |task: &BaselineTask| format!("{} ({})", task.metric, task.metric_hash);
            found.add("metric", &of, metric(old), metric(task));
        }
    }
    found.compare("settings", "", &before.settings, &now.settings);
    found.compare("repeats", "", &before.repeats.to_string(), &now.repeats.to_string());
    providers(&mut found, before, now);
    found.compare("prices", "", &before.price_date, &now.price_date);
    found.compare("tool", "", &before.tool, &now.tool);
    found.0
}

fn providers(found: &mut Found, before: &Baseline, now: &Baseline) {
    for provider in &now.providers {
        let old = match (before.providers.as_slice(), now.providers.as_slice()) {
            ([old], [_]) => Some(old),
            (all, _) => all.iter().find(|old| old.label == provider.label),
        };
        let Some(old) = old else { continue };
        let of = provider.label.as_str();
        found.compare("provider", of, &old.label, &provider.label);
        found.compare("settings", of, &old.settings, &provider.settings);
        let (models, fingerprints) = (served_models(&old.served), served_fingerprints(&old.served));
        found.compare("served model", of, &models, &served_models(&provider.served));
        found.compare("fingerprint", of, &fingerprints, &served_fingerprints(&provider.served));
    }
}

/// The models that answered, sorted.
pub(crate) fn served_models(served: &[Served]) -> String {
    let models: BTreeSet<&str> = served.iter().map(|one| one.model.as_str()).collect();
    models.into_iter().collect::<Vec<_>>().join(", ")
}

/// The marks of the systems behind them, sorted.
pub(crate) fn served_fingerprints(served: &[Served]) -> String {
    let marks: BTreeSet<&str> = served.iter().filter_map(|one| one.fingerprint.as_deref()).collect();
    marks.into_iter().collect::<Vec<_>>().join(", ")
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

#[derive(Default)]
struct Found(Vec<Change>);

impl Found {
    fn compare(&mut self, what: &str, of: &str, from: &str, to: &str) {
        if from != to {
            self.add(what, of, from.to_owned(), to.to_owned());
        }
    }

    fn add(&mut self, what: &str, of: &str, from: String, to: String) {
        self.0.push(Change { what: what.to_owned(), of: of.to_owned(), from, to });
    }
}
