//! Chains of candidates, in sentences and tables.

use eval_decide::chain::{
    Accept, ChainReport, ChainSignal, ChainStage, ChainTask, FrontierPoint, Goal, Single,
};
use eval_summary::{Bounds, Estimate};

use crate::document::{Block, Cell, Column, Document, Line, Section, Tone};
use crate::figures::{and, counted, interval, interval_of_points, money, percent, points, price};

pub(crate) fn cascade(report: &ChainReport) -> Document {
    let first = report.tasks.first();
    Document {
        title: "Cascade".to_owned(),
        about: format!("{} · {}", report.run, goal(report)),
        headline: first.map_or_else(
            || "No chain: two candidates with known prices and shared cases are needed, or one and a person (--human-usd).".to_owned(),
            headline,
        ),
        tone: first.map_or(Tone::Bad, |task| if gains(task) { Tone::Good } else { Tone::Unsure }),
        sections: report.tasks.iter().map(section).collect(),
    }
}

fn goal(report: &ChainReport) -> String {
    let goal = match report.goal {
        Goal::TotalCost { wrong_usd } => {
            format!("lowest total cost at {} per wrong answer", money(wrong_usd))
        }
        Goal::Accuracy { least } => format!("cheapest with {} right", percent(least)),
        Goal::BestSingle => "cheapest that is right as often as the best single candidate".to_owned(),
    };
    let people = report.people.map_or_else(String::new, |it| {
        format!("; a person costs {} and leaves {} wrong", money(it.usd), percent(it.error))
    });
    goal + &people
}

/// Whether it is shown to cost less than the best single candidate without being shown to be worse.
fn gains(task: &ChainTask) -> bool {
    let Some(against) = task.against_single.as_ref().filter(|_| task.beaten_by.is_none()) else {
        return false;
    };
    let cheaper = against.usd_per_1000.interval.as_ref().is_some_and(|it| it.high < 0.0);
    let better = against.accuracy.interval.as_ref().is_some_and(|it| it.low > 0.0);
    let worse = against.accuracy.interval.as_ref().is_some_and(|it| it.high < 0.0);
    (cheaper || better) && !worse && task.meets_goal != Some(false)
}

fn headline(task: &ChainTask) -> String {
    let chain = named(&task.chosen, task.ends_with_person);
    let missed = match task.meets_goal {
        Some(false) => " The goal is not shown to be met.",
        _ => "",
    };
    if let Some(single) = is_single(task) {
        return format!("No chain beats {chain} alone: {}.{missed}", in_words(single));
    }
    if let Some(single) = task.singles.iter().find(|it| Some(&it.provider) == task.beaten_by.as_ref()) {
        return format!(
            "No chain is shown to pay: {} alone is {}; {chain} is {} on held-out documents.{missed}",
            single.provider,
            in_words(single),
            right_at(task.held_out.accuracy.mean, sum(task), task.held_out.total)
        );
    }
    let Some(against) = &task.against_single else {
        return format!("Chosen: {chain}.{missed}");
    };
    let difference = format!(
        "{} points {} and {} per 1,000 cases {} against {}, on held-out documents",
        points(against.accuracy.mean),
        interval_of_points(against.accuracy.interval.as_ref()),
        signed_money(against.usd_per_1000.mean),
        money_interval(against.usd_per_1000.interval.as_ref()),
        against.provider
    );
    let word = if gains(task) { "Recommended" } else { "Not settled" };
    format!("{word}: {chain}: {difference}.{missed}")
}

/// The candidate that is chosen to be asked alone.
fn is_single(task: &ChainTask) -> Option<&Single> {
    match task.chosen.as_slice() {
        [stage] if !task.ends_with_person => task.singles.iter().find(|it| it.provider == stage.provider),
        _ => None,
    }
}

/// Dollars per 1,000 cases for answers and people.
fn sum(task: &ChainTask) -> f64 {
    task.held_out.answers + task.held_out.people
}

fn in_words(single: &Single) -> String {
    right_at(single.accuracy.mean, single.usd_per_1000, single.total)
}

