use serde::{Deserialize, Serialize};

use super::{Comparison, PairedTasks};
use crate::distribution::student_quantile;

/// What is asked of a run that is held against an earlier one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossRules {
    /// A loss of at most this share of the score does not matter.
    pub margin: f64,
    /// A loss of this share must not go unseen.
    pub detect: f64,
}

/// What a run says about a loss against an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossVerdict {
    /// A loss beyond the margin is ruled out.
    Pass,
    /// No loss is shown, and one of the size that must not go unseen would have been.
    NoLossFound,
    /// Too few cases, or too noisy ones, for either.
    Inconclusive,
    /// A loss beyond the margin is shown.
    Regressed,
}

/// A loss beyond the margin is ruled out, or shown, with this error.
pub const LOSS_TAIL: f64 = 0.05;

/// A loss of the size that must not go unseen goes unseen in at most this share of runs.
pub const UNSEEN_TAIL: f64 = 0.1;

impl LossRules {
    /// What a p, the loss that is surely exceeded, and the lower bounds of a difference by their error say together.
    pub(crate) fn judge(&self, p: f64, surely_lost: f64, low: impl Fn(f64) -> Option<f64>) -> LossVerdict {
        if p <= LOSS_TAIL && surely_lost > self.margin {
            return LossVerdict::Regressed;
        }
        let rules_out = |loss: f64, tail: f64| low(tail).is_some_and(|low| low > -loss);
        if rules_out(self.margin, LOSS_TAIL) {
            LossVerdict::Pass
        } else if rules_out(self.detect, UNSEEN_TAIL) {
            LossVerdict::NoLossFound
        } else {
            LossVerdict::Inconclusive
        }
    }
}

impl PairedTasks {
    /// The one-sided p of "b is no worse than a": what flipping whole documents says of a loss. 1 for a gain.
    #[must_use]
    pub fn p_of_chance_loss(&self, settings: &Comparison) -> f64 {
        // The flips are symmetric: half of those as far away as the sum seen lie on its side.
        if self.difference() < 0.0 { self.p_alike(settings).1 / 2.0 } else { 1.0 }
    }

    /// Judges a loss; `p` is that of [`p_of_chance_loss`](Self::p_of_chance_loss), corrected for its family.
    #[must_use]
    pub fn judge_loss(&self, rules: &LossRules, p: f64) -> LossVerdict {
        rules.judge(p, self.surely_lost(), |tail| self.low(tail))
    }

    /// The loss that is surely exceeded, if documents vary as those seen do (95 % confidence).
    #[must_use]
    pub fn surely_lost(&self) -> f64 {
        let slack = self.differences.error().map_or(0.0, |(error, degrees)| {
            if error > 0.0 { -student_quantile(LOSS_TAIL, degrees) * error } else { 0.0 }
        });
        -self.difference() - slack
    }

    /// The smallest loss that is ruled out.
    #[must_use]
    pub fn could_see(&self) -> Option<f64> {
        self.low(UNSEEN_TAIL).map(|low| -low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paired::PairedCase;

    const RULES: LossRules = LossRules { margin: 0.01, detect: 0.1 };

    fn pairs(up: usize, down: usize, same: usize) -> PairedTasks {
        let kinds = [(up, 0.0, 1.0), (down, 1.0, 0.0), (same, 1.0, 1.0)];
        let scores = kinds.iter().flat_map(|(count, a, b)| std::iter::repeat_n((*a, *b), *count));
        let cases: Vec<_> = scores.enumerate().map(|(at, (a, b))| PairedCase::single(at, a, b)).collect();
        PairedTasks::new(&[&cases]).unwrap()
    }

    #[track_caller]
    fn check(up: usize, down: usize, same: usize, verdict: LossVerdict) {
        let it = pairs(up, down, same);
        assert_eq!(it.judge_loss(&RULES, it.p_of_chance_loss(&Comparison::usual(1))), verdict);
    }

    #[test]
    fn an_unchanged_run_is_as_good_as_its_number_of_cases() {
        check(0, 0, 6, LossVerdict::Inconclusive);
        check(0, 0, 10, LossVerdict::Inconclusive);
        check(0, 0, 30, LossVerdict::NoLossFound);
        check(0, 0, 310, LossVerdict::Pass);
    }

    #[test]
    fn a_noisy_run_is_no_loss_and_a_loss_is_one() {
        check(3, 3, 54, LossVerdict::NoLossFound);
        check(2, 2, 16, LossVerdict::Inconclusive);
        check(0, 6, 0, LossVerdict::Regressed);
        check(1, 12, 71, LossVerdict::Regressed);
        check(5, 5, 4_990, LossVerdict::Pass);
        check(0, 7, 4_993, LossVerdict::Pass);
        check(0, 120, 8_880, LossVerdict::Regressed);
    }
}
