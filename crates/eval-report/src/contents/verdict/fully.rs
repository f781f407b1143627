//! A score of fields can be high where hardly an answer is right as a whole.

use eval_summary::{Standing, Verdict};

use crate::figures::percent;

/// So few answers without a mistake are worth a warning.
const FEW: f64 = 0.5;
/// So much more of another candidate is, too.
const AHEAD: f64 = 0.1;

/// What speaks against the choice where a single mistake spoils an answer; nothing where it makes no difference.
pub(crate) fn risk(verdict: &Verdict) -> Option<String> {
    let leader = || verdict.candidates.first().map(|it| &it.provider);
    let chosen = verdict.winner.as_ref().or(verdict.today.as_ref()).or_else(leader)?;
    let of = |it: &Standing| it.fully_right;
    let chosen = verdict.candidates.iter().find(|it| it.provider == *chosen)?;
    // Where the two agree, the score says it all.
    let fully = of(chosen).filter(|fully| percent(*fully) != percent(chosen.score))?;
    let others = verdict.candidates.iter().filter(|it| it.provider != chosen.provider);
    let best = others.max_by(|a, b| of(a).unwrap_or(0.0).total_cmp(&of(b).unwrap_or(0.0)));
    let ahead = best.filter(|it| of(it).unwrap_or(0.0) >= fully + AHEAD);
    let hides = chosen.score - fully >= AHEAD && fully < FEW;
    let only = format!(
        "Fully correct: {} scores {}, but only {} of its cases are free of any mistake",
        chosen.provider,
        percent(chosen.score),
        percent(fully)
    );
    match ahead {
        Some(best) => Some(format!(
            "{only}; {} has {}. Where one mistake spoils a document, choose by that.",
            best.provider,
            percent(of(best).unwrap_or(0.0))
        )),
        None => hides.then(|| format!("{only}; the rest need correcting.")),
    }
}
