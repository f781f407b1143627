//! The verdict in sentences.

mod doubt;
mod fully;
mod objections;
mod settle;
mod total_cost;
mod words;

use eval_summary::{
    Condition, Constraint, Decision, PairedGap, Prefer, Standing, StandingKind, Summary, Verdict,
};

use super::warnings::sentence;
use crate::document::{Block, Section, Tone};
use crate::figures::{and, count, counted, money, percent, points_of, seconds};
pub(crate) use fully::risk as fully_right_risk;
use settle::to_settle;
use words::{described, gap};

/// How good the news is: a check mark stands only before a recommendation that rests on a complete run.
pub(crate) fn tone(verdict: &Verdict) -> Tone {
    match (verdict.decision, verdict.provisional) {
        (Decision::Recommended, None) => Tone::Good,
        (Decision::Recommended, Some(_)) | (Decision::NotSettled, _) => Tone::Unsure,
        (Decision::NoRecommendation, _) => Tone::Bad,
    }
}

/// The verdict in one sentence.
#[must_use]
pub fn headline(verdict: &Verdict) -> String {
    let sentence = match verdict.decision {
        Decision::Recommended => recommended(verdict),
        Decision::NotSettled => doubt::said_of(verdict, || not_settled(verdict)),
        Decision::NoRecommendation => format!("No recommendation: {}.", objections::in_short(verdict)),
    };
    let sentence = match verdict.about_these_alone {
        true => format!("On these documents alone: {sentence}"),
        false => sentence,
    };
    match verdict.provisional {
        None => sentence,
        Some(of) => {
            let why = if of.over_budget { "the budget was used up" } else { "the run is incomplete" };
            if of.cases == of.planned {
                let missing = counted(of.missing, "planned trial");
                let are = if of.missing == 1 { "is" } else { "are" };
                return format!("Provisional ({why}: {missing} {are} missing): {sentence}");
            }
            let (cases, planned) = (count(of.cases), count(of.planned));
            format!("Provisional, based on {cases} of {planned} cases ({why}): {sentence}")
        }
    }
}

fn recommended(verdict: &Verdict) -> String {
    let Some(winner) = verdict.candidates.iter().find(|it| it.standing == StandingKind::Recommended) else {
        return String::new();
    };
    if verdict.constraints.prefer == Prefer::TotalCost {
        return total_cost::recommended(verdict, winner);
    }
    let alone = verdict
        .candidates
        .iter()
        .all(|it| it.provider == winner.provider || it.standing == StandingKind::Worse);
    let leads = winner.against_best.is_none();
    let by_cost = verdict.constraints.prefer == Prefer::Cost && !alone;
    let known = |it: &Standing| it.standing == StandingKind::Worse || it.usd_per_1000.is_some();
    let best = words::best_score(verdict);
    let why = match (verdict.candidates.len(), alone) {
        _ if by_cost && winner.usd_per_1000.is_none() => format!("{best}; costs are not known"),
        (1, _) => "the only eligible candidate".to_owned(),
        (_, true) => format!("{} is worse{}", words::every_other(verdict), beyond(verdict)),
        (_, false) if leads => format!("{best}, and the {} {} it", cheapest(verdict), within(verdict)),
        (_, false) => format!("the {} candidate {} {best}", cheapest(verdict), within(verdict)),
    };
    let far = if by_cost && winner.usd_per_1000.is_some() && !verdict.candidates.iter().all(known) {
        ", as far as costs are known"
    } else {
        ""
    };
    format!("Recommended: {}, {why}{far}.", described(winner))
}

/// ` by more than 1 point`; nothing where every point counts.
fn beyond(verdict: &Verdict) -> String {
    match verdict.constraints.tolerance {
        ..0.000_5 => String::new(),
        tolerance => format!(" by more than {}", points_of(tolerance)),
    }
}

/// `within 1 point of`, before the best score.
fn within(verdict: &Verdict) -> String {
    match verdict.constraints.tolerance {
        ..0.000_5 => "as good as".to_owned(),
        tolerance => format!("within {} of", points_of(tolerance)),
    }
}

