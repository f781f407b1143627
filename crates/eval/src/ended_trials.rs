use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use eval_record::{Damage, Record, RecordError, Trial};
use vision_core::{ErrorKind, Usd};

use crate::health::Health;

/// Trials that are in a record already: eight bytes each.
#[derive(Debug, Clone, Default)]
pub struct EndedTrials {
    hasher: RandomState,
    keys: HashSet<u64>,
    /// Of every provider that was asked, whether it ever answered.
    answered: HashMap<String, bool>,
    /// Of every provider with an answer that cost more than its worst case, how many times as much.
    overruns: HashMap<String, f64>,
    /// How often each trial that failed has failed.
    failures: HashMap<u64, u32>,
}

/// Which recorded trials a resumed run does again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rerun {
    /// Those that failed in a way that may pass.
    Transient,
    /// All that failed.
    Failed,
}

impl EndedTrials {
    /// What need not be done again, what was spent on it, and what of the record cannot be read.
    pub fn of(record: &Record, rerun: Rerun) -> Result<(Self, Usd, Vec<Damage>), RecordError> {
        let (mut ended, mut spent) = (Self::default(), Usd::ZERO);
        // Every line and not only the last of each trial: what was repeated was paid for each time.
        let damage = record.lines(|trial: Trial, _| {
            spent += trial.charged();
            let again = match rerun {
                Rerun::Transient => trial.is_worth_repeating(),
                Rerun::Failed => trial.failure().is_some(),
            };
            ended.note_answer(&trial);
            ended.note_overrun(&trial);
            let key = &trial.key;
            let key = ended.hash(&key.dataset, &key.case, &key.provider, key.repeat);
            if trial.failure().is_some() {
                *ended.failures.entry(key).or_default() += 1;
            }
            match again {
                true => ended.keys.remove(&key),
                false => ended.keys.insert(key),
            };
        })?;
        // What was under way when the run was interrupted may have been billed: it counts as spent until it is known.
        spent += record.lost()?.usd;
        Ok((ended, spent, damage))
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
        if let Some(times) = trial.overrun() {
            let worst = self.overruns.entry(trial.key.provider.clone()).or_insert(times);
            *worst = worst.max(times);
        }
    }

    /// How many times its worst case an answer of this provider has cost, if more than once.
    pub(crate) fn overrun(&self, provider: &str) -> Option<f64> {
        self.overruns.get(provider).copied()
    }

    /// What earlier parts of the run showed of a provider.
    pub(crate) fn inform(&self, provider: &str, health: &mut Health) {
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

    /// How often a trial was recorded that is done again.
    pub(crate) fn failures(&self, dataset: &str, case: &str, provider: &str, repeat: u32) -> u32 {
        match self.failures.is_empty() {
            true => 0,
            false => self.failures.get(&self.hash(dataset, case, provider, repeat)).copied().unwrap_or(0),
        }
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
