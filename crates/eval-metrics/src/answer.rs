//! Reading JSON as models write it.
//!
//! Models put JSON in fences, think aloud before it, explain after it, leave commas behind, quote like Python and stop
//! in mid-number at the token limit. [`read`] gives the value in all these cases and says what it had to do, so that
//! a clean answer and a repaired one can be counted apart.
//!
//! The repair is written here because two rules are ours: a value that is cut off at the end is left out rather than
//! completed, since half an amount is a wrong amount; and what was repaired is a closed set to count by. The crates
//! `llm_json` and `jsonrepair` give back completed text; the latter also logs its repairs, but is in its first release.

mod candidates;
mod example;
mod lenient;
mod wrapping;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use wrapping::plain_text;

/// An answer, read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The JSON value; nothing if none was found.
    pub value: Option<Value>,
    /// How well it could be read.
    pub state: State,
    /// Everything that was unusual.
    pub repairs: BTreeSet<Repair>,
}

/// How well an answer could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Valid JSON, perhaps with a fence or prose around it.
    Valid,
    /// Not valid JSON, but its meaning is clear.
    Repaired,
    /// It ends before the JSON does; what was complete is there.
    Truncated,
    /// No JSON.
    Unreadable,
}

/// What was unusual about an answer. The first three stand around the JSON and do not make it invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// Thoughts in tags before the answer.
    Thought,
    /// A Markdown fence.
    Fence,
    /// Other text before or after.
    Prose,
    /// No braces around the fields.
    MissingBraces,
    /// A comma before a closing bracket, or two commas.
    ExtraComma,
    /// No comma between two entries.
    MissingComma,
    /// No value after a key.
    MissingValue,
    /// Brackets that do not match.
    Brackets,
    /// Single or typographic quotes.
    Quotes,
    /// A quote inside a text without a backslash.
    InnerQuote,
    /// A line break or another control character inside a text.
    ControlCharacter,
    /// A backslash before a character that needs none.
    Escape,
    /// A key without quotes.
    BareKey,
    /// A text without quotes.
    BareText,
    /// `True`, `False`, `None`, `undefined`.
    ForeignLiteral,
    /// `NaN` or `Infinity`, read as null.
    NotANumber,
    /// A number that JSON writes otherwise: `.5`, `+1`, `1,234.50`.
    NumberSpelling,
    /// A comment.
    Comment,
    /// Something between two fields that belongs to neither.
    Stray,
    /// The end is missing.
    Cut,
}

impl Repair {
    fn keeps_valid(self) -> bool {
        self <= Self::Prose
    }
}

/// Reads an answer. Never fails: what cannot be read is [`State::Unreadable`].
///
/// Takes time linear in the length of the text. Values nested deeper than 128 levels are unreadable, as in serde_json.
/// A text, number or word that is cut off at the very end is left out, since its rest is unknown.
///
/// Of several objects the last complete one is the answer: a model that corrects itself does so below. A schema, a
/// template or an example is none, and neither is a remark that repeats one or two fields of the answer.
#[must_use]
pub fn read(text: &str) -> Answer {
    read_for(text, &candidates::keys)
}

/// Like [`read`], where the caller knows how much of an answer a value holds: its number of known fields.
pub(crate) fn read_for(text: &str, known: &dyn Fn(&Value) -> usize) -> Answer {
    let mut repairs = BTreeSet::new();
    let rest = wrapping::without_thought(text, &mut repairs);
    let found = candidates::best(rest, &mut repairs, known);
    let state = match found {
        None => State::Unreadable,
        Some(_) if repairs.contains(&Repair::Cut) => State::Truncated,
        Some(_) if repairs.iter().all(|repair| repair.keeps_valid()) => State::Valid,
        Some(_) => State::Repaired,
    };
    Answer { value: found, state, repairs }
}

/// Reads whatever bytes a fuzzer thinks of and checks what always holds.
///
/// # Panics
/// If an invariant is broken, which is what a fuzz target looks for.
#[doc(hidden)]
pub fn check_invariants(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let answer = read(&text);
    assert_eq!(answer.value.is_none(), answer.state == State::Unreadable, "a readable answer has a value");
    assert_eq!(
        answer.state == State::Truncated,
        answer.value.is_some() && answer.repairs.contains(&Repair::Cut)
    );
    if let Ok(value) = serde_json::from_str::<Value>(text.trim()) {
        assert_eq!(answer.state, State::Valid, "valid JSON needs no repair");
        assert_eq!(answer.value, Some(value), "valid JSON is read as it is");
    }
    if let Some(value) = &answer.value {
        let again = read(&value.to_string());
        assert_eq!(again.value.as_ref(), Some(value), "what was read reads back");
        assert_eq!(again.state, State::Valid);
    }
    let _ = plain_text(&text);
}

#[cfg(test)]
mod tests;
