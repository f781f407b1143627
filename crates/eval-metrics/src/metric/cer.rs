//! Character error rate.

use serde_json::{Value, json};

use super::wer::{Errors, pooled};
use crate::arguments::string_or;
use crate::distance::{between, length};
use crate::python::{squeeze_lower, strip};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "cer",
    about: "Character error rate: edits per character of the reference, both sides trimmed; blanks count.\n\
            Formula: sum of edit distances / sum of reference lengths, lists are pooled; it may exceed 1.\n\
            params.transform: `cer_default` (jiwer 4.0) or `normalised` (lower-case, blanks squeezed).\n\
            Source: jiwer 4.0.0. Flaws: the order of blocks matters, so a right page read column by column scores badly; an empty\n\
            reference gives the bare number of edits.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let errors = pooled(
        expected,
        predicted,
        match string_or(params, "transform", "cer_default")? {
            "cer_default" => character_errors,
            "normalised" => normalised_character_errors,
            other => {
                return Err(MetricError::new(format!(
                    "`params.transform` should be `cer_default` or `normalised`, but is `{other}`"
                )));
            }
        },
    )?;
    Ok(json!({ "cer": errors.rate(), "edits": errors.edits, "ref_units": errors.units }))
}

/// Character errors of the trimmed texts.
#[must_use]
pub fn character_errors(expected: &str, predicted: &str) -> Errors {
    let (expected, predicted) = (strip(expected), strip(predicted));
    Errors { edits: between(expected, predicted), units: length(expected) }
}

/// Character errors where case and the kind and number of blanks do not matter.
#[must_use]
pub fn normalised_character_errors(expected: &str, predicted: &str) -> Errors {
    character_errors(&squeeze_lower(expected), &squeeze_lower(predicted))
}
