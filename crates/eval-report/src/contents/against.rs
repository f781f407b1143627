use eval_summary::{Against, CaseChange, Opinion, RunComparison, Scope};

use super::differences::{figure_columns, figures};
use crate::document::{Cell, Column, Document, Line, Section, Tone};
use crate::figures::{chance, counted, minute, opinion, percent};

pub(crate) fn comparison(comparison: &RunComparison) -> Document {
    let names: Vec<&str> = comparison.sides.iter().map(|side| side.name.as_str()).collect();
    let all = || comparison.against.iter().flat_map(|one| &one.differences);
    let count = |wanted: Opinion| all().filter(|one| one.difference.opinion == wanted).count();
    let (better, worse) = (count(Opinion::Better), count(Opinion::Worse));
    let sections = comparison.sides.iter().skip(1).zip(&comparison.against).map(|(side, against)| {
        let mut section = Section::open(format!("{} vs. {}", side.name, against.name));
        push(&mut section, against);
        section
    });
    Document {
        title: format!("Comparison of {}", names.join(", ")),
        about: comparison
            .sides
            .iter()
            .map(|one| format!("{}: {}", one.name, minute(&one.started)))
            .collect::<Vec<_>>()
            .join(" · "),
        headline: format!(
            "{better} better, {worse} worse, {} not significant, compared with {}",
            count(Opinion::CannotTell),
            names.first().unwrap_or(&"nothing")
        ),
        tone: match (better, worse) {
            (_, 1..) => Tone::Bad,
            (1.., 0) => Tone::Good,
            (0, 0) => Tone::Unsure,
        },
        sections: sections.collect(),
    }
}

pub(super) fn push(section: &mut Section, against: &Against) {
    let changes = against.changes.iter().map(|one| {
        Line::plain(vec![
            Cell::text(&one.what),
            Cell::text(&one.of),
            Cell::text(&one.from),
            Cell::text(&one.to),
        ])
    });
    if against.differences.is_empty() {
        section.say("No scored cases in common: nothing to compare.");
    } else if against.changes.is_empty() && against.unmatched.is_empty() {
        section.say("Everything else is unchanged: datasets, prompts, metrics, settings and served models.");
    }
    section.table("What changed", &Column::all(["What", "Of", "From", "To"]), changes.collect());
    let lines = against.differences.iter().map(|one| {
        let (word, tone) = opinion(one.difference.opinion);
        let mut cells = vec![Cell::text(&one.difference.b), Cell::text(one.scope.to_string())];
        cells.extend(figures(&one.difference, word));
        Line { cells, tone }
    });
    let mut columns = vec![Column::new("Provider"), Column::new("On")];
    columns.extend(figure_columns());
    section.table("Scores", &columns, lines.collect());
    let fields = against.fields.iter().map(|one| {
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
    section.table("Fields", &columns, fields.collect());
    let columns = Column::all(["Case", "Provider", "Before", "After", "Fields"]);
    let title = shown("Broken", against.broken.len(), against.broken_total);
    section.table(title, &columns, against.broken.iter().map(case).collect());
    let title = shown("Fixed", against.fixed.len(), against.fixed_total);
    section.table(title, &columns, against.fixed.iter().map(case).collect());
    section.list(
        against
            .unmatched
            .iter()
            .map(|one| {
                format!(
                    "Not compared: {} on {}: {} cases only before, {} only after ({})",
                    one.provider,
                    one.scope,
                    one.only_before,
                    one.only_now,
                    one.examples.join(", ")
                )
            })
            .collect(),
    );
}

fn shown(what: &str, shown: usize, all: u64) -> String {
    let cases = counted(all, "case");
    if shown as u64 == all { format!("{what}: {cases}") } else { format!("{what}: {shown} of {cases}") }
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
