//! Readings that a field's rule allows beside the exact one.

use std::collections::BTreeSet;

use serde_json::Value;

use super::dates;
use super::equal::equal;
use crate::MetricError;
use crate::python::{ascii_digits, is_space, squeeze, strip};

/// A reading that a rule allows; each is tried alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Normalizer {
    OptionalTerminalPunctuation,
    PunctuationSpacing,
    CaseInsensitive,
    NullEqualsFalse,
    PhoneDigits,
    LenientDate,
}

const NAMES: [(&str, Normalizer); 6] = [
    ("optional_terminal_punctuation", Normalizer::OptionalTerminalPunctuation),
    ("punctuation_spacing", Normalizer::PunctuationSpacing),
    ("case_insensitive", Normalizer::CaseInsensitive),
    ("null_equals_false", Normalizer::NullEqualsFalse),
    ("phone_digits", Normalizer::PhoneDigits),
    ("lenient_date", Normalizer::LenientDate),
];

impl Normalizer {
    pub(super) fn of(name: &str) -> Result<Self, MetricError> {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known.map(|it| it.1).ok_or_else(|| {
            let names: Vec<&str> = NAMES.iter().map(|it| it.0).collect();
            MetricError::new(format!("there is no normalizer `{name}`; there are {}", names.join(", ")))
        })
    }

    /// Whether two values of a field are the same in this reading.
    pub(super) fn accepts(self, expected: &Value, got: &Value, name: &str) -> bool {
        let is_unset = |value: &Value| matches!(value, Value::Null | Value::Bool(false));
        if self == Self::NullEqualsFalse {
            return is_unset(expected) && is_unset(got);
        }
        let (Value::String(expected), Value::String(got)) = (expected, got) else { return false };
        let same = |a: String, b: String| equal(&Value::from(a), &Value::from(b), name);
        match self {
            Self::NullEqualsFalse => false,
            Self::OptionalTerminalPunctuation => {
                let (a, b) = (without_end(expected), without_end(got));
                !a.is_empty() && !b.is_empty() && same(a.to_owned(), b.to_owned())
            }
            Self::PunctuationSpacing => same(close_set(expected), close_set(got)),
            Self::CaseInsensitive => casefold(&squeeze(expected)) == casefold(&squeeze(got)),
            Self::PhoneDigits => same_digits(&digits(expected), &digits(got)),
            Self::LenientDate => !readings(expected).is_disjoint(&readings(got)),
        }
    }
}

/// A text without one punctuation mark at its end.
fn without_end(text: &str) -> &str {
    let text = strip(text);
    text.strip_suffix(['.', ',', ';', ':']).map_or(text, |rest| rest.trim_end_matches(is_space))
}

/// A text without blanks around its punctuation.
fn close_set(text: &str) -> String {
    let mut out = String::new();
    let mut is_behind = false;
    for c in text.chars() {
        let is_mark = ",.;:".contains(c);
        if is_mark {
            out.truncate(out.trim_end_matches(is_space).len());
        }
        if is_mark || !(is_behind && is_space(c)) {
            out.push(c);
            is_behind = is_mark;
        }
    }
    out
}

/// A text whose case does not matter: what is equal in capitals is equal, but for the dotless i.
fn casefold(text: &str) -> String {
    let fold = |c: char| match c {
        'ı' => vec!['ı'],
        c => c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect(),
    };
    text.chars().flat_map(fold).collect()
}

fn digits(text: &str) -> Vec<char> {
    let plain = ascii_digits(text);
    let is_digit = plain.chars().map(|c| c.is_ascii_digit());
    text.chars().zip(is_digit).filter(|(_, is_digit)| *is_digit).map(|(c, _)| c).collect()
}

fn same_digits(a: &[char], b: &[char]) -> bool {
    if a.len() >= 10 && b.len() >= 10 {
        a[a.len() - 10..] == b[b.len() - 10..]
    } else {
        !a.is_empty() && a == b
    }
}

