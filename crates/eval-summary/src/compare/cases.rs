//! The cases of runs that are compared, each with what every run made of it.

use std::collections::HashMap;

use serde_json::Value;
use vision_core::Task;

use crate::baseline::CaseScore;
use crate::{AnswerView, Baseline, CaseView, CaseViews, SummaryError};

/// A case as the runs that are compared saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedCase {
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// The case's id.
    pub case: String,
    /// What was asked, without answers, by the last run whose record is there.
    pub asked: Option<CaseView>,
    /// The label of the first run, where it is another one.
    pub expected_before: Option<Value>,
    /// In the order of the runs.
    pub sides: Vec<SideAnswers>,
}

/// What one run made of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum SideAnswers {
    /// Its answers.
    Answers(Vec<AnswerView>),
    /// Its scores: a baseline holds nothing else.
    Scores(Vec<CaseScore>),
}

/// The largest losses first, then the largest gains, then what did not change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComparedCases {
    /// As many as were asked for.
    pub cases: Vec<ComparedCase>,
    /// Further cases.
    pub left_out: u64,
}

type Key = (String, Task, String);

/// The first `most` cases of runs that are compared with the first of them. The views of a run are those of its record.
pub fn compared_cases(
    sides: Vec<(&Baseline, Option<CaseViews<'_>>)>,
    most: usize,
) -> Result<ComparedCases, SummaryError> {
    let runs: Vec<&Baseline> = sides.iter().map(|(run, _)| *run).collect();
    let order = in_order(&runs);
    let left_out = order.len().saturating_sub(most) as u64;
    let of_case = |(dataset, task, case): &Key| ComparedCase {
        dataset: dataset.clone(),
        task: *task,
        case: case.clone(),
        asked: None,
        expected_before: None,
        sides: Vec::new(),
    };
    let mut cases: Vec<ComparedCase> = order.iter().take(most).map(of_case).collect();
    let places: HashMap<&Key, usize> = order.iter().take(most).zip(0..).collect();
    for (side, (run, views)) in sides.into_iter().enumerate() {
        match views {
            Some(views) => with_answers(&mut cases, &places, side, run, views)?,
            None => with_scores(&mut cases, &places, run),
        }
    }
    Ok(ComparedCases { cases, left_out })
}

fn with_answers(
    cases: &mut [ComparedCase],
    places: &HashMap<&Key, usize>,
    side: usize,
    run: &Baseline,
    views: CaseViews<'_>,
) -> Result<(), SummaryError> {
    cases.iter_mut().for_each(|case| case.sides.push(SideAnswers::Answers(Vec::new())));
    for view in views {
        let mut view = view?;
        let key = (view.dataset.clone(), view.task, view.case.clone());
        let Some(case) = places.get(&key).map(|place| &mut cases[*place]) else { continue };
        let mut answers = std::mem::take(&mut view.answers);
        // Without controls, and with the one provider that was asked for.
        answers.retain(|answer| run.providers.iter().any(|one| one.label == answer.provider));
        case.sides[side] = SideAnswers::Answers(answers);
        if let Some(before) = case.asked.as_ref().filter(|before| before.expected != view.expected) {
            case.expected_before.get_or_insert_with(|| before.expected.clone());
        }
        case.asked = Some(view);
    }
    Ok(())
}

fn with_scores(cases: &mut [ComparedCase], places: &HashMap<&Key, usize>, run: &Baseline) {
    let mut scores: Vec<Vec<CaseScore>> = vec![Vec::new(); cases.len()];
    for score in &run.scores {
        if let Some(place) = places.get(&key(score)) {
            scores[*place].push(score.clone());
        }
    }
    cases.iter_mut().zip(scores).for_each(|(case, scores)| case.sides.push(SideAnswers::Scores(scores)));
}

fn key(score: &CaseScore) -> Key {
    (score.dataset.clone(), score.task, score.case.clone())
}

/// The keys of all cases, what changed most first.
fn in_order(runs: &[&Baseline]) -> Vec<Key> {
    let renamed = runs.iter().all(|run| run.providers.len() == 1);
    // One candidate is compared with the other, whatever they are called.
    let candidate = |score: &'_ CaseScore| if renamed { String::new() } else { score.provider.clone() };
    let Some((first, rest)) = runs.split_first() else { return Vec::new() };
    let mut found: HashMap<Key, (f64, f64)> = HashMap::new();
    let mut before: HashMap<(Key, String), f64> = HashMap::new();
    for score in &first.scores {
        found.insert(key(score), (0.0, 0.0));
        before.insert((key(score), candidate(score)), score.mean());
    }
    for score in rest.iter().flat_map(|run| &run.scores) {
        let (loss, gain) = found.entry(key(score)).or_default();
        if let Some(before) = before.get(&(key(score), candidate(score))) {
            let change = score.mean() - before;
            (*loss, *gain) = (loss.max(-change), gain.max(change));
        }
    }
    let mut order: Vec<(Key, (f64, f64))> = found.into_iter().collect();
    order.sort_by(|(a, (a_loss, a_gain)), (b, (b_loss, b_gain))| {
        b_loss.total_cmp(a_loss).then(b_gain.total_cmp(a_gain)).then_with(|| a.cmp(b))
    });
    order.into_iter().map(|(key, _)| key).collect()
}
