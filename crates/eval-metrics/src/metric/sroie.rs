//! Key-field F1 over a batch of documents.

use serde_json::{Value, json};

use crate::arguments::{list, same_length, string_or, strings};
use crate::distance::{harmonic, share_or_zero};
use crate::python::{scalar_text, squeeze, strip};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "sroie_f1",
    about: "Exact match of key fields over a batch of documents (SROIE task 3).\n\
            Formula: correct / present in the prediction, correct / present in the reference, harmonic mean; 0 for 0/0.\n\
            params.fields (company, date, address, total); params.normalise: none (default) or upper_ws.\n\
            Source: definition of the challenge. Flaws: 12.50 and 12,50 differ; a field absent on both sides counts for nothing.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let fields = match &params["fields"] {
        Value::Null => vec!["company", "date", "address", "total"],
        fields => strings("params.fields", fields)?,
    };
    let normalise = match string_or(params, "normalise", "none")? {
        "none" => str::to_owned,
        "upper_ws" => |text: &str| squeeze(&text.to_uppercase()),
        other => {
            return Err(MetricError::new(format!(
                "`params.normalise` should be `none` or `upper_ws`, but is `{other}`"
            )));
        }
    };
    let text_of = |document: &Value, field: &str| match &document[field] {
        Value::Null => None,
        value => {
            let text = scalar_text(value).map_or_else(|| value.to_string(), std::borrow::Cow::into_owned);
            (!strip(&text).is_empty()).then(|| normalise(&text))
        }
    };
    let (expected, predicted) = (list("expected", expected)?, list("predicted", predicted)?);
    same_length(expected.len(), predicted.len())?;
    let (mut correct, mut gold, mut given) = (0, 0, 0);
    for (expected, predicted) in expected.iter().zip(predicted) {
        for field in &fields {
            let (truth, answer) = (text_of(expected, field), text_of(predicted, field));
            gold += usize::from(truth.is_some());
            given += usize::from(answer.is_some());
            correct += usize::from(truth.is_some() && truth == answer);
        }
    }
    let (precision, recall) = (share_or_zero(correct, given), share_or_zero(correct, gold));
    Ok(json!({
        "correct": correct, "n_gold": gold, "n_pred": given,
        "precision": precision, "recall": recall, "f1": harmonic(precision, recall),
    }))
}
