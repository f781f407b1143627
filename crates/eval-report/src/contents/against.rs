//! A run against an earlier one, part by part.

use std::collections::BTreeSet;

use eval_summary::{
    Against, CandidateChange, CandidateFigures, CaseChange, Opinion, Paired, Scope, Unmatched,
};

use super::differences::{doubt, figure_columns, figures};
use super::drift::{canaries, drift, parity};
use super::judging::uncalibrated;
use crate::document::{Block, Cell, Column, Line, Section, Tone};
use crate::figures::{
    UNKNOWN, and, chance, count, counted, interval, interval_of_points, money, opinion, percent, points,
    price, relative, seconds, whole,
};

/// All parts in one section.
pub(super) fn push(section: &mut Section, against: &Against) {
    results(section, against, word);
    section.list(undecided(against));
    section.blocks.extend(drift(against).blocks);
    section.blocks.extend(canaries(against).blocks);
    section.blocks.extend(parity(against).blocks);
    changes(section, against);
    scores(section, against, said);
    fields(section, against);
    cases(section, against);
}

/// What a comparison says.
pub(super) fn said(one: &Paired) -> (&'static str, Tone) {
    match one.undecided {
        Some(_) => ("not decided", Tone::Unsure),
        None => opinion(one.difference.opinion),
    }
}

/// What stands behind the results, in sections of their own; `of` says whose they are where there are several.
pub(super) fn details(
    against: &Against,
    of: &str,
    said: impl Fn(&Paired) -> (&'static str, Tone),
) -> Vec<Section> {
    let open = |title: &str| match of {
        "" => Section::folded(title),
        of => Section::folded(format!("{title}: {of}")),
    };
    let mut first = [drift(against), canaries(against), parity(against)];
    if !of.is_empty() {
        first.iter_mut().for_each(|section| section.title = format!("{}: {of}", section.title));
    }
    let mut sections = ["What changed", "Broken and fixed cases", "By task and field"].map(open);
    let [changed, moved, parts] = &mut sections;
    changes(changed, against);
    cases(moved, against);
    scores(parts, against, said);
    fields(parts, against);
    first.into_iter().chain(sections).filter(|section| !section.blocks.is_empty()).collect()
}

/// The comparison that decides about a candidate: over all its tasks, or on its only one.
pub(super) fn deciding<'a>(against: &'a Against, provider: &str) -> Option<&'a Paired> {
    let of = || against.differences.iter().filter(|one| one.difference.b == provider);
    of().find(|one| one.undecided.is_none()).or_else(|| of().next())
}

/// Every candidate before and now.
pub(super) fn results(
    section: &mut Section,
    against: &Against,
    word: impl Fn(&CandidateChange, &Against) -> (String, Tone),
) {
    let decides = |what: &&str| ["dataset", "prompt", "metric", "scorer"].contains(what);
    let incomparable: BTreeSet<&str> =
        against.changes.iter().map(|one| one.what.as_str()).filter(decides).collect();
    if against.differences.is_empty() && against.shared_cases > 0 {
        section.say("No candidate in common: nothing to compare.");
    } else if against.differences.is_empty() {
        section.say("No scored cases in common: nothing to compare.");
    } else if !incomparable.is_empty() {
        let what: Vec<&str> = incomparable.into_iter().collect();
        let sentence = format!("The {} changed: scores may differ for that reason alone.", and(&what));
        section.blocks.push(Block::Text(Tone::Unsure, sentence));
    } else if against.changes.is_empty() && against.unmatched.is_empty() {
        section.say("Datasets, prompts, metrics, settings and served models are unchanged.");
    }
    let columns = [
        Column::new("Provider"),
        Column::new("Result"),
        Column::new("Points").detail("95% CI").about("Change of the score, paired by case"),
        Column::new("Score")
            .detail("95% CI")
            .about("Over the cases that both runs have, every task with the same weight"),
        Column::new("$/1,000").detail("change").about("Cost per 1,000 cases of the whole run"),
        Column::new("p95").detail("change").about("95% of the answers of the whole run took no longer"),
        Column::new("Failed").about("Trials without an answer"),
        Column::new("Cases").about("Cases that both runs have"),
    ];
    let lines = against.candidates.iter().map(|one| {
        let (word, tone) = word(one, against);
        Line { cells: result(one, against, word), tone }
    });
    section.table("", &columns, lines.collect());
    section.list(unmatched(against));
}

