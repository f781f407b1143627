//! What worse pictures cost.

use eval_summary::{Degraded, DegradedLoss, Summary};

use crate::document::{Cell, Column, Line, Section};
use crate::figures::{counted, interval_of_points, money, opinion, percent, points};

/// Nothing where every picture was sent as it is.
pub(super) fn section(summary: &Summary) -> Option<Section> {
    let degraded = summary.degraded.as_ref()?;
    let mut section = Section::open("What worse pictures cost");
    let columns = [
        Column::new("Candidate"),
        Column::new("Picture").about("What was done to every picture"),
        Column::new("As it is").about("Score with the pictures as they are"),
        Column::new("Degraded").about("Score with the worse pictures"),
        Column::new("Points").detail("interval").about("Mean difference in score, in points"),
        Column::new("Result"),
        Column::new("n").about("Cases"),
    ];
    section.whole_table(
        "Each case against its own twin",
        &columns,
        degraded.losses.iter().map(line).collect(),
    );
    section.note(vec![note(degraded)]);
    Some(section)
}

fn note(degraded: &Degraded) -> String {
    let level = degraded.losses.iter().find_map(|loss| Some(loss.score.interval.as_ref()?.level));
    let family = level.map_or_else(String::new, |level| {
        format!(" Each interval has {} confidence, so that all hold together with 95%.", percent(level))
    });
    let usd = degraded.usd.filter(|usd| *usd > 0.0);
    let usd = usd.map_or_else(String::new, |usd| format!(" Asking about them cost {} more.", money(usd)));
    let missing = match degraded.missing {
        0 => String::new(),
        missing => format!(
            " {} missing in the record.",
            counted(missing, "trial") + if missing == 1 { " is" } else { " are" }
        ),
    };
    format!(
        "Each case is paired with its own twin; clustered by source document, corrected (Holm). No score, cost or \
         verdict above counts the worse pictures.{family}{usd}{missing}"
    )
}

fn line(loss: &DegradedLoss) -> Line {
    let (word, tone) = opinion(loss.score.opinion);
    let cells = vec![
        Cell::text(&loss.provider),
        Cell::text(&loss.how),
        Cell::number(Some(loss.score.from), percent),
        Cell::number(Some(loss.score.from + loss.score.difference), percent),
        Cell::number(Some(loss.score.difference), points)
            .with(interval_of_points(loss.score.interval.as_ref())),
        Cell::text(word),
        Cell::count(loss.score.n),
    ];
    Line { cells, tone }
}
