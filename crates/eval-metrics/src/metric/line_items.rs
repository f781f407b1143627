//! Line items matched by assignment.

use serde_json::{Value, json};

use crate::arguments::{list, number_or, string};
use crate::assignment::Weights;
use crate::distance::{between, length, ratio};
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
    let expected = items("expected", expected, &fields)?;
    let predicted = items("predicted", predicted, &fields)?;
    let total_weight: f64 = fields.iter().map(|field| field.weight).sum();
    let similarity = Weights::new(expected.len(), predicted.len(), |row, column| {
        let pairs = expected[row].iter().zip(&predicted[column]).zip(&fields);
        let sum: f64 = pairs.map(|((a, b), field)| field.weight * field.similarity(a, b)).sum();
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

/// A field of an item, prepared for many comparisons.
enum Cell {
    Absent,
    Text(String, usize),
    Number(Option<f64>),
}

struct Field {
    name: String,
    weight: f64,
    /// The tolerance of a number; nothing for text.
    tolerance: Option<f64>,
}

impl Field {
    fn similarity(&self, a: &Cell, b: &Cell) -> f64 {
        match (a, b) {
            (Cell::Absent, Cell::Absent) => 1.0,
            (Cell::Text(a, a_length), Cell::Text(b, b_length)) => match a_length.max(b_length) {
                0 => 1.0,
                longest => 1.0 - ratio(between(a, b), *longest),
            },
            (Cell::Number(Some(a)), Cell::Number(Some(b))) => {
                f64::from((a - b).abs() <= self.tolerance.unwrap_or(0.0))
            }
            _ => 0.0,
        }
    }

    fn read(&self, value: &Value) -> Cell {
        let Some(text) = scalar_text(value) else { return Cell::Absent };
        if self.tolerance.is_some() {
            return Cell::Number(value.as_f64().or_else(|| parse_float(&text)));
        }
        let text = squeeze(&text.to_lowercase());
        let length = length(&text);
        Cell::Text(text, length)
    }
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

fn items(side: &str, value: &Value, fields: &[Field]) -> Result<Vec<Vec<Cell>>, MetricError> {
    let read = |item: &Value| match item {
        Value::Object(item) => Ok(fields
            .iter()
            .map(|field| item.get(&field.name).map_or(Cell::Absent, |value| field.read(value)))
            .collect()),
        other => Err(MetricError::shape(side, "a list of objects", other)),
    };
    list(side, value)?.iter().map(read).collect()
}
