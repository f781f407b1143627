//! The verdict under other limits, for the script of the page.
//!
//! The page holds no rule of its own: for every set of limits that can make a difference it holds what the rule gave, in
//! the sentence that the tool would print, and looks it up like [`TradeOff::at`] does.

use std::collections::HashMap;

use eval_summary::{Row, Summary, TradeOff};
use serde_json::{Value, json};

use crate::contents::{headline, tone};

pub(super) fn data(summary: &Summary, trade_off: &TradeOff) -> Value {
    let (mut outcomes, mut known) = (Vec::new(), HashMap::new());
    let places: Vec<usize> = trade_off
        .outcomes
        .iter()
        .map(|verdict| {
            let outcome =
                json!({ "text": headline(verdict), "tone": tone(verdict), "winner": verdict.winner });
            *known.entry(outcome.to_string()).or_insert_with(|| {
                outcomes.push(outcome);
                outcomes.len() - 1
            })
        })
        .collect();
    let table: Vec<usize> = trade_off.table.iter().map(|at| places[*at as usize]).collect();
    let eligible: Vec<&str> = trade_off
        .at(None, None, None)
        .map(|verdict| verdict.candidates.iter().map(|it| it.provider.as_str()).collect())
        .unwrap_or_default();
    let candidate = |row: &Row| {
        let score = row.score.as_ref().and_then(|score| score.interval.as_ref());
        json!({
            // Ends of 95% intervals; what is not known is null.
            "name": row.provider, "score": score.map(|it| [it.low, it.high]),
            // A lower bound keeps to no limit.
            "usd": row.cost.per_1000.filter(|_| !row.cost.at_least),
            "p95": row.latency.as_ref().map(|latency| [latency.p95.low, latency.p95.high]),
            "eligible": eligible.contains(&row.provider.as_str()),
        })
    };
    let asked = &summary.verdict.constraints;
    json!({
        "scores": trade_off.scores, "usd": trade_off.usd_per_1000, "p95": trade_off.p95_seconds,
        "outcomes": outcomes, "table": table,
        "candidates": summary.overall.rows.iter().filter(|row| !row.control).map(candidate).collect::<Vec<_>>(),
        "asked": [asked.min_score, asked.max_usd_per_1000, asked.max_p95_seconds],
    })
}
