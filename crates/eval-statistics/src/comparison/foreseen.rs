//! What a gate will say of a run, known before the run.

use super::loss::{LOSS_TAIL, LossRules, UNSEEN_TAIL};
use crate::binomial::Binomial;
use crate::bounded::{Document, Kinds};
use crate::distribution::student_quantile;
use crate::mcnemar::fair_coin;

/// Less likely numbers of gains are left out.
const RARE: f64 = 1e-9;

/// Steps of halving, to far less than a tenth of a point.
const STEPS: usize = 20;

/// The smallest loss that so many documents rule out if nothing changes but by the provider's own noise.
///
/// `noise` is the variance of one document's difference: for yes/no cases, the share that flips from run to run.
#[must_use]
pub fn ruled_out_loss(documents: usize, noise: f64) -> Option<f64> {
    let flips = documents as f64 * noise.clamp(0.0, 1.0) / 2.0;
    let same = documents as f64 - 2.0 * flips;
    let one = |sum| Document { count: 1.0, sum };
    let kinds = Kinds::of_counts(&[(flips, one(1.0)), (flips, one(-1.0)), (same, one(0.0))])?;
    Some(-kinds.lower(-1.0, UNSEEN_TAIL))
}

/// The smallest true loss that a run of so many documents shows with this power; nothing if none is large enough.
///
/// Each document is one yes/no case, and flips by itself in `noise` of all runs, as often either way. `weight` is the
/// share of the error that the check has among all checks of its gate.
#[must_use]
pub fn detectable_loss(
    documents: usize,
    noise: f64,
    rules: &LossRules,
    weight: f64,
    power: f64,
) -> Option<f64> {
    let noise = noise.clamp(0.0, 1.0);
    let gate = Gate { documents: documents as u64, rules, weight };
    let needed = gate.needed(noise / 2.0);
    let finds = |loss: f64| gate.power(&needed, noise / 2.0, loss) >= power;
    let (mut low, mut high) = (0.0, 1.0 - noise);
    if !finds(high) {
        return None;
    }
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if finds(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

struct Gate<'a> {
    documents: u64,
    rules: &'a LossRules,
    weight: f64,
}

/// A number of documents that gained, how likely it is, and how many losses beside it are shown to be a loss.
struct Needed {
    gained: u64,
    chance: f64,
    lost: u64,
}

impl Gate<'_> {
    /// For every number of gains that is not rare and leaves enough documents for a loss to show.
    fn needed(&self, gain: f64) -> Vec<Needed> {
        let mut lost = 0;
        let gains = Binomial::new(self.documents, gain);
        let likely = gains.outcomes().filter(|(_, chance)| *chance > RARE);
        let needed = likely.map_while(|(gained, chance)| {
            // More gains never take fewer losses.
            lost = (lost.max(gained)..=self.documents - gained).find(|lost| self.shows(gained, *lost))?;
            Some(Needed { gained, chance, lost })
        });
        needed.collect()
    }

    /// Whether a loss is shown where so many documents gained and lost everything.
    fn shows(&self, gained: u64, lost: u64) -> bool {
        if lost <= gained || fair_coin(gained, gained + lost) / 2.0 / self.weight > LOSS_TAIL {
            return false;
        }
        let n = self.documents as f64;
        let loss = (lost - gained) as f64 / n;
        let variance = ((gained + lost) as f64 / n - loss * loss).max(0.0) / (n - 1.0).max(1.0);
        let slack =
            if variance > 0.0 { -student_quantile(LOSS_TAIL, n - 1.0) * variance.sqrt() } else { 0.0 };
        loss - slack > self.rules.margin
    }

    /// The share of runs with this true loss that show one.
    fn power(&self, needed: &[Needed], gain: f64, loss: f64) -> f64 {
        let falls = ((gain + loss) / (1.0 - gain)).min(1.0);
        let shown = |it: &Needed| {
            let fewer = Binomial::new(self.documents - it.gained, falls).cumulative(it.lost - 1);
            it.chance * (1.0 - fewer)
        };
        needed.iter().map(shown).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paired::PairedCase;
    use crate::{Comparison, LossVerdict, PairedTasks};

    const RULES: LossRules = LossRules { margin: 0.01, detect: 0.1 };

    fn pairs(up: u64, down: u64, same: u64) -> PairedTasks {
        let kinds = [(up, 0.0, 1.0), (down, 1.0, 0.0), (same, 1.0, 1.0)];
        let scores = kinds.iter().flat_map(|(count, a, b)| (0..*count).map(|_| (*a, *b)));
        let cases: Vec<_> = scores.enumerate().map(|(at, (a, b))| PairedCase::single(at, a, b)).collect();
        PairedTasks::new(&[&cases]).unwrap()
    }

    #[test]
    fn what_is_ruled_out_is_known_beforehand() {
        // The rule of three, at 90 %: ln(10) / n.
        let steady = ruled_out_loss(100, 0.0).unwrap();
        assert!((steady - 0.0228).abs() < 0.001, "{steady}");
        let noisy = ruled_out_loss(100, 0.1).unwrap();
        assert!((noisy - pairs(5, 5, 90).could_see().unwrap()).abs() < 1e-9);
        assert!(noisy > steady && ruled_out_loss(20, 0.1) > Some(noisy));
        assert_eq!(ruled_out_loss(0, 0.1), None);
    }

    #[test]
    fn a_loss_is_foreseen_to_show_exactly_where_the_gate_shows_it() {
        for documents in [2, 5, 30, 120] {
            for weight in [1.0, 0.25] {
                let gate = Gate { documents, rules: &RULES, weight };
                for gained in 0..=4.min(documents) {
                    for lost in 0..=(documents - gained).min(16) {
                        let it = pairs(gained, lost, documents - gained - lost);
                        let p = it.p_of_chance_loss(&Comparison::usual(1)) / weight;
                        let is_shown = it.judge_loss(&RULES, p.min(1.0)) == LossVerdict::Regressed;
                        assert_eq!(
                            gate.shows(gained, lost),
                            is_shown,
                            "{gained} up, {lost} down of {documents}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_steady_baseline_of_a_hundred_cases_detects_what_breaks_five_in_four_of_five_runs() {
        let loss = detectable_loss(100, 0.0, &RULES, 1.0, 0.8).unwrap();
        // Five are shown and four are not.
        let at_least_five = |loss: f64| 1.0 - Binomial::new(100, loss).cumulative(4);
        assert!((at_least_five(loss) - 0.8).abs() < 1e-4, "{loss}");
        assert!((0.066..0.067).contains(&loss), "{loss}");
        assert!(at_least_five(0.051) < 0.6 && at_least_five(0.03) < 0.19);
    }

    #[test]
    fn noise_fewer_cases_and_more_checks_hide_larger_losses() {
        let of = |documents, noise, weight| detectable_loss(documents, noise, &RULES, weight, 0.8);
        let steady = of(100, 0.0, 1.0).unwrap();
        for harder in [of(100, 0.1, 1.0), of(60, 0.0, 1.0), of(100, 0.0, 0.25)] {
            assert!(harder.unwrap() > steady + 0.01, "{harder:?}");
        }
        assert!(of(10_000, 0.1, 1.0).unwrap() < 0.03);
        assert_eq!(of(4, 0.0, 1.0), None, "four of four are not significant");
        assert_eq!(of(0, 0.1, 1.0), None);
    }
}
