//! What people did, as the journal holds it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Events that stand or fall together: a line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch<E = Event> {
    /// Counted from 1, without gaps.
    pub n: u64,
    /// When, RFC 3339, UTC.
    pub at: String,
    /// Who.
    pub by: String,
    /// What.
    pub events: Vec<E>,
}

/// One thing that a person did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A document was opened. What was shown with it decides what its labels are worth.
    Shown(Shown),
    /// A value was labeled.
    Label(Labeled),
    /// A document was skipped or flagged, or is no longer.
    Mark {
        /// The document.
        document: String,
        /// What it is marked as.
        mark: Mark,
        /// Whether it is from now on.
        on: bool,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A file has another name, or stands elsewhere in the folder: everything about it goes along.
    Moved {
        /// Its name before.
        from: String,
        /// Its name now.
        to: String,
        /// The SHA-256 of the file, by which it is known.
        content: String,
    },
    /// The labels of a batch are withdrawn; those before them stand again.
    Undo {
        /// The batch.
        batch: u64,
    },
}

/// A document as a person saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The document.
    pub document: String,
    /// Whether no proposals were shown.
    pub blind: bool,
    /// Whether it was drawn to be labeled without proposals, although there may be some.
    pub drawn: bool,
    /// The SHA-256 of its file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// The values that were filled in, to be confirmed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filled: BTreeMap<String, Label>,
    /// The values that stood beside the other fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub offered: BTreeMap<String, Vec<Label>>,
}

/// A label that a person gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Labeled {
    /// The document.
    pub document: String,
    /// The field.
    pub field: String,
    /// What is right.
    #[serde(flatten)]
    pub label: Label,
    /// How the person came to it.
    pub origin: Origin,
    /// The SHA-256 of the file that it is about; empty if it was not kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// Whether it settles what two people disagree on: both values were shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settles: bool,
}

/// What is right at a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum Label {
    /// This value.
    Value(Value),
    /// There is nothing, and an answer should say so.
    Absent,
    /// Nobody says; answers are not judged.
    Unlabeled,
}

/// How a person came to a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Without having seen any proposal for the document.
    Blind,
    /// A proposed value was taken as it was.
    Confirmed,
    /// A value that was filled in was replaced.
    Corrected,
    /// Proposals for the document were seen, but nothing was filled in here.
    Entered,
    /// Read from a file.
    Imported,
}

/// What a document is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Not to be labeled.
    Skipped,
    /// To be looked at by somebody else.
    Flagged,
}