fn right_at(share: f64, usd: f64, total: Option<f64>) -> String {
    let of = if total.is_some() { "cases and their mistakes" } else { "cases" };
    format!("{} right at {} per 1,000 {of}", percent(share), price(total.unwrap_or(usd)))
}

fn named(stages: &[ChainStage], ends_with_person: bool) -> String {
    joined(stages.iter().map(|stage| stage.provider.as_str()).collect(), ends_with_person)
}

/// `a → b → a person`.
pub(crate) fn chain_name(names: &[String], ends_with_person: bool) -> String {
    joined(names.iter().map(String::as_str).collect(), ends_with_person)
}

fn joined(mut names: Vec<&str>, ends_with_person: bool) -> String {
    match (names.is_empty(), ends_with_person) {
        (true, _) => return "people only".to_owned(),
        (false, true) => names.push("a person"),
        (false, false) => {}
    }
    names.join(" → ")
}

fn signed_money(usd: f64) -> String {
    if usd > 0.0 { format!("+{}", money(usd)) } else { money(usd) }
}

fn money_interval(bounds: Option<&Bounds>) -> String {
    let end = |it: &Bounds| format!("[{}, {}]", signed_money(it.low), signed_money(it.high));
    bounds.map_or_else(|| "(no interval)".to_owned(), end)
}

fn section(task: &ChainTask) -> Section {
    let fields = if task.on.is_empty() { "the whole answer".to_owned() } else { and(&task.on) };
    let mut section = Section::open(format!("Chain: {}", task.scope));
    section.say(format!(
        "{} of {}; right means: {fields}.",
        counted(task.cases, "case"),
        counted(task.documents, "document")
    ));
    section.say(headline(task));
    section.list(steps(task));
    let columns = [
        Column::new("Held out"),
        Column::new("Right").detail("95% CI"),
        Column::new("Answers"),
        Column::new("People").detail("cases"),
        Column::new("Total").optional(),
    ];
    let mut rows = Vec::new();
    // One that is asked alone has its own line.
    if is_single(task).is_none() {
        rows.extend([chain_line(task), exported_line(task)]);
    }
    rows.extend(task.singles.iter().map(|it| {
        Line::plain(vec![
            Cell::text(&it.provider).with("alone"),
            right(&it.accuracy),
            Cell::number(Some(it.usd_per_1000), price),
            Cell::text("–"),
            total(it.total),
        ])
    }));
    section.whole_table("", &columns, rows);
    section.blocks.extend(crate::html::frontier(task).map(Block::Drawing));
    section.fold(frontier(&task.frontier, task.parts));
    section.note(notes(task));
    section
}

fn notes(task: &ChainTask) -> Vec<String> {
    let (same, parts) = (task.same_in_parts, task.parts);
    let total = if task.held_out.total.is_some() { " Total: answers, people and mistakes." } else { "" };
    let mut notes = vec![format!(
        "Money is per 1,000 cases.{total} A chain is chosen on four fifths of the documents and judged on the other fifth; \
         {same} of {parts} choices had these candidates in this order. A candidate alone needs no choice: its line is of all \
         documents."
    )];
    if is_single(task).is_none() {
        notes.push(
            "The exported chain is the one chosen on all documents: its figures are its own on them, less what the choices \
             lose on the other fifth."
                .to_owned(),
        );
    }
    notes
}

fn chain_line(task: &ChainTask) -> Line {
    let it = &task.held_out;
    let cells = vec![
        Cell::text(named(&task.chosen, task.ends_with_person)).with("chosen in parts"),
        right(&it.accuracy),
        Cell::number(Some(it.answers), price),
        people(it.people, it.referred),
        total(it.total),
    ];
    Line { cells, tone: if gains(task) { Tone::Good } else { Tone::Plain } }
}

/// The chain that is exported, with what it may be expected to give.
fn exported_line(task: &ChainTask) -> Line {
    let it = &task.promised;
    Line::plain(vec![
        Cell::text(named(&task.chosen, task.ends_with_person)).with("as exported"),
        right(&it.accuracy),
        Cell::number(Some(it.answers), price),
        people(it.people, it.referred.mean),
        Cell::default(),
    ])
}

