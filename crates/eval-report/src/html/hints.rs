//! Whether the mistakes in a field have one cause, which is cheaper to mend than many.

mod cause;

use std::collections::HashMap;

use eval_summary::CaseView;

use crate::trials::is_wrong;

pub(super) use cause::Cause;

/// Fewer mistakes than that are no pattern.
const LEAST: u64 = 4;
/// The share of the mistakes that one cause must explain.
const SHARE: f64 = 0.5;

/// The mistakes of candidates by dataset, task and field.
#[derive(Debug, Default)]
pub(super) struct Hints(HashMap<(String, String, String), Counts>);

#[derive(Debug, Default)]
struct Counts {
    mistakes: u64,
    causes: HashMap<Cause, u64>,
}

/// `count` of `of` mistakes have the same cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hint {
    pub cause: Cause,
    pub count: u64,
    pub of: u64,
}

impl Hints {
    pub fn count(&mut self, view: &CaseView, is_control: impl Fn(&str) -> bool) {
        for answer in view.answers.iter().filter(|answer| !is_control(&answer.provider)) {
            for finding in answer.findings.iter().filter(|finding| is_wrong(finding.verdict)) {
                let key = (view.dataset.clone(), view.task.name().to_owned(), finding.field.clone());
                let counts = self.0.entry(key).or_default();
                counts.mistakes += 1;
                if let Some(cause) = Cause::of(finding) {
                    *counts.causes.entry(cause).or_default() += 1;
                }
            }
        }
    }

    /// The most frequent cause, if it explains enough.
    pub fn of(&self, dataset: &str, task: &str, field: &str) -> Option<Hint> {
        let counts = self.0.get(&(dataset.to_owned(), task.to_owned(), field.to_owned()))?;
        let (cause, count) = counts.causes.iter().max_by_key(|(cause, count)| (**count, **cause))?;
        let is_pattern = counts.mistakes >= LEAST && *count as f64 >= counts.mistakes as f64 * SHARE;
        is_pattern.then_some(Hint { cause: *cause, count: *count, of: counts.mistakes })
    }
}
