//! What would settle an open choice.

use eval_summary::{Open, Prefer, Settle, Summary, Verdict};

use super::{doubt, total_cost};
use crate::figures::{capital, count, counted, money, points_of};

pub(super) fn to_settle(summary: &Summary) -> Vec<String> {
    let verdict = &summary.verdict;
    doubt::to_settle(verdict).or_else(|| Some(settle(verdict.open.as_ref()?, summary))).into_iter().collect()
}

fn settle(open: &Open, summary: &Summary) -> String {
    let tolerance = match summary.verdict.constraints.prefer {
        Prefer::TotalCost => total_cost::tolerance(&summary.verdict),
        _ => points_of(summary.verdict.constraints.tolerance),
    };
    let Some(Settle { cases_low, cases_high, left, too_close, usd_per_case }) = open.settle else {
        return "The number of cases cannot be estimated from so few.".to_owned();
    };
    let unless =
        too_close.map_or_else(String::new, |distance| too_close_to_settle(distance, &summary.verdict));
    let cost = |cases: u64| usd_per_case.map(|usd| money(usd * cases as f64));
    if let Some(left) = left.filter(|left| cases_high == Some(*left)) {
        let early = cases_low.filter(|low| *low < left);
        let early = early.map(|low| format!("an even chance with {}; ", counted(low, "more case")));
        let money = cost(left).map_or_else(String::new, |money| format!(" ({money})"));
        let all = match left {
            1 => "asking the case that is left settles it".to_owned(),
            left => format!("asking the {} cases that are left settles it", count(left)),
        };
        return capital(&format!("{}{all}{money}.", early.unwrap_or_default()));
    }
    match (cases_low, cases_high) {
        (Some(low), Some(high)) if low < high => {
            let money = cost(low).zip(cost(high)).map_or_else(String::new, |(low, high)| {
                if low == high { format!(" ({low})") } else { format!(" ({low} to {high})") }
            });
            format!("About {} to {} more cases{money}{unless}.", count(low), count(high))
        }
        (_, Some(high)) => {
            let money = cost(high).map_or_else(String::new, |money| format!(" ({money})"));
            format!("About {} more cases{money}{unless}.", count(high))
        }
        (Some(low), None) => {
            let money = cost(low).map_or_else(String::new, |money| format!(" ({money})"));
            format!("An even chance with {} more cases{money}; possibly more than 10,000.", count(low))
        }
        (None, None) => format!(
            "Probably more than 10,000 more cases. A larger tolerance than {tolerance} is settled by fewer."
        ),
    }
}

/// What the promised number of cases leaves open.
fn too_close_to_settle(distance: f64, verdict: &Verdict) -> String {
    let by_money = verdict.constraints.prefer == Prefer::TotalCost;
    // Rounded up: what is promised has to hold beyond it.
    let distance = match by_money {
        true => format!("{} per 1,000 documents", money(distance)),
        false => points_of((distance * 1_000.0 - 1e-9).ceil() / 1_000.0),
    };
    let near = match verdict.constraints.tolerance {
        ..0.000_5 if !by_money => format!("of less than {distance}"),
        _ => format!("within {distance} of the tolerance"),
    };
    format!("; a true difference {near} may stay too close to settle")
}
