use eval_summary::{Decision, Prefer, Row, StandingKind, Summary};
use serde::Serialize;

use crate::document::Tone;
use crate::figures::{UNKNOWN, count, interval, percent, price_of, seconds};

/// More do not fit on a screen.
const MOST: usize = 6;
/// Beside fewer serious candidates the next best ones are shown, for comparison.
const LEAST: usize = 3;

/// One candidate in a few figures.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    name: String,
    /// What the verdict says of it.
    badge: &'static str,
    tone: Tone,
    score: String,
    /// Its 95% confidence interval.
    interval: String,
    /// Cases without any mistake; missing where that is the score, or not known.
    fully_right: Option<String>,
    cost: String,
    /// The same with what its mistakes cost, where that decides.
    total: Option<String>,
    /// What decides, for a month; missing if it is not known.
    usd_per_1000: Option<f64>,
    at_least: bool,
    monthly: String,
    time: String,
    failures: String,
}

/// A card for each candidate that is recommended or tied, and how many other candidates there are.
pub(super) fn cards(summary: &Summary, volume: u64) -> (Vec<Card>, usize) {
    let rows = || summary.overall.rows.iter().filter(|row| !row.control);
    let standing = |row: &Row| summary.verdict.standing(&row.provider);
    let verdict = &summary.verdict;
    let open = verdict.open.iter().flat_map(|open| [&open.leader, &open.rival]);
    let named: Vec<&String> = verdict.today.iter().chain(open).collect();
    // Whoever the headline names comes first.
    let rank = |row: &&Row| match standing(row) {
        Some(StandingKind::Recommended) => 0,
        Some(StandingKind::InContention) => {
            named.iter().position(|name| **name == row.provider).unwrap_or(3) + 1
        }
        Some(StandingKind::Worse) => 5,
        None => 6,
    };
    let mut sorted: Vec<&Row> = rows().collect();
    // Ties keep the order of the leaderboard.
    sorted.sort_by_key(rank);
    let serious = sorted.iter().filter(|row| rank(row) < 5).count();
    let shown = serious.clamp(LEAST, MOST).min(sorted.len());
    let cards = sorted[..shown].iter().map(|row| card(row, standing(row), summary, volume)).collect();
    (cards, sorted.len() - shown)
}

fn card(row: &Row, standing: Option<StandingKind>, summary: &Summary, volume: u64) -> Card {
    let settled = summary.verdict.decision == Decision::Recommended;
    let (badge, tone) = match standing {
        Some(StandingKind::Recommended) => ("Recommended", Tone::Good),
        Some(StandingKind::InContention) if summary.verdict.today.as_ref() == Some(&row.provider) => {
            ("Best choice today", Tone::Unsure)
        }
        Some(StandingKind::InContention) if settled => ("Statistically tied", Tone::Plain),
        Some(StandingKind::InContention) => ("In contention", Tone::Unsure),
        Some(StandingKind::Worse) => ("Worse", Tone::Plain),
        None => ("Excluded", Tone::Bad),
    };
    let score = row.score.as_ref();
    // Beside each other, all cards say it or none.
    let differs = summary.overall.rows.iter().any(|row| {
        let both = row.score.as_ref().zip(row.fully_right.as_ref());
        !row.control && both.is_some_and(|(score, fully)| percent(score.mean) != percent(fully.mean))
    });
    // What failed every time has no cost that would hold for answers.
    let usd = row.cost.per_1000.filter(|_| row.answers.answered > 0);
    let unknown = || "unknown".to_owned();
    let by_total = summary.verdict.constraints.prefer == Prefer::TotalCost;
    let total = row.loss.as_ref().and_then(|loss| loss.total.as_ref()).map(|total| total.mean);
    let deciding = if by_total { total } else { usd };
    let printed = |usd: Option<f64>| usd.map_or_else(unknown, |usd| price_of(&row.cost, usd));
    let answers = &row.answers;
    Card {
        name: row.provider.clone(),
        badge,
        tone,
        score: score.map_or_else(|| UNKNOWN.to_owned(), |score| percent(score.mean)),
        interval: score
            .and_then(|score| score.interval.as_ref())
            .map_or_else(String::new, |it| interval(Some(it))),
        fully_right: row.fully_right.as_ref().map(|share| percent(share.mean)).filter(|_| differs),
        cost: printed(usd),
        total: by_total.then(|| printed(total)),
        usd_per_1000: deciding,
        at_least: row.cost.at_least,
        monthly: printed(deciding.map(|usd| usd * volume as f64 / 1_000.0)),
        time: row.latency.as_ref().map_or_else(unknown, |latency| seconds(latency.p95.value)),
        failures: format!("{} of {}", count(answers.failed), count(answers.trials)),
    }
}
