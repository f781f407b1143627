//! Open answers that people judge blind, so that a judge can be corrected.

use std::collections::{BTreeMap, HashMap};

use eval_judge::{AskedCheck, Item, PersonAnswer, add_people, sample};
use serde::{Deserialize, Serialize};

use super::{Review, locked};
use crate::check::check_name;
use crate::{Result, StudioError};

/// So many answers are drawn: what an interval begins to be useful from.
const DRAWN: usize = 40;

/// An answer to judge, and how far a person is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToJudge {
    /// Answers that were drawn; 0 where the run has no open answers, or people have judged all.
    pub drawn: usize,
    /// Of them, those that this person has judged.
    pub judged: usize,
    /// The answer at this place, from 0.
    pub at: usize,
    /// Nothing behind the last one.
    pub item: Option<BlindAnswer>,
}

/// An answer without a word of who gave it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlindAnswer {
    /// Its id.
    pub answer: String,
    /// The case's dataset.
    pub dataset: String,
    /// The case.
    pub case: String,
    /// The question.
    pub question: String,
    /// What was answered.
    pub text: String,
    /// The media of the case, by name.
    pub media: Vec<String>,
    /// What to judge.
    pub checks: Vec<AskedCheck>,
    /// What this person has said of it, by the check's id.
    pub met: BTreeMap<String, bool>,
}

/// What a person says of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Judged {
    /// Its id.
    pub answer: String,
    /// Whether it says what a check says, by the check's id. Every check is judged.
    pub met: BTreeMap<String, bool>,
}

impl Review {
    /// The answer at a place of the sample; without one, the first that this person has not judged.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn to_judge(&self, by: &str, at: Option<usize>) -> Result<ToJudge> {
        check_name(by)?;
        let drawn = self.drawn()?;
        let said = self.said_by(by)?;
        let at = at.unwrap_or_else(|| {
            drawn.iter().position(|item| !said.contains_key(&item.id)).unwrap_or(drawn.len())
        });
        let judged = drawn.iter().filter(|item| said.contains_key(&item.id)).count();
        let item = drawn.get(at).map(|item| blind(item, said.get(&item.id)));
        Ok(ToJudge { drawn: drawn.len(), judged, at, item })
    }

    /// Keeps what a person says of an answer, all of it or nothing. It is on the disk when this returns.
    ///
    /// # Errors
    /// If there is no such answer, or not every check of it is judged.
    pub fn judge(&self, by: &str, judged: &Judged, at: &str) -> Result<ToJudge> {
        check_name(by)?;
        let drawn = self.drawn()?;
        let place = drawn.iter().position(|item| item.id == judged.answer);
        let place = place.ok_or_else(|| StudioError::not_found("there is no such answer in the sample"))?;
        if drawn[place].checks.iter().any(|check| !judged.met.contains_key(&check.id)) {
            return Err(StudioError::invalid("say yes or no to every check"));
        }
        let said = [PersonAnswer { answer: judged.answer.clone(), met: judged.met.clone() }];
        add_people(&self.record, &said, by, at).map_err(|error| StudioError::invalid(error.to_string()))?;
        self.to_judge(by, Some(place + 1))
    }

    /// Drawn once, so that a case of which some answers are judged is judged to its end.
    fn drawn(&self) -> Result<Vec<Item>> {
        let mut known = locked(&self.drawn);
        if let Some(drawn) = known.as_ref() {
            return Ok(drawn.clone());
        }
        let drawn = sample(&self.record, DRAWN, self.record.plan.seed)
            .map_err(|error| StudioError::invalid(error.to_string()))?;
        *known = Some(drawn.clone());
        Ok(drawn)
    }

    /// What a person has said, by answer and the text of the check.
    fn said_by(&self, by: &str) -> Result<HashMap<String, HashMap<String, bool>>> {
        let mut said: HashMap<String, HashMap<String, bool>> = HashMap::new();
        for line in self.record.judged_by_people()?.into_iter().filter(|line| line.author == by) {
            let checks = line.checks.into_iter().map(|check| (check.path, check.met)).collect();
            said.insert(line.answer, checks);
        }
        Ok(said)
    }
}

fn blind(item: &Item, said: Option<&HashMap<String, bool>>) -> BlindAnswer {
    let met = |check: &AskedCheck| Some((check.id.clone(), *said?.get(&check.path)?));
    BlindAnswer {
        answer: item.id.clone(),
        dataset: item.dataset.clone(),
        case: item.case.clone(),
        question: item.question.clone(),
        text: item.answer.clone(),
        media: item.media.clone(),
        checks: item.checks.clone(),
        met: item.checks.iter().filter_map(met).collect(),
    }
}
