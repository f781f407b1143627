//! What people decided about the labels of a run, as the journal holds it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing that a person did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ReviewEvent {
    /// A label was looked at.
    Decide(Decision),
    /// Something was said about a case.
    Comment {
        /// The case.
        #[serde(flatten)]
        of: CaseName,
        /// What.
        text: String,
    },
    /// A case was flagged, or is no longer.
    Flag {
        /// The case.
        #[serde(flatten)]
        of: CaseName,
        /// Whether it is from now on.
        on: bool,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// What was decided or said in a batch is withdrawn; what stood before it stands again.
    Undo {
        /// The batch.
        batch: u64,
    },
}

/// A case by its dataset and id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CaseName {
    /// The dataset's name.
    pub dataset: String,
    /// The case's id.
    pub case: String,
}

/// What a person decided about one field of a label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The case.
    #[serde(flatten)]
    pub of: CaseName,
    /// The field; empty for the label as a whole.
    pub field: String,
    /// What the record's label says; null if it says nothing.
    pub from: Value,
    /// What follows.
    #[serde(flatten)]
    pub ruling: Ruled,
    /// Why.
    pub reason: String,
}

/// What follows from a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum Ruled {
    /// The label is right.
    Kept,
    /// It is wrong: this is right.
    Value(Value),
    /// It is wrong: there is nothing, and an answer should say so.
    Absent,
    /// It is wrong, and nobody knows what is right: answers are not judged.
    Unlabeled,
    /// It is right, and so is this reading.
    Also(Value),
}

impl Ruled {
    /// The label that it puts in the place of the record's; nothing where that stays.
    #[must_use]
    pub fn correction(&self) -> Option<Option<&Value>> {
        match self {
            Self::Value(value) => Some(Some(value)),
            Self::Absent => Some(Some(&Value::Null)),
            Self::Unlabeled => Some(None),
            Self::Kept | Self::Also(_) => None,
        }
    }
}
