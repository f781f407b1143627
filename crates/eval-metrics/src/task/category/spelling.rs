//! One spelling for what categories are made of: quarters, months, numbers, ranges and bounds.

use crate::value::fold::{Umlaut, fold, narrow};
use crate::value::spoken::in_digits;

/// The words of a text in one spelling each: quarters as `q4`, months by three letters, numbers in digits, and signs as words.
pub(in crate::task) fn words(text: &str) -> Vec<String> {
    let mut text = fold(&narrow(text), Umlaut::Bare).replace('\'', "");
    for (sign, word) in [
        ("<=", " up to "),
        (">=", " at least "),
        ("≤", " up to "),
        ("≥", " at least "),
        ("<", " under "),
        (">", " over "),
        ("%", " percent "),
        ("per cent", " percent "),
        ("&", " and "),
        ("°", " deg "),
    ] {
        if text.contains(sign) {
            text = text.replace(sign, word);
        }
    }
    let text = in_digits(&text.replace("u.s.a.", "usa").replace("u.s.", "usa").replace("u.k.", "uk"));
    let mut words: Vec<String> = raw_words(&text).into_iter().flat_map(in_full).map(one_spelling).collect();
    join_bounds(&mut words);
    join_quarters(&mut words);
    join_ranges(&mut words);
    words
}

/// Countries that are often abbreviated, in full.
fn in_full(word: String) -> Vec<String> {
    match word.as_str() {
        "usa" => vec!["united".to_owned(), "states".to_owned()],
        "uk" => vec!["united".to_owned(), "kingdom".to_owned()],
        _ => vec![word],
    }
}

