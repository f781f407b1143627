//! One spelling for what categories are made of: quarters, months, numbers, ranges and bounds.

mod calendar;

use std::borrow::Cow;

use crate::speech::american;
use crate::value::fold::{Umlaut, fold, is_mark, narrow};
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
    let named = calendar::with_named_months(&text);
    let spaced = named.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = with_abbreviations(&spaced);
    let mut words: Vec<String> = raw_words(&text).into_iter().flat_map(in_full).map(one_spelling).collect();
    calendar::join_fiscal_years(&mut words);
    number_last(&mut words);
    join_bounds(&mut words);
    calendar::join_quarters(&mut words);
    join_ranges(&mut words);
    words
}

/// `Köln` as `Koeln`.
pub(super) fn with_e(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ä' | 'Ä' => out.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            c => out.push(c),
        }
    }
    out
}

/// `US` as `USA`, for as long as its case is known.
pub(super) fn with_full_us(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 100_000;
    let is_us = |word: &str| word == "US";
    if text.len() > LONGEST || !text.split(|c: char| !c.is_alphanumeric()).any(is_us) {
        return Cow::Borrowed(text);
    }
    let part = |part: &str| {
        let end = part.find(|c: char| !c.is_alphanumeric()).unwrap_or(part.len());
        if is_us(&part[..end]) { format!("USA{}", &part[end..]) } else { part.to_owned() }
    };
    Cow::Owned(text.split_inclusive(|c: char| !c.is_alphanumeric()).map(part).collect())
}

/// Names that are as often abbreviated as not, abbreviated.
fn with_abbreviations(text: &str) -> Cow<'_, str> {
    const SHORT: [(&str, &str); 9] = [
        ("research and development", "r and d"),
        ("human resources", "hr"),
        ("public relations", "pr"),
        ("quality assurance", "qa"),
        ("european union", "eu"),
        ("united arab emirates", "uae"),
        ("great britain", "uk"),
        ("united states of america", "united states"),
        ("television", "tv"),
    ];
    let mut text = Cow::Borrowed(text);
    for (long, short) in SHORT {
        if text.contains(long) {
            text = Cow::Owned(text.replace(long, short));
        }
    }
    text
}

/// The number of `Group One` and `Phase II` in digits.
fn number_last(words: &mut [String]) {
    const ROMAN: [(&str, &str); 9] = [
        ("ii", "2"),
        ("iii", "3"),
        ("iv", "4"),
        ("vi", "6"),
        ("vii", "7"),
        ("viii", "8"),
        ("ix", "9"),
        ("one", "1"),
        ("i", "1"),
    ];
    // `less than one year`
    for at in 1..words.len() {
        if words[at] == "one"
            && matches!(words[at - 1].as_str(), "than" | "under" | "over" | "least" | "most" | "to")
        {
            words[at] = "1".to_owned();
        }
    }
    // A sentence does not end with a number of a group.
    let [_, last] = words else { return };
    if let Some((_, digit)) = ROMAN.iter().find(|(roman, _)| roman == last) {
        *last = (*digit).to_owned();
    }
}

/// Countries that are often abbreviated, in full.
fn in_full(word: String) -> Vec<String> {
    match word.as_str() {
        "usa" => vec!["united".to_owned(), "states".to_owned()],
        "uk" => vec!["united".to_owned(), "kingdom".to_owned()],
        word if word.len() == 6 && word.starts_with("fy") && is_year(&word[2..]) => {
            vec![word[2..].to_owned()]
        }
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
        // The grade `A-`.
        let is_grade = c == '-' && word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        let is_sign = (c == '+' || c == '#' || is_grade)
            && !word.is_empty()
            && !next.is_some_and(|c| c.is_alphanumeric());
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
        let is_inside = !word.is_empty() && is_mark(c);
        if c.is_alphanumeric() || is_inside || is_sign || is_point || is_minus {
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
    if let Some(month) = calendar::month(&word) {
        return month.to_owned();
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
        _ if word.len() >= 4 => american(&word).to_owned(),
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
    } else if calendar::is_month(word) {
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

const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
