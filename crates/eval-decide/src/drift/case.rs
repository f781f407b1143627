//! What a candidate said to one case, and how it was asked.

use std::collections::BTreeSet;

use eval_statistics::Moments;
use eval_summary::{AnswerView, CaseView, Cause};

/// All repeats of one case.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Said {
    scores: Moments,
    /// The models that answered, with their fingerprints.
    served: BTreeSet<(Option<String>, Option<String>)>,
    /// The hashes of the media as they were sent.
    media: BTreeSet<Vec<String>>,
    /// The texts that were sent with them.
    prompts: BTreeSet<(Option<String>, String)>,
}

impl Said {
    pub fn add(&mut self, case: &CaseView, answer: &AnswerView) {
        self.scores.push(answer.score.unwrap_or(0.0));
        if answer.served.is_some() || answer.fingerprint.is_some() {
            self.served.insert((answer.served.clone(), answer.fingerprint.clone()));
        }
        if !answer.media.is_empty() {
            self.media.insert(answer.media.clone());
        }
        let prompt = answer.prompt.clone().unwrap_or_else(|| case.prompt.clone());
        self.prompts.insert((case.system.clone(), prompt));
    }

    pub fn mean(&self) -> f64 {
        self.scores.mean().unwrap_or(0.0)
    }

    /// Between repeats.
    pub fn variance(&self) -> Option<f64> {
        self.scores.variance()
    }

    /// The share of the variance of one answer that the mean of all has.
    pub fn share(&self) -> f64 {
        1.0 / (self.scores.count().max(1) as f64)
    }

    /// What is not the same, as far as both say it: a failed trial names no model.
    pub fn changed(&self, now: &Self) -> Vec<Cause> {
        let is_other = |one: bool, other: bool, same: bool| !one && !other && !same;
        let served = is_other(self.served.is_empty(), now.served.is_empty(), self.served == now.served);
        let media = is_other(self.media.is_empty(), now.media.is_empty(), self.media == now.media);
        let found = [
            (served, Cause::ServedModel),
            (self.prompts != now.prompts, Cause::Prompt),
            (media, Cause::Media),
        ];
        found.into_iter().filter(|(is_other, _)| *is_other).map(|(_, cause)| cause).collect()
    }
}
