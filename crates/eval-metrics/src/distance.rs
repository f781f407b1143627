//! Edit distance between texts and between sequences.
//!
//! Bit-parallel (rapidfuzz), because strsim fills a whole table per pair: an ANLS* score of a long receipt asks for
//! tens of thousands of distances.

mod long;
mod numbered;
mod pairs;

use rapidfuzz::HashableChar;
use rapidfuzz::distance::levenshtein;

use crate::MetricError;

pub(crate) use long::between_long;
pub(crate) use numbered::between_numbered;
pub use pairs::similarities;

/// Levenshtein distance in Unicode scalar values: unit costs, no transposition.
#[must_use]
pub fn between(a: &str, b: &str) -> usize {
    if a == b {
        return 0;
    }
    if a.is_ascii() && b.is_ascii() {
        return levenshtein::distance(a.bytes(), b.bytes());
    }
    levenshtein::distance(a.chars(), b.chars())
}

/// Levenshtein distance between two sequences of letters, words or ids.
#[must_use]
pub fn between_sequences<T: HashableChar + Copy + PartialEq>(a: &[T], b: &[T]) -> usize {
    levenshtein::distance(a.iter().copied(), b.iter().copied())
}

/// Letters of one side times letters of the other: about a second of a core.
pub(crate) const MOST_LETTER_PAIRS: usize = 1 << 34;

/// Whether texts with so many letters in all can be compared each with each.
///
/// # Errors
/// If that would take minutes: a stranger's record must not keep a report from ending.
pub(crate) fn check_letters(a: usize, b: usize) -> Result<(), MetricError> {
    match a.saturating_mul(b) > MOST_LETTER_PAIRS {
        true => Err(MetricError::new(format!(
            "comparing texts of {a} and {b} letters is too much; at most {MOST_LETTER_PAIRS} pairs are compared"
        ))),
        false => Ok(()),
    }
}

/// Number of Unicode scalar values.
#[must_use]
pub fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// 1 − distance / longer length; 1 if both are empty.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f64 {
    let longest = length(a).max(length(b));
    if longest == 0 { 1.0 } else { 1.0 - ratio(between(a, b), longest) }
}

/// `part / whole` of two counts.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// `part / whole`, undefined for 0/0 and for anything over 0.
pub(crate) fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| ratio(part, whole))
}

/// `part / whole`, or 0 where there is no whole.
pub(crate) fn share_or_zero(part: usize, whole: usize) -> f64 {
    share(part, whole).unwrap_or(0.0)
}

/// The harmonic mean of precision and recall, 0 if both are 0.
pub(crate) fn harmonic(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_strsim(a in "[abß日 ]{0,80}", b in "[abß日 ]{0,80}") {
            prop_assert_eq!(between(&a, &b), strsim::levenshtein(&a, &b));
        }

        #[test]
        fn agrees_with_strsim_on_near_copies(a in "[a-d]{60,140}", at in 0..60_usize, with in "[a-d]{0,6}") {
            let b = format!("{}{}{}", &a[..at], with, &a[at + 3.min(a.len() - at)..]);
            prop_assert_eq!(between(&a, &b), strsim::levenshtein(&a, &b));
        }
    }
}
