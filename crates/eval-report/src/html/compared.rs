//! Pages of comparisons and gates: every case with the answers of all runs.

use std::collections::HashMap;

use eval_summary::{
    Against, CaseScore, CaseView, ComparedCase, ComparedCases, GateReport, RunComparison, SideAnswers,
};
use serde_json::{Value, json};

use super::data::{CaseData, Place, Shown, rounded, slim};
use super::embed::{CaseMedia, Interest};
use super::{Parts, render, with_data};
use crate::document::Document;
use crate::{MediaSource, Page, contents};

/// A comparison as one self-contained page, with the cases of its runs.
#[must_use]
pub fn compare_html(
    comparison: &RunComparison,
    cases: &ComparedCases,
    media: &dyn MediaSource,
    page: &Page<'_>,
) -> String {
    let sides: Vec<&str> = comparison.sides.iter().map(|side| side.name.as_str()).collect();
    let candidates = Candidates::of(&comparison.against);
    whole(&contents::comparison(comparison), &sides, &candidates, cases, media, page)
}

/// The outcome of a gate as one self-contained page, with the cases of the run and of its baseline.
#[must_use]
pub fn gate_html(
    report: &GateReport,
    cases: &ComparedCases,
    media: &dyn MediaSource,
    page: &Page<'_>,
) -> String {
    let sides: Vec<&str> = report.baseline.iter().map(String::as_str).chain([report.run.as_str()]).collect();
    let candidates = Candidates::of(report.against.as_slice());
    whole(&contents::gate(report), &sides, &candidates, cases, media, page)
}

fn whole(
    document: &Document,
    sides: &[&str],
    candidates: &Candidates,
    cases: &ComparedCases,
    media: &dyn MediaSource,
    page: &Page<'_>,
) -> String {
    if cases.cases.is_empty() {
        return render(document, None);
    }
    let mut shown = Shown::default();
    for case in &cases.cases {
        let (json, view) = compared(case, candidates, &mut shown);
        let media = CaseMedia::new(case.dataset.clone(), &view.case, view.media, interest(case));
        shown.push(&json, media);
    }
    shown.left_out += cases.left_out;
    let head = json!({ "providers": candidates.data(), "sides": sides });
    let json = shown.into_json(head, media, page);
    with_data(&render(document, Some(Parts { data: true, compared: true, ..Parts::default() })), &json)
}

/// The candidates that are compared, by their names in the later runs.
#[derive(Default)]
struct Candidates {
    names: Vec<String>,
    /// By run, the first one or a later one, and label.
    places: HashMap<(bool, String), usize>,
}

impl Candidates {
    fn of(against: &[Against]) -> Self {
        let mut all = Self::default();
        for one in against.iter().flat_map(|against| &against.candidates) {
            let known = all.names.iter().position(|name| *name == one.provider);
            let place = known.unwrap_or_else(|| {
                all.names.push(one.provider.clone());
                all.names.len() - 1
            });
            for (is_first, side) in [(true, &one.before), (false, &one.now)] {
                let Some(side) = side else { continue };
                all.places.entry((is_first, side.label.clone())).or_insert(place);
            }
        }
        all
    }

    /// A candidate that was called otherwise in the first run says so.
    fn data(&self) -> Vec<Value> {
        let was = |at: usize| {
            let mut before = self.places.iter().filter(|((is_first, _), place)| *is_first && **place == at);
            before.next().map(|((_, label), _)| label).filter(|label| **label != self.names[at])
        };
        let one = |(at, name): (usize, &String)| json!({ "name": name, "control": false, "was": was(at) });
        self.names.iter().enumerate().map(one).collect()
    }

    fn place(&self, side: usize, label: &str) -> Place {
        let provider = self.places.get(&(side == 0, label.to_owned())).copied();
        Place { provider, side: Some(side) }
    }
}

fn compared(case: &ComparedCase, candidates: &Candidates, shown: &mut Shown) -> (Value, CaseView) {
    let mut data = CaseData::new(&mut shown.texts);
    for (side, answers) in case.sides.iter().enumerate() {
        match answers {
            SideAnswers::Answers(answers) => {
                for answer in answers {
                    let place = candidates.place(side, &answer.provider);
                    // Who is in no comparison has no column.
                    if place.provider.is_some() {
                        data.candidate(place, answer);
                    }
                }
            }
            SideAnswers::Scores(scores) => {
                for score in scores {
                    let place = candidates.place(side, &score.provider);
                    data.push(place, score_of(score, place));
                }
            }
        }
    }
    let view = case.asked.clone().unwrap_or_else(|| unknown(case));
    let mut json = data.of(&view);
    if let Some(before) = &case.expected_before {
        json["expected_before"] = before.clone();
    }
    if case.asked.is_none() {
        json["unknown"] = json!(true);
    }
    (json, view)
}

/// All that a baseline knows of a case.
fn score_of(score: &CaseScore, place: Place) -> Value {
    let mean = score.scores.iter().sum::<f64>() / score.scores.len() as f64;
    let is_failed = score.failed as usize == score.scores.len();
    let is_right = score.failed == 0 && score.wrong.is_empty();
    let wrong = (!score.wrong.is_empty()).then(|| format!("Wrong: {}", score.wrong.join(", ")));
    slim(json!({
        "provider": place.provider, "side": place.side, "score": rounded(mean, 1e6), "only_score": true,
        "right": is_right.then_some(true), "status": is_failed.then_some("failed"),
        "notes": wrong.into_iter().collect::<Vec<_>>(),
    }))
}

/// Where no record is there, only the name of the case is known.
fn unknown(case: &ComparedCase) -> CaseView {
    CaseView {
        dataset: case.dataset.clone(),
        folder: String::new(),
        case: case.case.clone(),
        task: case.task,
        system: None,
        prompt: String::new(),
        expected: Value::Null,
        media: Vec::new(),
        tags: Default::default(),
        source: String::new(),
        answers: Vec::new(),
    }
}

/// How likely a reader is to open the case.
fn interest(case: &ComparedCase) -> Interest {
    let scores = |side: &SideAnswers| -> Vec<f64> {
        let mut scores: Vec<f64> = match side {
            SideAnswers::Answers(answers) => answers.iter().filter_map(|answer| answer.score).collect(),
            SideAnswers::Scores(scores) => scores.iter().flat_map(|score| score.scores.clone()).collect(),
        };
        scores.sort_by(f64::total_cmp);
        scores
    };
    let all: Vec<Vec<f64>> = case.sides.iter().map(scores).collect();
    if all.windows(2).any(|two| two[0] != two[1]) {
        Interest::Split
    } else if all.iter().flatten().any(|score| *score < 1.0) {
        Interest::Wrong
    } else {
        Interest::Sample
    }
}