/// The dates that a form in handwriting may mean, and the text itself.
fn readings(text: &str) -> BTreeSet<String> {
    let mut readings = BTreeSet::from([dates::in_one_form(text).into_owned()]);
    let mut others: Vec<String> = joined_year(text).into_iter().collect();
    for base in [Some(text.to_owned()), others.first().cloned()].into_iter().flatten() {
        if let Some((before, year)) = short_year(&base) {
            others.extend([format!("{before}19{year}"), format!("{before}20{year}")]);
        }
    }
    let dated = others.iter().filter_map(|text| dates::date(text));
    readings.extend(dated.map(|date| date.strftime("%Y-%m-%d").to_string()));
    readings
}

/// `June 17, 19 43` with its year in one piece, where a digit stands before it.
fn joined_year(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_word = |at: usize| chars.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let split = |at: usize| -> Option<usize> {
        let century: String = chars.get(at..at + 2)?.iter().collect();
        let starts = (century == "19" || century == "20") && (at == 0 || !is_word(at - 1));
        let blanks = chars[at + 2..].iter().take_while(|c| is_space(**c)).count();
        let year = at + 2 + blanks;
        (starts && blanks > 0 && digit(year) && digit(year + 1) && !is_word(year + 2)).then_some(year)
    };
    let first = (0..chars.len()).find(|&at| split(at).is_some())?;
    chars[..first].iter().any(char::is_ascii_digit).then(|| {
        let (mut out, mut at) = (String::new(), 0);
        while at < chars.len() {
            match split(at) {
                Some(year) => {
                    out.extend(&chars[at..at + 2]);
                    out.extend(&chars[year..year + 2]);
                    at = year + 2;
                }
                None => {
                    out.push(chars[at]);
                    at += 1;
                }
            }
        }
        out
    })
}

/// What stands before a year of two digits at the end, if a digit is in it, and the year.
fn short_year(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end_matches(is_space);
    let at = text.len().checked_sub(2)?;
    let (before, year) = text.is_char_boundary(at).then(|| text.split_at(at))?;
    let is_year = year.bytes().all(|byte| byte.is_ascii_digit());
    let fits = before.ends_with([' ', ',', '/', '-']) && !before.contains('\n');
    (is_year && fits && before.contains(|c: char| c.is_ascii_digit())).then_some((before, year))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Normalizer;

    #[track_caller]
    fn check(name: &str, a: Value, b: Value, same: bool) {
        assert_eq!(Normalizer::of(name).unwrap().accepts(&a, &b, "a"), same, "{name} {a} {b}");
    }

    #[test]
    fn each_forgives_its_own() {
        check("optional_terminal_punctuation", json!("ok."), json!("ok"), true);
        check("optional_terminal_punctuation", json!("ok;,"), json!("ok"), false);
        check("optional_terminal_punctuation", json!("."), json!(";"), false);
        check("punctuation_spacing", json!("No . 5"), json!("No.5"), true);
        check("punctuation_spacing", json!("a b"), json!("ab"), false);
        check("case_insensitive", json!("STRASSE"), json!("stra\u{df}e"), true);
        check("case_insensitive", json!("I"), json!("ı"), false);
        check("null_equals_false", json!(null), json!(false), true);
        check("null_equals_false", json!(0), json!(null), false);
        check("phone_digits", json!("+1 (212) 555-0142"), json!("212.555.0142"), true);
        check("phone_digits", json!("555-0142"), json!("555-0143"), false);
        check("lenient_date", json!("June 17, 43"), json!("1943-06-17"), true);
        check("lenient_date", json!("June 17, 43"), json!("2043-06-17"), true);
        check("lenient_date", json!("June 17, 19 43"), json!("1943-06-17"), true);
        check("lenient_date", json!("June 17, 19 43"), json!("2043-06-17"), false);
        check("lenient_date", json!("June 19 44"), json!("1944-06-19"), true);
        check("lenient_date", json!("May 11"), json!("1911-05-01"), false);
        check("lenient_date", json!("Permit 12-34"), json!("Permit 12-19 34"), false);
        assert!(Normalizer::of("lenient").is_err());
    }
}
