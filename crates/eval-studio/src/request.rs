//! What the page asks to be saved or shown.

use serde::{Deserialize, Serialize};

use crate::event::Label;

/// A value that a person gives.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Change {
    /// The field.
    pub field: String,
    /// The version that the page showed: the batch of the label that stood, 0 if none did.
    pub seen: u64,
    /// The label, if it was not typed.
    #[serde(default)]
    pub label: Option<Label>,
    /// What was typed.
    #[serde(default)]
    pub typed: Option<String>,
}

/// Labels of one document that are saved together.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Save {
    /// The document.
    pub document: String,
    /// The number under which it was shown.
    pub shown: u64,
    /// The values.
    pub changes: Vec<Change>,
}

/// Which document is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Wanted {
    /// This one; the most doubtful of those that are left if not given.
    #[serde(default)]
    pub document: Option<String>,
    /// Also those that somebody else has labeled.
    #[serde(default)]
    pub again: bool,
}

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// Its batch, which can be undone.
    pub batch: u64,
}
