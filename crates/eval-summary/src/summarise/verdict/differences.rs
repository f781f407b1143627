use std::cell::RefCell;
use std::collections::HashMap;

use crate::decide::{Gap, Gaps, level_for};
use crate::summarise::pairing::shared_by;
use crate::summarise::stopped::anytime;
use crate::{Prefer, Row, Scored};

/// The differences between candidates. Each pair is looked at once, however often and at however many levels it is
/// asked for.
pub(super) struct Differences<'a> {
    scored: &'a Scored<'a>,
    units: Vec<usize>,
    /// Whether total costs are compared, and not scores.
    by_money: bool,
    /// By two providers and the number of candidates among which they are compared.
    known: RefCell<HashMap<(usize, usize, usize), Gap>>,
}

impl<'a> Differences<'a> {
    pub fn new(scored: &'a Scored<'a>, prefer: Prefer) -> Self {
        let by_money = prefer == Prefer::TotalCost;
        Self { scored, units: (0..scored.units.len()).collect(), by_money, known: RefCell::default() }
    }

    /// The dollars per 1,000 cases that a whole difference is.
    pub fn usd(&self) -> Option<f64> {
        self.scored.most_usd.filter(|_| self.by_money).map(|most| most * 1000.0)
    }

    /// Every pair of them on the cases that both have, at the level of the rule.
    pub fn between(&self, rows: &[&Row]) -> Gaps {
        let providers = self.scored.providers();
        let at = |row: &Row| providers.iter().position(|provider| provider.label == row.provider);
        let places: Vec<Option<usize>> = rows.iter().map(|row| at(row)).collect();
        Gaps::new(rows.len(), |one, other| {
            let (Some(one), Some(other)) = (places[one], places[other]) else { return Gap::UNKNOWN };
            *self
                .known
                .borrow_mut()
                .entry((one, other, rows.len()))
                .or_insert_with(|| self.gap(one, other, rows.len()))
        })
    }

    fn gap(&self, one: usize, other: usize, candidates: usize) -> Gap {
        let label = |at: usize| self.scored.providers()[at].label.as_str();
        // What is saved of the most that a case can cost is a share like a score.
        let most = self.scored.most_usd.filter(|_| self.by_money);
        if let Some(gap) = anytime(self.scored, label(one), label(other)).filter(|_| most.is_none()) {
            return gap;
        }
        let level = level_for(candidates);
        let figure = |row: &crate::scored::Row| match most {
            Some(most) => row.total().map(|usd| 1.0 - (usd / most).clamp(0.0, 1.0)),
            None => row.score(),
        };
        let pairs = shared_by(&figure, self.scored, &self.units, other, one).pairs();
        let known = pairs.and_then(|pairs| Some((pairs.difference(), pairs.interval(level)?)));
        known.map_or(Gap::UNKNOWN, |(mean, interval)| Gap { mean, low: interval.low, high: interval.high })
    }
}
