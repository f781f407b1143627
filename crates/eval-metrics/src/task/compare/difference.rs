//! A difference as it was labelled or given.

use std::borrow::Cow;

use serde_json::Value;

use super::element::Element;
use super::sentence::{self, Told};
use crate::task::Reply;
use crate::task::classify::words;
use crate::task::keys::{Fields, best_object};
use crate::value::{is_absent, is_same_spelling, text};

/// A difference, read once for many comparisons.
pub(super) struct Difference<'a> {
    pub(super) whole: &'a Value,
    pub(super) kind: String,
    pub(super) element: Element,
    pub(super) before: Cow<'a, Value>,
    pub(super) after: Cow<'a, Value>,
    /// It is an object with the keys that were asked for.
    in_place: bool,
}

impl<'a> Difference<'a> {
    pub(super) fn read(whole: &'a Value) -> Self {
        static NOTHING: Value = Value::Null;
        let Some(map) = whole.as_object() else {
            let said = text(whole);
            return match Told::read(&said) {
                Some(told) => Self::told(whole, told),
                None => Self {
                    whole,
                    kind: sentence::kind(&start_of(&said).to_lowercase()).unwrap_or_default().to_owned(),
                    element: Element::read(&sentence::subject(&start_of(&said))),
                    before: Cow::Borrowed(&NOTHING),
                    after: Cow::Borrowed(&NOTHING),
                    in_place: false,
                },
            };
        };
        let fields = Fields::of(map);
        let names = ["kind", "element", "before", "after"];
        let get = |name: &'static str| {
            fields
                .get(name, names.into_iter().filter(move |other| *other != name))
                .map_or(&NOTHING, |found| found.value)
        };
        let (before, after) = (get("before"), get("after"));
        // `{"element": …, "description": "changed from 3 to 5"}`
        let described = ["description", "details", "change", "difference", "summary", "text"];
        if before.is_null()
            && after.is_null()
            && let Some(told) = described.iter().find_map(|key| Told::read(map.get(*key)?.as_str()?))
        {
            let element = get("element");
            let own = if element.is_null() { told.element.clone() } else { text(element) };
            let kind = kind(&text(get("kind")));
            let kind = if kind.is_empty() || kind == "null" { told.kind.to_owned() } else { kind };
            return Self { element: Element::read(&own), kind, ..Self::told(whole, told) };
        }
        Self {
            whole,
            kind: kind(&text(get("kind"))),
            element: Element::read(&text(get("element"))),
            before: Cow::Borrowed(before),
            after: Cow::Borrowed(after),
            in_place: names.iter().all(|name| map.contains_key(*name)),
        }
    }

    fn told(whole: &'a Value, told: Told) -> Self {
        Self {
            whole,
            kind: told.kind.to_owned(),
            element: Element::read(&told.element),
            before: Cow::Owned(Value::from(told.before)),
            after: Cow::Owned(Value::from(told.after)),
            in_place: false,
        }
    }

    /// Whether all that was asked for is there to the letter.
    pub(super) fn is_literally(&self, got: &Self) -> bool {
        let side = |name: &str| {
            let (expected, got) = (&self.whole[name], &got.whole[name]);
            self.whole.get(name).is_none()
                || is_same_spelling(expected, got)
                || (is_absent(expected) && got.is_null())
        };
        got.in_place && ["kind", "element", "before", "after"].iter().all(|name| side(name))
    }
}

/// The list of differences in an answer, under its usual names; nothing for `"none"` and the like.
pub(super) fn given<'a>(reply: &'a Reply<'_>) -> Vec<&'a Value> {
    let Some(value) = reply.json.value.as_ref() else { return Vec::new() };
    if let Value::Array(items) = value {
        return match items.as_slice() {
            // A wrapper around the whole, and no difference itself.
            [Value::Object(only)] if only.get("differences").is_some_and(Value::is_array) => {
                listed(&only["differences"])
            }
            items => items.iter().collect(),
        };
    }
    let (fields, known) = best_object(value, &["differences"]);
    if let Some(found) =
        fields.filter(|_| known > 0).and_then(|map| Fields::of(map).get("differences", std::iter::empty()))
    {
        return listed(found.value);
    }
    // A single difference without a list.
    let (fields, known) = best_object(value, &["kind", "element", "before", "after"]);
    match fields {
        Some(map) if known >= 2 && value.as_object().is_some_and(|whole| std::ptr::eq(whole, map)) => {
            vec![value]
        }
        _ => Vec::new(),
    }
}

fn listed(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().filter(|item| !says_nothing(item)).collect(),
        Value::Object(fields) if fields.values().all(Value::is_object) => fields.values().collect(),
        Value::Object(_) => vec![value],
        _ => Vec::new(),
    }
}

/// As much of a description as is read.
fn start_of(text: &str) -> String {
    text.chars().take(400).collect()
}

/// `"none"` and `"no differences"` in a list.
fn says_nothing(item: &Value) -> bool {
    let said = item.as_str().map(|text| text.trim().trim_end_matches('.').to_lowercase());
    said.is_some_and(|said| {
        matches!(
            said.as_str(),
            "none" | "no differences" | "no difference" | "no changes" | "nothing" | "n/a" | "identical"
        )
    })
}

/// The usual names of each kind.
const KINDS: [(&str, &[&str]); 5] = [
    (
        "changed",
        &[
            "change",
            "modified",
            "updated",
            "edited",
            "altered",
            "replaced",
            "text changed",
            "value changed",
            "text change",
            "value change",
            "modification",
            "different",
            "renamed",
            "content changed",
        ],
    ),
    ("added", &["add", "new", "inserted", "appeared", "addition", "introduced", "created"]),
    ("removed", &["remove", "deleted", "missing", "disappeared", "gone", "removal", "deletion", "absent"]),
    (
        "moved",
        &[
            "move",
            "relocated",
            "repositioned",
            "position changed",
            "shifted",
            "position",
            "position change",
            "movement",
        ],
    ),
    (
        "recoloured",
        &[
            "recolored",
            "recolor",
            "recolour",
            "color",
            "colour",
            "color changed",
            "colour changed",
            "color change",
            "colour change",
            "recoloring",
            "recolouring",
        ],
    ),
];

/// The kind of a difference, under its usual names.
fn kind(text: &str) -> String {
    if text.len() > 100 {
        return String::new();
    }
    let kind = words(text);
    let known = KINDS.iter().find(|(name, list)| *name == kind || list.contains(&kind.as_str()));
    known.map_or(kind, |(name, _)| (*name).to_owned())
}
