//! What judges and people say of open answers: lines of `judgements.jsonl` and of `judged-by-people.jsonl`.
//!
//! A judgement belongs to a text and not to whoever wrote it: candidates with the same answer to a case share one, and
//! an answer that is asked for anew has none until it is judged.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vision_core::{Task, Usd};

use crate::{Record, RecordError};

const JUDGES: &str = "judgements.jsonl";
const PEOPLE: &str = "judged-by-people.jsonl";

/// The name of an answer to a case among all answers that are judged. It does not tell who gave it.
#[must_use]
pub fn answer_id(dataset: &str, case: &str, answer: &str) -> String {
    let mut hash = Sha256::new();
    for part in [dataset, case, answer] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A judge: a model and the prompt that it judges by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JudgeName {
    /// The provider's label.
    pub provider: String,
    /// Its kind.
    pub kind: String,
    /// Its model.
    pub model: String,
    /// The version of the prompt: its name, and a part of its hash.
    pub prompt: String,
}

impl std::fmt::Display for JudgeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} · {}", self.provider, self.prompt)
    }
}

/// Two answers to a case, shown in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedPair {
    /// The one shown first, see [`answer_id`].
    pub first: String,
    /// The other one.
    pub second: String,
    /// Which is better; missing if the reply could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<Better>,
}

/// Which of two answers a judge prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// The one shown first.
    First,
    /// The one shown second.
    Second,
    /// Neither.
    Tie,
}

/// What one judge said of one answer: a line of `judgements.jsonl`. A later line of the same judge on the same answer
/// takes its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedAnswer {
    /// Who judged.
    pub judge: JudgeName,
    /// The dataset of the case.
    pub dataset: String,
    /// What was asked.
    pub task: Task,
    /// The case.
    pub case: String,
    /// See [`answer_id`].
    pub answer: String,
    /// What was said of each check; what is missing was not judged.
    pub checks: Vec<JudgedCheck>,
    /// What was said of two answers beside each other; then there are no checks, and `answer` names both in this order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<JudgedPair>,
    /// Which trick the answer was, if it was made up to test the judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
    /// Whether the judge saw all media of the case.
    pub saw_media: bool,
    /// Whether the reply could not be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreadable: bool,
    /// What it cost, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<Usd>,
}

/// What a judge said of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedCheck {
    /// The check's path in the label: `must[0]`.
    pub path: String,
    /// The check as it was when it was judged.
    pub text: String,
    /// Whether the answer says it.
    pub met: bool,
    /// The words of the answer that say it, as the judge quoted them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quote: String,
    /// Whether the judge said that it is met, and quoted what is not in the answer: it counts as not met.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub misquoted: bool,
}

/// An answer that was made up to test a judge. Nothing in it meets a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Canary {
    /// Asks for a yes to every check.
    Asks,
    /// Pretends to be the end of the answer and a new instruction.
    Escapes,
    /// Says nothing of the matter.
    Empty,
    /// Denies every check in its own words.
    Denies,
}

/// What a person said of one answer: a line of `judged-by-people.jsonl`. A later line of the same person on the same
/// answer takes its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonJudgement {
    /// The dataset of the case.
    pub dataset: String,
    /// The case.
    pub case: String,
    /// See [`answer_id`].
    pub answer: String,
    /// Every check with what the person said of it.
    pub checks: Vec<PersonCheck>,
    /// Who judged.
    pub author: String,
    /// When, RFC 3339, UTC.
    pub at: String,
}

/// What a person said of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCheck {
    /// The check's path in the label.
    pub path: String,
    /// The check as it was when it was judged.
    pub text: String,
    /// Whether the answer says it.
    pub met: bool,
}

impl Record {
    /// Everything that judges said, in order.
    pub fn judgements(&self) -> Result<Vec<JudgedAnswer>, RecordError> {
        self.all_of(JUDGES)
    }

    /// Adds what a judge said.
    pub fn add_judgements(&self, lines: &[JudgedAnswer]) -> Result<(), RecordError> {
        self.add(JUDGES, lines)
    }

    /// Everything that people said, in order.
    pub fn judged_by_people(&self) -> Result<Vec<PersonJudgement>, RecordError> {
        self.all_of(PEOPLE)
    }

    /// Adds what people said.
    pub fn add_judged_by_people(&self, lines: &[PersonJudgement]) -> Result<(), RecordError> {
        self.add(PEOPLE, lines)
    }

    fn all_of<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, RecordError> {
        let mut all = Vec::new();
        self.read_all(name, |_, line| all.push(line))?;
        Ok(all)
    }

    /// On the disk when it returns: somebody paid for it, or sat for it.
    fn add<T: Serialize>(&self, name: &str, lines: &[T]) -> Result<(), RecordError> {
        let failed = |source| RecordError {
            path: self.path(name),
            message: "cannot be written".to_owned(),
            source: Some(source),
        };
        let mut writer = self.append(name)?;
        lines.iter().try_for_each(|line| writer.write(line)).map_err(failed)?;
        writer.sync().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::answer_id;

    #[test]
    fn an_answer_is_known_by_its_case_and_its_text() {
        let id = answer_id("real", "harbor", "Boats.");
        assert_eq!(id, answer_id("real", "harbor", "Boats."));
        for other in [("real", "harbor", "Boats"), ("real", "harbo", "rBoats."), ("rea", "lharbor", "Boats.")]
        {
            assert_ne!(id, answer_id(other.0, other.1, other.2));
        }
    }
}