fn cheapest(verdict: &Verdict) -> &'static str {
    match verdict.constraints.prefer {
        Prefer::Cost | Prefer::TotalCost => "cheapest",
        Prefer::Time => "fastest",
    }
}

fn not_settled(verdict: &Verdict) -> String {
    if verdict.constraints.prefer == Prefer::TotalCost {
        return total_cost::not_settled(verdict);
    }
    let standing = |label: &str| verdict.candidates.iter().find(|it| it.provider == label);
    let open = verdict.open.as_ref();
    let beyond = beyond(verdict);
    let leader = open.and_then(|open| Some((open, standing(&open.leader)?)));
    let Some((open, leader)) = leader else {
        return "Not settled: the candidates share no cases.".to_owned();
    };
    let Some(rival) = standing(&open.rival) else {
        return format!(
            "Not settled: {} scores {}, but too little is known of {}, which is not eligible, to rule out that it is \
             better{beyond} ({} against {0}).",
            leader.provider,
            percent(leader.score),
            open.rival,
            gap(&open.gap)
        );
    };
    let leads = words::leading_score(leader);
    let score = percent(leader.score);
    let (first, second) = (&leader.provider, &rival.provider);
    if open.gap.interval.is_none() {
        return format!(
            "Not settled: too few shared cases to compare {first} ({score}) with {second} ({}).",
            percent(rival.score)
        );
    }
    let is_tie = open.gap.difference.abs() < 0.000_5 && score == percent(rival.score);
    let gap = gap(&open.gap);
    let are_alike = printed_price(verdict, leader) == printed_price(verdict, rival);
    if is_tie {
        let of_more = if beyond.is_empty() {
            String::new()
        } else {
            format!(" of more than {}", points_of(verdict.constraints.tolerance))
        };
        let but = format!(
            "{first} and {second} tie at {score}, but a difference{of_more} is not ruled out ({gap})"
        );
        return match (are_alike, open.cheaper == leader.provider) {
            (true, _) => format!("Not settled: {but}."),
            (false, true) => format!("Not settled: {but}; {first} {}.", advantage(verdict, rival, leader)),
            (false, false) => format!("Not settled: {but}; {second} {}.", advantage(verdict, leader, rival)),
        };
    }
    if open.cheaper == leader.provider {
        let cheap = match (printed_price(verdict, leader), are_alike, verdict.constraints.prefer) {
            (None, ..) => String::new(),
            (_, true, Prefer::Time) => " and takes no longer".to_owned(),
            (_, true, _) => " and costs no more".to_owned(),
            _ => format!(" and is the {}", cheapest(verdict)),
        };
        return format!(
            "Not settled: {first} leads with {leads}{cheap}, but {second}, {gap}, may be better{beyond}."
        );
    }
    let but = if are_alike { "may be as good".to_owned() } else { advantage(verdict, leader, rival) };
    format!("Not settled: {first} leads with {leads}; {second}, {gap}, {but}.")
}

/// What should be little as it is printed, if it is known: what reads the same is no advantage.
fn printed_price(verdict: &Verdict, it: &Standing) -> Option<String> {
    match verdict.constraints.prefer {
        Prefer::Cost | Prefer::TotalCost => it.usd_per_1000.map(|usd| words::dollars(it, usd)),
        Prefer::Time => it.p50_seconds.map(seconds),
    }
}

/// What speaks for the second of two.
fn advantage(verdict: &Verdict, leader: &Standing, rival: &Standing) -> String {
    match verdict.constraints.prefer {
        Prefer::Cost | Prefer::TotalCost => match (rival.usd_per_1000, leader.usd_per_1000) {
            (Some(0.0), _) if !rival.at_least => "is free".to_owned(),
            (Some(usd), Some(other)) => format!(
                "costs {} instead of {} per 1,000 cases",
                words::dollars(rival, usd),
                words::dollars(leader, other)
            ),
            (Some(usd), None) => format!("costs {} per 1,000 cases", words::dollars(rival, usd)),
            (None, _) => "has no known price".to_owned(),
        },
        Prefer::Time => match (rival.p50_seconds, leader.p50_seconds) {
            (Some(time), Some(other)) => format!("takes {} instead of {}", seconds(time), seconds(other)),
            (Some(time), None) => format!("takes {}", seconds(time)),
            (None, _) => "has no known latency".to_owned(),
        },
    }
}

