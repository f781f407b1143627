//! When two cells are equal.

use std::fmt::Write as _;

use rapidfuzz::distance::lcs_seq;
use serde_json::{Number, Value};

use crate::python::{is_space, squeeze};

/// A cell, prepared for many comparisons.
#[derive(Debug)]
pub(super) struct Cell {
    /// The same for cells that are equal.
    pub(super) key: String,
    /// The words of a text that is compared loosely.
    words: Option<String>,
}

impl Cell {
    /// The cell of a field; texts of some names are compared loosely.
    pub(super) fn of(value: &Value, name: &str) -> Self {
        let words = match value {
            Value::String(text) if looseness(name).is_some() => Some(words(text)),
            _ => None,
        };
        Self { key: key(value), words }
    }

    /// Whether two cells of a field are the same.
    pub(super) fn is_like(&self, other: &Self, name: &str) -> bool {
        self.key == other.key || self.is_loosely(other, name)
    }

    /// Whether two texts are the same in the loose reading of their field.
    pub(super) fn is_loosely(&self, other: &Self, name: &str) -> bool {
        match (looseness(name), &self.words, &other.words) {
            (Some(percent), Some(a), Some(b)) => a == b || alike(a, b, percent),
            _ => false,
        }
    }
}

/// Whether two values of a field are the same.
pub(super) fn equal(a: &Value, b: &Value, name: &str) -> bool {
    Cell::of(a, name).is_like(&Cell::of(b, name), name)
}

/// How alike the texts of a field must be, in percent; nothing if they must be equal.
pub(super) fn looseness(name: &str) -> Option<usize> {
    match name {
        "description" => Some(95),
        "court" => Some(85),
        _ => None,
    }
}

/// Words in lower case with one blank between them, without punctuation.
fn words(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '_' || is_space(c) { c } else { ' ' };
    squeeze(&text.chars().map(plain).collect::<String>()).to_lowercase()
}

/// Whether the longest common subsequence is `percent` of both texts' mean length or more.
fn alike(a: &str, b: &str, percent: usize) -> bool {
    let (left, right) = (a.chars().count(), b.chars().count());
    let least = (percent * (left + right)).div_ceil(200);
    if left == 0 || right == 0 || left.min(right) < least {
        return false;
    }
    let arguments = lcs_seq::Args::default().score_cutoff(least);
    lcs_seq::similarity_with_args(a.chars(), b.chars(), &arguments).is_some()
}

/// The same text for values that Python's `==` calls equal; white space of a text is squeezed.
fn key(value: &Value) -> String {
    match value {
        Value::String(text) => format!("s{}", squeeze(text)),
        other => {
            let mut key = String::new();
            push(other, &mut key);
            key
        }
    }
}

/// Values inside lists and objects count to the letter.
fn push(value: &Value, key: &mut String) {
    match value {
        Value::Null => key.push_str("null"),
        Value::Bool(flag) => key.push_str(if *flag { "1" } else { "0" }),
        Value::Number(number) => push_number(number, key),
        Value::String(text) => _ = write!(key, "{}", Value::from(text.as_str())),
        Value::Array(items) => {
            key.push('[');
            for item in items {
                push(item, key);
                key.push(',');
            }
            key.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|field| field.0);
            key.push('{');
            for (name, value) in fields {
                let _ = write!(key, "{}:", Value::from(name.as_str()));
                push(value, key);
                key.push(',');
            }
            key.push('}');
        }
    }
}

/// 1 and 1.0 are one number, 9007199254740993 and 9007199254740992.0 are two.
fn push_number(number: &Number, key: &mut String) {
    let _ = match number.as_f64().filter(|_| number.is_f64()) {
        Some(0.0) => write!(key, "0"),
        Some(float) if float.fract() == 0.0 => write!(key, "{float:.0}"),
        Some(float) => write!(key, "{float:?}"),
        None => write!(key, "{number}"),
    };
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::equal;

    #[track_caller]
    fn check(name: &str, a: Value, b: Value, same: bool) {
        assert_eq!(equal(&a, &b, name), same, "{a} {b}");
        assert_eq!(equal(&b, &a, name), same, "{b} {a}");
    }

    #[test]
    fn values_are_equal_as_in_python() {
        check("a", json!(1), json!(1.0), true);
        check("a", json!(true), json!(1), true);
        check("a", json!(-0.0), json!(false), true);
        check("a", json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992.0), false);
        check("a", json!(0.1), json!("0.1"), false);
        check("a", json!(null), json!("null"), false);
        check("a", json!([]), json!(null), false);
        check("a", json!({"x": 1, "y": [true]}), json!({"y": [1], "x": 1.0}), true);
    }

    #[test]
    fn white_space_is_squeezed_outside_of_lists_only() {
        check("a", json!("b\u{1c} c "), json!("b c"), true);
        check("a", json!(["b  c"]), json!(["b c"]), false);
        check("a", json!("B"), json!("b"), false);
    }

    #[test]
    fn two_names_are_compared_loosely() {
        check("description", json!("Cleaning cloth, blue"), json!("CLEANING CLOTH BLUE"), true);
        check("description", json!("abcdefghijklmnopqrst"), json!("abcdefghijklmnopqrsX"), true);
        check("description", json!("abcdefghijklmnopqrst"), json!("abcdefghijklmnopqrXX"), false);
        check("court", json!("!!!"), json!("..."), true);
        check("court", json!(""), json!("x"), false);
        check("other", json!("Cleaning cloth, blue"), json!("CLEANING CLOTH BLUE"), false);
    }
}
