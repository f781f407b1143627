//! A record scored by the labels that stand: candidates, verdict, and a line for each case.

use std::collections::{BTreeMap, BTreeSet};

use eval_metrics::value::Verdict;
use eval_record::Record;
use eval_summary::{AnswerView, CaseView, Options, Summary, TrialStatus, score};
use serde::Serialize;
use vision_core::Task;

use super::event::CaseName;
use crate::Result;

/// What a record says by some labels.
#[derive(Debug)]
pub struct Scores {
    /// The summary that its report would print.
    pub summary: Summary,
    /// Every case, in the order of the record.
    pub lines: Vec<Line>,
}

/// A case in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Its name.
    #[serde(flatten)]
    pub of: CaseName,
    /// What is asked.
    pub task: Task,
    /// `name = value`.
    pub tags: Vec<String>,
    /// Fields that a candidate, not a control, has wrong.
    pub wrong: BTreeSet<String>,
    /// In the order of the candidates.
    pub answers: Vec<Cell>,
    /// The mean of the candidates, without controls.
    pub mean: Option<f64>,
    /// Whether two candidates have different scores.
    pub disagree: bool,
}

/// How a candidate did on a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    /// `right`, `wrong`, `failed`, `skipped`, `missing`, or `none` where nothing is judged.
    pub state: &'static str,
    /// The mean over its repeats.
    pub score: Option<f64>,
}

impl Scores {
    /// Scores a record; `order` names the candidates of each line.
    ///
    /// # Errors
    /// If the record cannot be read or scored.
    pub fn of(record: &Record, options: &Options, order: &[(String, bool)]) -> Result<Self> {
        let scored = score(record, options)?;
        let summary = Summary::of_scored(&scored, options)?;
        let mut lines = Vec::new();
        for view in scored.case_views()? {
            lines.push(line(&view?, order));
        }
        Ok(Self { summary, lines })
    }

    /// The same with the candidates of each line in another order.
    #[must_use]
    pub fn in_order(mut self, before: &[(String, bool)], order: &[(String, bool)]) -> Self {
        let places: Vec<Option<usize>> =
            order.iter().map(|(name, _)| before.iter().position(|(known, _)| known == name)).collect();
        for line in &mut self.lines {
            let cell =
                |at: &Option<usize>| at.and_then(|at| line.answers.get(at).cloned()).unwrap_or_default();
            line.answers = places.iter().map(cell).collect();
        }
        self
    }
}

fn line(view: &CaseView, order: &[(String, bool)]) -> Line {
    let mut by: BTreeMap<&str, Vec<&AnswerView>> = BTreeMap::new();
    for answer in &view.answers {
        by.entry(answer.provider.as_str()).or_default().push(answer);
    }
    let of = |label: &String| by.get(label.as_str()).map_or(&[][..], Vec::as_slice);
    let answers: Vec<Cell> = order.iter().map(|(label, _)| cell(of(label))).collect();
    let own = || order.iter().zip(&answers).filter(|((_, control), _)| !control);
    let scores: Vec<f64> = own().filter_map(|(_, cell)| cell.score).collect();
    let wrong = own().flat_map(|((label, _), _)| of(label)).flat_map(|answer| &answer.findings);
    let wrong = wrong.filter(|it| !matches!(it.verdict, Verdict::Right | Verdict::Unlabelled));
    let (least, most) = scores
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(*it), high.max(*it)));
    Line {
        of: CaseName { dataset: view.dataset.clone(), case: view.case.clone() },
        task: view.task,
        tags: view.tags.iter().map(|(tag, value)| format!("{tag} = {value}")).collect(),
        wrong: wrong.map(|it| it.field.clone()).collect(),
        mean: mean(&scores),
        disagree: most - least > 1e-9,
        answers,
    }
}

fn cell(answers: &[&AnswerView]) -> Cell {
    let scores: Vec<f64> = answers.iter().filter_map(|answer| answer.score).collect();
    let states: Vec<&'static str> = answers.iter().map(|answer| state(answer)).collect();
    // The worst of its repeats says what there is to look at.
    let worst =
        ["failed", "wrong", "missing", "skipped", "none", "right"].into_iter().find(|it| states.contains(it));
    Cell { state: worst.unwrap_or("skipped"), score: mean(&scores) }
}

/// What became of an answer, in one word.
#[must_use]
pub fn state(answer: &AnswerView) -> &'static str {
    match answer.status {
        TrialStatus::Answered if answer.score.is_none() => "none",
        TrialStatus::Answered if answer.fully_right => "right",
        TrialStatus::Answered => "wrong",
        other => other.name(),
    }
}

fn mean(scores: &[f64]) -> Option<f64> {
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}