/// What a reader in a hurry needs beside the headline.
pub(super) fn brief(summary: &Summary) -> Section {
    const MOST: usize = 2;
    let mut section = Section::open("Verdict");
    let verdict = &summary.verdict;
    for warning in summary.trust.warnings.iter().take(MOST) {
        section.blocks.push(Block::Text(Tone::Unsure, sentence(warning)));
    }
    section.blocks.extend(fully::risk(verdict).map(|risk| Block::Text(Tone::Unsure, risk)));
    let more = |lines: Vec<String>| {
        let rest = lines.len().saturating_sub(MOST);
        let first = lines.into_iter().take(MOST);
        first.chain((rest > 0).then(|| format!("{rest} more."))).collect()
    };
    section.facts(vec![
        ("If you must choose today", verdict.today.iter().map(|today| format!("{today}.")).collect()),
        ("To settle it", to_settle(summary)),
        ("Excluded", more(objections::lines(verdict, 1))),
    ]);
    section
}

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::open("Verdict");
    let verdict = &summary.verdict;
    for warning in &summary.trust.warnings {
        section.blocks.push(Block::Text(Tone::Unsure, sentence(warning)));
    }
    section.blocks.extend(fully::risk(verdict).map(|risk| Block::Text(Tone::Unsure, risk)));
    section.facts(vec![
        ("Why", why(verdict)),
        ("In contention", tied(verdict).into_iter().collect()),
        ("Runner-up", verdict.runner_up.iter().map(|second| format!("{second}.")).collect()),
        ("If you must choose today", verdict.today.iter().map(|today| format!("{today}.")).collect()),
        ("To settle it", to_settle(summary)),
        ("What would change this", changes(verdict)),
        ("Excluded", objections::lines(verdict, usize::MAX)),
        ("Constraints", vec![constraints(verdict)]),
    ]);
    let has_interval = |it: &Standing| it.against_best.as_ref().is_some_and(|gap| gap.interval.is_some());
    if verdict.candidates.iter().any(has_interval) {
        section.note(vec![interval_note(verdict)]);
    }
    section
}

fn interval_note(verdict: &Verdict) -> String {
    // Candidates that cannot be recommended are rivals, too: the level knows of all.
    let rivals = (0.05 / (1.0 - verdict.level)).round();
    let adjusted = if rivals > 1.0 { format!(", adjusted for {rivals} comparisons") } else { String::new() };
    format!("Brackets: 95% CI of the paired difference{adjusted}.")
}

/// Every other candidate beside the best score; only the first of many.
fn why(verdict: &Verdict) -> Vec<String> {
    const MOST: usize = 6;
    let Some(best) = verdict.candidates.first() else { return Vec::new() };
    let by_money = verdict.constraints.prefer == Prefer::TotalCost;
    let beyond =
        if by_money { format!(" by more than {}", total_cost::tolerance(verdict)) } else { beyond(verdict) };
    let difference = |it: &PairedGap| if by_money { total_cost::gap(it) } else { gap(it) };
    let line = |it: &Standing| {
        let seen = it.against_best.as_ref().map_or_else(String::new, gap);
        let skipped = match it.skipped {
            0 => String::new(),
            cases => format!("; {} skipped", counted(cases, "case")),
        };
        let shown = match it.standing {
            StandingKind::Worse => match &it.behind {
                Some(it) => format!("; {} against {}: worse{beyond}", difference(&it.gap), it.provider),
                None => format!("; worse{beyond}"),
            },
            StandingKind::Recommended | StandingKind::InContention => doubt::beside(it),
        };
        if by_money {
            return format!("{}{shown}{skipped}.", total_cost::why(it, &best.provider));
        }
        format!("{}: {seen} against {}{shown}{skipped}.", described(it), best.provider)
    };
    let mut lines: Vec<String> = verdict.candidates.iter().skip(1).take(MOST).map(line).collect();
    let rest = verdict.candidates.len().saturating_sub(1 + MOST);
    if rest > 0 {
        lines.push(format!("{rest} more candidates are in the differences below."));
    }
    lines
}