/// What people cost, and the share of cases that they read.
fn people(usd: f64, referred: f64) -> Cell {
    if referred > 0.0 { Cell::number(Some(usd), price).with(percent(referred)) } else { Cell::text("–") }
}

fn total(usd: Option<f64>) -> Cell {
    usd.map_or_else(Cell::default, |usd| Cell::number(Some(usd), money))
}

fn right(accuracy: &Estimate) -> Cell {
    Cell::number(Some(accuracy.mean), percent).with(interval(accuracy.interval.as_ref()))
}

/// What is done with a case.
fn steps(task: &ChainTask) -> Vec<String> {
    let is_last = |at: usize| at + 1 == task.chosen.len() && !task.ends_with_person;
    let step = |(at, stage): (usize, &ChainStage)| match &stage.accept {
        Some(Accept { signal: ChainSignal::Compared, .. }) => {
            format!("Ask {}, to compare what comes next with its answer.", stage.provider)
        }
        Some(accept) if accept.signal.asks_again() => {
            format!("Ask {} twice; take its first answer if {}.", stage.provider, condition(accept))
        }
        Some(accept) => format!("Ask {}; take its answer if {}.", stage.provider, condition(accept)),
        None if is_last(at) => format!("Ask {}; take its answer.", stage.provider),
        None => format!("Ask {}; take its answer if there is one.", stage.provider),
    };
    let mut steps: Vec<String> = task.chosen.iter().enumerate().map(step).collect();
    if task.chosen.is_empty() {
        return vec!["A person reads every case.".to_owned()];
    }
    if task.ends_with_person {
        steps.push("Else a person reads the case.".to_owned());
    }
    steps
}

fn condition(accept: &Accept) -> String {
    let signal = match accept.signal {
        ChainSignal::Previous => "it agrees with the answer before it",
        ChainSignal::Candidates => "it agrees with the answers before it",
        ChainSignal::Repeats => "the second one agrees with it",
        ChainSignal::Compared => "nothing",
        ChainSignal::Rules => "the share of consistency rules that it passes",
        ChainSignal::Schema => "its validity (1 valid, 0.5 repaired)",
        ChainSignal::Evidence => "the lowest confidence of the API",
        ChainSignal::Stated => "the lowest confidence it states",
        ChainSignal::Tokens => "the probability of its least sure value",
        ChainSignal::Own => "its chance of being right, learned from what comes with it,",
        ChainSignal::Combined => {
            "its chance of being right, learned from what comes with it and from the answer before it,"
        }
    };
    match accept.signal {
        ChainSignal::Previous | ChainSignal::Candidates | ChainSignal::Repeats if accept.threshold >= 1.0 => {
            signal.to_owned()
        }
        ChainSignal::Previous | ChainSignal::Repeats => {
            format!("{signal} by at least {}", accept.threshold)
        }
        ChainSignal::Candidates => format!("{signal} by at least {} on average", accept.threshold),
        _ => format!("{signal} is at least {}", accept.threshold),
    }
}

fn frontier(points: &[FrontierPoint], parts: u64) -> Section {
    let mut section = Section::folded("Frontier: other prices of a wrong answer");
    let columns = [
        Column::new("Chain")
            .detail("choices")
            .about("The chain that most of the choices made; the figures are of all"),
        Column::new("Right"),
        Column::new("Answers and people"),
        Column::new("Chosen at").about("Price of a wrong answer"),
    ];
    let line = |it: &FrontierPoint| {
        Line::plain(vec![
            Cell::text(chain_name(&it.chain, it.ends_with_person))
                .with(format!("{} of {parts}", it.same_in_parts)),
            Cell::number(Some(it.accuracy), percent),
            Cell::number(Some(it.usd_per_1000), price),
            Cell::number(Some(it.wrong_usd), money),
        ])
    };
    section.table("", &columns, points.iter().map(line).collect());
    section
}
