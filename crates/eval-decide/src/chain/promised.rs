//! What the chain that is exported may be expected to give: the figures of that chain, and not of those that the parts of the
//! documents chose, which may be others.

use eval_summary::{Bounds, Estimate};

use super::held_out::{HeldOut, Search, mean};
use super::model::ChainPromise;
use super::search::{Chain, Played};
use crate::learned::{FOLDS, fold};

/// On the documents that it was chosen on a chain looks too good. By how much, the parts show: each of their chains was
/// chosen on four fifths of the documents, and does so much worse on the other fifth.
pub(super) fn promised(search: &Search, chosen: &Chain, held_out: &HeldOut) -> ChainPromise {
    let cases = 0..search.table.cases();
    let itself: Vec<Played> = cases.clone().map(|case| chosen.play(&search.table, case)).collect();
    let inside: Vec<Played> = cases.map(|case| inside(search, held_out, case)).collect();
    let losses = |of: fn(&Played) -> f64| -> Vec<f64> {
        held_out.played.iter().zip(&inside).map(|(out, inside)| of(out) - of(inside)).collect()
    };
    let corrected = |of: fn(&Played) -> f64| {
        let seen: Vec<f64> = itself.iter().map(of).collect();
        share(search, &seen, &losses(of))
    };
    let answers = mean(itself.iter().map(|it| it.answers)) + mean(losses(|it| it.answers).into_iter());
    let referred = corrected(|it| it.referred);
    ChainPromise {
        accuracy: corrected(|it| it.right),
        answers: answers.max(0.0) * 1000.0,
        people: referred.mean * search.table.people.map_or(0.0, |it| it.usd) * 1000.0,
        referred,
    }
}

/// What the chains that were chosen with this case make of it, on average.
fn inside(search: &Search, held_out: &HeldOut, case: usize) -> Played {
    let own = fold(search.table.documents[case]);
    let others = (0..FOLDS).filter(|part| *part != own);
    let played: Vec<Played> =
        others.map(|part| search.searched.chains[held_out.chosen[part]].play(&search.table, case)).collect();
    Played {
        right: mean(played.iter().map(|it| it.right)),
        answers: mean(played.iter().map(|it| it.answers)),
        referred: mean(played.iter().map(|it| it.referred)),
    }
}

/// A share that was seen, corrected by what was lost elsewhere; its interval has room for what is not known of either.
fn share(search: &Search, seen: &[f64], losses: &[f64]) -> Estimate {
    let seen = search.share(seen).unwrap_or_else(super::held_out::unknown);
    let loss = search.amount(losses).unwrap_or_else(super::held_out::unknown);
    let at = (seen.mean + loss.mean).clamp(0.0, 1.0);
    let room = Z * loss.error.unwrap_or(0.0);
    let interval = seen.interval.as_ref().map(|bounds| Bounds {
        low: (at - (seen.mean - bounds.low).hypot(room)).max(0.0),
        high: (at + (bounds.high - seen.mean).hypot(room)).min(1.0),
        level: bounds.level,
        method: "of the chain itself, corrected by what chosen chains lose on other documents".to_owned(),
    });
    Estimate { mean: at, interval, error: None, ..seen }
}

/// The normal quantile of 95%.
const Z: f64 = 1.96;
