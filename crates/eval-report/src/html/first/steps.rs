use eval_summary::{Opinion, Row, Scope, Summary};

use crate::figures::{money, points};

/// Longer ladders are in the chart.
const MOST: usize = 4;

/// Whether a better score is worth its price is for the reader to say; this says what the price is.
pub(super) fn steps(summary: &Summary) -> Vec<String> {
    let mut front: Vec<(&Row, f64, f64)> = summary
        .overall
        .rows
        .iter()
        .filter(|row| !row.control && row.pareto_cost && !row.cost.at_least)
        .filter_map(|row| Some((row, row.score.as_ref()?.mean, row.cost.per_1000?)))
        .collect();
    front.sort_by(|a, b| a.2.total_cmp(&b.2).then(a.1.total_cmp(&b.1)));
    // Of those at one price the best.
    front.dedup_by(|next, one| {
        let is_same = next.2 == one.2;
        if is_same {
            *one = *next;
        }
        is_same
    });
    if let [(row, score, usd)] = front.as_slice() {
        return no_step(summary, row, *score, *usd).into_iter().collect();
    }
    // From the best down: the last points are the dearest.
    let steps = front.windows(2).rev().take(MOST).map(|two| {
        let [(from, low, cheap), (to, high, dear)] = [two[0], two[1]];
        let (gain, usd) = (high - low, dear - cheap);
        let is_shown = is_shown(summary, &to.provider, &from.provider);
        let doubt = if is_shown { "" } else { " The difference in score is not statistically significant." };
        format!(
            "From {} to {}: {} points for {} more per 1,000 cases, {} per point.{doubt}",
            from.provider,
            to.provider,
            points(gain),
            money(usd),
            money(usd / (gain * 100.0)),
        )
    });
    steps.collect()
}

/// Nothing where a better score may cost more: its cost is not known.
fn no_step(summary: &Summary, row: &Row, score: f64, usd: f64) -> Option<String> {
    let mut others = summary.overall.rows.iter().filter(|row| !row.control);
    let mean = |row: &Row| row.score.as_ref().map(|score| score.mean);
    if others.clone().any(|other| mean(other).is_some_and(|other| other > score)) {
        return None;
    }
    // Of those that tie in both, the one that the verdict names.
    let named = summary.verdict.winner.as_ref().or(summary.verdict.today.as_ref());
    let ties = |row: &Row| mean(row) == Some(score) && row.cost.per_1000 == Some(usd) && !row.cost.at_least;
    let best = others.find(|other| named == Some(&other.provider) && ties(other)).unwrap_or(row);
    Some(format!("{} has the best score at the lowest known cost: there is nothing to trade.", best.provider))
}

/// Whether the first is shown to be better than the second.
fn is_shown(summary: &Summary, better: &str, worse: &str) -> bool {
    let overall =
        summary.differences.iter().find(|one| one.scope == Scope::Overall || summary.boards.len() == 1);
    overall.is_some_and(|of| {
        of.pairs.iter().any(|pair| {
            let [a, b] = [pair.a.as_str(), pair.b.as_str()];
            (a == better && b == worse && pair.opinion == Opinion::Worse)
                || (b == better && a == worse && pair.opinion == Opinion::Better)
        })
    })
}
