//! What the page shows.

use serde::Serialize;

use crate::board::Standing;
use crate::event::{Label, Origin};
use crate::field::Field;
use crate::proposals::{Offer, Proposed};
use crate::typed::shown;

/// How far the work is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// The name of the opened folder.
    pub folder: String,
    /// What is asked of each document.
    pub task: String,
    /// All documents.
    pub documents: usize,
    /// Those of which every field is decided.
    pub done: usize,
    /// Those that are not to be labeled.
    pub skipped: usize,
    /// Those for somebody else.
    pub flagged: usize,
    /// Those that two people disagree on.
    pub disagreements: usize,
    /// Those that a candidate has answered.
    pub proposed: usize,
    /// Files that look like documents and cannot be opened.
    pub left_out: usize,
    /// The median time for a document of this person.
    pub seconds_each: Option<f64>,
    /// The time for those that are left.
    pub seconds_left: Option<f64>,
    /// Who has labeled here.
    pub people: Vec<String>,
    /// Each document.
    pub list: Vec<Progress>,
}

/// How far the work on a document is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Its path.
    pub document: String,
    /// Every field is decided by somebody.
    pub done: bool,
    /// Every field is decided by this person.
    pub mine: bool,
    /// Not to be labeled.
    pub skipped: bool,
    /// For somebody else.
    pub flagged: bool,
    /// Two people disagree.
    pub disagreed: bool,
}

/// A document with its fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentView {
    /// Its path.
    pub document: String,
    /// The number to save under.
    pub shown: u64,
    /// Whether proposals are kept back, or there are none.
    pub blind: bool,
    /// Whether it was drawn to be labeled without proposals.
    pub drawn: bool,
    /// The name that its file had before, if it was renamed or moved.
    pub before: Option<String>,
    /// That its labels are about another file, if they are.
    pub changed: Option<&'static str>,
    /// Why it is skipped, if it is.
    pub skipped: Option<String>,
    /// Why it is flagged, if it is.
    pub flagged: Option<String>,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

/// A field of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldView {
    /// What it holds.
    #[serde(flatten)]
    pub field: Field,
    /// The version to save over: 0 if nothing stands.
    pub version: u64,
    /// What this person says.
    pub label: Option<Label>,
    /// The same as typed.
    pub text: String,
    /// How the person came to it.
    pub origin: Option<Origin>,
    /// Whether the first proposal is filled in, to be confirmed.
    pub filled: bool,
    /// Whether those who agree on it are of different kinds.
    pub independent: bool,
    /// What is proposed.
    pub offers: Vec<Offer>,
    /// What others say, if they disagree.
    pub others: Vec<Offer>,
}

impl FieldView {
    /// A field with what stands and what is proposed.
    #[must_use]
    pub fn new(
        field: &Field,
        standing: Option<&Standing>,
        proposed: Option<Proposed>,
        others: Vec<(&str, &Label)>,
    ) -> Self {
        let proposed = proposed.unwrap_or_default();
        let other = |(by, label): (&str, &Label)| Offer {
            label: label.clone(),
            shown: text(label),
            by: vec![by.to_owned()],
            page: None,
            bounds: None,
        };
        Self {
            field: field.clone(),
            version: standing.map_or(0, |it| it.batch),
            text: standing.map(|it| text(&it.label)).unwrap_or_default(),
            label: standing.map(|it| it.label.clone()),
            origin: standing.map(|it| it.origin),
            filled: proposed.agreed,
            independent: proposed.independent,
            offers: proposed.offers,
            others: others.into_iter().map(other).collect(),
        }
    }
}

fn text(label: &Label) -> String {
    match label {
        Label::Value(value) => shown(value),
        Label::Absent | Label::Unlabeled => String::new(),
    }
}
