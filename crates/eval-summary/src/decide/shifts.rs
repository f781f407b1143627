//! What would move the choice to another candidate. Nothing is reasoned about: each situation is put to the rule.

use super::{Contender, Gaps, decide};

/// No team gives up more.
const LARGEST_TOLERANCE: f64 = 0.25;

/// Another situation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shift {
    /// The tolerance is this.
    Tolerance(f64),
    /// The recommended candidate has any price above this.
    DearerThan(f64),
    /// A candidate without a known price has any price below this.
    CheaperThan {
        /// Which.
        of: usize,
        /// The price.
        than: f64,
    },
}

/// Situations in which another candidate is recommended than now, with that candidate.
#[must_use]
pub fn shifts(contenders: &[Contender], gaps: &Gaps, tolerance: f64) -> Vec<(Shift, usize)> {
    let Some(ruling) = decide(contenders, gaps, tolerance) else { return Vec::new() };
    let now = Now { contenders, gaps, tolerance, recommended: ruling.recommended() };
    let mut shifts = now.tolerances();
    shifts.extend(now.dearer());
    shifts.extend(now.cheaper());
    shifts
}

struct Now<'a> {
    contenders: &'a [Contender],
    gaps: &'a Gaps,
    tolerance: f64,
    recommended: Option<usize>,
}

