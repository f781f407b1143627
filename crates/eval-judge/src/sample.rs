//! Answers that people judge, so that a judge can be corrected.

use std::collections::{BTreeMap, HashMap, HashSet};

use eval_record::{PersonCheck, PersonJudgement, Record};

use crate::JudgeError;
use crate::item::{Item, open_answers, shuffle};

/// What a person said of one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonAnswer {
    /// The id of the answer.
    pub answer: String,
    /// Whether it says what a check says, by the check's id: `c1`.
    pub met: BTreeMap<String, bool>,
}

/// Draws answers for people: whole cases in random order, within a case every different answer in random order, until
/// there are at least so many. The same seed goes on where an earlier sample ended; cases that people have judged are
/// not drawn again.
///
/// Whole cases, because candidates are compared on the same ones. A random order, because whoever stops early leaves a
/// random sample all the same.
///
/// # Errors
/// If the record cannot be read.
pub fn sample(record: &Record, count: usize, seed: u64) -> Result<Vec<Item>, JudgeError> {
    let people = record.judged_by_people()?;
    let judged: HashSet<(&str, &str)> =
        people.iter().map(|line| (line.dataset.as_str(), line.case.as_str())).collect();
    let mut cases: Vec<Vec<Item>> = Vec::new();
    for item in open_answers(record)? {
        match cases.last_mut() {
            Some(case) if case[0].dataset == item.dataset && case[0].case == item.case => case.push(item),
            _ => cases.push(vec![item]),
        }
    }
    shuffle(&mut cases, seed);
    let mut drawn = Vec::new();
    for mut case in cases {
        if drawn.len() >= count {
            break;
        }
        if !judged.contains(&(case[0].dataset.as_str(), case[0].case.as_str())) {
            case.sort_by(|a, b| a.id.cmp(&b.id));
            drawn.append(&mut case);
        }
    }
    Ok(drawn)
}

/// Adds what a person said to the record, and returns of how many answers. Answers of which not every check is judged are
/// left out.
///
/// # Errors
/// If an answer or a check is not one of the record, or the record cannot be written; then nothing is added.
pub fn add_people(
    record: &Record,
    said: &[PersonAnswer],
    author: &str,
    at: &str,
) -> Result<usize, JudgeError> {
    let items: HashMap<String, Item> =
        open_answers(record)?.into_iter().map(|item| (item.id.clone(), item)).collect();
    let mut lines = Vec::new();
    for PersonAnswer { answer, met } in said {
        let item = items.get(answer).ok_or_else(|| {
            JudgeError::new(format!(
                "`{answer}` is no answer of this run: it was drawn from another, or asked anew since"
            ))
        })?;
        if let Some(unknown) = met.keys().find(|id| item.checks.iter().all(|check| check.id != **id)) {
            return Err(JudgeError::new(format!("the answer `{answer}` has no check `{unknown}`")));
        }
        let checks = item.checks.iter().filter_map(|check| {
            let met = *met.get(&check.id)?;
            Some(PersonCheck { path: check.path.clone(), text: check.text.clone(), met })
        });
        let checks: Vec<PersonCheck> = checks.collect();
        if checks.len() == item.checks.len() {
            let (author, at) = (author.to_owned(), at.to_owned());
            let (dataset, case) = (item.dataset.clone(), item.case.clone());
            lines.push(PersonJudgement { dataset, case, answer: answer.clone(), checks, author, at });
        }
    }
    record.add_judged_by_people(&lines)?;
    Ok(lines.len())
}