/// Tasks on which nothing is decided, once for all candidates.
pub(super) fn undecided(against: &Against) -> Vec<String> {
    let mut lines: Vec<String> = (against.differences.iter())
        .filter_map(|one| Some(format!("{}: {}", one.scope, uncalibrated(one.undecided.as_ref()?))))
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

fn result(one: &CandidateChange, against: &Against, word: String) -> Vec<Cell> {
    let paired = deciding(against, &one.provider).map(|one| &one.difference);
    let renamed = one.before.as_ref().filter(|before| before.label != one.provider);
    let was = renamed.map_or_else(String::new, |before| format!("was {}", before.label));
    let mean = |it: &CandidateFigures| it.score.as_ref().map(|score| score.mean);
    let range = |it: &CandidateFigures| interval(it.score.as_ref().and_then(|score| score.interval.as_ref()));
    let ranges = arrow(one.before.as_ref().map(range), one.now.as_ref().map(range));
    let or_unknown =
        |value: Option<f64>, print: fn(f64) -> String| value.map_or_else(|| UNKNOWN.to_owned(), print);
    vec![
        Cell::text(&one.provider).with(was),
        Cell::text(word),
        Cell::number(paired.map(|it| it.difference), points)
            .with(paired.map_or_else(String::new, |it| interval_of_points(it.interval.as_ref()))),
        both(one, mean, |it| or_unknown(mean(it), percent)).with(ranges),
        with_share(one, |it| it.usd_per_1000, cost),
        with_share(one, |it| it.p95_seconds, |it| or_unknown(it.p95_seconds, seconds)),
        both(one, |it| Some(it.failed as f64), |it| count(it.failed)),
        Cell::number(paired.map(|it| it.n as f64), whole),
    ]
}

/// A figure before and now; sorted by the later one that is known.
fn both(
    one: &CandidateChange,
    value: impl Fn(&CandidateFigures) -> Option<f64>,
    print: impl Fn(&CandidateFigures) -> String,
) -> Cell {
    let (before, now) = (one.before.as_ref(), one.now.as_ref());
    let number = now.and_then(&value).or_else(|| before.and_then(&value));
    Cell { number, ..Cell::text(arrow(before.map(&print), now.map(&print))) }
}

/// The same with how much more or less it is.
fn with_share(
    one: &CandidateChange,
    value: fn(&CandidateFigures) -> Option<f64>,
    print: impl Fn(&CandidateFigures) -> String,
) -> Cell {
    let known = one.before.as_ref().and_then(value).zip(one.now.as_ref().and_then(value));
    both(one, value, print).with(known.map_or_else(String::new, |(before, now)| relative(before, now)))
}

fn cost(side: &CandidateFigures) -> String {
    match side.usd_per_1000 {
        None => UNKNOWN.to_owned(),
        Some(usd) if side.at_least => format!("≥ {}", money(usd)),
        Some(usd) => price(usd),
    }
}

/// `before → now`, once where both are the same.
fn arrow(before: Option<String>, now: Option<String>) -> String {
    match (before, now) {
        (Some(before), Some(now)) if before == now => now,
        (before, now) => {
            let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
            format!("{} → {}", or_none(before), or_none(now))
        }
    }
}

/// What may be said of a candidate.
pub(super) fn word(one: &CandidateChange, against: &Against) -> (String, Tone) {
    let plain = |word: &str| (word.to_owned(), Tone::Plain);
    match (&one.before, &one.now, deciding(against, &one.provider)) {
        (None, _, _) => plain("added"),
        (_, None, _) => plain("removed"),
        (_, _, None) => plain("not compared"),
        (_, _, Some(paired)) if paired.undecided.is_some() => ("not decided".to_owned(), Tone::Unsure),
        (_, _, Some(paired)) => {
            let of = |wanted: Opinion| {
                let same = against.differences.iter().filter(|it| it.difference.b == one.provider);
                same.filter(|it| it.difference.opinion == wanted).count() as u64
            };
            let found = &paired.difference;
            match (found.opinion, of(Opinion::Worse), of(Opinion::Better)) {
                (Opinion::CannotTell, 1.., _) => {
                    (format!("worse on {}", counted(of(Opinion::Worse), "task")), Tone::Bad)
                }
                (Opinion::CannotTell, _, 1..) => {
                    (format!("better on {}", counted(of(Opinion::Better), "task")), Tone::Good)
                }
                (Opinion::CannotTell, ..) if found.better + found.worse == 0 => plain("unchanged"),
                (said, ..) => {
                    let (word, tone) = opinion(said);
                    (word.to_owned(), tone)
                }
            }
        }
    }
}

fn changes(section: &mut Section, against: &Against) {
    let lines = against.changes.iter().map(|one| {
        Line::plain(vec![
            Cell::text(&one.what),
            Cell::text(&one.of),
            Cell::text(&one.from),
            Cell::text(&one.to),
        ])
    });
    section.table("", &Column::all(["What", "Of", "From", "To"]), lines.collect());
}

fn scores(section: &mut Section, against: &Against, said: impl Fn(&Paired) -> (&'static str, Tone)) {
    let lines = against.differences.iter().map(|one| {
        let (word, tone) = said(one);
        let mut cells = vec![Cell::text(&one.difference.b), Cell::text(one.scope.to_string())];
        cells.extend(figures(&one.difference, word));
        Line { cells, tone }
    });
    let mut columns = vec![Column::new("Provider"), Column::new("On")];
    columns.extend(figure_columns());
    section.table("Scores", &columns, lines.collect());
    section.note(against.differences.iter().filter_map(|one| doubt(&one.difference, &one.scope)).collect());
}

fn fields(section: &mut Section, against: &Against) {
    let lines = against.fields.iter().map(|one| {
        let (word, tone) = opinion(one.opinion);
        let of = [&one.provider, &one.field].map(Cell::text);
        let counts = [one.broken, one.fixed, one.cases].map(Cell::count);
        let mut cells = Vec::from(of);
        cells.push(Cell::text(word));
        cells.extend(counts);
        cells.push(Cell::number(Some(one.p_adjusted), chance));
        let scope = Scope::Task { dataset: one.dataset.clone(), task: one.task };
        cells.push(Cell::text(scope.to_string()));
        Line { cells, tone }
    });
    let columns = Column::all(["Provider", "Field", "Result", "Broken", "Fixed", "Cases", "p", "On"]);
    section.table("Fields", &columns, lines.collect());
}

fn cases(section: &mut Section, against: &Against) {
    let columns = Column::all(["Case", "Provider", "Before", "After", "Fields"]);
    for (what, shown, all, cases) in [
        ("Broken", &against.broken, against.broken_total, against.broken_cases),
        ("Fixed", &against.fixed, against.fixed_total, against.fixed_cases),
    ] {
        let mut part = Section::folded(format!("{what}: {}", moved(shown.len() as u64, all, cases)));
        part.table("", &columns, shown.iter().map(case).collect());
        section.fold(part);
    }
}

/// How many cases, and how many of their lines are shown: there is one for each candidate of a case.
fn moved(shown: u64, lines: u64, cases: u64) -> String {
    let (all, shown) = (counted(cases, "case"), (shown < lines).then(|| count(shown)));
    match (shown, lines == cases) {
        (None, true) => all,
        (Some(shown), true) => format!("{shown} of {all}"),
        (None, false) => format!("{all}, one line per candidate"),
        (Some(shown), false) => {
            format!("{all}, the first {shown} of {} lines, one per candidate", count(lines))
        }
    }
}

/// What only one of the two has, once for all candidates of which it is true.
fn unmatched(against: &Against) -> Vec<String> {
    let mut found: Vec<(&Unmatched, Vec<&str>)> = Vec::new();
    for one in &against.unmatched {
        let is_same = |it: &&mut (&Unmatched, Vec<&str>)| {
            let key = |it: &Unmatched| (it.scope.clone(), it.only_before, it.only_now, it.examples.clone());
            key(it.0) == key(one)
        };
        match found.iter_mut().find(is_same) {
            Some((_, providers)) => providers.push(&one.provider),
            None => found.push((one, vec![&one.provider])),
        }
    }
    let line = |(one, providers): &(&Unmatched, Vec<&str>)| {
        let cases = |count: u64, which: &str| match count {
            0 => None,
            count => Some(format!("{} {which}", counted(count, "case"))),
        };
        let counts = [cases(one.only_before, "only before"), cases(one.only_now, "only now")];
        let of = match providers.len() == against.candidates.len() {
            true => String::new(),
            false => format!(" of {}", and(providers)),
        };
        format!(
            "Not compared on {}: {}{of} ({})",
            one.scope,
            counts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            one.examples.join(", ")
        )
    };
    found.iter().map(line).collect()
}

fn case(one: &CaseChange) -> Line {
    Line::plain(vec![
        Cell::case(&one.dataset, &one.case),
        Cell::text(&one.provider),
        Cell::number(Some(one.from), percent),
        Cell::number(Some(one.to), percent),
        Cell::text(one.fields.join(", ")),
    ])
}
