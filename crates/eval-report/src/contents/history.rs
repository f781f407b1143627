use eval_summary::{History, HistoryLine};

use crate::document::{Block, Cell, Document, Line, Section, Tone};
use crate::figures::{interval, money, percent, seconds};
use crate::html::trend;

const HEADERS: [&str; 8] = ["Started", "Score", "95 %", "p95", "$/1,000", "Changed", "Served", "Run"];

pub(crate) fn history(history: &History) -> Document {
    let mut sections = Vec::new();
    let same = |a: &HistoryLine, b: &HistoryLine| a.provider == b.provider && a.scope == b.scope;
    for lines in history.lines.chunk_by(same) {
        let mut section = Section::open(format!("{} · {}", lines[0].provider, lines[0].scope));
        section.blocks.push(Block::Drawing(trend(lines)));
        section.table("", &HEADERS, lines.iter().map(line).collect());
        sections.push(section);
    }
    if !history.unreadable.is_empty() {
        let mut section = Section::open("Cannot be read");
        section.list(history.unreadable.clone());
        sections.push(section);
    }
    let runs: std::collections::BTreeSet<&str> = history.lines.iter().map(|line| line.run.as_str()).collect();
    let marks = history.lines.iter().filter(|line| !line.marks.is_empty()).count();
    Document {
        title: "History".to_owned(),
        about: String::new(),
        headline: format!(
            "{} runs; {marks} lines follow a change of model, prompt, data or prices",
            runs.len()
        ),
        tone: Tone::Plain,
        sections,
    }
}

fn line(line: &HistoryLine) -> Line {
    let dollars = |usd| if line.at_least { format!("≥ {}", money(usd)) } else { money(usd) };
    let marks: Vec<&str> = line.marks.iter().map(|mark| mark.what.as_str()).collect();
    Line::plain(vec![
        Cell::text(line.started.chars().take(16).collect::<String>().replace('T', " ")),
        Cell::number(line.score.as_ref().map(|one| one.mean), percent),
        Cell::text(interval(line.score.as_ref().and_then(|one| one.interval.as_ref()))),
        Cell::number(line.p95.as_ref().map(|one| one.value), seconds),
        Cell::number(line.usd_per_1000, dollars),
        Cell::text(marks.join(", ")),
        Cell::text(line.served.first().map_or("–", |one| one.model.as_str())),
        Cell::text(&line.run),
    ])
}
