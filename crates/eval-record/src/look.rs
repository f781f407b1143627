use serde::{Deserialize, Serialize};

use crate::{Record, RecordError};

const FILE: &str = "looks.jsonl";

/// How a run ends before its cases are used up: part of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sequential {
    /// Source documents between two looks.
    pub block: u32,
    /// The share of the score that may be given up for a lower price.
    pub tolerance: f64,
    /// Whether the median time decides among equals, and not the cost.
    #[serde(default)]
    pub prefer_time: bool,
    /// What it speaks of.
    #[serde(default)]
    pub about: About,
}

/// What a run that ends when it is decided speaks of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Documents like those that it asks, as every report does.
    #[default]
    DocumentsLikeThese,
    /// The documents of its datasets alone: who is recommended if all of them are asked.
    TheseDocuments,
}

/// What was known after some documents of a run that ends when it is decided: a line of `looks.jsonl`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Source documents that all who were left had answered.
    pub documents: u64,
    /// Source documents of the plan.
    pub of: u64,
    /// Every pair of candidates.
    pub gaps: Vec<LookGap>,
    /// Candidates that are shown to be out, with the documents that they had answered by then.
    pub out: Vec<(String, u64)>,
    /// The cheapest of the others that is shown to beat every control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick: Option<String>,
    /// Those of the others that are not shown to beat every control. Whether one of them can be chosen is open, so that a run
    /// goes on as long as that would make a difference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_above_control: Vec<String>,
    /// Whether the choice is shown to be good enough, whoever beats the controls: the end of the run.
    pub settled: bool,
}

/// The score of `a` minus that of `b`, with bounds that hold at all looks together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LookGap {
    /// One.
    pub a: String,
    /// The other.
    pub b: String,
    /// As seen.
    pub difference: f64,
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Record {
    /// Every look, in order.
    pub fn looks(&self) -> Result<Vec<Look>, RecordError> {
        let mut looks = Vec::new();
        self.read_all(FILE, |_, look| looks.push(look))?;
        Ok(looks)
    }

    /// Notes a look, unless one after as many documents is there: a resumed run looks again.
    pub fn note_look(&self, look: &Look) -> Result<(), RecordError> {
        if self.looks()?.iter().any(|known| known.documents >= look.documents) {
            return Ok(());
        }
        let failed = |source| RecordError {
            path: self.path(FILE),
            message: "cannot be written".to_owned(),
            source: Some(source),
        };
        self.append(FILE)?.write(look).map_err(failed)
    }
}
