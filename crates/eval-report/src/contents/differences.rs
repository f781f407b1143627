use eval_summary::{Difference, Summary};

use crate::document::{Cell, Line, Section};
use crate::figures::{chance, interval_of_points, opinion, percent, points};

const HEADERS: [&str; 10] =
    ["This one", "than", "is", "Points", "95 %", "n", "p", "Finds", "Better on", "Worse on"];

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::folded("Differences");
    section.say("Paired on the cases both have, clustered by source, corrected for many comparisons (Holm).");
    let controls = |name: &str| summary.providers.iter().any(|one| one.control && one.label == name);
    for (at, differences) in summary.differences.iter().enumerate() {
        if at == 1 && summary.boards.len() == 1 {
            break;
        }
        let pairs = differences.pairs.iter().filter(|pair| !controls(&pair.a) && !controls(&pair.b));
        section.table(differences.scope.to_string(), &HEADERS, pairs.map(line).collect());
    }
    section
}

fn line(pair: &Difference) -> Line {
    let (word, tone) = opinion(pair.opinion);
    let mut cells = vec![Cell::text(&pair.b), Cell::text(&pair.a)];
    cells.extend(figures(pair, word));
    Line { cells, tone }
}

pub(super) fn figures(pair: &Difference, word: &str) -> [Cell; 8] {
    [
        Cell::text(word),
        Cell::number(Some(pair.difference), points),
        Cell::text(interval_of_points(pair.interval.as_ref())),
        Cell::count(pair.n),
        Cell::number(Some(pair.p_adjusted), chance),
        Cell::number(pair.smallest_detectable, percent),
        Cell::count(pair.better),
        Cell::count(pair.worse),
    ]
}
