//! Whether an answer says that nothing differs.

use serde_json::{Map, Value};

use crate::answer::plain_text;
use crate::task::Reply;
use crate::task::claims::{Clause, Stance, plainly, segments};
use crate::task::classify::words;
use crate::task::keys::{Fields, best_object};
use crate::task::refusal::{declines, states_error};
use crate::value::is_absent;

/// Words that say that two things are alike, and words that say that they are not.
const SAME: [&str; 8] =
    ["identical", "same", "alike", "unchanged", "equal", "match", "matching", "indistinguishable"];
const DIFFERENT: [&str; 14] = [
    "difference",
    "differences",
    "change",
    "changes",
    "changed",
    "differ",
    "differs",
    "different",
    "discrepancy",
    "discrepancies",
    "modification",
    "modifications",
    "variation",
    "variations",
];

/// What happened to something, which is a difference.
const EVENTS: [&str; 9] =
    ["gone", "missing", "added", "removed", "moved", "appeared", "disappeared", "replaced", "deleted"];

/// Whether an answer says that there are no differences: `{"differences": []}`, `{"identical": true}`, or in words.
///
/// An object that has no list, or something else in its place, says so only where one of its fields does.
pub(super) fn denies_differences(reply: &Reply<'_>) -> bool {
    match reply.json.value.as_ref() {
        Some(Value::String(text)) => denied_in_words(text),
        Some(value) if states_error(value) => false,
        Some(Value::Array(_)) => true,
        Some(value @ Value::Object(whole)) => {
            let (fields, known) = best_object(value, &["differences"]);
            let listed = fields.filter(|_| known > 0).map(Fields::of);
            match listed.and_then(|fields| fields.get("differences", std::iter::empty())) {
                Some(found) => is_no_difference(found.value) && !is_contradicted(whole),
                None => whole.is_empty() || says_same(whole),
            }
        }
        Some(_) => false,
        None => denied_in_words(&plain_text(reply.text)),
    }
}

/// What stands in place of the list where there is nothing to list.
fn is_no_difference(value: &Value) -> bool {
    match value {
        // What it lists was read before.
        Value::Array(_) => true,
        Value::Bool(any) => !any,
        Value::Number(count) => count.as_f64() == Some(0.0),
        Value::String(text) => is_absent(value) || denied_in_words(text),
        _ => is_absent(value),
    }
}

/// Whether a field says that nothing differs, and none that something does.
fn says_same(map: &Map<String, Value>) -> bool {
    let inner = map.values().filter_map(Value::as_object);
    let said: Vec<bool> = map.iter().chain(inner.flatten()).take(50).filter_map(says).collect();
    !said.is_empty() && said.into_iter().all(|same| same)
}

/// `{"differences": [], "identical": false}`
fn is_contradicted(map: &Map<String, Value>) -> bool {
    map.iter()
        .take(50)
        .filter(|(_, value)| value.is_boolean() || value.is_number())
        .any(|it| says(it) == Some(false))
}

/// What a field says of both images being the same: `"identical": true`, `"differences_found": 0`.
fn says((key, value): (&String, &Value)) -> Option<bool> {
    // `differencesFound`
    let spaced: String =
        key.chars().flat_map(|c| if c.is_uppercase() { vec![' ', c] } else { vec![c] }).collect();
    let key = words(&spaced);
    let names = |list: &[&str]| key.split(' ').any(|word| list.contains(&word));
    let counts = names(&["count", "number", "total"]);
    match value {
        Value::Bool(it) if names(&SAME) => Some(*it),
        Value::Bool(it) if names(&DIFFERENT) => Some(!it),
        Value::Number(count) if names(&DIFFERENT) || counts => Some(count.as_f64() == Some(0.0)),
        Value::String(text) if is_absent(value) => (names(&DIFFERENT) && !text.is_empty()).then_some(true),
        Value::String(text) if denied_in_words(text) => Some(true),
        Value::String(text) => {
            let told = words(text);
            let tells = |word: &str| DIFFERENT.contains(&word) || EVENTS.contains(&word);
            told.split(' ').any(tells).then_some(false)
        }
        _ => None,
    }
}

fn denied_in_words(text: &str) -> bool {
    if declines(text) {
        return false;
    }
    let plain = plainly(text);
    if ["except", "apart from", "other than", "only difference", "aside from", "besides"]
        .iter()
        .any(|word| plain.contains(word))
    {
        return false;
    }
    segments(&plain).into_iter().find_map(|segment| {
        let mut denied = None;
        for clause in segment {
            let words: Vec<String> = words(clause).split(' ').map(str::to_owned).collect();
            let clause = Clause::new(words);
            for (at, word) in clause.words.iter().enumerate() {
                let stance = clause.stance(at, at + 1);
                if SAME.contains(&word.as_str()) {
                    denied = Some(denied.unwrap_or(true) && stance != Stance::Denied);
                } else if DIFFERENT.contains(&word.as_str()) {
                    denied = Some(denied.unwrap_or(true) && stance == Stance::Denied);
                } else if EVENTS.contains(&word.as_str()) && stance == Stance::Claimed {
                    denied = Some(false);
                }
            }
        }
        denied.or_else(|| (plain.trim().trim_end_matches('.') == "none").then_some(true))
    }) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::denied_in_words;

    #[test]
    fn hears_that_nothing_differs() {
        for text in [
            "The two pictures are identical.",
            "No differences.",
            "There are no visible differences between the images.",
            "Nothing has changed",
            "I don't see any differences.",
            "Both images are the same",
            "They do not differ.",
            "none",
        ] {
            assert!(denied_in_words(text), "{text}");
        }
        for text in [
            "sorry",
            "The pictures are not identical.",
            "There is one difference.",
            "They are identical except for the title.",
            "The layout is the same but the price changed.",
            "",
        ] {
            assert!(!denied_in_words(text), "{text}");
        }
    }
}
