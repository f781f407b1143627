//! Where in a text the JSON is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Repair;
use super::example::{is_corrected, is_example};
use super::lenient::{self, Parsed};

/// What failed attempts may cost in all, in lengths of the text.
const MOST_WASTE: usize = 2;

/// More objects than an answer and its drafts have.
const MOST_CANDIDATES: usize = 2_000;

/// Bytes at the end of a text where an answer is looked for in any case.
const TAIL: usize = 64 * 1024;

/// The JSON in a text: the whole of it, else the last complete object or list that is meant as an answer.
pub(super) fn best(
    text: &str,
    repairs: &mut BTreeSet<Repair>,
    known: &dyn Fn(&Value) -> usize,
) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    if let Some(parsed) = without_braces(text) {
        repairs.insert(Repair::MissingBraces);
        repairs.extend(parsed.repairs);
        return Some(parsed.value);
    }
    let Some(found) = last_answer(text, known) else {
        let (value, around) = fenced_scalar(text)?;
        repairs.extend(around);
        return Some(value);
    };
    repairs.extend(around(&text[..found.start], &text[found.start + found.parsed.length..]));
    repairs.extend(found.parsed.repairs);
    Some(found.parsed.value)
}

/// An object or list somewhere in a text.
struct Candidate {
    start: usize,
    parsed: Parsed,
    rank: Rank,
    known: usize,
}

/// How much a candidate looks like an answer; more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    is_answer: bool,
    has_fields: bool,
    is_complete: bool,
}

/// The last of the candidates with the highest rank that is not a mere remark on an earlier one.
///
/// A text that costs too much is hostile or rambling: then only its end is looked at, where an answer would be.
fn last_answer(text: &str, known: &dyn Fn(&Value) -> usize) -> Option<Candidate> {
    let mut search = Search { text, known, best: None, from: 0, before: 0 };
    if !search.run(MOST_CANDIDATES) {
        let mut tail = text.len().saturating_sub(TAIL);
        while !text.is_char_boundary(tail) {
            tail += 1;
        }
        search.from = search.from.max(tail);
        search.before = search.from;
        search.run(TAIL);
    }
    search.best
}

struct Search<'a> {
    text: &'a str,
    known: &'a dyn Fn(&Value) -> usize,
    best: Option<Candidate>,
    from: usize,
    /// Where the last candidate ended.
    before: usize,
}

impl Search<'_> {
    /// Looks at the candidates from here on, at `most` so many; whether it came to the end.
    fn run(&mut self, most: usize) -> bool {
        let (mut waste, mut seen) = (0, 0);
        while let Some(start) = self.text[self.from..].find(['{', '[']).map(|at| self.from + at) {
            match lenient::container(&self.text[start..]) {
                Ok(parsed) => {
                    self.take(start, parsed);
                    seen += 1;
                }
                Err(failed) => {
                    waste += failed.reached;
                    self.from = start + if failed.too_deep { failed.reached } else { 1 };
                }
            }
            if waste > MOST_WASTE * self.text.len() || seen > most {
                return false;
            }
        }
        true
    }

    fn take(&mut self, start: usize, parsed: Parsed) {
        let lead = &self.text[self.before..start];
        self.from = start + parsed.length;
        self.before = self.from;
        let rank = Rank {
            is_answer: !is_example(lead, &parsed.value),
            has_fields: has_fields(&parsed.value),
            is_complete: !parsed.repairs.contains(&Repair::Cut),
        };
        let most = self.best.as_ref().map_or(0, |best| best.known);
        let count = (self.known)(&parsed.value);
        let is_remark = 2 * count < most && !is_corrected(lead);
        let replaces =
            self.best.as_ref().is_none_or(|best| rank > best.rank || (rank == best.rank && !is_remark));
        if replaces {
            self.best = Some(Candidate { start, parsed, rank, known: count.max(most) });
        }
    }
}

/// Whether it is an object with fields, or a list of such.
fn has_fields(value: &Value) -> bool {
    match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => items.iter().any(|item| item.is_object() || item.is_array()),
        _ => false,
    }
}

/// The number of keys, also those of an object inside.
pub(super) fn keys(value: &Value) -> usize {
    match value {
        Value::Object(fields) => {
            let inner = fields.values().filter_map(Value::as_object).map(serde_json::Map::len);
            fields.len() + inner.sum::<usize>()
        }
        Value::Array(items) => items.first().map_or(0, keys),
        _ => 0,
    }
}

/// What stands around the JSON: a fence, prose, both or nothing.
fn around(before: &str, after: &str) -> BTreeSet<Repair> {
    let mut repairs = BTreeSet::new();
    let (mut before, mut after) = (before.trim_end(), after.trim_start());
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    if let Some(at) = before[line..].rfind("```") {
        repairs.insert(Repair::Fence);
        before = before[..line + at].trim_end();
        after = after.strip_prefix("```").unwrap_or(after);
    }
    if !before.is_empty() || !after.trim().is_empty() {
        repairs.insert(Repair::Prose);
    }
    repairs
}

/// A number, word or text as the only thing in the last fence.
fn fenced_scalar(text: &str) -> Option<(Value, BTreeSet<Repair>)> {
    let close = text.rfind("```")?;
    let (open, end) = match text[..close].rfind("```") {
        Some(open) => (open, close),
        None => (close, text.len()),
    };
    let block = &text[open + 3..end];
    let body = block.strip_prefix("json").or_else(|| block.strip_prefix("JSON")).unwrap_or(block);
    let value = serde_json::from_str(body).ok()?;
    let rest = text[end..].strip_prefix("```").unwrap_or_default();
    let alone = text[..open].trim().is_empty() && rest.trim().is_empty();
    let prose = (!alone).then_some(Repair::Prose);
    Some((value, std::iter::once(Repair::Fence).chain(prose).collect()))
}

/// `"total": 12.5, "tax": 1`, the fields of an object without its braces.
fn without_braces(text: &str) -> Option<Parsed> {
    let key_end = text.strip_prefix('"')?.find('"')?;
    text[key_end + 2..].trim_start().starts_with(':').then(|| lenient::fields(text)).flatten()
}
