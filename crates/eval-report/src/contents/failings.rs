use std::collections::BTreeSet;

use eval_summary::{CaseScores, Confusion, Failings, Summary};

use crate::document::{Cell, Line, Section};
use crate::figures::{interval, percent};

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::folded("Where they fail");
    for failings in &summary.failings {
        push(&mut section, failings, summary);
    }
    section
}

fn push(section: &mut Section, failings: &Failings, summary: &Summary) {
    let of = &failings.scope;
    let is_control = |name: &str| summary.providers.iter().any(|one| one.control && one.label == name);
    let fields = failings.fields.iter().filter(|one| !is_control(&one.provider)).map(|one| {
        let share = (one.judged > 0).then(|| one.right as f64 / one.judged as f64);
        let name = if one.critical { format!("{}!", one.field) } else { one.field.clone() };
        let mut cells = vec![Cell::text(&one.provider), Cell::text(name), Cell::number(share, percent)];
        let counts =
            [one.judged, one.missing, one.wrong, one.invented, one.rounded, one.shifted, one.malformed];
        cells.extend(counts.map(Cell::count));
        Line::plain(cells)
    });
    let headers = [
        "Provider",
        "Field",
        "Right",
        "n",
        "Missing",
        "Wrong",
        "Invented",
        "Rounded",
        "Shifted",
        "Malformed",
    ];
    section.table(format!("{of}: fields (! critical)"), &headers, fields.collect());
    let tags = failings.tags.iter().filter(|one| !is_control(&one.provider)).map(|one| {
        Line::plain(vec![
            Cell::text(&one.provider),
            Cell::text(format!("{} = {}", one.tag, one.value)),
            Cell::number(Some(one.score.mean), percent),
            Cell::text(interval(one.score.interval.as_ref())),
            Cell::count(one.score.n),
        ])
    });
    section.table(format!("{of}: tags"), &["Provider", "Tag", "Score", "95 %", "n"], tags.collect());
    let confusion = failings.confusion.iter().filter(|one| !is_control(&one.provider)).flat_map(mix_ups);
    let headers = ["Provider", "Expected", "Answered", "Times", "Of"];
    section.table(format!("{of}: mix-ups"), &headers, confusion.collect());
    let worst: Vec<_> = failings.worst.iter().filter(|one| one.mean < 1.0).take(8).map(case).collect();
    section.table(format!("{of}: worst cases"), &["Case", "Mean score", "Worst at"], worst);
    let split: Vec<_> = failings.disagreed.iter().take(5).map(case).collect();
    section.table(format!("{of}: providers disagree"), &["Case", "Mean score", "Worst at"], split);
}

fn mix_ups(one: &Confusion) -> Vec<Line> {
    let mut lines = Vec::new();
    for (expected, row) in one.matrix.iter().enumerate() {
        let all: u64 = row.iter().sum::<u64>() + one.malformed.get(expected).copied().unwrap_or(0);
        let mut add = |answered: &str, count: u64| {
            if count > 0 {
                lines.push(Line::plain(vec![
                    Cell::text(&one.provider),
                    Cell::text(&one.labels[expected]),
                    Cell::text(answered),
                    Cell::count(count),
                    Cell::count(all),
                ]));
            }
        };
        for (answered, &count) in row.iter().enumerate().filter(|(answered, _)| *answered != expected) {
            add(&one.labels[answered], count);
        }
        add("no known label", one.malformed.get(expected).copied().unwrap_or(0));
    }
    lines.sort_by(|a, b| {
        b.cells[3].number.partial_cmp(&a.cells[3].number).unwrap_or(std::cmp::Ordering::Equal)
    });
    lines.truncate(8);
    lines
}

fn case(one: &CaseScores) -> Line {
    let least = one.scores.values().copied().fold(f64::INFINITY, f64::min);
    let names: BTreeSet<&str> =
        one.scores.iter().filter(|(_, score)| **score <= least).map(|(name, _)| name.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    Line::plain(vec![
        Cell::text(&one.case),
        Cell::number(Some(one.mean), percent),
        Cell::text(names.join(", ")),
    ])
}
