//! What documents cost: a document of several cases costs what its cases cost together.

use std::collections::{BTreeMap, HashMap};

use super::{Row, Scored, Unit};
use crate::LossTable;
use crate::cases::Cases;

/// How dollars for answers and mistakes are added up by source document.
#[derive(Debug)]
pub(crate) struct Priced {
    /// More than any document and its mistakes cost, in dollars.
    pub most: f64,
    /// By unit and document: its cases whose mistakes have a price.
    cases: HashMap<(u16, usize), u32>,
}

impl Priced {
    pub fn new(table: &LossTable, units: &[Unit], cases: &Cases, rows: &[Row]) -> Self {
        let mut has_price = vec![false; cases.len()];
        rows.iter().filter(|row| row.loss().is_some()).for_each(|row| has_price[row.case as usize] = true);
        let mut found: HashMap<(u16, usize), u32> = HashMap::new();
        for case in (0..).zip(has_price).filter(|(_, it)| *it).map(|(case, _)| case) {
            if let Some(unit) = cases.unit(case) {
                *found.entry((unit, cases.cluster(case))).or_default() += 1;
            }
        }
        let mut largest = vec![1_u32; units.len()];
        for ((unit, _), count) in &found {
            let most = &mut largest[usize::from(*unit)];
            *most = (*most).max(*count);
        }
        let times = |unit: usize| f64::from(largest[unit]);
        // What one value of each field can cost, and no less than what any trial did cost.
        let dearest = rows.iter().filter_map(Row::cost).fold(0.0, f64::max);
        let possible = units.iter().enumerate().map(|(at, unit)| {
            let mistakes = table.most(unit.fields.iter().map(|(name, _)| name.as_str()));
            (mistakes + dearest) * times(at)
        });
        let seen = rows.iter().filter_map(|row| Some(row.total()? * times(usize::from(row.unit))));
        Self { most: possible.chain(seen).fold(f64::MIN_POSITIVE, f64::max), cases: found }
    }

    /// Each document of a unit with what it cost a provider, once for each repeat. A document of which a case is missing
    /// is left out: what it would have cost is not known.
    pub fn documents(
        &self,
        scored: &Scored<'_>,
        (unit, provider): (usize, usize),
        of: impl Fn(&Row) -> Option<f64>,
    ) -> Vec<(usize, f64)> {
        let mut sums: BTreeMap<(usize, u16), (u32, f64)> = BTreeMap::new();
        for row in scored.rows(unit, provider) {
            if let Some(usd) = of(row) {
                let (count, sum) = sums.entry((scored.cases.cluster(row.case), row.repeat)).or_default();
                *count += 1;
                *sum += usd;
            }
        }
        let unit = u16::try_from(unit).expect("no plan has 65,536 tasks");
        let is_whole = |document: usize, count: u32| self.cases.get(&(unit, document)) == Some(&count);
        let whole = sums.into_iter().filter(|((document, _), (count, _))| is_whole(*document, *count));
        whole.map(|((document, _), (_, sum))| (document, sum)).collect()
    }
}