impl Now<'_> {
    /// The smallest larger tolerance that leads to each other candidate, and what no tolerance at all would.
    fn tolerances(&self) -> Vec<(Shift, usize)> {
        let count = self.contenders.len();
        // Where a candidate comes to be within the tolerance of all others, in steps of a tenth of a point.
        let needed = |one: usize| {
            let losses =
                (0..count).filter(|other| *other != one).map(|other| -self.gaps.between(one, other).low);
            (losses.fold(0.0, f64::max) * 1_000.0).ceil() / 1_000.0
        };
        let mut tolerances: Vec<f64> = (0..count).map(needed).filter(|it| *it > self.tolerance).collect();
        tolerances.retain(|it| *it <= LARGEST_TOLERANCE);
        tolerances.sort_by(f64::total_cmp);
        if self.tolerance > 0.0 {
            tolerances.insert(0, 0.0);
        }
        let mut shifts: Vec<(Shift, usize)> = Vec::new();
        for tolerance in tolerances {
            let ruling = decide(self.contenders, self.gaps, tolerance);
            let Some(then) = ruling.and_then(|ruling| ruling.recommended()) else { continue };
            if Some(then) != self.recommended && shifts.iter().all(|(_, known)| *known != then) {
                shifts.push((Shift::Tolerance(tolerance), then));
            }
        }
        shifts
    }

    fn with_price(&self, of: usize, price: f64) -> Option<usize> {
        let mut contenders = self.contenders.to_vec();
        contenders[of].price = Some(price);
        decide(&contenders, self.gaps, self.tolerance)?.recommended()
    }

    /// The lowest price of the recommended candidate above which another one is recommended.
    fn dearer(&self) -> Option<(Shift, usize)> {
        let winner = self.recommended?;
        let now = self.contenders[winner].price?;
        let mut prices: Vec<f64> =
            self.contenders.iter().filter_map(|one| one.price).filter(|price| *price >= now).collect();
        prices.sort_by(f64::total_cmp);
        prices.into_iter().find_map(|than| {
            let then = self.with_price(winner, than.next_up()).filter(|then| *then != winner)?;
            Some((Shift::DearerThan(than), then))
        })
    }

    /// The price below which each candidate without a known one would be recommended.
    fn cheaper(&self) -> Vec<(Shift, usize)> {
        let price = self.recommended.and_then(|winner| self.contenders[winner].price);
        let Some(than) = price.filter(|price| *price > 0.0) else { return Vec::new() };
        (0..self.contenders.len())
            .filter(|one| self.contenders[*one].price.is_none())
            .filter(|one| self.with_price(*one, than.next_down()) == Some(*one))
            .map(|of| (Shift::CheaperThan { of, than }, of))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Gap;
    use super::*;

    /// Scores, prices and half widths in coarse steps, so that ties of all kinds come up.
    fn situation() -> impl Strategy<Value = (Vec<Contender>, Gaps, f64)> {
        let one = (0_u8..6, prop::option::of(0_u8..4), prop::bool::weighted(0.8), prop::bool::weighted(0.8));
        (prop::collection::vec(one, 1..7), 0_u8..8, 0_u8..4).prop_map(|(ones, half, tolerance)| {
            let contender = |(score, price, eligible, meets): &(u8, Option<u8>, bool, bool)| Contender {
                score: 0.9 + f64::from(*score) / 100.0,
                price: price.map(f64::from),
                eligible: *eligible,
                meets: *meets,
            };
            let contenders: Vec<Contender> = ones.iter().map(contender).collect();
            let half = f64::from(half) / 200.0;
            let gaps = Gaps::new(contenders.len(), |one, other| {
                let mean = contenders[one].score - contenders[other].score;
                // Not the same width for every pair.
                let half = half * (1.0 + ((one + 2 * other) % 3) as f64 / 4.0);
                Gap::within(mean, mean - half, mean + half, eval_statistics::Level::P95)
            });
            (contenders, gaps, f64::from(tolerance) / 100.0)
        })
    }

    fn recommended(contenders: &[Contender], gaps: &Gaps, tolerance: f64) -> Option<usize> {
        decide(contenders, gaps, tolerance).and_then(|ruling| ruling.recommended())
    }

    proptest! {
        #[test]
        fn whatever_is_said_to_change_the_choice_does((contenders, gaps, tolerance) in situation()) {
            let now = recommended(&contenders, &gaps, tolerance);
            for (shift, then) in shifts(&contenders, &gaps, tolerance) {
                prop_assert_ne!(Some(then), now);
                let mut changed = contenders.clone();
                match shift {
                    Shift::Tolerance(other) => {
                        prop_assert_eq!(recommended(&contenders, &gaps, other), Some(then));
                    }
                    Shift::DearerThan(than) => {
                        let winner = now.expect("only a recommended one becomes dearer");
                        prop_assert!(contenders[winner].price.is_some_and(|price| price <= than));
                        for price in [than + 1e-9, than * 1.5 + 0.1, 1e9] {
                            changed[winner].price = Some(price);
                            prop_assert_eq!(recommended(&changed, &gaps, tolerance), Some(then));
                        }
                    }
                    Shift::CheaperThan { of, than } => {
                        prop_assert_eq!(of, then);
                        prop_assert_eq!(contenders[of].price, None);
                        for price in [than - 1e-9, than / 2.0, 0.0] {
                            changed[of].price = Some(price);
                            prop_assert_eq!(recommended(&changed, &gaps, tolerance), Some(then));
                        }
                    }
                }
            }
        }

        #[test]
        fn whoever_is_recommended_is_the_cheapest_that_is_not_out((contenders, gaps, tolerance) in situation()) {
            let ruling = decide(&contenders, &gaps, tolerance);
            prop_assert_eq!(ruling.is_some(), contenders.iter().any(|one| one.eligible));
            let recommended = ruling.as_ref().and_then(|ruling| Some((ruling, ruling.recommended()?)));
            if let Some((ruling, winner)) = recommended {
                let price = |one: usize| contenders[one].price.unwrap_or(f64::INFINITY);
                prop_assert!(contenders[winner].eligible && contenders[winner].meets);
                for other in (0..contenders.len()).filter(|other| *other != winner) {
                    let costs_more = !contenders[other].eligible || price(winner) <= price(other);
                    prop_assert!(ruling.out[other] || costs_more);
                    prop_assert!(ruling.out[other] || gaps.between(winner, other).low >= -tolerance);
                }
            }
        }
    }
}
