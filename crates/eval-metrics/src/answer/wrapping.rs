//! What models put around an answer.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::Repair;

const THOUGHTS: [&str; 5] = ["think", "thinking", "thought", "reasoning", "analysis"];

/// The text after the thoughts; nothing if the thoughts never end.
pub(super) fn without_thought<'a>(text: &'a str, repairs: &mut BTreeSet<Repair>) -> &'a str {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    for name in THOUGHTS {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        // Some hosts drop the opening tag, so the closing one decides; inside JSON it is part of a text.
        let starts = rest.starts_with(&open);
        if !starts && rest.starts_with(['{', '[', '"']) {
            continue;
        }
        if let Some(end) = rest.rfind(&close) {
            rest = rest[end + close.len()..].trim_start();
        } else if starts {
            rest = "";
        } else {
            continue;
        }
        repairs.insert(Repair::Thought);
    }
    rest
}

/// The contents of a Markdown fence that starts at `start`, and where it ends.
pub(super) fn fence(text: &str, start: usize) -> (&str, usize) {
    let after = &text[start + 3..];
    // The info string ends with the line, or where the JSON starts on the same line.
    let info = after.find(|c: char| c == '\n' || "{[\"".contains(c)).unwrap_or(after.len());
    let body_start = start + 3 + info;
    let end = text[body_start..].find("\n```").map(|at| body_start + at + 1).or_else(|| {
        let tail = text[body_start..].trim_end();
        tail.ends_with("```").then(|| body_start + tail.len() - 3)
    });
    match end {
        Some(end) => (&text[body_start..end], (end + 3).min(text.len())),
        None => (&text[body_start..], text.len()),
    }
}

/// The text of an object with one field. Reading ends at a second one, so that a flood of fields costs nothing.
struct Only(String);

impl<'de> Deserialize<'de> for Only {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneField;

        impl<'de> Visitor<'de> for OneField {
            type Value = Only;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object with one text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Only, A::Error> {
                let first = map.next_entry::<IgnoredAny, String>()?;
                let (_, text) = first.ok_or_else(|| A::Error::custom("no field"))?;
                match map.next_key::<IgnoredAny>()? {
                    Some(_) => Err(A::Error::custom("several fields")),
                    None => Ok(Only(text)),
                }
            }
        }

        deserializer.deserialize_map(OneField)
    }
}

/// An answer that should be plain text: without thoughts, and without a fence around the whole.
///
/// If the model wrapped it in `{"text": "…"}` unasked, the text is taken.
#[must_use]
pub fn plain_text(text: &str) -> String {
    let rest = without_thought(text, &mut BTreeSet::new()).trim();
    if rest.starts_with("```") {
        let (body, end) = fence(rest, 0);
        if rest[end..].trim().is_empty() {
            return body.trim_start_matches('\n').trim_end().to_owned();
        }
    }
    if rest.starts_with('{')
        && let Ok(Only(text)) = serde_json::from_str(rest)
    {
        return text;
    }
    rest.to_owned()
}
