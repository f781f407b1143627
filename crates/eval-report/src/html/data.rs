//! What the case browser of a run shows, as JSON.

mod case;
mod shown;

use std::collections::HashMap;

use eval_summary::{AnswerView, CaseView, Summary, TrialStatus};
use serde_json::{Value, json};

use super::embed::{CaseMedia, Interest};
use super::hints::Hints;
use super::limits;
use crate::{MediaSource, Page, figures};

pub(super) use case::{CaseData, Place, rounded, slim};
pub(super) use shown::Shown;

/// What the page needs to know about its cases.
pub(super) struct Data {
    /// For the script.
    pub json: String,
    /// What mistakes have in common.
    pub hints: Hints,
}

pub(super) fn data(
    summary: &Summary,
    cases: impl IntoIterator<Item = CaseView>,
    source: &dyn MediaSource,
    page: &Page<'_>,
) -> Data {
    let providers = Providers::of(summary);
    let (mut shown, mut hints) = (Shown::default(), Hints::default());
    for view in cases {
        hints.count(&view, |label| providers.is_control(label));
        let mut case = CaseData::new(&mut shown.texts);
        for answer in &view.answers {
            let place = Place { provider: providers.place(&answer.provider), side: None };
            if providers.is_control(&answer.provider) {
                case.control(place, answer);
            } else {
                case.candidate(place, answer);
            }
        }
        let case = case.of(&view);
        let interest = interest(&view, &providers);
        shown.push(&case, CaseMedia::new(view.dataset, &view.case, view.media, interest));
    }
    let head = json!({
        "providers": providers.list, "trade_off": page.trade_off.map(|it| limits::data(summary, it)),
    });
    Data { json: shown.into_json(head, source, page), hints }
}
/// All providers in the order of the leaderboard.
struct Providers {
    list: Vec<Value>,
    /// Place in the list, and whether it is a control.
    places: HashMap<String, (usize, bool)>,
}

impl Providers {
    fn of(summary: &Summary) -> Self {
        let rows = &summary.overall.rows;
        let ranked = rows.iter().filter(|row| !row.control).chain(rows.iter().filter(|row| row.control));
        let rest = summary.providers.iter().filter(|one| rows.iter().all(|row| row.provider != one.label));
        let all: Vec<(&str, bool, Option<f64>)> = ranked
            .map(|row| (row.provider.as_str(), row.control, row.score.as_ref().map(|score| score.mean)))
            .chain(rest.map(|one| (one.label.as_str(), one.control, None)))
            .collect();
        let standing = |label: &str| summary.verdict.standing(label).map(figures::standing);
        let list = all.iter().map(|(label, control, score)| {
            json!({ "name": label, "control": control, "score": score, "standing": standing(label) })
        });
        let list = list.collect();
        let places =
            all.iter().enumerate().map(|(at, (label, control, _))| ((*label).to_owned(), (at, *control)));
        Self { list, places: places.collect() }
    }

    fn place(&self, label: &str) -> Option<usize> {
        self.places.get(label).map(|(place, _)| *place)
    }

    fn is_control(&self, label: &str) -> bool {
        self.places.get(label).is_some_and(|(_, control)| *control)
    }
}

/// Whether there is a mistake to look at.
fn is_wrong(answer: &AnswerView) -> bool {
    answer.status == TrialStatus::Failed || (!answer.fully_right && answer.referred.is_none())
}

/// How likely a reader is to open the case.
fn interest(view: &CaseView, providers: &Providers) -> Interest {
    let answers = || view.answers.iter().filter(|answer| !providers.is_control(&answer.provider));
    let scores = || answers().filter_map(|answer| answer.score);
    let (least, most) =
        scores().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)));
    if most - least > 1e-9 {
        Interest::Split
    } else if answers().any(is_wrong) {
        Interest::Wrong
    } else {
        Interest::Sample
    }
}
