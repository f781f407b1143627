use eval_summary::{Estimate, Kept, PromiseCheck};

use crate::document::{Cell, Column, Line, Section, Tone};
use crate::figures::{between, interval, percent, price};

/// Cascades: what was promised beside what was measured.
pub(super) fn promises(checks: &[PromiseCheck]) -> Section {
    let mut section = Section::open("Cascades: promised and measured");
    let columns = [
        Column::new("Cascade").detail("run"),
        Column::new("Cases"),
        Column::new("Figure"),
        Column::new("Promised").detail("95% CI"),
        Column::new("Measured").detail("95% CI"),
        Column::new("Promise"),
    ];
    section.whole_table("", &columns, checks.iter().flat_map(lines).collect());
    section.note(vec![
        "Cases for a person count as right as often as a person is; their answers are not in the record. Money is per 1,000 \
         cases."
            .to_owned(),
    ]);
    section
}

fn lines(it: &PromiseCheck) -> [Line; 5] {
    let share = |estimate: &Estimate| {
        Cell::number(Some(estimate.mean), percent).with(interval(estimate.interval.as_ref()))
    };
    let usd = |amount: Option<f64>| {
        amount.map_or_else(|| Cell::text("unknown"), |usd| Cell::number(Some(usd), price))
    };
    let both = |answers: Option<f64>, people: Option<f64>| answers.zip(people).map(|(a, b)| a + b);
    let (promised, people) = (it.promised_usd_per_1000, it.promised_people_usd_per_1000);
    let figures = [
        (
            "right",
            promised_share(it.promised_accuracy, it.promised_accuracy_interval),
            share(&it.accuracy),
            Some(it.accuracy_kept()),
        ),
        (
            "to a person",
            promised_share(it.promised_referred, it.promised_referred_interval),
            share(&it.referred),
            Some(it.referred_kept()),
        ),
        ("answers", Cell::number(Some(promised), price), usd(it.usd_per_1000), None),
        ("people", usd(people), usd(it.people_usd_per_1000), None),
        (
            "answers and people",
            usd(both(Some(promised), people)),
            usd(both(it.usd_per_1000, it.people_usd_per_1000)),
            None,
        ),
    ];
    let mut is_first = true;
    figures.map(|(figure, promised, measured, kept)| {
        let (name, cases) = match std::mem::take(&mut is_first) {
            true => (Cell::text(&it.provider).with(&it.run), Cell::count(it.cases)),
            false => (Cell::default(), Cell::default()),
        };
        let (word, tone) = word(kept);
        Line { cells: vec![name, cases, Cell::text(figure), promised, measured, Cell::text(word)], tone }
    })
}

fn promised_share(mean: f64, bounds: Option<[f64; 2]>) -> Cell {
    let cell = Cell::number(Some(mean), percent);
    match bounds {
        Some([low, high]) => cell.with(between(low, high)),
        None => cell,
    }
}

fn word(kept: Option<Kept>) -> (&'static str, Tone) {
    match kept {
        Some(Kept::Better) => ("exceeded", Tone::Good),
        Some(Kept::Consistent) => ("consistent", Tone::Good),
        Some(Kept::Worse) => ("missed", Tone::Bad),
        Some(Kept::Unknown) => ("unknown", Tone::Unsure),
        None => ("", Tone::Plain),
    }
}
