//! Word error rate.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde_json::{Value, json};

use crate::arguments::{one_or_more, same_length, string_or};
use crate::distance::{between_numbered, ratio};
use crate::python::{is_space, strip};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "wer",
    about: "Word error rate: edits to turn the answer into the reference, per reference word.\n\
            Formula: sum of word edit distances / sum of reference words, lists are pooled; it may exceed 1.\n\
            params.transform: `wer_default` (jiwer 4.0) or `normalised` (case, punctuation and number spelling do not count).\n\
            Source: jiwer 4.0.0. Flaws: a single tab or line break does not separate words; an empty reference gives the bare\n\
            number of edits.",
    score,
};

/// Edits against reference units, so that many texts can be pooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Errors {
    /// Minimal number of insertions, deletions and substitutions.
    pub edits: usize,
    /// Words or characters of the reference.
    pub units: usize,
}

impl Errors {
    /// Errors per reference unit; the bare number of edits if the reference is empty, as jiwer has it.
    #[must_use]
    pub fn rate(self) -> f64 {
        if self.units == 0 { self.edits as f64 } else { ratio(self.edits, self.units) }
    }
}

impl std::ops::Add for Errors {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { edits: self.edits + other.edits, units: self.units + other.units }
    }
}

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let errors = pooled(
        expected,
        predicted,
        match string_or(params, "transform", "wer_default")? {
            "wer_default" => word_errors,
            "normalised" => normalised_word_errors,
            other => {
                return Err(MetricError::new(format!(
                    "`params.transform` should be `wer_default` or `normalised`, but is `{other}`"
                )));
            }
        },
    )?;
    Ok(json!({ "wer": errors.rate(), "edits": errors.edits, "ref_units": errors.units }))
}

pub(crate) fn pooled(
    expected: &Value,
    predicted: &Value,
    errors: fn(&str, &str) -> Errors,
) -> Result<Errors, MetricError> {
    let (expected, predicted) = (one_or_more("expected", expected)?, one_or_more("predicted", predicted)?);
    same_length(expected.len(), predicted.len())?;
    let pairs = expected.iter().zip(&predicted);
    Ok(pairs.map(|(expected, predicted)| errors(expected, predicted)).fold(Errors::default(), |a, b| a + b))
}

/// Word errors as jiwer counts them: case and punctuation matter.
#[must_use]
pub fn word_errors(expected: &str, predicted: &str) -> Errors {
    compare(&words(expected), &words(predicted))
}

/// Word errors where case, punctuation and the spelling of numbers do not matter (1,250.00 = 1250).
#[must_use]
pub fn normalised_word_errors(expected: &str, predicted: &str) -> Errors {
    let (expected, predicted) = (normalised_words(expected), normalised_words(predicted));
    compare(&expected, &predicted)
}

fn normalised_words(text: &str) -> Vec<String> {
    text.split(is_space).map(normalised_word).filter(|word| !word.is_empty()).collect()
}

fn normalised_word(word: &str) -> String {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.chars().filter(|c| *c != ',' && *c != '_').collect::<String>();
    match digits.parse::<f64>() {
        Ok(number) if digits.starts_with(|c: char| c.is_ascii_digit()) => number.to_string(),
        _ => bare.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect(),
    }
}

/// Splits at single blanks and at runs of two or more white-space characters.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(text.len() / 4 + 1);
    let (mut start, mut is_plain) = (0, true);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'!'..=b'~' => {}
            b' ' => {
                push_words(&text[start..at], is_plain, &mut words);
                (start, is_plain) = (at + 1, true);
            }
            _ => is_plain = false,
        }
    }
    push_words(&text[start..], is_plain, &mut words);
    words
}

/// The words of a piece without a blank. A plain piece has no other white space either, as most.
fn push_words<'a>(piece: &'a str, is_plain: bool, words: &mut Vec<&'a str>) {
    if is_plain {
        words.extend((!piece.is_empty()).then_some(piece));
        return;
    }
    // White space at the ends is part of a run with a blank, or at the end of the text.
    let piece = strip(piece);
    let (mut start, mut run) = (0, None);
    for (at, letter) in piece.char_indices() {
        run = match (is_space(letter), run) {
            (true, None) => Some((at, 1)),
            (true, Some((from, length))) => Some((from, length + 1)),
            // A single tab or line break is part of a word.
            (false, Some((from, length))) if length > 1 => {
                words.push(&piece[start..from]);
                start = at;
                None
            }
            (false, _) => None,
        };
    }
    words.extend((start < piece.len()).then_some(&piece[start..]));
}

/// Word errors between two lists of words.
pub(crate) fn compare<W: AsRef<str> + PartialEq>(expected: &[W], predicted: &[W]) -> Errors {
    let units = expected.len();
    let prefix = expected.iter().zip(predicted).take_while(|(a, b)| a == b).count();
    let (expected, predicted) = (&expected[prefix..], &predicted[prefix..]);
    let suffix = expected.iter().rev().zip(predicted.iter().rev()).take_while(|(a, b)| a == b).count();
    let (expected, predicted) =
        (&expected[..expected.len() - suffix], &predicted[..predicted.len() - suffix]);
    // Words become numbers once. The standard hash would take most of the time of a long text.
    let mut ids = HashMap::with_capacity_and_hasher(expected.len() + predicted.len(), RandomState::default());
    let numbered = expected.iter().chain(predicted).map(|word| {
        let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        *ids.entry(word.as_ref()).or_insert(next)
    });
    let numbered: Vec<u32> = numbered.collect();
    let (expected, predicted) = numbered.split_at(expected.len());
    Errors { edits: between_numbered(expected, predicted, ids.len()), units }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn splits_at_blanks_and_at_runs_of_white_space() {
        for (text, expected) in [
            ("a b  c", vec!["a", "b", "c"]),
            (" \ta \n", vec!["a"]),
            ("a\tb", vec!["a\tb"]),
            ("a\t\u{a0}b", vec!["a", "b"]),
            ("a\t b \tc\u{1f}d", vec!["a", "b", "c\u{1f}d"]),
            ("é\r\n\u{2003}ß ü", vec!["é", "ß", "ü"]),
            (" \t ", vec![]),
        ] {
            assert_eq!(words(text), expected, "{text:?}");
        }
    }
}
