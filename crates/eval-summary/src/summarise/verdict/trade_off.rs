//! The verdict under every other limit on score, cost and time.

use std::collections::HashMap;

use super::eligible::Field;
use super::{Choice, Differences, in_brief};
use crate::{Constraints, Options, Row, Scored, Summary, TradeOff};

/// With more candidates a table of all outcomes would be larger than the report around it.
const MOST: usize = 24;

/// Nothing without candidates, or with too many of them.
pub(crate) fn trade_off(scored: &Scored<'_>, summary: &Summary, options: &Options) -> Option<TradeOff> {
    let field = Field::new(scored, &summary.overall.rows, options);
    let unlimited = Constraints {
        min_score: None,
        max_p95_seconds: None,
        max_usd_per_1000: None,
        ..options.constraints.clone()
    };
    let rows = field.eligible(&unlimited).rows;
    if rows.is_empty() || rows.len() > MOST {
        return None;
    }
    let axis = |value: &dyn Fn(&Row) -> Option<f64>| {
        let mut values: Vec<f64> = rows.iter().filter_map(|row| value(row)).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    };
    let mut trade_off = TradeOff {
        scores: axis(&|row| row.score.as_ref().map(|score| score.mean)),
        usd_per_1000: axis(&|row| row.cost.per_1000),
        p95_seconds: axis(&|row| row.latency.as_ref().map(|latency| latency.p95.value)),
        outcomes: Vec::new(),
        table: Vec::new(),
    };
    let differences = Differences::new(scored, &summary.differences, options.constraints.prefer);
    let mut known: HashMap<Vec<String>, u32> = HashMap::new();
    for constraints in every(&trade_off, &unlimited) {
        let eligible = field.eligible(&constraints);
        // Who is eligible decides; the limits behind it do not, but for the reasons where nobody is.
        let key = match eligible.rows.is_empty() {
            false => eligible.rows.iter().chain(&eligible.rivals).map(|row| row.provider.clone()).collect(),
            true => eligible.excluded.iter().map(|one| format!("{:?}", one.reasons.first())).collect(),
        };
        let place = *known.entry(key).or_insert_with(|| {
            let choice = Choice::new(&differences, &eligible, &constraints);
            trade_off.outcomes.push(in_brief(&choice, eligible.excluded, summary.verdict.provisional));
            u32::try_from(trade_off.outcomes.len() - 1).expect("fewer than there are places")
        });
        trade_off.table.push(place);
    }
    Some(trade_off)
}

/// One set of limits for each place of the table, in its order.
fn every(axes: &TradeOff, unlimited: &Constraints) -> Vec<Constraints> {
    // A limit just above each score leaves out so many.
    let scores: Vec<Option<f64>> =
        std::iter::once(None).chain(axes.scores.iter().map(|score| Some(score.next_up()))).collect();
    let limits = |values: &[f64]| -> Vec<Option<f64>> {
        let none = values.first().map_or(0.0, |least| least.next_down());
        std::iter::once(Some(none)).chain(values.iter().copied().map(Some)).chain([None]).collect()
    };
    let (costs, times) = (limits(&axes.usd_per_1000), limits(&axes.p95_seconds));
    let mut all = Vec::with_capacity(scores.len() * costs.len() * times.len());
    for min_score in &scores {
        for max_usd_per_1000 in &costs {
            for max_p95_seconds in &times {
                all.push(Constraints {
                    min_score: *min_score,
                    max_usd_per_1000: *max_usd_per_1000,
                    max_p95_seconds: *max_p95_seconds,
                    ..unlimited.clone()
                });
            }
        }
    }
    all
}
