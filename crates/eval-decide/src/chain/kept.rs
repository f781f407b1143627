//! What a cascade gave in a run of its own, beside what was promised of it.

use eval_record::Plan;
use eval_statistics::{Level, score_over_tasks};
use eval_summary::{CaseView, Estimate, PromiseCheck, SummaryError};

use crate::study::{Question, studies};

/// What was promised of a cascade.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// The cascade's label in the run.
    pub provider: String,
    /// The fields that must be right; empty for the whole answer.
    pub on: Vec<String>,
    /// The share of right answers.
    pub accuracy: f64,
    /// Dollars per 1,000 cases for answers.
    pub usd_per_1000: f64,
    /// The share of cases for a person.
    pub referred: f64,
    /// The share of cases that a person gets wrong.
    pub person_error: f64,
}

/// Nothing where the cascade was asked no case that can be judged.
///
/// # Errors
/// If no task of the run has the fields, or the cases cannot be read.
pub fn kept(
    run: &str,
    plan: &Plan,
    cases: &[CaseView],
    promise: &Promise,
) -> Result<Option<PromiseCheck>, SummaryError> {
    let question = Question { on: promise.on.clone(), ..Question::default() };
    let studies = studies(plan, cases.iter().cloned().map(Ok), &question)?;
    let referred = |study: &crate::Study, case: &str| {
        let is_it = |view: &&CaseView| {
            view.case == case
                && study.scope == eval_summary::Scope::Task { dataset: view.dataset.clone(), task: view.task }
        };
        let answers = cases.iter().find(is_it).into_iter().flat_map(|view| &view.answers);
        answers.filter(|answer| answer.provider == promise.provider).any(|answer| answer.referred)
    };
    let mut rights: Vec<(usize, f64)> = Vec::new();
    let (mut people, mut usd) = (0.0, Some(0.0));
    for study in &studies {
        let Some(at) = study.candidates.iter().position(|label| *label == promise.provider) else { continue };
        let before = rights.iter().map(|(document, _)| document + 1).max().unwrap_or(0);
        for case in &study.cases {
            let Some(answer) = &case.answers[at] else { continue };
            let goes_on = referred(study, &case.case);
            let right = if goes_on { 1.0 - promise.person_error } else { f64::from(u8::from(answer.right)) };
            rights.push((before + case.document, right));
            people += f64::from(u8::from(goes_on));
            usd = usd.zip(answer.usd).map(|(sum, usd)| sum + usd);
        }
    }
    let n = rights.len() as f64;
    let accuracy = score_over_tasks(&[rights], Level::P95).map(Estimate::from);
    Ok(accuracy.map(|accuracy| PromiseCheck {
        run: run.to_owned(),
        provider: promise.provider.clone(),
        cases: n as u64,
        promised_accuracy: promise.accuracy,
        accuracy,
        promised_usd_per_1000: promise.usd_per_1000,
        usd_per_1000: usd.map(|usd| usd / n * 1000.0),
        promised_referred: promise.referred,
        referred: people / n,
    }))
}
