use std::cell::RefCell;
use std::collections::HashMap;

use eval_statistics::Verdict;

use crate::decide::{Gap, Gaps, level_for};
use crate::scored::Priced;
use crate::summarise::corrected;
use crate::summarise::pairing::{shared, shared_documents};
use crate::summarise::stopped::{about_these_alone, anytime};
use crate::{Prefer, Row, Scored};

/// The differences between candidates. Each pair is looked at once, however often it is asked for.
pub(super) struct Differences<'a> {
    scored: &'a Scored<'a>,
    units: Vec<usize>,
    /// Whether total costs are compared, and not scores.
    by_money: bool,
    /// What the report says of the overall differences of its scores.
    said: &'a [crate::Differences],
    /// How many candidates the report compares, whoever of them may be chosen.
    family: usize,
    known: RefCell<HashMap<(usize, usize), Option<Gap>>>,
}

impl<'a> Differences<'a> {
    /// Those of a report with these rows. All its candidates are one family: limits may be set after looking, and one
    /// difference has one interval under all of them.
    pub fn new(scored: &'a Scored<'a>, rows: &[Row], said: &'a [crate::Differences], prefer: Prefer) -> Self {
        let family = rows.iter().filter(|row| !row.control && row.score.is_some()).count();
        let by_money = prefer == Prefer::TotalCost;
        Self { scored, units: scored.deciding(), by_money, said, family, known: RefCell::default() }
    }

    /// The dollars per 1,000 documents that a whole difference is.
    pub fn usd(&self) -> Option<f64> {
        self.priced().map(|priced| priced.most * 1000.0)
    }

    /// What documents cost, where that is compared.
    fn priced(&self) -> Option<&'a Priced> {
        self.scored.priced.as_ref().filter(|_| self.by_money)
    }

    /// Whether they are those of the documents of the run alone. Money is always compared about documents like them.
    pub fn about_these_alone(&self) -> bool {
        !self.by_money && about_these_alone(self.scored)
    }

    /// Every pair of them on the cases that both have, at the level of the rule.
    pub fn between(&self, rows: &[&Row]) -> Gaps {
        let providers = self.scored.providers();
        let at = |row: &Row| providers.iter().position(|provider| provider.label == row.provider);
        let places: Vec<Option<usize>> = rows.iter().map(|row| at(row)).collect();
        Gaps::among(self.family, rows.len(), |one, other| {
            let (Some(from), Some(to)) = (places[one], places[other]) else { return Gap::UNKNOWN };
            let mut known = self.known.borrow_mut();
            let gap = known.entry((from, to)).or_insert_with(|| self.gap(from, to));
            gap.unwrap_or_else(|| Gap::unbounded(self.seen(rows[one]) - self.seen(rows[other])))
        })
    }

    /// What is seen of a candidate on all of its own cases.
    fn seen(&self, row: &Row) -> f64 {
        match self.usd() {
            Some(usd) => {
                let total = row.loss.as_ref().and_then(|loss| loss.total.as_ref());
                1.0 - (total.map_or(usd, |total| total.mean) / usd).clamp(0.0, 1.0)
            }
            None => row.score.as_ref().map_or(0.0, |score| score.mean),
        }
    }

    /// Nothing without shared cases.
    fn gap(&self, one: usize, other: usize) -> Option<Gap> {
        let level = level_for(self.family);
        if let Some(priced) = self.priced() {
            let pairs = shared_documents(priced, self.scored, &self.units, other, one);
            return Some(Gap::of(&pairs?, level));
        }
        let label = |at: usize| self.scored.providers()[at].label.as_str();
        if let Some(gap) = anytime(self.scored, label(one), label(other)) {
            return Some(gap);
        }
        let opinion = self.opinion(label(other), label(one));
        let gap = match corrected::difference(self.scored, &self.units, other, one) {
            Some(figure) => match figure.interval(level) {
                Some((low, high)) => Gap::within(figure.mean, low, high, level),
                None => Gap::unbounded(figure.mean),
            },
            None => Gap::of(&shared(self.scored, &self.units, other, one).pairs()?, level),
        };
        Some(opinion.map_or(gap, |opinion| gap.agreeing(opinion)))
    }

    /// What the report says of the second of two.
    fn opinion(&self, first: &str, second: &str) -> Option<Verdict> {
        let mut overall = self.said.first()?.pairs.iter();
        overall.find_map(|pair| match Verdict::from(pair.opinion) {
            opinion if pair.a == first && pair.b == second => Some(opinion),
            opinion if pair.b == first && pair.a == second => Some(opinion.turned()),
            _ => None,
        })
    }
}
