//! Words around a number that turn or bound it.

use super::unit::Unit;
use crate::value::{falls_before, falls_behind, is_fall};

/// As many bytes beside a number as are looked at.
const NEAR: usize = 48;

/// Whether a question asks how much something fell.
pub(in crate::task) fn asks_for_fall(question: &str) -> bool {
    let lower = question.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| {
        is_fall(word)
            || matches!(word, "lower" | "less" | "fewer" | "smaller" | "below" | "cheaper" | "shorter")
    })
}

/// Whether the words beside a number say that it is below zero: `down 12`, `a loss of 12`, `12% lower`.
pub(super) fn is_below_zero(before: &str, after: &str) -> bool {
    let before = end_of(before);
    let before = &before[before.rfind([';', ',', '.', ':', '(']).map_or(0, |at| at + 1)..];
    let before: Vec<&str> = words(before).collect();
    let after = start_of(after);
    let after = &after[..after.find([';', ',', '.', ':', '(', '-']).unwrap_or(after.len())];
    let is_unit = |word: &&str| {
        matches!(*word, "point" | "points" | "percentage" | "units") || !Unit::read(word).is_none()
    };
    let after: Vec<&str> = words(after).skip_while(is_unit).collect();
    // `12 less than Q1` measures it by something else, as `12 lower than` does; both are a fall.
    falls_before(&before) || falls_behind(&after)
}

/// Whether the words before a number, or a `+` behind it, only say that the value is more or less.
pub(super) fn is_bound(before: &str, after: &str) -> bool {
    const BOUNDS: [&str; 17] = [
        "more than",
        "less than",
        "fewer than",
        "greater than",
        "higher than",
        "lower than",
        "at least",
        "at most",
        "above",
        "below",
        "under",
        "over",
        "exceeds",
        "exceeding",
        "minimum of",
        "maximum of",
        "mehr als",
    ];
    const NEARLY: [&str; 4] = ["just", "slightly", "barely", "marginally"];
    let end = end_of(before).trim_end();
    if after
        .strip_prefix('+')
        .is_some_and(|rest| !rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    {
        return true;
    }
    // The `>` of a tag bounds nothing.
    if let Some(lead) = end.strip_suffix(['<', '>', '≤', '≥']) {
        return !lead.ends_with(char::is_alphanumeric);
    }
    let bound = BOUNDS
        .iter()
        .find(|bound| end.strip_suffix(**bound).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric)));
    // `just over 510` is about 510.
    bound.is_some_and(|bound| {
        let lead = end[..end.len() - bound.len()].trim_end();
        !NEARLY.iter().any(|word| lead.ends_with(word))
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '%')).filter(|word| !word.is_empty())
}

fn end_of(text: &str) -> &str {
    let mut start = text.len().saturating_sub(NEAR);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

fn start_of(text: &str) -> &str {
    let mut end = text.len().min(NEAR);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
