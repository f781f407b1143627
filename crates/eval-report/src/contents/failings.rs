use std::collections::BTreeSet;

use eval_summary::{CaseScores, Confusion, Failings, FieldCounts, Scope, Summary, TagScore};

use crate::document::{Block, Cell, Column, Line, Section};
use crate::figures::{interval, percent};
use crate::html::of_fields;

/// Longer lists of worst cases are in the JSON.
const MOST_CASES: usize = 8;
/// The score of a tag with fewer trials says nothing.
const LEAST_TRIALS: f64 = 5.0;
/// Larger confusion matrices are listed, not drawn.
const MOST_LABELS: usize = 12;

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::folded("Error analysis");
    let drawings = summary.failings.iter().filter_map(|failings| of_fields(failings, summary));
    section.blocks.extend(drawings.map(Block::Drawing));
    for failings in &summary.failings {
        let part = part(failings, summary);
        section.fold(part);
    }
    if section.blocks.is_empty() {
        section.say("No task has field-by-field results.");
    }
    section
}

fn part(failings: &Failings, summary: &Summary) -> Section {
    let control = |name: &str| summary.providers.iter().any(|one| one.control && one.label == name);
    let mut part = Section::folded(failings.scope.to_string());
    let fields: Vec<&FieldCounts> = failings.fields.iter().filter(|one| !control(&one.provider)).collect();
    push_fields(&mut part, &fields);
    let tags: Vec<&TagScore> = failings.tags.iter().filter(|one| !control(&one.provider)).collect();
    push_tags(&mut part, &tags);
    for confusion in failings.confusion.iter().filter(|one| !control(&one.provider)) {
        push_confusion(&mut part, confusion);
    }
    let columns = Column::all(["Case", "Mean score", "Lowest"]);
    let line = |one: &CaseScores| case(one, &failings.scope, &control);
    let worst = failings.worst.iter().filter(|one| one.mean < 1.0).take(MOST_CASES);
    part.table("Worst cases", &columns, worst.map(line).collect());
    let split = failings.disagreed.iter().take(MOST_CASES);
    part.table("Largest disagreements", &columns, split.map(line).collect());
    part
}

/// Fields with mistakes; those without are named below.
fn push_fields(part: &mut Section, fields: &[&FieldCounts]) {
    let columns = [
        Column::new("Field"),
        Column::new("Provider"),
        Column::new("Correct"),
        Column::new("n").about("Judged values"),
        Column::new("Missing").about("Labeled, but not in the answer"),
        Column::new("Wrong").about("Any other mistake"),
        Column::new("Invented").about("In the answer, but not labeled"),
        Column::new("Rounded").about("Rounded to a coarser unit").optional(),
        Column::new("Shifted").about("Correct digits, wrong decimal place").optional(),
        Column::new("Malformed").about("Not one of the allowed answers").optional(),
    ];
    let mut names: Vec<&str> = Vec::new();
    for one in fields {
        if !names.contains(&one.field.as_str()) {
            names.push(&one.field);
        }
    }
    let of = |name: &str| -> Vec<&FieldCounts> {
        fields.iter().copied().filter(|one| one.field == name && one.judged > 0).collect()
    };
    let (whole, broken): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| of(name).iter().all(|one| one.right == one.judged));
    let lines = broken.iter().flat_map(|name| of(name)).map(field);
    part.table("Fields with mistakes", &columns, lines.collect());
    let whole: Vec<&str> = whole.into_iter().filter(|name| !of(name).is_empty()).collect();
    if !whole.is_empty() {
        part.note(vec![format!("All correct: {}.", whole.join(", "))]);
    }
}

fn field(one: &FieldCounts) -> Line {
    let share = (one.judged > 0).then(|| one.right as f64 / one.judged as f64);
    let name = Cell::text(&one.field).with(if one.critical { "critical" } else { "" });
    let mut cells = vec![name, Cell::text(&one.provider), Cell::number(share, percent)];
    let counts = [one.judged, one.missing, one.wrong, one.invented];
    cells.extend(counts.map(Cell::count));
    let rare = |count| if count > 0 { Cell::count(count) } else { Cell::text("–") };
    cells.extend([one.rounded, one.shifted, one.malformed].map(rare));
    Line::plain(cells)
}

