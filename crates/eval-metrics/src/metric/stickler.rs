//! Stickler: the overall similarity of two records by typed fields.

use serde_json::{Value, json};

use crate::arguments::{flag_or, number_or, string, string_or};
use crate::assignment::Weights;
use crate::distance::similarity;
use crate::python::{scalar_text, squeeze_lower};
use crate::value::Decimal;
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "stickler_overall",
    about: "Weighted similarity of two records by typed fields; lists are matched one to one.\n\
            Formula: sum(weight * similarity) / sum(weight) over all fields; a similarity below the field's threshold is 0 unless\n\
            clip is false; absent on both sides is 1, on one side 0.\n\
            params.fields: type (string, number, integer, boolean, list with item, object, list_of_objects with fields), weight,\n\
            threshold, clip, comparator (exact, numeric with rel_tol and abs_tol, levenshtein).\n\
            Source: stickler-eval 1.0.0. Flaws: agreeing absences count as right; rows are paired by another figure than they score.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let fields = fields("params.fields", &params["fields"], 0)?;
    Ok(json!({ "overall": record(&fields, expected, predicted, Figure::Score)? }))
}

/// Which of the two figures of a record is meant.
#[derive(Clone, Copy, PartialEq)]
enum Figure {
    /// With thresholds, and agreeing absences count.
    Score,
    /// Without thresholds and agreeing absences: what pairs rows.
    Match,
}

struct Field {
    name: String,
    weight: f64,
    threshold: f64,
    clips: bool,
    kind: Kind,
}

enum Kind {
    Scalar(Comparator),
    List(Comparator),
    Object(Vec<Field>),
    Rows(Vec<Field>),
}

#[derive(Clone, Copy)]
enum Comparator {
    Exact { is_number: bool },
    Numeric { relative: Option<Decimal>, absolute: Option<Decimal> },
    Levenshtein,
}

/// Deeper lists of fields are a mistake.
const DEEPEST: usize = 20;

fn fields(what: &str, value: &Value, depth: usize) -> Result<Vec<Field>, MetricError> {
    let Value::Object(given) = value else {
        return Err(MetricError::shape(what, "an object of fields", value));
    };
    if depth > DEEPEST {
        return Err(MetricError::new(format!("`{what}` is nested more than {DEEPEST} levels deep")));
    }
    given.iter().map(|(name, rule)| field(name, rule, &format!("{what}.{name}"), depth)).collect()
}

fn field(name: &str, rule: &Value, what: &str, depth: usize) -> Result<Field, MetricError> {
    let inner = || fields(&format!("{what}.fields"), &rule["fields"], depth + 1);
    let kind = match string(&format!("{what}.type"), &rule["type"])? {
        kind @ ("string" | "number" | "integer" | "boolean") => Kind::Scalar(comparator(rule, kind, what)?),
        "list" => {
            let item = string_or(rule, "item", "string")?;
            Kind::List(comparator(rule, item, what)?)
        }
        "object" => Kind::Object(inner()?),
        "list_of_objects" => Kind::Rows(inner()?),
        other => return Err(MetricError::new(format!("`{what}.type` is unknown: `{other}`"))),
    };
    let weight = number_or(rule, "weight", 1.0)?;
    if weight < 0.0 {
        return Err(MetricError::new(format!("`{what}.weight` should not be negative, but is {weight}")));
    }
    let (threshold, clips) = (number_or(rule, "threshold", 0.0)?, flag_or(rule, "clip", true)?);
    Ok(Field { name: name.to_owned(), weight, threshold, clips, kind })
}

fn comparator(rule: &Value, kind: &str, what: &str) -> Result<Comparator, MetricError> {
    let is_number = kind == "number";
    let usual = if is_number || kind == "integer" { "numeric" } else { "exact" };
    match string_or(rule, "comparator", usual)? {
        "exact" => Ok(Comparator::Exact { is_number }),
        "levenshtein" => Ok(Comparator::Levenshtein),
        "numeric" => {
            let tolerance = |name| number_or(rule, name, 0.0).map(Decimal::from_f64);
            Ok(Comparator::Numeric { relative: tolerance("rel_tol")?, absolute: tolerance("abs_tol")? })
        }
        other => Err(MetricError::new(format!(
            "`{what}.comparator` should be exact, numeric or levenshtein, but is `{other}`"
        ))),
    }
}

