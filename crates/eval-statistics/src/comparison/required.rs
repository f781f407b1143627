use serde::{Deserialize, Serialize};

use super::PairedTasks;
use crate::distribution::{normal_cumulative, normal_quantile};
use crate::interval::Level;

/// How many further cases would settle whether b is worse than a by more than a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredCases {
    /// If the differences scatter as little as they may.
    pub low: u64,
    /// If they scatter as much as they may, and if the true difference lies as near to the margin as is planned for
    /// ([`cases_to_settle_near`]); `None` for more than 10,000.
    pub high: Option<u64>,
}

/// More cases than anybody labels for one answer.
const MOST_CASES: f64 = 10_000.0;

/// The variance is somewhere between these two in four samples of five.
const VARIANCE_TAIL: f64 = 0.1;

/// Two providers that somebody considers for one job, or two runs of one, usually differ by no more than about this.
///
/// What a small study shows is mostly luck. Without this it would be taken for a difference, and too few cases promised.
pub const USUAL_DIFFERENCE: f64 = 0.05;

/// The chance that a promised number of cases is enough where the truth is as near to the margin as is planned for.
const CHANCE_NEAR: f64 = 0.9;

/// The standard error of a difference after some cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scatter {
    /// As far as few documents tell it.
    pub expected: f64,
    /// As large as it may well be.
    pub largest: f64,
}

/// So many cases, for every difference that lies no nearer to a margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SettledNear {
    /// All the cases.
    pub cases: f64,
    /// How far from the margin the true difference has to be for them to be enough.
    pub distance: f64,
}

/// All the cases that settle on which side of a margin a difference is, though it lies as near to it as is planned for:
/// half of the margin, and a point at least. Where the difference `seen` after so many `cases` leaves nothing that near
/// plausible (95 %), as near as it leaves plausible is enough.
///
/// Data that leaves the question open hardly excludes that the truth lies right at the margin, where no number of cases
/// settles it. So a promise needs to say how near it still holds. Few cases with a large difference are another matter:
/// there it is open only because a failure may have been missed.
#[must_use]
pub fn cases_to_settle_near(margin: f64, seen: f64, cases: f64, scatter: Scatter, tail: f64) -> SettledNear {
    let errors = normal_quantile(CHANCE_NEAR) - normal_quantile(tail);
    let needed = |error: f64, distance: f64| cases * (errors * error / distance).powi(2);
    let planned = (margin.abs() / 2.0).max(0.01);
    let plausible = (seen + margin).abs() - Level::P95.z() * scatter.expected;
    let near = SettledNear { cases: needed(scatter.largest, planned), distance: planned };
    let plausible = SettledNear { cases: needed(scatter.expected, plausible), distance: plausible };
    if plausible.distance > planned && plausible.cases < near.cases { plausible } else { near }
}

impl PairedTasks {
    /// Further cases, in the mix of tasks of this sample, after which b is shown to be worse by less than `margin`, or
    /// by more, with probability `power`; each is shown at a one-sided error of `tail`.
    ///
    /// The true difference is not known: it lies around the one seen as the data says, and hardly beyond what is usual
    /// ([`USUAL_DIFFERENCE`]). 0 to 0 if it is settled already, `None` if more than 10,000 cases would be needed at best.
    #[must_use]
    pub fn required_cases(&self, margin: f64, tail: f64, power: f64) -> Option<RequiredCases> {
        let (low, high) = (self.low(tail)?, self.high(tail)?);
        if low > -margin || high < -margin {
            return Some(RequiredCases { low: 0, high: Some(0) });
        }
        // One document says nothing of the scatter: at best, further ones are like it.
        let (error, degrees) = self.differences.error().unwrap_or((0.0, 1.0));
        let z = -normal_quantile(tail);
        let mean = self.difference();
        // What was not seen adds to the error: a sample without a difference is not one without variance.
        let honest = error.max((mean - low).min(high - mean) / z);
        let is_alone = self.documents() < 2;
        let further = |error: f64| {
            let (below, above) = (mean - low, high - mean);
            Study { n: self.n as f64, mean, margin, error, z, below, above, is_alone }.further(power)
        };
        let at_best = further(error * variance_factor(degrees, 1.0 - VARIANCE_TAIL))?;
        let largest = honest * variance_factor(degrees, VARIANCE_TAIL);
        let Some(scatter) = self.scatter() else { return Some(RequiredCases { low: at_best, high: None }) };
        // A truth near the margin needs no more than what is counted on anyway.
        let scatter = Scatter { largest: scatter.largest.min(largest), ..scatter };
        let near = cases_to_settle_near(margin, mean, self.n as f64, scatter, tail).cases - self.n as f64;
        let at_worst = further(largest).filter(|_| near <= MOST_CASES).map(|cases| {
            let near = near.max(0.0).ceil() as u64;
            cases.max(near).max(at_best)
        });
        Some(RequiredCases { low: at_best, high: at_worst })
    }

    /// How far the difference is from the true one; undefined for one document.
    ///
    /// Few documents may happen to be alike. If none differs, it is as likely as not that one in so many does, and one in ten
    /// samples misses some more.
    #[must_use]
    pub fn scatter(&self) -> Option<Scatter> {
        let (error, degrees) = self.differences.error()?;
        let unseen = |chance: f64| (-chance.ln()).sqrt() / self.documents() as f64;
        // The mean of what the variance may be, given the one seen.
        let unsure = if degrees > 2.0 { (degrees / (degrees - 2.0)).sqrt() } else { f64::INFINITY };
        Some(Scatter {
            expected: if error > 0.0 { (error * unsure).max(unseen(0.5)) } else { unseen(0.5) },
            largest: (error * variance_factor(degrees, VARIANCE_TAIL)).hypot(unseen(VARIANCE_TAIL)),
        })
    }
}

