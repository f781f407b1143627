//! The verdict under every other limit on score, cost and time.

use std::collections::HashMap;

use super::eligible::{Field, in_doubt};
use super::{Choice, Differences, in_brief};
use crate::{Constraints, Options, Row, Scored, Summary, TradeOff};

/// With more candidates a table of all outcomes would be larger than the report around it.
const MOST: usize = 16;

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
    let axis = |ends: &dyn Fn(&Row) -> [Option<f64>; 2]| {
        let mut values: Vec<f64> = rows.iter().flat_map(|row| ends(row)).flatten().collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    };
    let mut trade_off = TradeOff {
        scores: axis(&|row| {
            let interval = row.score.as_ref().and_then(|score| score.interval.as_ref());
            [interval.map(|it| it.low), interval.map(|it| it.high)]
        }),
        usd_per_1000: axis(&|row| [row.cost.per_1000, None]),
        p95_seconds: axis(&|row| {
            let p95 = row.latency.as_ref().map(|latency| &latency.p95);
            [p95.and_then(|it| it.low), p95.and_then(|it| it.high)]
        }),
        outcomes: Vec::new(),
        table: Vec::new(),
    };
    let differences =
        Differences::new(scored, &summary.overall.rows, &summary.differences, options.constraints.prefer);
    let mut known: HashMap<Vec<String>, u32> = HashMap::new();
    for constraints in every(&trade_off, &unlimited) {
        let eligible = field.eligible(&constraints);
        // Who is eligible and who is in doubt decides; the limits behind it do not, but for the reasons where nobody is.
        let doubts = |row: &Row| -> Vec<_> {
            in_doubt(row, &constraints).iter().map(std::mem::discriminant).collect()
        };
        let standing = |row: &&Row| format!("{} {:?}", row.provider, doubts(row));
        let key = match eligible.rows.is_empty() {
            false => eligible.rows.iter().chain(&eligible.rivals).map(standing).collect(),
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
