//! ANLS*, edit similarity over nested answers.

use serde_json::{Value, json};

use crate::assignment::{MOST_CELLS, Weights};
use crate::distance::{between, check_letters, length, ratio};
use crate::python::{scalar_text, squeeze_lower};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "anls_star",
    about: "ANLS over lists, objects and alternatives; list items are matched by optimal assignment.\n\
            Formula: sum of leaf similarities / number of leaves on the larger side. In `expected`, {\"__one_of__\": [...]} accepts any.\n\
            Source: Peer et al., package anls-star 1.0.1. Flaws: money is graded like prose; an extra key with null costs a leaf;\n\
            a long list outweighs every other field; quartic-looking but cubic in the longer list, at most 16 million pairs.",
    score,
};

/// What one expected value scores against one predicted value.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    sum: f64,
    length: usize,
    /// The expected value, with alternatives chosen and lists reordered, equals the prediction.
    equal: bool,
    /// The expected value, with alternatives chosen, is null, "", [] or {}.
    none_like: bool,
}

impl Outcome {
    fn mean(self) -> f64 {
        if self.length == 0 { 1.0 } else { self.sum / self.length as f64 }
    }
}

fn score(expected: &Value, predicted: &Value, _params: &Value) -> Result<Value, MetricError> {
    Ok(json!({ "anls_star": anls_star(expected, predicted)? }))
}

/// ANLS* of a prediction.
///
/// # Errors
/// If a one-of has no options, or there is too much to compare.
pub fn anls_star(expected: &Value, predicted: &Value) -> Result<f64, MetricError> {
    let expected = match expected {
        Value::Array(options)
            if predicted.is_string() && !options.is_empty() && options.iter().all(Value::is_string) =>
        {
            Node::one_of(options)?
        }
        _ => Node::expected(expected)?,
    };
    let predicted = Node::predicted(predicted);
    // Lists are compared each item with each, and so are the names of objects.
    check_letters(expected.letters, predicted.letters)?;
    let (a, b) = (expected.size, predicted.size);
    if a.saturating_mul(b) > MOST_NODES {
        return Err(MetricError::new(format!(
            "comparing answers of {a} and {b} values is too much; at most {MOST_NODES} pairs are compared"
        )));
    }
    Ok(compare(&expected, &predicted)?.mean())
}

/// Values of one side times values of the other.
const MOST_NODES: usize = 16 * MOST_CELLS;

/// A value prepared for many comparisons.
struct Node<'a> {
    value: &'a Value,
    size: usize,
    /// Letters of all texts in it.
    letters: usize,
    kind: Kind<'a>,
}

enum Kind<'a> {
    None,
    /// Normalised text and its length.
    Leaf(String, usize),
    List(Vec<Node<'a>>),
    Object(Vec<(&'a str, Node<'a>)>),
    OneOf(Vec<Node<'a>>),
}

const NULL: &Node<'static> = &Node { value: &Value::Null, size: 1, letters: 0, kind: Kind::None };

impl<'a> Node<'a> {
    fn expected(value: &'a Value) -> Result<Self, MetricError> {
        let size_of = |nodes: &[Self]| nodes.iter().map(|node| node.size).sum();
        match value {
            Value::Object(fields) => {
                if let (1, Some(options)) = (fields.len(), fields.get("__one_of__")) {
                    let options = crate::arguments::list("__one_of__", options)?;
                    return Self::one_of(options);
                }
                let fields = fields
                    .iter()
                    .map(|(key, value)| Ok((key.as_str(), Self::expected(value)?)))
                    .collect::<Result<Vec<_>, MetricError>>()?;
                let size = fields.iter().map(|(_, node)| node.size).sum();
                let letters = fields.iter().map(|(_, node)| node.letters).sum();
                Ok(Self { value, size, letters, kind: Kind::Object(fields) })
            }
            Value::Array(items) => {
                let items = items.iter().map(Self::expected).collect::<Result<Vec<_>, _>>()?;
                Ok(Self {
                    value,
                    size: size_of(&items),
                    letters: letters_of(&items),
                    kind: Kind::List(items),
                })
            }
            _ => Ok(Self::scalar(value)),
        }
    }

    fn one_of(options: &'a [Value]) -> Result<Self, MetricError> {
        let options = options.iter().map(Self::expected).collect::<Result<Vec<_>, _>>()?;
        let size = options
            .iter()
            .map(|option| option.size)
            .max()
            .ok_or_else(|| MetricError::new("`__one_of__` should have at least one option"))?;
        Ok(Self { value: &Value::Null, size, letters: letters_of(&options), kind: Kind::OneOf(options) })
    }

    fn predicted(value: &'a Value) -> Self {
        match value {
            Value::Object(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|(key, value)| (key.as_str(), Self::predicted(value))).collect();
                let size = fields.iter().map(|(_, node)| node.size).sum();
                let letters = fields.iter().map(|(_, node)| node.letters).sum();
                Self { value, size, letters, kind: Kind::Object(fields) }
            }
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(Self::predicted).collect();
                let size = items.iter().map(|node| node.size).sum();
                Self { value, size, letters: letters_of(&items), kind: Kind::List(items) }
            }
            _ => Self::scalar(value),
        }
    }

    fn scalar(value: &'a Value) -> Self {
        let kind = scalar_text(value).map_or(Kind::None, |text| {
            let text = squeeze_lower(&text);
            let length = length(&text);
            Kind::Leaf(text, length)
        });
        let letters = if let Kind::Leaf(_, length) = &kind { *length } else { 0 };
        Self { value, size: 1, letters, kind }
    }

    fn is_none_like(&self) -> bool {
        match self.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }
}

