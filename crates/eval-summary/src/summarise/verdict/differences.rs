use std::cell::RefCell;
use std::collections::HashMap;

use crate::decide::{Gap, Gaps, level_for};
use crate::summarise::pairing::shared;
use crate::{Row, Scored};

/// The differences between candidates. Each pair is looked at once, however often and at however many levels it is
/// asked for.
pub(super) struct Differences<'a> {
    scored: &'a Scored<'a>,
    units: Vec<usize>,
    /// By two providers and the number of candidates among which they are compared.
    known: RefCell<HashMap<(usize, usize, usize), Gap>>,
}

impl<'a> Differences<'a> {
    pub fn new(scored: &'a Scored<'a>) -> Self {
        Self { scored, units: (0..scored.units.len()).collect(), known: RefCell::default() }
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
        let level = level_for(candidates);
        let pairs = shared(self.scored, &self.units, other, one).pairs();
        let known = pairs.and_then(|pairs| Some((pairs.difference(), pairs.interval(level)?)));
        known.map_or(Gap::UNKNOWN, |(mean, interval)| Gap { mean, low: interval.low, high: interval.high })
    }
}
