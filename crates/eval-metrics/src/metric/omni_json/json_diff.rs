//! The npm package json-diff 1.0.6 with `sort: true`, down to its heuristics.
//!
//! Objects in lists are given names, a list's object taking the name of the most similar object on the other side;
//! then the lists of names are sorted and compared. Names sort as texts, which is why `…10` comes before `…2`.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::difflib::steps;
use crate::MetricError;
use crate::assignment::MOST_CELLS;

/// Each list is compared twice, to match it and to tell the difference, so depth costs exponentially.
const MOST_NESTED: usize = 16;

/// The difference as json-diff writes it, or nothing if both are equal.
pub(super) fn diff(old: &Value, new: &Value) -> Result<Option<Value>, MetricError> {
    let depth = depth(old).min(depth(new));
    if depth > MOST_NESTED {
        return Err(MetricError::new(format!(
            "values nested {depth} levels deep are too much; at most {MOST_NESTED} are compared"
        )));
    }
    Ok(compare(old, new)?.result)
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

struct Difference {
    score: f64,
    /// Nothing if both are equal.
    result: Option<Value>,
}

fn compare(old: &Value, new: &Value) -> Result<Difference, MetricError> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => compare_objects(old, new),
        (Value::Array(old), Value::Array(new)) => compare_lists(old, new),
        _ if same_scalar(old, new) => Ok(Difference { score: 100.0, result: None }),
        _ => Ok(Difference { score: 0.0, result: Some(json!({ "__old": old, "__new": new })) }),
    }
}

/// `===`, for which all numbers are doubles.
fn same_scalar(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Object(_) | Value::Array(_), _) => false,
        _ => a == b,
    }
}

fn compare_objects(old: &Map<String, Value>, new: &Map<String, Value>) -> Result<Difference, MetricError> {
    let mut result = Map::new();
    let mut score = 0.0;
    let mut equal = true;
    for (one, other, mark) in [(old, new, "__deleted"), (new, old, "__added")] {
        for (key, value) in one.iter().filter(|(key, _)| !other.contains_key(*key)) {
            result.insert(format!("{key}{mark}"), value.clone());
            score -= 30.0;
            equal = false;
        }
    }
    for (key, before) in old {
        let Some(after) = new.get(key) else { continue };
        let change = compare(before, after)?;
        if let Some(difference) = change.result {
            result.insert(key.clone(), difference);
            equal = false;
        }
        score += 20.0 + (change.score / 5.0).clamp(-10.0, 20.0);
    }
    Ok(if equal {
        Difference { score: 100.0 * (old.len() as f64).max(0.5), result: None }
    } else {
        Difference { score: f64::max(0.0, score), result: Some(Value::Object(result)) }
    })
}

fn compare_lists(old: &[Value], new: &[Value]) -> Result<Difference, MetricError> {
    if old.len().saturating_mul(new.len()) > MOST_CELLS {
        return Err(MetricError::new(format!(
            "comparing lists of {} and {} items is too much; at most {MOST_CELLS} pairs are compared",
            old.len(),
            new.len()
        )));
    }
    let mut names = Names::default();
    let mut before: Vec<Entry<'_>> = old.iter().map(|item| names.entry(item, None)).collect();
    let matches = best_matches(old, new)?;
    let mut after: Vec<Entry<'_>> = new
        .iter()
        .zip(matches)
        .map(|(item, matched)| names.entry(item, matched.map(|at| before[at].text.clone())))
        .collect();
    sort(&mut before);
    sort(&mut after);
    differences(&before, &after)
}

fn differences(before: &[Entry<'_>], after: &[Entry<'_>]) -> Result<Difference, MetricError> {
    let mut ids = HashMap::new();
    let mut id_of = |entry: &Entry<'_>| {
        let next = ids.len();
        *ids.entry((entry.kind, entry.text.clone())).or_insert(next)
    };
    let a: Vec<usize> = before.iter().map(&mut id_of).collect();
    let b: Vec<usize> = after.iter().map(&mut id_of).collect();
    let mut result = Vec::new();
    let mut score = 0.0;
    let mut equal = true;
    for step in steps(&a, &b) {
        if step.equal {
            for (old, new) in before[step.a].iter().zip(&after[step.b]) {
                score += 10.0;
                let change = if old.kind == Kind::Named { compare(old.item, new.item)?.result } else { None };
                equal &= change.is_none();
                result.push(change.map_or_else(|| json!([" "]), |change| json!(["~", change])));
            }
        } else {
            equal = false;
            score -= 5.0 * (step.a.len() + step.b.len()) as f64;
            result.extend(before[step.a].iter().map(|entry| json!(["-", entry.item])));
            result.extend(after[step.b].iter().map(|entry| json!(["+", entry.item])));
        }
    }
    Ok(if equal {
        Difference { score: 100.0, result: None }
    } else {
        Difference { score: f64::max(0.0, score), result: Some(Value::Array(result)) }
    })
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Text,
    Number,
    Other,
    /// An object or a list, which is compared by its name.
    Named,
}

struct Entry<'a> {
    kind: Kind,
    /// What JavaScript's `String()` gives, or the name.
    text: String,
    item: &'a Value,
}

#[derive(Default)]
struct Names {
    used: usize,
}

impl Names {
    fn entry<'a>(&mut self, item: &'a Value, name: Option<String>) -> Entry<'a> {
        let (kind, text) = match item {
            Value::String(text) => (Kind::Text, text.clone()),
            Value::Number(number) => (Kind::Number, number_text(number.as_f64().unwrap_or_default())),
            Value::Null | Value::Bool(_) => (Kind::Other, item.to_string()),
            Value::Object(_) | Value::Array(_) => {
                let fresh = || {
                    self.used += 1;
                    format!("__$!SCALAR{}", self.used)
                };
                (Kind::Named, name.unwrap_or_else(fresh))
            }
        };
        Entry { kind, text, item }
    }
}

/// JavaScript sorts anything as text, by UTF-16 units.
fn sort(entries: &mut [Entry<'_>]) {
    entries.sort_by(|a, b| a.text.encode_utf16().cmp(b.text.encode_utf16()));
}

/// For each new item the old one whose name it takes: the most similar, then the nearest, first come.
fn best_matches(old: &[Value], new: &[Value]) -> Result<Vec<Option<usize>>, MetricError> {
    // Per old item the best new one so far.
    let mut takers: Vec<Option<(f64, usize)>> = vec![None; old.len()];
    for (index, item) in new.iter().enumerate() {
        let mut best: Option<(f64, usize, usize)> = None;
        for (at, candidate) in old.iter().enumerate() {
            let alike =
                (item.is_object() && candidate.is_object()) || (item.is_array() && candidate.is_array());
            if !alike {
                continue;
            }
            let (score, far) = (compare(item, candidate)?.score, at.abs_diff(index));
            if best.is_none_or(|best| score > best.0 || (score == best.0 && far < best.1)) {
                best = Some((score, far, at));
            }
        }
        if let Some((score, _, at)) = best
            && takers[at].is_none_or(|(known, _)| score > known)
        {
            takers[at] = Some((score, index));
        }
    }
    let mut matches = vec![None; new.len()];
    for (at, taker) in takers.into_iter().enumerate() {
        if let Some((_, index)) = taker {
            matches[index] = Some(at);
        }
    }
    Ok(matches)
}

/// `String(number)` of JavaScript.
fn number_text(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&magnitude) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) if !exponent.starts_with('-') => format!("{mantissa}e+{exponent}"),
        _ => text,
    }
}
