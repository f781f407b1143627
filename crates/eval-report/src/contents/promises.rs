use eval_summary::PromiseCheck;

use crate::document::{Cell, Column, Line, Section, Tone};
use crate::figures::{interval, percent, price};

/// Cascades: what was promised beside what was measured.
pub(super) fn promises(checks: &[PromiseCheck]) -> Section {
    let mut section = Section::open("Cascades: promised and measured");
    let columns = [
        Column::new("Cascade").detail("run"),
        Column::new("Cases"),
        Column::new("Right, promised"),
        Column::new("Right, measured").detail("95% CI"),
        Column::new("$/1,000, promised"),
        Column::new("$/1,000, measured"),
        Column::new("To a person, promised"),
        Column::new("To a person, measured"),
        Column::new("Promise"),
    ];
    let line = |it: &PromiseCheck| {
        let bounds = it.accuracy.interval.as_ref();
        let (word, tone) = match bounds {
            Some(bounds) if bounds.high < it.promised_accuracy => ("missed", Tone::Bad),
            Some(bounds) if bounds.low <= it.promised_accuracy => ("consistent", Tone::Good),
            Some(_) => ("exceeded", Tone::Good),
            None => ("unknown", Tone::Unsure),
        };
        let cells = vec![
            Cell::text(&it.provider).with(&it.run),
            Cell::count(it.cases),
            Cell::number(Some(it.promised_accuracy), percent),
            Cell::number(Some(it.accuracy.mean), percent).with(interval(bounds)),
            Cell::number(Some(it.promised_usd_per_1000), price),
            Cell::number(it.usd_per_1000, price),
            Cell::number(Some(it.promised_referred), percent),
            Cell::number(Some(it.referred), percent),
            Cell::text(word),
        ];
        Line { cells, tone }
    };
    section.whole_table("", &columns, checks.iter().map(line).collect());
    section
}
