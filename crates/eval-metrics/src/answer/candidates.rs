//! Where in a text the JSON is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Repair;
use super::lenient::{self, Parsed};
use super::wrapping::fence;

/// Failed starts cost time: after this many the text counts as prose.
const MOST_FAILURES: usize = 200;

/// The JSON in a text: the whole of it, else a fenced block, else the longest object or list.
pub(super) fn best(text: &str, repairs: &mut BTreeSet<Repair>) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let (parsed, around) = fenced(text)
        .map(|(parsed, around)| (parsed, [Some(Repair::Fence), around]))
        .or_else(|| longest(text).map(|(parsed, around)| (parsed, [None, around])))
        .or_else(|| without_braces(text).map(|parsed| (parsed, [Some(Repair::MissingBraces), None])))?;
    repairs.extend(around.into_iter().flatten());
    repairs.extend(parsed.repairs);
    Some(parsed.value)
}

/// The JSON in the last fence that holds any.
fn fenced(text: &str) -> Option<(Parsed, Option<Repair>)> {
    let mut from = 0;
    let mut last = None;
    while let Some(start) = text[from..].find("```").map(|at| from + at) {
        // JSON that starts before the fence may have the fence inside a text.
        if last.is_none() && text[..start].contains(['{', '[']) {
            return None;
        }
        let (body, end) = fence(text, start);
        if let Some((parsed, around)) = in_fence(body) {
            let prose = !text[..start].trim().is_empty() || !text[end..].trim().is_empty();
            last = Some((parsed, if prose { Some(Repair::Prose) } else { around }));
        }
        from = end;
    }
    last
}

fn in_fence(body: &str) -> Option<(Parsed, Option<Repair>)> {
    match serde_json::from_str(body) {
        Ok(value) => Some((Parsed { value, repairs: BTreeSet::new(), length: body.len() }, None)),
        Err(_) => longest(body),
    }
}

/// The longest object or list in a text.
fn longest(text: &str) -> Option<(Parsed, Option<Repair>)> {
    let mut from = 0;
    let mut failures = 0;
    let mut best: Option<(Parsed, bool)> = None;
    while let Some(start) = text[from..].find(['{', '[']).map(|at| from + at) {
        match lenient::container(&text[start..]) {
            Some(parsed) => {
                from = start + parsed.length;
                let alone = text[..start].trim().is_empty() && text[from..].trim().is_empty();
                if best.as_ref().is_none_or(|(best, _)| parsed.length > best.length) {
                    best = Some((parsed, alone));
                }
            }
            None => {
                from = start + 1;
                failures += 1;
                if failures > MOST_FAILURES {
                    break;
                }
            }
        }
    }
    best.map(|(parsed, alone)| (parsed, (!alone).then_some(Repair::Prose)))
}

/// `"total": 12.5, "tax": 1`, the fields of an object without its braces.
fn without_braces(text: &str) -> Option<Parsed> {
    let key_end = text.strip_prefix('"')?.find('"')?;
    text[key_end + 2..].trim_start().starts_with(':').then(|| lenient::fields(text)).flatten()
}