/// Runs of letters and digits; `c++` and `8+` keep their signs, and so does the minus of `-5`.
fn raw_words(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &c) in letters.iter().enumerate() {
        let next = letters.get(at + 1);
        let before = at.checked_sub(1).map(|at| letters[at]);
        let is_sign =
            (c == '+' || c == '#') && !word.is_empty() && !next.is_some_and(|c| c.is_alphanumeric());
        let is_point = c == '.'
            && word.ends_with(|c: char| c.is_ascii_digit())
            && next.is_some_and(char::is_ascii_digit);
        let is_minus = c == '-'
            && before.is_none_or(|c| c.is_whitespace() || c == '(')
            && next.is_some_and(char::is_ascii_digit);
        // `1,250`
        if c == ','
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && !word.is_empty()
            && is_group(&letters[at + 1..])
        {
            continue;
        }
        if c.is_alphanumeric() || is_sign || is_point || is_minus {
            word.push(c);
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

fn is_group(rest: &[char]) -> bool {
    rest.len() >= 3
        && rest[..3].iter().all(char::is_ascii_digit)
        && !rest.get(3).is_some_and(char::is_ascii_digit)
}

fn one_spelling(word: String) -> String {
    if let Some(month) = MONTHS.iter().find(|month| {
        **month == word || (word == month[..3]) || (word == "sept" && month.starts_with("sept"))
    }) {
        return month[..3].to_owned();
    }
    if word == "grey" {
        return "gray".to_owned();
    }
    if let Some(day) = WEEKDAYS.iter().find(|day| word == day[..3]) {
        return (*day).to_owned();
    }
    let ending = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &word[..word.len() - ending.len()];
    if let Some(at) = ORDINALS.iter().position(|ordinal| *ordinal == word) {
        return format!("{}th", at + 1);
    }
    match ending {
        "st" | "nd" | "rd" if !digits.is_empty() => format!("{digits}th"),
        "q" if digits.len() == 1 => format!("q{digits}"),
        _ => word,
    }
}

/// `8+`, `8 or more` and `over 8` are one thing, and so are `under 8` and `less than 8`.
fn join_bounds(words: &mut Vec<String>) {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let word = |by: usize| words.get(at + by).map_or("", String::as_str);
        let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        let bound = match (word(0), word(1)) {
            ("more" | "greater" | "higher" | "older", "than") | ("at", "least") => Some((">", 2)),
            ("less" | "fewer" | "lower" | "younger", "than") | ("up", "to") | ("at", "most") => {
                Some(("<", 2))
            }
            ("over" | "above", _) => Some((">", 1)),
            ("under" | "below", _) => Some(("<", 1)),
            _ => None,
        };
        let before = out.last().is_some_and(|last| is_number(last));
        if let Some((sign, length)) = bound.filter(|(_, length)| is_number(word(*length))) {
            out.push(format!("{sign}{}", word(length)));
            at += length + 1;
        } else if before
            && (matches!(
                (word(0), word(1)),
                ("or" | "and", "more" | "over" | "above" | "older" | "up" | "higher" | "greater")
            ))
        {
            let number = out.pop().unwrap_or_default();
            out.push(format!(">{number}"));
            at += 2;
        } else if before
            && matches!((word(0), word(1)), ("or" | "and", "less" | "under" | "below" | "younger" | "fewer"))
        {
            let number = out.pop().unwrap_or_default();
            out.push(format!("<{number}"));
            at += 2;
        } else if before && word(0) == "plus" {
            let number = out.pop().unwrap_or_default();
            out.push(format!(">{number}"));
            at += 1;
        } else {
            let plus = word(0).strip_suffix('+').filter(|number| is_number(number));
            out.push(plus.map_or_else(|| word(0).to_owned(), |number| format!(">{number}")));
            at += 1;
        }
    }
    *words = out;
}

/// `4th quarter`, `quarter 4` and `quarter q4` are `q4`; the `25` of `q4 25` is a year.
fn join_quarters(words: &mut Vec<String>) {
    let number = |word: &str| matches!(word, "1" | "2" | "3" | "4").then(|| format!("q{word}"));
    let is_quarter = |word: &str| kind(word) == Some(Kind::Quarter);
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let before = out.last().cloned().unwrap_or_default();
        if word == "quarter" {
            if let Some(quarter) = before.strip_suffix("th").and_then(number) {
                out.pop();
                out.push(quarter);
                continue;
            }
            let next = words.get(at + 1).map_or("", String::as_str);
            if is_quarter(next) || is_quarter(&before) {
                continue;
            }
        }
        if before == "quarter"
            && let Some(quarter) = number(word)
        {
            out.pop();
            out.push(quarter);
        } else if is_quarter(&before) && word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push(format!("20{word}"));
        } else if matches!(word.as_str(), "of" | "the" | "in") && is_quarter(&before) {
            // `q4 of 2025` is `q4 2025`.
        } else {
            out.push(word.clone());
        }
    }
    *words = out;
}

/// `18 to 29` and `between 18 and 29` are `18-29`.
fn join_ranges(words: &mut Vec<String>) {
    let is_number = |word: Option<&String>| word.is_some_and(|word| kind(word) == Some(Kind::Number));
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let inside =
            is_number(at.checked_sub(1).and_then(|at| words.get(at))) && is_number(words.get(at + 1));
        let opens = matches!(word.as_str(), "between" | "from")
            && is_number(words.get(at + 1))
            && is_number(words.get(at + 3))
            && words.get(at + 2).is_some_and(|word| word == "and" || word == "to");
        let closes = inside && (word == "to" || (word == "and" && at >= 2 && words[at - 2] == "between"));
        if !opens && !closes {
            out.push(word.clone());
        }
    }
    *words = out;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Quarter,
    Month,
    Number,
}

/// The kind of things that a word is one of; nothing for other words.
pub(super) fn kind(word: &str) -> Option<Kind> {
    let is_quarter = word.len() == 2 && word.starts_with('q') && word.ends_with(|c: char| c.is_ascii_digit());
    if is_quarter {
        Some(Kind::Quarter)
    } else if MONTHS.iter().any(|month| month[..3] == *word) {
        Some(Kind::Month)
    } else if word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty() {
        Some(Kind::Number)
    } else {
        None
    }
}

pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4
        && (word.starts_with("19") || word.starts_with("20"))
        && word.bytes().all(|byte| byte.is_ascii_digit())
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