/// √(degrees ÷ a quantile of chi-square), by Wilson and Hilferty.
fn variance_factor(degrees: f64, quantile: f64) -> f64 {
    let part = 2.0 / (9.0 * degrees.max(1.0));
    let ratio = (1.0 - part + normal_quantile(quantile) * part.sqrt()).max(0.1).powi(3);
    ratio.powf(-0.5)
}

/// A comparison that goes on.
struct Study {
    n: f64,
    /// The difference seen.
    mean: f64,
    margin: f64,
    error: f64,
    z: f64,
    /// Distances of the bounds from the difference now.
    below: f64,
    above: f64,
    /// Whether there is a single document.
    is_alone: bool,
}

impl Study {
    fn further(&self, power: f64) -> Option<u64> {
        let settles = |cases: f64| self.chance(cases) >= power;
        if !settles(MOST_CASES) {
            return None;
        }
        let (mut low, mut high) = (0.0, MOST_CASES);
        while high - low > 0.5 {
            let middle = f64::midpoint(low, high);
            if settles(middle) { high = middle } else { low = middle }
        }
        Some(high.ceil() as u64)
    }

    /// The chance that so many further cases settle it, given what was seen so far.
    fn chance(&self, cases: f64) -> f64 {
        let all = self.n + cases;
        let distance = |now: f64| {
            let spread = self.z * self.error * (self.n / all).sqrt();
            // What is not spread is the failure that was not seen, which gets rarer with every case: by as much as there
            // are more of them, and beside a single one by the rule of three.
            let unseen = (now - self.z * self.error).max(0.0);
            spread
                + if self.is_alone {
                    1.0 - (1.0 - unseen.min(1.0)).powf(self.n / all)
                } else {
                    unseen * self.n / all
                }
        };
        // What is believed of the true difference: the one seen, drawn towards none as far as it may be luck.
        let (seen, usual) = (self.error.powi(2), USUAL_DIFFERENCE.powi(2));
        let trust = usual / (usual + seen);
        let (truth, doubt) = (trust * self.mean, trust * seen);
        let new = cases / all;
        let gap = self.mean + new * (truth - self.mean) + self.margin;
        let moves = (new * new * doubt + new * (1.0 - new) * seen).sqrt().max(1e-12);
        normal_cumulative((gap - distance(self.below)) / moves)
            + normal_cumulative((-gap - distance(self.above)) / moves)
    }
}

#[cfg(test)]
mod tests {
    use super::super::PairedTasks;
    use super::*;
    use crate::paired::PairedCase;

    fn yes_no(up: usize, down: usize, same: usize) -> PairedTasks {
        let kinds = [(up, 0.0, 1.0), (down, 1.0, 0.0), (same, 1.0, 1.0)];
        let scores = kinds.iter().flat_map(|(count, a, b)| std::iter::repeat_n((*a, *b), *count));
        let cases: Vec<_> = scores.enumerate().map(|(at, (a, b))| PairedCase::single(at, a, b)).collect();
        PairedTasks::new(&[&cases]).unwrap()
    }

    #[test]
    fn the_rule_of_three_says_how_many_equal_cases_exclude_a_loss() {
        let required = yes_no(0, 0, 100).required_cases(0.01, 0.025, 0.8).unwrap();
        // ln(1/0.025) / 0.01 = 369 in all.
        assert!((260..=280).contains(&required.low), "{required:?}");
        assert!(required.high.is_some_and(|high| high >= required.low), "{required:?}");
    }

    #[test]
    fn what_is_settled_needs_no_more() {
        let settled = Some(RequiredCases { low: 0, high: Some(0) });
        assert_eq!(yes_no(3, 3, 500).required_cases(0.05, 0.025, 0.8), settled);
        assert_eq!(yes_no(0, 40, 60).required_cases(0.05, 0.025, 0.8), settled);
    }

    #[test]
    fn a_stricter_level_and_a_smaller_margin_need_more() {
        let pairs = yes_no(8, 8, 100);
        let usual = pairs.required_cases(0.05, 0.025, 0.8).unwrap();
        let stricter = pairs.required_cases(0.05, 0.005, 0.8).unwrap();
        let smaller = pairs.required_cases(0.03, 0.025, 0.8).unwrap();
        assert!(usual.low > 0 && stricter.low > usual.low && smaller.low > usual.low);
        assert!(usual.high > Some(usual.low) && usual.high < Some(4_000), "{usual:?}");
    }

    #[test]
    fn one_unchanged_case_says_how_many_more_are_needed() {
        // ln(10) / 0.1 = 23 in all, if the further ones are unchanged, too.
        let needed = |same| yes_no(0, 0, same).required_cases(0.1, 0.1, 0.8).unwrap();
        assert_eq!((needed(1).low.abs_diff(22) <= 2, needed(1).high), (true, None), "{:?}", needed(1));
        assert!(needed(2).high.is_none_or(|high| high >= needed(2).low), "{:?}", needed(2));
    }

    #[test]
    fn more_than_ten_thousand_is_no_number() {
        assert_eq!(yes_no(300, 300, 400).required_cases(0.001, 0.025, 0.8), None);
        let some = yes_no(40, 44, 200).required_cases(0.02, 0.025, 0.8);
        assert!(some.is_none_or(|cases| cases.low <= 10_000));
    }
}
