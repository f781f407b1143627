use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;
use vision_core::{Effort, Modality};

/// What a model takes, as `models.toml` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    #[serde(default)]
    ids: Vec<String>,
    pub input: Vec<Modality>,
    pub system: bool,
    pub sampling: bool,
    #[serde(default)]
    pub efforts: HashMap<Effort, Thinking>,
    pub resolution: Resolution,
    pub image_tokens: Option<ImageTokens>,
    end_of_life: Option<String>,
}

/// How an effort is said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Thinking {
    Budget(u32),
    Level(String),
}

/// Where media resolution is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Resolution {
    Part,
    Request,
    None,
}

/// The rule by which an image becomes tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ImageTokens {
    Tiles,
    Levels,
    Fixed(u64),
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

/// Whether `models.toml` knows this model.
pub(crate) fn is_known(model: &str) -> bool {
    known(model).is_some()
}

fn known(model: &str) -> Option<&'static Facts> {
    let matches = |id: &str| match id.strip_suffix('*') {
        Some(start) => model.starts_with(start),
        None => model == id,
    };
    let length = |facts: &Facts| facts.ids.iter().filter(|id| matches(id)).map(String::len).max();
    book().model.iter().filter(|facts| length(facts).is_some()).max_by_key(|facts| length(facts))
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        toml::from_str(include_str!("../models.toml")).expect("models.toml is part of this crate and tested")
    })
}

#[cfg(test)]
mod tests {
    use vision_core::Effort;

    use super::{ImageTokens, Resolution, Thinking, end_of_life, facts};

    #[test]
    fn the_longest_name_counts() {
        assert!(!facts("gemini-3.5-flash-lite").sampling && facts("gemini-3.5-flash").sampling);
        assert_eq!(facts("gemini-2.5-flash").efforts[&Effort::Minimal], Thinking::Budget(1));
        assert_eq!(facts("gemini-2.5-flash-lite-001").efforts[&Effort::Minimal], Thinking::Budget(512));
    }

    #[test]
    fn generations_differ() {
        assert_eq!(facts("gemini-2.5-pro").image_tokens, Some(ImageTokens::Tiles));
        assert_eq!(facts("gemini-3.7-flash").resolution, Resolution::Part);
        assert_eq!(facts("gemma-3-27b-it").image_tokens, Some(ImageTokens::Fixed(256)));
        assert_eq!(end_of_life("gemini-3.1-flash-lite"), Some("2027-05-07"));
        assert_eq!(end_of_life("gemini-2.5-pro"), Some("2026-12-01"));
        assert_eq!(
            (end_of_life("gemini-2.5-flash-001"), end_of_life("gemini-2.5-flash-lite")),
            (Some("2026-12-01"), None)
        );
        assert_eq!(facts("gemini-4-hydrogen").efforts[&Effort::Xhigh], Thinking::Level("XHIGH".to_owned()));
    }

    #[test]
    fn an_unknown_model_is_given_everything_but_an_image_rule() {
        let unknown = facts("gemini-9-flash");
        assert!(unknown.sampling && unknown.input.len() == 4 && unknown.image_tokens.is_none());
    }
}
