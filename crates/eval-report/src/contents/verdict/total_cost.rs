//! The verdict where dollars decide: what answers and their mistakes cost together.

use eval_summary::{PairedGap, Standing, StandingKind, Verdict};

use super::words::{every_other, score};
use crate::figures::money;

/// What is ignored in the decision, unless configured.
const USUAL_TOLERANCE: f64 = 1.0;

pub(super) fn tolerance(verdict: &Verdict) -> String {
    money(verdict.constraints.tolerance_usd.unwrap_or(USUAL_TOLERANCE))
}

/// `openai/x ($12.40 per 1,000 documents with its mistakes, score 92.3%)`.
pub(super) fn described(it: &Standing) -> String {
    let total = it.total_usd_per_1000.map_or_else(
        || "total cost unknown".to_owned(),
        |usd| format!("{} per 1,000 documents with its mistakes", money(usd)),
    );
    format!("{} ({total}, score {})", it.provider, score(it))
}

/// `$3.10 more [$0.20 to $6.00]`, of a candidate against the best.
pub(super) fn gap(gap: &PairedGap) -> String {
    let amount = |usd: f64| match usd {
        dearer if dearer < 0.0 => format!("{} more", money(-dearer)),
        saved => format!("{} less", money(saved)),
    };
    match &gap.interval {
        None => format!("{} (no interval)", amount(gap.difference)),
        Some(it) => format!("{} [{} to {}]", amount(gap.difference), amount(it.low), amount(it.high)),
    }
}

pub(super) fn recommended(verdict: &Verdict, winner: &Standing) -> String {
    let others = verdict.candidates.iter().filter(|it| it.provider != winner.provider);
    let alone = others.clone().all(|it| it.standing == StandingKind::Worse);
    let tolerance = tolerance(verdict);
    let why = match (others.count(), alone) {
        (0, _) => "the only eligible candidate".to_owned(),
        (_, true) => format!("{} costs more by more than {tolerance}", every_other(verdict)),
        (_, false) => format!("within {tolerance} of the lowest total cost"),
    };
    format!("Recommended: {}, {why}.", described(winner))
}

pub(super) fn not_settled(verdict: &Verdict) -> String {
    let standing = |label: &str| verdict.candidates.iter().find(|it| it.provider == label);
    let open = verdict.open.as_ref();
    let two = open.and_then(|open| Some((open, standing(&open.leader)?, standing(&open.rival)?)));
    let Some((open, leader, rival)) = two else {
        let of = open.map_or("the candidates", |open| open.rival.as_str());
        return format!("Not settled: too little is known of {of} to rule out a lower total cost.");
    };
    format!(
        "Not settled: {} has the lowest total cost; {} costs {}.",
        described(leader),
        rival.provider,
        gap(&open.gap)
    )
}

/// The rule, after the constraints.
pub(super) fn rule(verdict: &Verdict) -> String {
    format!("the candidate within {} per 1,000 documents of the lowest total cost", tolerance(verdict))
}

/// One candidate beside the best.
pub(super) fn why(it: &Standing, best: &str) -> String {
    let difference = it.against_best.as_ref().map_or_else(String::new, gap);
    format!("{}: {difference} per 1,000 documents against {best}", described(it))
}
