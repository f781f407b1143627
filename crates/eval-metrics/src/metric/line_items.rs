//! Line items matched by assignment.

use serde_json::{Map, Value, json};

use crate::arguments::{list, number_or, string};
use crate::assignment::{Weights, check_size};
use crate::distance::{between_all, length, ratio};
use crate::python::{parse_float, scalar_text, squeeze};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "line_items",
    about: "Line items matched one to one so that the total similarity is largest; wherever they stand in the list.\n\
            Formula: similarity of two items = weighted mean over params.fields (kind text: 1 - lev/max length; number: within\n\
            abs_tol), 0 below params.pair_floor; precision S/#predicted, recall S/#expected, f1 = 2S/(both).\n\
            Source: own definition; the task metric `receipt` is the typed successor. Flaws: a wrong price costs no more than its\n\
            weight. Cubic in the longer list: at most 16 million pairs.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let fields = fields(params)?;
    let floor = number_or(params, "pair_floor", 0.0)?;
    let expected = objects("expected", expected)?;
    let predicted = objects("predicted", predicted)?;
    check_size(expected.len(), predicted.len())?;
    let total_weight: f64 = fields.iter().map(|field| field.weight).sum();
    let columns = fields.iter().map(|field| field.compare(&expected, &predicted)).collect::<Vec<_>>();
    let similarity = Weights::new(expected.len(), predicted.len(), |row, column| {
        let at = row * predicted.len() + column;
        let sum: f64 = columns.iter().zip(&fields).map(|(column, field)| field.weight * column[at]).sum();
        let similarity = sum / total_weight;
        if similarity < floor { 0.0 } else { similarity }
    })?;
    let pairs = similarity.best_matching();
    let total: f64 = pairs.into_iter().map(|(row, column)| similarity.at(row, column)).sum();
    let of = |count: usize| match (expected.len() + predicted.len(), count) {
        (0, _) => 1.0,
        (_, 0) => 0.0,
        _ => total / count as f64,
    };
    Ok(json!({
        "total_similarity": total,
        "precision": of(predicted.len()),
        "recall": of(expected.len()),
        "f1": of(expected.len() + predicted.len()) * if expected.len() + predicted.len() == 0 { 1.0 } else { 2.0 },
    }))
}

struct Field {
    name: String,
    weight: f64,
    /// The tolerance of a number; nothing for text.
    tolerance: Option<f64>,
}

impl Field {
    /// The similarity of this field for every pair, row by row.
    fn compare(&self, expected: &[&Item], predicted: &[&Item]) -> Vec<f64> {
        let (left, right) = (self.texts(expected), self.texts(predicted));
        let pairs = |compare: &dyn Fn(usize, usize) -> f64| {
            let mut similarities = Vec::with_capacity(left.len() * right.len());
            for (row, a) in left.iter().enumerate() {
                for (column, b) in right.iter().enumerate() {
                    similarities.push(match (a, b) {
                        (Some(_), Some(_)) => compare(row, column),
                        (None, None) => 1.0,
                        _ => 0.0,
                    });
                }
            }
            similarities
        };
        let Some(tolerance) = self.tolerance else {
            let plain = |texts: &[Option<String>]| {
                texts.iter().map(|text| text.clone().unwrap_or_default()).collect::<Vec<_>>()
            };
            let distances = between_all(&plain(&left), &plain(&right));
            let lengths = |texts: &[Option<String>]| {
                texts.iter().map(|text| text.as_deref().map_or(0, length)).collect::<Vec<_>>()
            };
            let (left_lengths, right_lengths) = (lengths(&left), lengths(&right));
            return pairs(&|row, column| match left_lengths[row].max(right_lengths[column]) {
                0 => 1.0,
                longest => 1.0 - ratio(distances[row * right_lengths.len() + column], longest),
            });
        };
        let (left_numbers, right_numbers) = (self.numbers(expected), self.numbers(predicted));
        // What is no number is like nothing, not even itself.
        pairs(&|row, column| f64::from((left_numbers[row] - right_numbers[column]).abs() <= tolerance))
    }

    fn texts(&self, items: &[&Item]) -> Vec<Option<String>> {
        let text = |item: &&Item| Some(squeeze(&scalar_text(item.get(&self.name)?)?.to_lowercase()));
        items.iter().map(text).collect()
    }

    fn numbers(&self, items: &[&Item]) -> Vec<f64> {
        let number = |value: &Value| value.as_f64().or_else(|| parse_float(value.as_str()?));
        items.iter().map(|item| item.get(&self.name).and_then(number).unwrap_or(f64::NAN)).collect()
    }
}

type Item = Map<String, Value>;

fn objects<'a>(side: &str, value: &'a Value) -> Result<Vec<&'a Item>, MetricError> {
    let object =
        |item: &'a Value| item.as_object().ok_or_else(|| MetricError::shape(side, "a list of objects", item));
    list(side, value)?.iter().map(object).collect()
}

fn fields(params: &Value) -> Result<Vec<Field>, MetricError> {
    let default = json!({
        "name": { "kind": "text", "weight": 2.0 },
        "qty": { "kind": "number", "weight": 1.0, "abs_tol": 1e-6 },
        "price": { "kind": "number", "weight": 2.0, "abs_tol": 0.004 },
    });
    let given = match &params["fields"] {
        Value::Null => &default,
        given => given,
    };
    let Value::Object(given) = given else {
        return Err(MetricError::shape("params.fields", "an object", given));
    };
    let fields = given.iter().map(|(name, rule)| {
        let kind = string(&format!("params.fields.{name}.kind"), &rule["kind"])?;
        let tolerance = match kind {
            "text" => None,
            "number" => Some(number_or(rule, "abs_tol", 0.0)?),
            other => {
                return Err(MetricError::new(format!(
                    "`params.fields.{name}.kind` should be `text` or `number`, but is `{other}`"
                )));
            }
        };
        Ok(Field { name: name.clone(), weight: number_or(rule, "weight", 1.0)?, tolerance })
    });
    let fields = fields.collect::<Result<Vec<Field>, MetricError>>()?;
    if fields.iter().any(|field| field.weight < 0.0) || !fields.iter().any(|field| field.weight > 0.0) {
        return Err(MetricError::new(
            "the weights in `params.fields` should not be negative, and one should be positive",
        ));
    }
    Ok(fields)
}
