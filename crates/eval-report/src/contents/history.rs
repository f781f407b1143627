use std::collections::BTreeSet;

use eval_summary::{History, HistoryLine, Scope};

use crate::document::{Block, Cell, Column, Document, Line, Section, Tone};
use crate::figures::{count, interval, minute, money, percent, range_of_seconds, seconds};
use crate::html::{Trend, trend};

pub(crate) fn history(history: &History) -> Document {
    let mut sections = Vec::new();
    for lines in history.lines.chunk_by(|a, b| a.provider == b.provider) {
        let mut section = Section::open(&lines[0].provider);
        let scopes: Vec<&[HistoryLine]> =
            lines.chunk_by(|a, b| (&a.scope, a.data) == (&b.scope, b.data)).collect();
        let tasks: BTreeSet<&Scope> =
            lines.iter().map(|line| &line.scope).filter(|scope| **scope != Scope::Overall).collect();
        // With one task, both parts are the same.
        let shown = scopes.iter().filter(|part| tasks.len() > 1 || part[0].scope != Scope::Overall);
        for (at, lines) in shown.enumerate() {
            let title = title(lines, &scopes);
            let mut part = if at == 0 { Section::open(title) } else { Section::folded(title) };
            part.blocks.extend(drawings(lines).into_iter().map(Block::Drawing));
            part.table("", &columns(), lines.iter().map(line).collect());
            part.list(changes(lines));
            section.fold(part);
        }
        sections.push(section);
    }
    if !history.unreadable.is_empty() {
        let mut section = Section::open("Cannot be read");
        section.list(history.unreadable.clone());
        sections.push(section);
    }
    let runs: BTreeSet<&str> = history.lines.iter().map(|line| line.run.as_str()).collect();
    let marked: BTreeSet<&str> =
        history.lines.iter().filter(|line| !line.marks.is_empty()).map(|line| line.run.as_str()).collect();
    Document {
        title: "History".to_owned(),
        about: period(history),
        headline: match runs.len() {
            0 => "There are no runs in this folder yet.".to_owned(),
            1 => "One run: nothing to compare it with yet.".to_owned(),
            many if marked.is_empty() => {
                format!("{many} runs; model, prompt and prices are the same in all runs on the same data.")
            }
            many => format!(
                "{many} runs; in {} of them the model, prompt, data or prices are not those of the run before.",
                marked.len()
            ),
        },
        tone: Tone::Plain,
        sections,
    }
}

/// Runs on other data stand apart: their scores are not comparable.
fn title(lines: &[HistoryLine], scopes: &[&[HistoryLine]]) -> String {
    let scope = &lines[0].scope;
    let is_alone = scopes.iter().filter(|part| part[0].scope == *scope).count() == 1;
    if is_alone { scope.to_string() } else { format!("{scope} · data since {}", minute(&lines[0].started)) }
}

fn period(history: &History) -> String {
    let started = || history.lines.iter().map(|line| line.started.as_str());
    match started().min().zip(started().max()) {
        Some((first, last)) if first != last => format!("{} to {}", minute(first), minute(last)),
        Some((only, _)) => minute(only),
        None => String::new(),
    }
}

fn drawings(lines: &[HistoryLine]) -> Vec<String> {
    let score = |line: &HistoryLine| {
        let score = line.score.as_ref()?;
        let bounds = score.interval.as_ref().map(|one| (one.low, one.high));
        Some((score.mean, bounds))
    };
    let p95 = |line: &HistoryLine| {
        let p95 = line.p95.as_ref()?;
        Some((p95.value, p95.low.zip(p95.high)))
    };
    let cost = |line: &HistoryLine| Some((line.usd_per_1000?, None));
    let trends = [
        trend(&Trend { title: "Score", is_share: true, print: percent, lines, value: &score }),
        trend(&Trend {
            title: "Time of 95% of the answers",
            is_share: false,
            print: seconds,
            lines,
            value: &p95,
        }),
        trend(&Trend { title: "Cost per 1,000 cases", is_share: false, print: money, lines, value: &cost }),
    ];
    trends.into_iter().flatten().collect()
}

fn columns() -> [Column; 9] {
    [
        Column::new("Started"),
        Column::new("Score").detail("95% CI"),
        Column::new("Failed").about("Trials that failed or are missing; those that failed score 0"),
        Column::new("p95").detail("95% CI"),
        Column::new("$/1,000"),
        Column::new("Changed").about("What is not as in the run before"),
        Column::new("Served"),
        Column::new("n"),
        Column::new("Run"),
    ]
}

fn line(line: &HistoryLine) -> Line {
    let dollars = |usd| if line.at_least { format!("≥ {}", money(usd)) } else { money(usd) };
    let mut marks: Vec<&str> = line.marks.iter().map(|mark| mark.what.as_str()).collect();
    marks.dedup();
    let score = Cell::number(line.score.as_ref().map(|one| one.mean), percent);
    let bounds = line.score.as_ref().and_then(|one| one.interval.as_ref());
    let p95 = Cell::number(line.p95.as_ref().map(|one| one.value), seconds);
    let range = line.p95.as_ref().and_then(|one| one.low.zip(one.high));
    Line::plain(vec![
        Cell::text(minute(&line.started)),
        match bounds {
            Some(bounds) => score.with(interval(Some(bounds))),
            None => score,
        },
        Cell::text(match line.failed {
            0 => "0".to_owned(),
            failed => format!("{} of {}", count(failed), count(line.trials)),
        }),
        match range {
            Some((low, high)) => p95.with(range_of_seconds(Some(low), Some(high))),
            None => p95,
        },
        Cell::number(line.usd_per_1000, dollars),
        Cell::text(marks.join(", ")),
        Cell::text(line.served.first().map_or("–", |one| one.model.as_str())),
        Cell::count(line.score.as_ref().map_or(0, |score| score.n)),
        Cell::text(&line.run),
    ])
}

/// What changed, from what to what.
fn changes(lines: &[HistoryLine]) -> Vec<String> {
    let of = |line: &HistoryLine| {
        let when = minute(&line.started);
        let change = |mark: &eval_summary::Change| {
            let whose = if mark.of.is_empty() { String::new() } else { format!(" of {}", mark.of) };
            let (from, to) = (short(&mark.from), short(&mark.to));
            format!("{when}: {}{whose} changed from {from} to {to}", mark.what)
        };
        line.marks.iter().map(change).collect::<Vec<_>>()
    };
    lines.iter().flat_map(of).collect()
}

/// Hashes are long, and their beginning tells them apart.
fn short(value: &str) -> String {
    let is_hash = value.len() >= 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    match value {
        "" => "nothing".to_owned(),
        hash if is_hash => hash.chars().take(12).collect(),
        other => other.to_owned(),
    }
}
