//! How a run that ends when it is decided came to its end.

use eval_summary::{AnytimeGap, LookInfo, Stopped, Summary};

use crate::document::{Cell, Column, Line, Section};
use crate::figures::{count, counted, money, percent, points, points_of};

/// Nothing for a run whose cases were fixed beforehand.
pub(super) fn section(summary: &Summary) -> Option<Section> {
    let stopped = summary.stopped.as_ref()?;
    let mut section = Section::open("Stopped when decided");
    let alone = summary.verdict.about_these_alone;
    let mut facts = vec![("Ended", vec![ended(stopped, alone)]), ("About", vec![about(alone).to_owned()])];
    // What is only missing is not saved.
    if stopped.decided || stopped.documents == stopped.of {
        facts.push(("Saved", vec![saved(stopped)]));
    }
    section.facts(facts);
    let columns = [
        Column::new("Provider"),
        Column::new("Against"),
        Column::new("Points").detail("95%, anytime-valid").about("Difference in score, in points"),
    ];
    section.table("Differences", &columns, stopped.gaps.iter().map(gap).collect());
    let columns = [
        Column::new("Documents"),
        Column::new("Left").about("Candidates that were not out"),
        Column::new("Choice").about("The cheapest of them that is shown to beat every control"),
        Column::new("May lose").about("The most points that it may lose against any other that was left"),
        Column::new("Not above a control")
            .about("Left, but not yet shown to beat every control: it may still turn out to be the choice")
            .optional(),
        Column::new("Out").optional(),
    ];
    section.table("How the decision grew", &columns, shown(&stopped.looks).into_iter().map(look).collect());
    let compared = if alone { "" } else { COMPARED };
    let is_open = |look: &LookInfo| !look.not_above_control.is_empty();
    let goes_on = if stopped.looks.iter().any(is_open) { GOES_ON } else { "" };
    section.note(vec![format!(
        "Cases came in random order, by source document, and candidates that were shown to be out were asked no more. The \
         intervals hold at all looks together (betting), corrected for the number of rivals; the verdict uses them. \
         {goes_on}{compared}Other intervals of this report are those of a fixed number of cases, and too narrow here. Savings are \
         against asking every candidate every case, not against the smallest fixed number that would have done."
    )]);
    Some(section)
}

const GOES_ON: &str = "A run ends when the choice may lose no more than the tolerance and would be the same if candidates that are \
                       not yet shown to beat a control did beat it: a cheaper one of them keeps it going. ";

const COMPARED: &str = "Two candidates that answered every case are compared as in any other run. ";

/// What the verdict and the differences speak of.
fn about(alone: bool) -> &'static str {
    match alone {
        true => {
            "these documents alone: what all of them would say, without replacement; others like them may say otherwise"
        }
        false => "documents like these, as in every report",
    }
}

fn ended(stopped: &Stopped, alone: bool) -> String {
    let after = format!("after {} of {}", count(stopped.documents), counted(stopped.of, "document"));
    match stopped.decided {
        true => format!("{after}: the verdict was settled"),
        false if stopped.documents == stopped.of && alone => format!("{after}: every case was asked"),
        false if stopped.documents == stopped.of => {
            format!("{after}: every case was asked, and the verdict is that of any run of them")
        }
        false => format!("{after}: the run is not complete"),
    }
}

fn saved(stopped: &Stopped) -> String {
    let trials = stopped.all_trials.saturating_sub(stopped.trials);
    let share = trials as f64 / stopped.all_trials.max(1) as f64;
    let money = match (stopped.usd, stopped.all_usd) {
        (Some(usd), Some(all)) if all > 0.0 => {
            format!("; {} instead of about {}", money(usd), money(all))
        }
        (Some(_), Some(_)) => String::new(),
        _ => "; cost not known".to_owned(),
    };
    format!("{} of {} ({}){money}", count(trials), counted(stopped.all_trials, "trial"), percent(share))
}

fn gap(gap: &AnytimeGap) -> Line {
    let interval = format!("[{}, {}]", points(gap.low), points(gap.high));
    Line::plain(vec![
        Cell::text(&gap.a),
        Cell::text(&gap.b),
        Cell::number(Some(gap.difference), points).with(interval),
    ])
}

/// Looks that are shown: the first, the last, those that put somebody out, and some between.
fn shown(looks: &[LookInfo]) -> Vec<&LookInfo> {
    const MOST: usize = 12;
    let every = looks.len().div_ceil(MOST).max(1);
    let last = looks.len().saturating_sub(1);
    let is_shown = |(at, look): &(usize, &LookInfo)| at % every == 0 || *at == last || !look.out.is_empty();
    looks.iter().enumerate().filter(is_shown).map(|(_, look)| look).collect()
}

fn look(look: &LookInfo) -> Line {
    Line::plain(vec![
        Cell::count(look.documents),
        Cell::count(look.left),
        Cell::text(look.pick.as_deref().unwrap_or("–")),
        Cell::number(look.may_lose, points_of),
        Cell::text(look.not_above_control.join(", ")),
        Cell::text(look.out.join(", ")),
    ])
}
