//! Line items matched by assignment.

use std::iter;

use serde_json::{Value, json};

use crate::arguments::{list, number_or, string};
use crate::assignment::{Weights, check_size};
use crate::distance::similarities;
use crate::python::{parse_float, push_squeezed_lower, scalar_text};
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
    let mut sums = vec![0.0; expected.len() * predicted.len()];
    fields.iter().for_each(|field| field.add(expected, predicted, &mut sums));
    for sum in &mut sums {
        let similarity = *sum / total_weight;
        *sum = if similarity < floor { 0.0 } else { similarity };
    }
    let similarity = Weights::from_cells(expected.len(), predicted.len(), sums);
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

struct Field<'a> {
    name: &'a str,
    weight: f64,
    /// The tolerance of a number; nothing for text.
    tolerance: Option<f64>,
}

impl Field<'_> {
    /// Adds the weighted similarity of this field to every pair, row by row.
    fn add(&self, expected: &[Value], predicted: &[Value], sums: &mut [f64]) {
        match self.tolerance {
            None => self.add_texts(expected, predicted, sums),
            Some(tolerance) => self.add_numbers(expected, predicted, tolerance, sums),
        }
    }

    fn add_texts(&self, expected: &[Value], predicted: &[Value], sums: &mut [f64]) {
        let (left, right) = (Texts::of(self, expected), Texts::of(self, predicted));
        let similarities = similarities(&left.all(), &right.all());
        let mut cells = sums.iter_mut().zip(similarities);
        for a in &left.present {
            for b in &right.present {
                let (sum, similarity) = cells.next().expect("there is a cell for each pair");
                *sum += self.weight
                    * match (a, b) {
                        (true, true) => similarity,
                        (false, false) => 1.0,
                        _ => 0.0,
                    };
            }
        }
    }

    /// The value in an item. Items have few fields, so looking at each is faster than hashing the name.
    fn of<'i>(&self, item: &'i Value) -> Option<&'i Value> {
        item.as_object()?.iter().find(|(name, _)| *name == self.name).map(|(_, value)| value)
    }

    fn add_numbers(&self, expected: &[Value], predicted: &[Value], tolerance: f64, sums: &mut [f64]) {
        let numbers = |items: &[Value]| -> Vec<Option<f64>> {
            let value = |item: &Value| self.of(item).filter(|value| !value.is_null()).map(number);
            items.iter().map(value).collect()
        };
        let (left, right) = (numbers(expected), numbers(predicted));
        let mut cells = sums.iter_mut();
        for a in &left {
            for b in &right {
                let sum = cells.next().expect("there is a cell for each pair");
                *sum += self.weight
                    * match (a, b) {
                        (Some(a), Some(b)) => f64::from((a - b).abs() <= tolerance),
                        (None, None) => 1.0,
                        _ => 0.0,
                    };
            }
        }
    }
}

/// One field of all items, one behind the other, since a text for each would cost an allocation.
struct Texts {
    joined: String,
    ends: Vec<usize>,
    /// Absent texts are empty and marked.
    present: Vec<bool>,
}

impl Texts {
    fn of(field: &Field<'_>, items: &[Value]) -> Self {
        let mut joined = String::with_capacity(16 * items.len());
        let (ends, present) = items
            .iter()
            .map(|item| {
                let text = field.of(item).and_then(scalar_text);
                text.iter().for_each(|text| push_squeezed_lower(&mut joined, text));
                (joined.len(), text.is_some())
            })
            .unzip();
        Self { joined, ends, present }
    }

    fn all(&self) -> Vec<&str> {
        let starts = iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.joined[start..end]).collect()
    }
}

/// What is no number is like nothing, not even itself.
fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| parse_float(value.as_str()?)).unwrap_or(f64::NAN)
}

fn objects<'a>(side: &str, value: &'a Value) -> Result<&'a [Value], MetricError> {
    let items = list(side, value)?;
    match items.iter().find(|item| !item.is_object()) {
        Some(item) => Err(MetricError::shape(side, "a list of objects", item)),
        None => Ok(items),
    }
}

fn fields(params: &Value) -> Result<Vec<Field<'_>>, MetricError> {
    let given = &params["fields"];
    if given.is_null() {
        let field = |name, weight, tolerance| Field { name, weight, tolerance };
        return Ok(vec![
            field("name", 2.0, None),
            field("qty", 1.0, Some(1e-6)),
            field("price", 2.0, Some(0.004)),
        ]);
    }
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
        Ok(Field { name, weight: number_or(rule, "weight", 1.0)?, tolerance })
    });
    let fields = fields.collect::<Result<Vec<Field<'_>>, MetricError>>()?;
    if fields.iter().any(|field| field.weight < 0.0) || !fields.iter().any(|field| field.weight > 0.0) {
        return Err(MetricError::new(
            "the weights in `params.fields` should not be negative, and one should be positive",
        ));
    }
    Ok(fields)
}
