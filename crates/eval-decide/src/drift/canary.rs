//! Canaries: cases that a dataset tags so, because every version of a model should answer them alike.
//!
//! A canary is kept as it is from version to version. If its file and its label are the same in two runs and its answer is
//! not, the data is not why.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use eval_record::{Plan, Record};
use eval_summary::{CanaryCheck, CaseView, Cause, SummaryError, TrialStatus};
use serde_json::Value;

use super::{Place, task};
use crate::reading::{Comparer, Reading};

/// The tag of a dataset's case, whatever its value.
const TAG: &str = "canary";

/// Canaries that are named.
const NAMED: usize = 10;

/// A case with the tag.
#[derive(Debug)]
struct Canary {
    label: Value,
    /// Hashes of its files; the names of those that no trial has loaded.
    files: Vec<String>,
    /// By candidate.
    said: HashMap<String, Vec<Reading>>,
}

/// Those of one run.
#[derive(Debug, Default)]
pub(super) struct Canaries(BTreeMap<Place, Canary>);

impl Canaries {
    /// Takes a case if it has the tag.
    pub fn add(&mut self, place: &Place, view: &CaseView) {
        if !view.tags.contains_key(TAG) {
            return;
        }
        let mut said: HashMap<String, Vec<Reading>> = HashMap::new();
        for answer in view.answers.iter().filter(|answer| answer.status == TrialStatus::Answered) {
            said.entry(answer.provider.clone()).or_default().push(Reading::new(&answer.text));
        }
        let (label, files) = (view.expected.clone(), view.media.clone());
        self.0.insert(place.clone(), Canary { label, files, said });
    }

    /// With the hashes of files in the place of their names.
    pub fn hashed(mut self, record: &Record) -> Result<Self, SummaryError> {
        if self.0.is_empty() {
            return Ok(self);
        }
        let hash = |entry: eval_record::MediaEntry| ((entry.dataset, entry.name), entry.source_hash);
        let hashes: HashMap<(String, String), String> = record.media()?.into_iter().map(hash).collect();
        for ((dataset, ..), canary) in &mut self.0 {
            for file in &mut canary.files {
                if let Some(hash) = hashes.get(&(dataset.clone(), file.clone())) {
                    file.clone_from(hash);
                }
            }
        }
        Ok(self)
    }
}

/// The canaries of two runs.
#[derive(Debug)]
pub(super) struct Both {
    pub before: Canaries,
    pub now: Canaries,
}

/// What is counted for one candidate.
pub(super) struct Counted<'a> {
    both: &'a Both,
    plan: &'a Plan,
    check: CanaryCheck,
    causes: BTreeSet<Cause>,
}

impl Both {
    pub fn counted<'a>(&'a self, plan: &'a Plan) -> Counted<'a> {
        Counted { both: self, plan, check: CanaryCheck::default(), causes: BTreeSet::new() }
    }
}

impl Counted<'_> {
    /// Looks at a case of a candidate, whose label is this then and now.
    pub fn add(&mut self, place: &Place, [old, new]: [&str; 2], causes: &[Cause], difference: f64) {
        let (Some(before), Some(now)) = (self.both.before.0.get(place), self.both.now.0.get(place)) else {
            return;
        };
        if before.label != now.label || before.files != now.files {
            self.check.replaced += 1;
            return;
        }
        let (Some(then), Some(today)) = (before.said.get(old), now.said.get(new)) else { return };
        let Some(planned) = task(self.plan, place) else { return };
        let comparer = Comparer::new(planned, &[]);
        let agrees = |one: &Reading| today.iter().any(|other| comparer.agreement(one, other) >= 1.0);
        self.check.cases += 1;
        self.check.difference += difference;
        if !then.iter().any(agrees) {
            self.check.changed += 1;
            self.causes.extend(causes);
            if self.check.examples.len() < NAMED {
                self.check.examples.push(place.2.clone());
            }
        }
    }

    /// Nothing where no canary could be looked at.
    pub fn finish(self) -> Option<CanaryCheck> {
        let mut check = self.check;
        check.causes = self.causes.into_iter().collect();
        check.difference /= check.cases.max(1) as f64;
        (check.cases + check.replaced > 0).then_some(check)
    }
}
