use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use eval_datasets::{Dataset, Selection};
use eval_record::{Damage, PlannedDataset, Record, RecordError, Trial};
use vision_core::{ErrorKind, Usd};

use crate::changes::changes;
use crate::health::Health;
use crate::opened::OpenDataset;
use crate::{Config, Planned, SetupError};

/// Trials that are in a record already: eight bytes each.
#[derive(Debug, Clone, Default)]
pub struct Done {
    hasher: RandomState,
    keys: HashSet<u64>,
    /// Of every provider that was asked, whether it ever answered.
    answered: HashMap<String, bool>,
    /// Of every provider with an answer that cost more than its worst case, how many times as much.
    overruns: HashMap<String, f64>,
}

/// Which recorded trials a resumed run does again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rerun {
    /// Those that failed in a way that may pass.
    Transient,
    /// All that failed.
    Failed,
}

impl Done {
    /// What need not be done again, what was spent on it, and what of the record cannot be read.
    pub fn of(record: &Record, rerun: Rerun) -> Result<(Self, Usd, Vec<Damage>), RecordError> {
        let (mut done, mut spent) = (Self::default(), Usd::ZERO);
        // Every line and not only the last of each trial: what was repeated was paid for each time.
        let damage = record.lines(|trial: Trial| {
            spent += trial.charged();
            let again = match rerun {
                Rerun::Transient => trial.is_worth_repeating(),
                Rerun::Failed => trial.failure().is_some(),
            };
            done.note_answer(&trial);
            done.note_overrun(&trial);
            let key = &trial.key;
            let key = done.hash(&key.dataset, &key.case, &key.provider, key.repeat);
            match again {
                true => done.keys.remove(&key),
                false => done.keys.insert(key),
            };
        })?;
        // What was under way when the run was interrupted may have been billed: it counts as spent until it is known.
        spent += record.lost()?.usd;
        Ok((done, spent, damage))
    }

    fn note_answer(&mut self, trial: &Trial) {
        let unasked = trial.failure().is_some_and(|failure| failure.kind == ErrorKind::Unsupported);
        match self.answered.get_mut(&trial.key.provider) {
            Some(answered) => *answered |= trial.response().is_some(),
            None if unasked => {}
            None => _ = self.answered.insert(trial.key.provider.clone(), trial.response().is_some()),
        }
    }

    fn note_overrun(&mut self, trial: &Trial) {
        let overrun = trial.attempts().iter().filter_map(|attempt| attempt.overrun).reduce(f64::max);
        if let Some(times) = overrun {
            let worst = self.overruns.entry(trial.key.provider.clone()).or_insert(times);
            *worst = worst.max(times);
        }
    }

    /// How many times its worst case an answer of this provider has cost, if more than once.
    pub(crate) fn overrun(&self, provider: &str) -> Option<f64> {
        self.overruns.get(provider).copied()
    }

    /// What earlier parts of the run showed of a provider.
    pub(crate) fn tell(&self, provider: &str, health: &mut Health) {
        match self.answered.get(provider) {
            Some(true) => health.has_answered_before(),
            Some(false) => health.was_asked_before(),
            None => {}
        }
    }

    /// Whether a trial is among them.
    pub fn contains(&self, dataset: &str, case: &str, provider: &str, repeat: u32) -> bool {
        !self.keys.is_empty() && self.keys.contains(&self.hash(dataset, case, provider, repeat))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn hash(&self, dataset: &str, case: &str, provider: &str, repeat: u32) -> u64 {
        self.hasher.hash_one((dataset, case, provider, repeat))
    }
}

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
        let unchanged = Dataset::open(&root.join(&planned.folder))
            .and_then(|dataset| Ok((dataset.content_hash(media_hashes)? == planned.content_hash, dataset)));
        match unchanged {
            Ok((true, dataset)) => datasets.push((planned, dataset)),
            Ok((false, _)) => {
                changes.push(format!("the dataset `{}` in {} was changed", planned.name, planned.folder));
            }
            Err(problem) => changes.push(format!("the dataset `{}` cannot be read: {problem}", planned.name)),
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
        OpenDataset::new(planned, dataset.folder, index, plan.generation)
    };
    let datasets = datasets.into_iter().map(open).collect::<Result<_, _>>()?;
    Ok(Planned { plan: plan.clone(), datasets })
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
