//! What a cascade gave in a run of its own, beside what was promised of it.

use std::collections::HashMap;

use eval_record::Plan;
use eval_statistics::{Level, score_over_tasks};
use eval_summary::{CaseView, Estimate, PromiseCheck, Scope, SummaryError};
use vision_core::Person;

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
    /// Its interval; missing in older files.
    pub accuracy_interval: Option<[f64; 2]>,
    /// Dollars per 1,000 cases for answers.
    pub usd_per_1000: f64,
    /// The share of cases for a person.
    pub referred: f64,
    /// Its interval; missing in older files.
    pub referred_interval: Option<[f64; 2]>,
    /// The person, as far as is known.
    pub person: Option<Person>,
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
    let mut referred_cases: HashMap<(Scope, &str), Person> = HashMap::new();
    for view in cases {
        let first = view.answers.iter().find(|answer| answer.provider == promise.provider);
        if let Some(person) = first.and_then(|answer| answer.referred) {
            let scope = Scope::Task { dataset: view.dataset.clone(), task: view.task };
            referred_cases.insert((scope, view.case.as_str()), person);
        }
    }
    let usd_of = |person: &Person| person.usd.or(promise.person?.usd).map(|usd| usd.0);
    let error_of = |person: &Person| person.error.or(promise.person?.error);
    let mut rights: Vec<(usize, f64)> = Vec::new();
    let mut referred: Vec<(usize, f64)> = Vec::new();
    let (mut usd, mut people) = (Some(0.0), Some(0.0));
    for study in &studies {
        let Some(at) = study.candidates.iter().position(|label| *label == promise.provider) else { continue };
        let before = referred.iter().map(|(document, _)| document + 1).max().unwrap_or(0);
        for case in &study.cases {
            let Some(answer) = &case.answers[at] else { continue };
            let document = before + case.document;
            let person = referred_cases.get(&(study.scope.clone(), case.case.as_str()));
            referred.push((document, f64::from(u8::from(person.is_some()))));
            let right = match person {
                // What is not known of a person is not guessed.
                Some(person) => error_of(person).map(|error| 1.0 - error),
                None => Some(f64::from(u8::from(answer.right))),
            };
            rights.extend(right.map(|right| (document, right)));
            if let Some(person) = person {
                people = people.zip(usd_of(person)).map(|(sum, usd)| sum + usd);
            }
            usd = usd.zip(answer.usd).map(|(sum, usd)| sum + usd);
        }
    }
    let n = referred.len() as f64;
    let share = |of: Vec<(usize, f64)>| score_over_tasks(&[of], Level::P95).map(Estimate::from);
    let per_1000 = |sum: f64| sum / n * 1000.0;
    let person_usd = promise.person.and_then(|person| person.usd).map(|usd| usd.0);
    let promised_people = match promise.referred > 0.0 {
        true => person_usd.map(|usd| usd * promise.referred * 1000.0),
        false => Some(0.0),
    };
    Ok(share(rights).zip(share(referred)).map(|(accuracy, referred)| PromiseCheck {
        run: run.to_owned(),
        provider: promise.provider.clone(),
        cases: n as u64,
        promised_accuracy: promise.accuracy,
        promised_accuracy_interval: promise.accuracy_interval,
        accuracy,
        promised_usd_per_1000: promise.usd_per_1000,
        usd_per_1000: usd.map(per_1000),
        promised_referred: promise.referred,
        promised_referred_interval: promise.referred_interval,
        referred,
        promised_people_usd_per_1000: promised_people,
        people_usd_per_1000: people.map(per_1000),
    }))
}