fn letters_of(nodes: &[Node<'_>]) -> usize {
    nodes.iter().map(|node| node.letters).sum()
}

fn compare(expected: &Node<'_>, predicted: &Node<'_>) -> Result<Outcome, MetricError> {
    let mismatch =
        |none_like| Outcome { sum: 0.0, length: expected.size.max(predicted.size), equal: false, none_like };
    Ok(match (&expected.kind, &predicted.kind) {
        (Kind::OneOf(options), _) => return best_option(options, predicted),
        (Kind::None, _) => {
            let equal = predicted.is_none_like();
            Outcome { sum: f64::from(equal), length: predicted.size.max(1), equal, none_like: true }
        }
        (Kind::Leaf(a, a_length), Kind::Leaf(b, b_length)) => Outcome {
            sum: leaf_similarity(a, *a_length, b, *b_length),
            length: 1,
            equal: python_equal(expected.value, predicted.value),
            none_like: expected.is_none_like(),
        },
        (Kind::List(a), Kind::List(b)) => return compare_lists(a, b),
        (Kind::Object(a), Kind::Object(b)) => return compare_objects(a, b),
        _ => mismatch(expected.is_none_like()),
    })
}

fn best_option(options: &[Node<'_>], predicted: &Node<'_>) -> Result<Outcome, MetricError> {
    let mut best: Option<Outcome> = None;
    for option in options {
        let outcome = compare(option, predicted)?;
        let better = best.is_none_or(|best| {
            let (mean, best_mean) = (outcome.mean(), best.mean());
            mean > best_mean || (mean == best_mean && outcome.equal && !best.equal)
        });
        if better {
            best = Some(outcome);
        }
    }
    Ok(best.expect("a one-of has at least one option"))
}

fn leaf_similarity(a: &str, a_length: usize, b: &str, b_length: usize) -> f64 {
    let longest = a_length.max(b_length);
    // The difference in length alone is a lower bound of the distance.
    if a_length.abs_diff(b_length) * 2 > longest {
        return 0.0;
    }
    let distance = between(a, b);
    if distance == 0 {
        return 1.0;
    }
    let similarity = 1.0 - ratio(distance, longest);
    if similarity < 0.5 { 0.0 } else { similarity }
}

fn compare_lists(expected: &[Node<'_>], predicted: &[Node<'_>]) -> Result<Outcome, MetricError> {
    // The reference adds one unit in the last place to equal pairs. That would drown in the sums of an assignment,
    // so equal pairs get a little more: far above rounding, far below any difference of two means.
    const EQUAL_FIRST: f64 = 1e-12;
    let mut outcomes = Vec::with_capacity(expected.len().saturating_mul(predicted.len()).min(1 << 16));
    let mut failure = None;
    let weights = Weights::new(expected.len(), predicted.len(), |row, column| {
        match compare(&expected[row], &predicted[column]) {
            Ok(outcome) => {
                outcomes.push(outcome);
                outcome.mean() + if outcome.equal { EQUAL_FIRST } else { 0.0 }
            }
            Err(error) => {
                failure = Some(error);
                0.0
            }
        }
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    let pairs = weights.best_matching();
    let (mut sum, mut length) = (0.0, 0);
    let mut unmatched: usize = expected.iter().chain(predicted).map(|node| node.size).sum();
    let mut equal = expected.len() == predicted.len();
    for (row, column) in pairs {
        let outcome = outcomes[row * predicted.len() + column];
        sum += outcome.sum;
        length += outcome.length;
        unmatched -= expected[row].size + predicted[column].size;
        equal &= outcome.equal;
    }
    Ok(Outcome { sum, length: length + unmatched, equal, none_like: expected.is_empty() })
}

fn compare_objects(
    expected: &[(&str, Node<'_>)],
    predicted: &[(&str, Node<'_>)],
) -> Result<Outcome, MetricError> {
    let find = |fields: &'_ [(&str, Node<'_>)], key: &str, hint: usize| {
        let at_hint = fields.get(hint).is_some_and(|(name, _)| *name == key);
        if at_hint { Some(hint) } else { fields.iter().position(|(name, _)| *name == key) }
    };
    let mut total = Outcome { sum: 0.0, length: 0, equal: true, none_like: true };
    for (index, (key, value)) in expected.iter().enumerate() {
        let found = find(predicted, key, index);
        let outcome = compare(value, found.map_or(NULL, |at| &predicted[at].1))?;
        total.sum += outcome.sum;
        total.length += outcome.length;
        let chosen = found.is_some() || !outcome.none_like;
        total.none_like &= !chosen;
        total.equal &= if found.is_some() { outcome.equal } else { !chosen };
    }
    for (index, (key, value)) in predicted.iter().enumerate() {
        if find(expected, key, index).is_some() {
            continue;
        }
        // A reference quirk: an invented null adds to the length but not to the sum.
        total.length += value.size.max(1);
        total.equal = false;
        total.none_like &= value.is_none_like();
    }
    Ok(total)
}

/// `==` as Python has it: 1 = 1.0 = True.
fn python_equal(a: &Value, b: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Bool(flag) => Some(f64::from(*flag)),
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
