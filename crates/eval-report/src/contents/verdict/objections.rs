//! Why candidates are not eligible.

use eval_summary::{Bounds, Objection, Quantile, Verdict};

use super::words::gap;
use crate::figures::{and, between, counted, money, percent, range_of_seconds, seconds};

/// Why there is no recommendation, in one clause.
pub(super) fn in_short(verdict: &Verdict) -> String {
    let firsts: Vec<&Objection> = verdict.excluded.iter().filter_map(|it| it.reasons.first()).collect();
    let all = |is: fn(&Objection) -> bool| !firsts.is_empty() && firsts.iter().all(|it| is(it));
    if firsts.is_empty() {
        return "the run has no candidates".to_owned();
    }
    if all(|it| matches!(it, Objection::NoAnswers { .. })) {
        return "no candidate answered".to_owned();
    }
    if all(|it| matches!(it, Objection::NoScore { skipped: Some(_) })) {
        return "every candidate skipped all cases".to_owned();
    }
    if all(|it| matches!(it, Objection::NoScore { .. })) {
        return "no trial could be scored".to_owned();
    }
    if all(|it| matches!(it, Objection::ByWordings)) {
        return "open answers decide once a judge is calibrated (see `vision-eval judge`)".to_owned();
    }
    if all(|it| matches!(it, Objection::NotAboveControl { .. })) {
        let mut controls: Vec<&str> = Vec::new();
        for objection in &firsts {
            if let Objection::NotAboveControl { control, .. } = objection
                && !controls.contains(&control.as_str())
            {
                controls.push(control);
            }
        }
        return format!("no candidate is shown to beat {}, which never sees the input", and(&controls));
    }
    if all(|it| matches!(it, Objection::NotAboveBlank)) {
        return "no candidate is shown to beat an empty answer".to_owned();
    }
    if all(Objection::is_constraint) {
        return "no candidate meets the constraints".to_owned();
    }
    "no candidate is eligible".to_owned()
}

/// One line for all that are excluded for the same reasons, with at most so many names.
pub(super) fn lines(verdict: &Verdict, most: usize) -> Vec<String> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for one in &verdict.excluded {
        let reasons: Vec<String> = one.reasons.iter().map(phrase).collect();
        let reasons = reasons.join("; ");
        match groups.iter_mut().find(|(same, _)| *same == reasons) {
            Some((_, names)) => names.push(&one.provider),
            None => groups.push((reasons, vec![&one.provider])),
        }
    }
    let listed = |names: &[&str]| match names.split_at_checked(most) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => names.join(", "),
    };
    groups.into_iter().map(|(reasons, names)| format!("{}: {reasons}.", listed(&names))).collect()
}

fn phrase(objection: &Objection) -> String {
    match objection {
        Objection::NoAnswers { failed, kind } => {
            let kind = kind.as_ref().map_or_else(String::new, |kind| format!(" (mostly {kind})"));
            match failed {
                1 => format!("no answer: its only trial failed{kind}"),
                failed => format!("no answers: all {} failed{kind}", counted(*failed, "trial")),
            }
        }
        Objection::NoScore { skipped: Some(skip) } => {
            format!("skipped {}: {}", counted(skip.cases, "case"), skip.reason.trim_end_matches('.'))
        }
        Objection::NoScore { skipped: None } => "none of its trials could be scored".to_owned(),
        Objection::ByWordings => "open answers checked by accepted wordings only".to_owned(),
        Objection::NoTotalCost => {
            "total cost unknown: a price is missing, of answers or in [loss]".to_owned()
        }
        Objection::MissingTasks { tasks } => format!("no score for {}", and(tasks)),
        Objection::NotAboveControl { control, gap: None } => format!("not shown to beat {control}"),
        Objection::NotAboveControl { control, gap: Some(it) } => {
            format!("not shown to beat {control}: {}", gap(it))
        }
        Objection::NotAboveBlank => "not shown to beat an empty answer".to_owned(),
        Objection::MinScore { score, interval, limit } => {
            let interval = interval.as_ref().map_or_else(String::new, of_score);
            format!("scores {}{interval}, below the minimum of {}", percent(*score), percent(*limit))
        }
        Objection::MaxP95 { seconds: None, .. } => "latency unknown".to_owned(),
        Objection::MaxP95 { seconds: Some(it), limit } => {
            let (value, limit) = apart(it.value, *limit);
            format!("p95 latency of {value}{} exceeds {limit}", of_time(it))
        }
        Objection::MaxCost { usd: Some(usd), at_least, limit } if usd > limit => {
            let least = if *at_least { "at least " } else { "" };
            format!("costs {least}{} per 1,000 cases, above the limit of {}", money(*usd), money(*limit))
        }
        Objection::MaxCost { .. } => "cost unknown".to_owned(),
        Objection::Lacks { capabilities } => format!("lacks {}", and(capabilities)),
    }
}

/// What is not shown of a constraint, without the limit itself: `to reach the minimum score (95% CI 86.0–95.0)`.
pub(super) fn not_shown(objection: &Objection) -> String {
    match objection {
        Objection::MinScore { interval, .. } => {
            format!("to reach the minimum score{}", interval.as_ref().map_or_else(String::new, of_score))
        }
        Objection::MaxP95 { seconds, .. } => {
            format!("to keep the limit on p95 latency{}", seconds.as_ref().map_or_else(String::new, of_time))
        }
        other => phrase(other),
    }
}

fn of_score(interval: &Bounds) -> String {
    format!(" (95% CI {})", between(interval.low, interval.high))
}

fn of_time(p95: &Quantile) -> String {
    match range_of_seconds(p95.low, p95.high) {
        none if none.is_empty() => none,
        range => format!(" (95% CI {range})"),
    }
}

/// Two times with as many digits as show that they differ.
fn apart(it: f64, limit: f64) -> (String, String) {
    match (seconds(it), seconds(limit)) {
        (a, b) if a == b => (format!("{it:.3} s"), format!("{limit:.3} s")),
        shown => shown,
    }
}

#[cfg(test)]
mod times {
    #[test]
    fn that_differ_are_shown_to_differ() {
        assert_eq!(super::apart(3.42, 3.4), ("3.420 s".to_owned(), "3.400 s".to_owned()));
        assert_eq!(super::apart(5.0, 3.4), ("5.0 s".to_owned(), "3.4 s".to_owned()));
    }
}
