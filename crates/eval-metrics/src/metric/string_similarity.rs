//! The string similarities of the strsim crate.

use serde_json::{Value, json};

use crate::arguments::string;
use crate::assignment::check_size;
use crate::distance::length;
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "string_similarity",
    about: "Levenshtein, optimal string alignment, Damerau-Levenshtein, Jaro, Jaro-Winkler and Sørensen-Dice.\n\
            Source: the crate strsim 0.11. At most 16 million pairs of letters. Flaws: case and blanks count; two empty strings are 1 here and 0 in jellyfish;\n\
            Dice compares sets of letter pairs without blanks, so it ignores word order.",
    score,
};

fn score(expected: &Value, predicted: &Value, _params: &Value) -> Result<Value, MetricError> {
    let (a, b) = (string("expected", expected)?, string("predicted", predicted)?);
    // Damerau-Levenshtein keeps the whole table.
    check_size(length(a), length(b))?;
    Ok(json!({
        "damerau_levenshtein": strsim::damerau_levenshtein(a, b),
        "jaro": strsim::jaro(a, b),
        "jaro_winkler": strsim::jaro_winkler(a, b),
        "levenshtein": strsim::levenshtein(a, b),
        "normalized_damerau_levenshtein": strsim::normalized_damerau_levenshtein(a, b),
        "normalized_levenshtein": strsim::normalized_levenshtein(a, b),
        "osa_distance": strsim::osa_distance(a, b),
        "sorensen_dice": strsim::sorensen_dice(a, b),
    }))
}