/// Those among which the data shows no loss beyond the tolerance.
fn tied(verdict: &Verdict) -> Option<String> {
    let is_left = |it: &&Standing| verdict.standing(&it.provider) != Some(StandingKind::Worse);
    let left = verdict.candidates.iter().filter(is_left);
    let names: Vec<&str> = left.map(|it| it.provider.as_str()).collect();
    (names.len() > 1).then(|| format!("{}.", names.join(", ")))
}

fn changes(verdict: &Verdict) -> Vec<String> {
    let prefer = verdict.constraints.prefer;
    let limit = |than: f64| match prefer {
        Prefer::Cost => format!("{} per 1,000 cases", money(than)),
        Prefer::TotalCost => format!("{} per 1,000 documents", money(than)),
        Prefer::Time => seconds(than),
    };
    let verb = match prefer {
        Prefer::Cost | Prefer::TotalCost => "cost",
        Prefer::Time => "took",
    };
    let line = |it: &eval_summary::WouldChange| {
        let then = &it.then;
        match &it.condition {
            Condition::Without { constraint } => {
                format!("Without the {}: {then}.", constraint_name(*constraint))
            }
            Condition::Tolerance { tolerance: 0.0 } => format!("If every point counted: {then}."),
            Condition::Tolerance { tolerance } => {
                format!("If a loss of {} were acceptable: {then}.", points_of(*tolerance))
            }
            Condition::Prefer { prefer: Prefer::Time } => {
                format!("If speed mattered more than cost: {then}.")
            }
            Condition::Prefer { prefer: Prefer::Cost | Prefer::TotalCost } => {
                format!("If cost mattered more than speed: {then}.")
            }
            Condition::DearerThan { provider, than: 0.0 } if prefer == Prefer::Cost => {
                format!("If {provider} were not free: {then}.")
            }
            Condition::DearerThan { provider, than } => {
                format!("If {provider} {verb} more than {}: {then}.", limit(*than))
            }
            Condition::CheaperThan { provider, than } => {
                format!("If {provider} {verb} less than {}: {then}.", limit(*than))
            }
        }
    };
    verdict.changes.iter().map(line).collect()
}

fn constraint_name(constraint: Constraint) -> &'static str {
    match constraint {
        Constraint::MinScore => "minimum score",
        Constraint::MaxP95 => "limit on p95 latency",
        Constraint::MaxCost => "limit on cost",
        Constraint::Require => "required capabilities",
    }
}

fn constraints(verdict: &Verdict) -> String {
    let asked = &verdict.constraints;
    let mut parts = Vec::new();
    parts.extend(asked.min_score.map(|least| format!("score at least {}", percent(least))));
    parts.extend(asked.max_p95_seconds.map(|most| format!("p95 latency at most {}", seconds(most))));
    parts.extend(asked.max_usd_per_1000.map(|most| format!("at most {} per 1,000 cases", money(most))));
    if !asked.require.is_empty() {
        parts.push(and(&asked.require));
    }
    let rule = match asked.prefer {
        Prefer::TotalCost => total_cost::rule(verdict),
        _ => format!("the {} candidate {} the best", cheapest(verdict), within(verdict)),
    };
    let rule =
        if verdict.time_unknown { format!("{rule} (no latency is known, so cost decides)") } else { rule };
    if parts.is_empty() {
        format!("none set; {rule}.")
    } else {
        format!("{}; then {rule}.", parts.join(", "))
    }
}