/// One line per tag, one column per provider.
fn push_tags(part: &mut Section, tags: &[&TagScore]) {
    let (mut names, mut providers) = (Vec::new(), Vec::new());
    for one in tags {
        let name = (one.tag.as_str(), one.value.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
        if !providers.contains(&one.provider.as_str()) {
            providers.push(&one.provider);
        }
    }
    let mut columns =
        vec![Column::new("Tag"), Column::new("n").about("Trials of the provider with the most")];
    columns.extend(providers.iter().map(|name| Column::new(*name).detail("95% CI")));
    let line = |(tag, value): (&str, &str)| {
        let of = |provider: &&str| {
            tags.iter().find(|one| one.tag == tag && one.value == value && one.provider == *provider)
        };
        let most = providers.iter().filter_map(of).map(|one| one.score.n).max().unwrap_or(0);
        let mut cells = vec![Cell::text(format!("{tag} = {value}")), Cell::count(most)];
        cells.extend(providers.iter().map(|provider| match of(provider) {
            Some(one) => {
                let bounds = one.score.interval.as_ref();
                let detail = bounds.map_or_else(String::new, |bounds| interval(Some(bounds)));
                Cell::number(Some(one.score.mean), percent).with(detail)
            }
            None => Cell::text("–"),
        }));
        Line::plain(cells)
    };
    part.folding_table("By tag", &columns, names.into_iter().map(line).collect(), (1, LEAST_TRIALS));
}

/// The whole matrix, if there was a mix-up.
fn push_confusion(part: &mut Section, one: &Confusion) {
    let unknown = |row: usize| one.malformed.get(row).copied().unwrap_or(0);
    let is_mixed = |(row, counts): (usize, &Vec<u64>)| {
        unknown(row) > 0 || counts.iter().enumerate().any(|(column, count)| column != row && *count > 0)
    };
    if !one.matrix.iter().enumerate().any(is_mixed) {
        part.note(vec![format!("{}: no confusions between labels.", one.provider)]);
        return;
    }
    let title = format!("Confusion matrix of {}", one.provider);
    if one.labels.len() > MOST_LABELS {
        part.table(title, &Column::all(["Expected", "Answered", "Count", "Of"]), mix_ups(one));
        return;
    }
    let mut columns = vec![Column::new("Expected")];
    columns.extend(one.labels.iter().map(Column::new));
    columns.push(Column::new("unknown label").optional());
    let line = |(row, label): (usize, &String)| {
        let mut cells = vec![Cell::text(label)];
        let rare = |count: u64| if count > 0 { Cell::count(count) } else { Cell::text("–") };
        cells.extend(one.matrix[row].iter().map(|count| rare(*count)));
        cells.push(rare(unknown(row)));
        Line::plain(cells)
    };
    part.table(title, &columns, one.labels.iter().enumerate().map(line).collect());
}

fn mix_ups(one: &Confusion) -> Vec<Line> {
    let mut found: Vec<(u64, Line)> = Vec::new();
    for (expected, row) in one.matrix.iter().enumerate() {
        let unknown = one.malformed.get(expected).copied().unwrap_or(0);
        let all: u64 = row.iter().sum::<u64>() + unknown;
        let wrong = row.iter().enumerate().filter(|(answered, _)| *answered != expected);
        let named = wrong.map(|(answered, count)| (one.labels[answered].as_str(), *count));
        for (answered, count) in named.chain([("unknown label", unknown)]).filter(|(_, count)| *count > 0) {
            let cells = vec![
                Cell::text(&one.labels[expected]),
                Cell::text(answered),
                Cell::count(count),
                Cell::count(all),
            ];
            found.push((count, Line::plain(cells)));
        }
    }
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    found.into_iter().take(MOST_CASES).map(|(_, line)| line).collect()
}

fn case(one: &CaseScores, scope: &Scope, control: &impl Fn(&str) -> bool) -> Line {
    let scores: Vec<(&str, f64)> = one
        .scores
        .iter()
        .filter(|(name, _)| !control(name))
        .map(|(name, score)| (name.as_str(), *score))
        .collect();
    let least = scores.iter().map(|(_, score)| *score).fold(f64::INFINITY, f64::min);
    let names: BTreeSet<&str> =
        scores.iter().filter(|(_, score)| *score <= least).map(|(name, _)| *name).collect();
    let worst = if names.len() == scores.len() && names.len() > 1 {
        "all equal".to_owned()
    } else {
        names.into_iter().collect::<Vec<_>>().join(", ")
    };
    let dataset = if let Scope::Task { dataset, .. } = scope { dataset.as_str() } else { "" };
    Line::plain(vec![
        Cell::case(dataset, &one.case),
        Cell::number(Some(one.mean), percent),
        Cell::text(worst),
    ])
}
