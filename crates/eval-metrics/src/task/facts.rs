//! What is known about a case besides its label.

use std::collections::BTreeMap;

use crate::value::DateOrder;

/// What is known about a case besides its label, and decides how its answer is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFacts {
    /// How its country writes dates in numbers.
    pub date_order: Option<DateOrder>,
    /// The language that is written or spoken, as in `en` or `de-CH`.
    pub language: Option<String>,
    /// The question that was asked, where each case has its own.
    pub question: Option<String>,
}

impl CaseFacts {
    /// From the tags of a case: `date_order`, `locale`, `country` and `language`.
    #[must_use]
    pub fn from_tags(tags: &BTreeMap<String, String>) -> Self {
        let language = tags.get("language").or_else(|| tags.get("locale"));
        Self { date_order: DateOrder::from_tags(tags), language: language.cloned(), question: None }
    }

    /// With the question of the case, from the values that its prompt was filled with.
    #[must_use]
    pub fn asked(self, fields: &BTreeMap<String, String>) -> Self {
        Self { question: fields.get("question").cloned(), ..self }
    }
}
