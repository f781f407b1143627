//! Text similarity of the omni OCR benchmark.

use serde_json::{Value, json};

use crate::arguments::string;
use crate::distance::{between_sequences, ratio};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "omni_text_similarity",
    about: "Edit similarity of two texts after trimming and lower-casing, rounded to 4 decimals (getomni-ai benchmark).\n\
            Formula: 1 - lev/max length in UTF-16 units; equal texts 1, one empty 0. Flaws: letters outside the basic plane count\n\
            twice; texts of blanks only are undefined.",
    score,
};

fn score(expected: &Value, predicted: &Value, _params: &Value) -> Result<Value, MetricError> {
    let (expected, predicted) = (string("expected", expected)?, string("predicted", predicted)?);
    Ok(json!({ "score": similarity(expected, predicted).map(four_decimals) }))
}

fn similarity(expected: &str, predicted: &str) -> Option<f64> {
    if expected == predicted {
        return Some(1.0);
    }
    if expected.is_empty() || predicted.is_empty() {
        return Some(0.0);
    }
    let units =
        |text: &str| text.trim_matches(is_script_space).to_lowercase().encode_utf16().collect::<Vec<u16>>();
    let (expected, predicted) = (units(expected), units(predicted));
    let longest = expected.len().max(predicted.len());
    (longest > 0).then(|| 1.0 - ratio(between_sequences(&expected, &predicted), longest))
}

/// What JavaScript's `trim` removes.
fn is_script_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// `Number(x.toFixed(4))` of a number from 0 to 1; a tie goes up.
pub(super) fn four_decimals(number: f64) -> f64 {
    // Only odd multiples of 1/32 lie exactly between two numbers of four decimals.
    if number * 32.0 % 2.0 == 1.0 {
        return ((number * 10_000.0).floor() + 1.0) / 10_000.0;
    }
    format!("{number:.4}").parse().unwrap_or(number)
}
