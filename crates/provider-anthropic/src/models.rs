use std::sync::OnceLock;

use serde::Deserialize;
use vision_core::Effort;

/// What a model takes, as `models.toml` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    #[serde(default)]
    ids: Vec<String>,
    pub context: u64,
    pub sampling: bool,
    pub thinking: Thinking,
    #[serde(default)]
    pub efforts: Vec<Effort>,
    pub structured: bool,
    pub image_edge: Option<u32>,
    pub image_tokens: Option<u64>,
    end_of_life: Option<String>,
}

/// How a model's thinking is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Thinking {
    Budget,
    Adaptive,
    Always,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    /// The day on which the file was checked.
    #[expect(dead_code, reason = "for people who read the file")]
    as_of: String,
    unknown: Facts,
    model: Vec<Facts>,
}

/// The facts about `model`, or permissive ones if it is not known.
pub(crate) fn facts(model: &str) -> &'static Facts {
    known(model).unwrap_or(&book().unknown)
}

/// The day from which `model` no longer answers, if its retirement was announced when this crate was written.
pub fn end_of_life(model: &str) -> Option<&'static str> {
    known(model)?.end_of_life.as_deref()
}

fn known(model: &str) -> Option<&'static Facts> {
    book().model.iter().find(|facts| facts.ids.iter().any(|id| names(id, model)))
}

/// Whether `model` is `id` or one of its dated snapshots.
fn names(id: &str, model: &str) -> bool {
    match model.strip_prefix(id) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('-').is_some_and(is_date),
        None => false,
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        toml::from_str(include_str!("../models.toml")).expect("models.toml is part of this crate and tested")
    })
}

#[cfg(test)]
mod tests {
    use super::{Thinking, end_of_life, facts};

    #[test]
    fn a_dated_snapshot_is_its_model() {
        assert_eq!(facts("claude-haiku-4-5-20251001").context, 200_000);
        assert_eq!(facts("claude-opus-5-5").thinking, Thinking::Always);
        assert_eq!(facts("claude-opus-5").thinking, Thinking::Adaptive);
    }

    #[test]
    fn an_unknown_model_is_given_everything_but_an_image_rule() {
        let unknown = facts("claude-next-9");
        assert!(unknown.sampling && unknown.structured && unknown.image_edge.is_none());
        assert_eq!(end_of_life("claude-next-9"), None);
    }

    #[test]
    fn a_retirement_is_known() {
        assert_eq!(end_of_life("claude-sonnet-4-5-20250929"), Some("2026-11-30"));
        assert_eq!(end_of_life("claude-opus-4-5-20251101"), Some("2027-01-22"));
    }
}
