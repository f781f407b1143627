//! What is known about a case besides its label.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::grounding::{Evidence, FoundAt};
use crate::value::DateOrder;

/// What is known about a case besides its label, and decides how its answer is read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CaseFacts {
    /// How its country writes dates in numbers.
    pub date_order: Option<DateOrder>,
    /// The language that is written or spoken, as in `en` or `de-CH`.
    pub language: Option<String>,
    /// The question that was asked, where each case has its own.
    pub question: Option<String>,
    /// The JSON Schema of this case alone.
    pub schema: Option<Arc<Value>>,
    /// The same as its author wrote it, where answers are asked for by a stricter one.
    pub own_schema: Option<Arc<Value>>,
    /// Whether the host held the model to the schema.
    pub was_held: bool,
    /// Where the label's values stand, and how else they may read.
    pub evidence: Vec<Evidence>,
    /// Where the answer says that its values stand.
    pub found_at: Vec<FoundAt>,
    /// What a judge said of the checks of the label, by their path: `must[0]`.
    pub judged: BTreeMap<String, Judgement>,
}

/// What a judge said of one check of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whether the answer says it.
    pub said: bool,
    /// The words of the answer that say it.
    pub quote: String,
}

impl CaseFacts {
    /// From the tags of a case: `date_order`, `locale`, `country` and `language`.
    #[must_use]
    pub fn from_tags(tags: &BTreeMap<String, String>) -> Self {
        let language = tags.get("language").or_else(|| tags.get("locale"));
        Self { date_order: DateOrder::from_tags(tags), language: language.cloned(), ..Self::default() }
    }

    /// With the question of the case, from the values that its prompt was filled with.
    #[must_use]
    pub fn asked(self, fields: &BTreeMap<String, String>) -> Self {
        Self { question: fields.get("question").cloned(), ..self }
    }
}
