//! The verdict in sentences. Figures are rounded here, since sentences are for people.

use super::{Choice, Field, cost};
use crate::{Constraints, Decision, Row};

/// `92.3 %`.
pub(super) fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// `$1.23`, with more digits for less than ten cents.
pub(super) fn usd(usd: f64) -> String {
    if usd == 0.0 || usd >= 0.1 { format!("${usd:.2}") } else { format!("${usd:.4}") }
}

fn points(difference: f64) -> String {
    format!("{:.1} points", difference.abs() * 100.0)
}

/// `+1.2` or `−1.2`, with a real minus.
fn signed(difference: f64) -> String {
    format!("{:+.1}", difference * 100.0).replace('-', "−")
}

/// `openai/x (92.3 %, $1.20 per 1,000)`.
fn described(row: &Row) -> String {
    let score = row.score.as_ref().map_or_else(|| "no score".to_owned(), |score| share(score.mean));
    format!("{} ({score}, {})", row.provider, price(row))
}

fn price(row: &Row) -> String {
    match row.cost.per_1000 {
        None => "price not known".to_owned(),
        Some(cost) if row.cost.at_least => format!("at least {} per 1,000", usd(cost)),
        Some(0.0) => "free".to_owned(),
        Some(cost) => format!("{} per 1,000", usd(cost)),
    }
}

pub(super) fn sentence(field: &Field<'_>, choice: &Choice<'_>) -> String {
    match (choice.decision, choice.winner) {
        (Decision::NoCandidate, _) | (Decision::Best | Decision::CheapestOfTied, None) => {
            "Nobody fulfils the constraints.".to_owned()
        }
        (Decision::Best, Some(winner)) if choice.candidates.len() == 1 => {
            format!("Take {}: the only candidate.", described(winner))
        }
        (Decision::Best, Some(winner)) => {
            format!("Take {}: better than every other candidate.", described(winner))
        }
        (Decision::CheapestOfTied, Some(winner)) => {
            let dearer = |row: &&Row| row.provider == winner.provider || cost(row) > cost(winner);
            let price = if choice.tied.iter().all(dearer) {
                "it costs least of those as good"
            } else {
                "nobody as good costs less"
            };
            format!("Take {}: nobody is shown to be better, and {price}.", described(winner))
        }
        (Decision::CannotTellYet, _) => cannot_tell(field, choice),
    }
}

fn cannot_tell(field: &Field<'_>, choice: &Choice<'_>) -> String {
    let names: Vec<String> = choice.tied.iter().map(|row| described(row)).collect();
    let settle = field.settle(choice);
    let how = match settle.as_ref().and_then(|settle| settle.cases) {
        Some(0) | None => {
            "more cases are needed than can be foretold from a difference this small".to_owned()
        }
        Some(cases) => {
            let money = settle.and_then(|settle| settle.usd);
            let money = money.map_or_else(String::new, |money| format!(" (about {})", usd(money)));
            format!("about {cases} further cases would settle the first two{money}")
        }
    };
    format!("Cannot tell yet between {}: {how}.", names.join(" and "))
}

pub(super) fn reasons(field: &Field<'_>, choice: &Choice<'_>) -> Vec<String> {
    let mut reasons = Vec::new();
    let best = choice.candidates.first();
    for row in choice.candidates.iter().skip(1) {
        let Some(pair) = best.and_then(|best| field.between(best, row)) else { continue };
        let range = pair.low.zip(pair.high).map_or_else(String::new, |(low, high)| {
            format!(", probably from {} to {}", signed(low), signed(high))
        });
        let what = if choice.tied.iter().any(|tied| tied.provider == row.provider) {
            "cannot be told from"
        } else {
            "is worse than"
        };
        let best = best.map_or("", |best| best.provider.as_str());
        reasons.push(format!("{} {what} {best}: {} points{range}.", described(row), signed(pair.mean)));
    }
    if choice.decision == Decision::CannotTellYet {
        reasons.push(format!(
            "None of them is surely within {} of the others, so that the cheapest could be taken.",
            points(choice.tolerance)
        ));
    }
    reasons
}

/// What would change the choice.
pub(super) fn flips(field: &Field<'_>, choice: &Choice<'_>, constraints: &Constraints) -> Vec<String> {
    let mut flips = without_each_constraint(field, choice, constraints);
    let Some(winner) = choice.winner else { return flips };
    if let Some(best) = choice.tied.first().filter(|best| best.provider != winner.provider) {
        flips.push(format!("If cost did not matter: {}.", described(best)));
    }
    let next = choice.tied.iter().filter(|row| row.provider != winner.provider && cost(row).is_finite());
    if let Some(next) = next.min_by(|a, b| cost(a).total_cmp(&cost(b))) {
        let limit = usd(cost(next));
        let limit =
            if cost(next) == 0.0 { "anything".to_owned() } else { format!("more than {limit} per 1,000") };
        flips.push(format!("If {} cost {limit}: {}.", winner.provider, described(next)));
    }
    let cheaper = choice.candidates.iter().filter(|row| {
        cost(row) < cost(winner) && !choice.tied.iter().any(|tied| tied.provider == row.provider)
    });
    for row in cheaper.take(2) {
        let loss = field.between(winner, row).map_or_else(String::new, |pair| points(pair.mean));
        flips.push(format!("If {loss} less did not matter: {}.", described(row)));
    }
    let unpriced = choice.tied.iter().filter(|row| !cost(row).is_finite() && row.provider != winner.provider);
    for row in unpriced {
        flips.push(format!("If {} turned out to cost less than {}: it.", row.provider, price(winner)));
    }
    flips
}

fn without_each_constraint(field: &Field<'_>, choice: &Choice<'_>, constraints: &Constraints) -> Vec<String> {
    let all = constraints;
    let relaxed = [
        (all.min_score.is_some(), "minimum score", Constraints { min_score: None, ..all.clone() }),
        (all.max_p95_seconds.is_some(), "limit on p95", Constraints { max_p95_seconds: None, ..all.clone() }),
        (
            all.max_usd_per_1000.is_some(),
            "limit on cost",
            Constraints { max_usd_per_1000: None, ..all.clone() },
        ),
        (
            !all.require.is_empty(),
            "required capabilities",
            Constraints { require: Vec::new(), ..all.clone() },
        ),
    ];
    let name = |row: Option<&Row>| row.map(|row| row.provider.clone());
    relaxed
        .into_iter()
        .filter(|(is_set, ..)| *is_set)
        .filter_map(|(_, what, constraints)| {
            let other = field.choose(&constraints).winner?;
            let flips = Some(other.provider.clone()) != name(choice.winner);
            flips.then(|| format!("Without the {what}: {}.", described(other)))
        })
        .collect()
}
