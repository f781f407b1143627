//! The open answers of a record by everybody who judges them.

use std::collections::BTreeMap;

use crate::Agreement;
use crate::judgements::{Judgements, OpenScores};

/// One trial of an open task.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenRow {
    pub unit: u16,
    pub provider: u16,
    pub case: u32,
    /// By the accepted wordings.
    pub rule: f64,
    /// By the judge, and where it has not judged by the rule.
    pub judge: f64,
    /// By people; for an answer that is worth nothing by any judge, that, if people judged another of its case.
    pub people: Option<f64>,
    /// Whether nothing was answered, which is worth nothing by any judge.
    pub is_empty: bool,
}

/// All of them, and what was said.
#[derive(Debug)]
pub(crate) struct Open {
    pub judgements: Judgements,
    /// Sorted by unit, provider and case once all are there.
    pub rows: Vec<OpenRow>,
    /// By unit and provider.
    pub by_provider: BTreeMap<(u16, u16), Agreement>,
    /// By unit and kind of check.
    pub by_check: BTreeMap<(u16, String), Agreement>,
    /// First answers by unit, case and provider; kept where judges compared any.
    pub beside: BTreeMap<(u16, u32, u16), String>,
    /// By unit: trials with words that the judge said nothing of.
    pub unjudged: BTreeMap<u16, u64>,
}

impl Open {
    pub fn new(judgements: Judgements) -> Self {
        Self {
            judgements,
            rows: Vec::new(),
            by_provider: BTreeMap::new(),
            by_check: BTreeMap::new(),
            beside: BTreeMap::new(),
            unjudged: BTreeMap::new(),
        }
    }

    /// Adds a trial; `has_words` is false where nothing was answered.
    pub fn add(&mut self, (unit, provider, case): (u16, u16, u32), scores: &OpenScores, has_words: bool) {
        let drawn = self.judgements.drawn.contains(&case);
        let row = match has_words {
            true => OpenRow {
                unit,
                provider,
                case,
                rule: scores.rule,
                judge: scores.judge.unwrap_or(scores.rule),
                people: scores.people,
                is_empty: false,
            },
            false => OpenRow {
                unit,
                provider,
                case,
                rule: 0.0,
                judge: 0.0,
                people: drawn.then_some(0.0),
                is_empty: true,
            },
        };
        self.rows.push(row);
        if has_words && scores.judge.is_none() {
            *self.unjudged.entry(unit).or_default() += 1;
        }
        for (kind, judge, person) in &scores.agreed {
            self.by_provider.entry((unit, provider)).or_default().add(*judge, *person);
            self.by_check.entry((unit, kind.clone())).or_default().add(*judge, *person);
        }
    }

    /// Keeps the name of an answer that may stand beside others.
    pub fn stand(&mut self, (unit, provider, case): (u16, u16, u32), scores: &OpenScores) {
        if !self.judgements.pairs.is_empty() {
            self.beside.insert((unit, case, provider), scores.answer.clone());
        }
    }

    /// Sorts what was added.
    pub fn finish(&mut self) {
        self.rows.sort_by_key(|row| (row.unit, row.provider, row.case));
    }

    /// The trials of the case of a row.
    pub fn of_case(&self, unit: usize, row: &super::Row) -> &[OpenRow] {
        let of = self.of(unit, usize::from(row.provider));
        let start = of.partition_point(|it| it.case < row.case);
        let end = of.partition_point(|it| it.case <= row.case);
        &of[start..end]
    }

    /// The trials of one unit and provider.
    pub fn of(&self, unit: usize, provider: usize) -> &[OpenRow] {
        let key = |row: &OpenRow| (usize::from(row.unit), usize::from(row.provider));
        let start = self.rows.partition_point(|row| key(row) < (unit, provider));
        let end = self.rows.partition_point(|row| key(row) <= (unit, provider));
        &self.rows[start..end]
    }
}