impl Field {
    fn is_absent(&self, value: &Value) -> bool {
        match (&self.kind, value) {
            (_, Value::Null) => true,
            (Kind::Scalar(_), Value::String(text)) => text.is_empty(),
            (Kind::List(_) | Kind::Rows(_), Value::Array(items)) => items.is_empty(),
            _ => false,
        }
    }

    /// A similarity under the threshold is none.
    fn clipped(&self, similarity: f64, figure: Figure) -> f64 {
        let keeps = figure == Figure::Match || !self.clips || similarity >= self.threshold;
        if keeps { similarity } else { 0.0 }
    }

    fn compare(&self, expected: &Value, predicted: &Value, figure: Figure) -> Result<f64, MetricError> {
        match &self.kind {
            Kind::Scalar(comparator) => Ok(self.clipped(comparator.similarity(expected, predicted), figure)),
            Kind::Object(fields) => {
                Ok(self.clipped(record(fields, expected, predicted, Figure::Match)?, figure))
            }
            Kind::List(comparator) => {
                let (a, b) = (items(expected), items(predicted));
                let weights =
                    Weights::new(a.len(), b.len(), |row, column| comparator.similarity(&a[row], &b[column]))?;
                let pairs = weights.best_matching();
                let sum: f64 =
                    pairs.iter().map(|&(row, column)| self.clipped(weights.at(row, column), figure)).sum();
                Ok(sum / a.len().max(b.len()) as f64)
            }
            Kind::Rows(fields) => rows(fields, items(expected), items(predicted)),
        }
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}

/// Rows are paired by how they match, and count by their score.
fn rows(fields: &[Field], expected: &[Value], predicted: &[Value]) -> Result<f64, MetricError> {
    const LEAST: f64 = 0.01;
    let mut failed = None;
    let weights = Weights::new(expected.len(), predicted.len(), |row, column| {
        record(fields, &expected[row], &predicted[column], Figure::Match).unwrap_or_else(|error| {
            failed = Some(error);
            0.0
        })
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    let mut sum = 0.0;
    for (row, column) in weights.best_matching() {
        let score = record(fields, &expected[row], &predicted[column], Figure::Score)?;
        sum += if score < LEAST { 0.0 } else { score };
    }
    Ok(sum / expected.len().max(predicted.len()) as f64)
}

fn record(fields: &[Field], expected: &Value, predicted: &Value, figure: Figure) -> Result<f64, MetricError> {
    let (mut sum, mut whole) = (0.0, 0.0);
    for field in fields {
        let (expected, predicted) = (&expected[&field.name], &predicted[&field.name]);
        let similarity = match (field.is_absent(expected), field.is_absent(predicted)) {
            (true, true) if figure == Figure::Match => continue,
            (true, true) => 1.0,
            (false, false) => field.compare(expected, predicted, figure)?,
            _ => 0.0,
        };
        sum += field.weight * similarity;
        whole += field.weight;
    }
    Ok(if whole > 0.0 { sum / whole } else { 1.0 })
}

impl Comparator {
    fn similarity(self, expected: &Value, predicted: &Value) -> f64 {
        let text = |value: &Value| match self {
            // A number is one whether it is written with a point or not.
            Self::Exact { is_number: true } if value.is_number() => json!(value.as_f64()).to_string(),
            _ => scalar_text(value).map_or_else(|| value.to_string(), std::borrow::Cow::into_owned),
        };
        match self {
            Self::Exact { .. } => f64::from(text(expected) == text(predicted)),
            Self::Levenshtein => {
                similarity(&squeeze_lower(&text(expected)), &squeeze_lower(&text(predicted)))
            }
            Self::Numeric { relative, absolute } => {
                let (Some(a), Some(b)) = (decimal(expected), decimal(predicted)) else { return 0.0 };
                let difference = (a + -b).abs();
                let within = |most: Option<Decimal>| most.is_some_and(|most| difference.is_at_most(most));
                let share = match relative {
                    Some(relative) if a == Decimal::new(0, 0) => b.abs().is_at_most(relative),
                    Some(relative) => within(a.abs().times(relative)),
                    None => false,
                };
                f64::from(a == b || share || within(absolute))
            }
        }
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => crate::python::parse_float(text).and_then(Decimal::from_f64),
        Value::Number(number) => number.as_f64().and_then(Decimal::from_f64),
        Value::Bool(flag) => Some(Decimal::new(i128::from(*flag), 0)),
        _ => None,
    }
}
