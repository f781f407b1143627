//! Relative mapping similarity, DePlot's table metric.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::chartqa::number;
use crate::arguments::{number_or, string};
use crate::assignment::Weights;
use crate::distance::{between, harmonic, length, ratio};
use crate::python::{lines, strip};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "deplot_rms",
    about: "Table similarity: cells keyed by row and column name, matched by name, compared by value (DePlot RMS).\n\
            Formula: pair = similarity of keys x (1 - relative error, 0 from params.number_theta 0.1 on); precision and recall\n\
            divide the sum by the number of cells; the transposed reading counts if it is better. params.text_theta 0.5.\n\
            Source: google-research deplot/metrics.py. Flaws: only keys decide the matching, so equal keys may swap values;\n\
            1,000 is text; a cell whose column name repeats is overwritten.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let rules = Rules {
        text_theta: number_or(params, "text_theta", 0.5)?,
        number_theta: number_or(params, "number_theta", 0.1)?,
    };
    let similarity = rms(string("expected", expected)?, string("predicted", predicted)?, rules)?;
    Ok(json!({ "precision": similarity.precision, "recall": similarity.recall, "f1": similarity.f1 }))
}

/// How far keys and values may be off before they count as different.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Normalised edit distance from which two texts have nothing in common.
    pub text_theta: f64,
    /// Relative error from which two numbers have nothing in common.
    pub number_theta: f64,
}

/// Precision, recall and their harmonic mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// Share of the prediction that is right.
    pub precision: f64,
    /// Share of the reference that was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// RMS of two tables in text form (` | ` between cells).
///
/// # Errors
/// If the tables have too many cells to be matched.
pub fn rms(expected: &str, predicted: &str, rules: Rules) -> Result<Similarity, MetricError> {
    let expected = Table::parse(expected).points();
    let table = Table::parse(predicted);
    let transposed = compare(&expected, &table.transposed().points(), rules)?;
    let plain = compare(&expected, &table.points(), rules)?;
    Ok(if transposed.f1 >= plain.f1 { transposed } else { plain })
}

struct Table {
    title: Option<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn parse(text: &str) -> Self {
        let text = text.to_lowercase();
        let mut lines = lines(&text).into_iter().peekable();
        let title = lines
            .next_if(|line| line.starts_with("title |"))
            .map(|line| strip(&line["title |".len()..]).to_owned());
        let rows = lines.map(|line| line.split(" | ").map(|cell| strip(cell).to_owned()).collect()).collect();
        Self { title, rows }
    }

    fn transposed(&self) -> Self {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let column =
            |at: usize| self.rows.iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect();
        Self { title: self.title.clone(), rows: (0..width).map(column).collect() }
    }

    /// `row name + column name → cell`, in the order of first appearance.
    fn points(&self) -> Vec<Point> {
        let mut points: Vec<Point> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut set = |key: String, cell: &str| match known.get(&key) {
            Some(&at) => points[at].1 = cell.to_owned(),
            None => {
                known.insert(key.clone(), points.len());
                points.push((key, cell.to_owned()));
            }
        };
        if let Some(title) = &self.title {
            set("title".to_owned(), title);
        }
        if let Some((headers, rows)) = self.rows.split_first() {
            for row in rows {
                for (header, cell) in headers.iter().zip(row).skip(1) {
                    set(format!("{} {header}", row[0]), cell);
                }
            }
        }
        points
    }
}

fn compare(expected: &[Point], predicted: &[Point], rules: Rules) -> Result<Similarity, MetricError> {
    match_points(expected, predicted, rules)
}

/// A cell: its key, which names its row and column, and its text.
pub(crate) type Point = (String, String);

/// The similarity of two lists of cells.
fn match_points(expected: &[Point], predicted: &[Point], rules: Rules) -> Result<Similarity, MetricError> {
    let keys = Weights::new(expected.len(), predicted.len(), |row, column| {
        text_similarity(&expected[row].0, &predicted[column].0, rules.text_theta)
    })?;
    Ok(rules.similarity(expected, predicted, &keys, &matched_keys(&keys)))
}

/// The best matching of keys, without pairs that have nothing in common.
pub(crate) fn matched_keys(keys: &Weights) -> Vec<(usize, usize)> {
    let mut pairs = keys.best_matching();
    pairs.retain(|&(row, column)| keys.at(row, column) > 0.0);
    pairs
}

impl Rules {
    /// The similarity of two tables whose cells were paired by their `keys`.
    pub(crate) fn similarity(
        self,
        expected: &[Point],
        predicted: &[Point],
        keys: &Weights,
        pairs: &[(usize, usize)],
    ) -> Similarity {
        let extreme = |precision, recall, f1| Similarity { precision, recall, f1 };
        match (expected.is_empty(), predicted.is_empty()) {
            (true, true) => return extreme(1.0, 1.0, 1.0),
            (true, false) => return extreme(0.0, 1.0, 0.0),
            (false, true) => return extreme(1.0, 0.0, 0.0),
            (false, false) => {}
        }
        let value = |&(row, column): &(usize, usize)| {
            keys.at(row, column) * self.cell(&expected[row].1, &predicted[column].1)
        };
        let sum: f64 = pairs.iter().map(value).sum();
        let (precision, recall) = (sum / predicted.len() as f64, sum / expected.len() as f64);
        Similarity { precision, recall, f1: harmonic(precision, recall) }
    }

    fn cell(self, expected: &str, predicted: &str) -> f64 {
        match (number(expected), number(predicted)) {
            (Some(t), Some(p)) if t != 0.0 => {
                let error = relative_error(t, p);
                if error < self.number_theta { 1.0 - error } else { 0.0 }
            }
            _ if expected == predicted => 1.0,
            _ => text_similarity(expected, predicted, self.text_theta),
        }
    }
}

/// |t − p| / |t|, at most 1; not a number counts as 1.
pub(crate) fn relative_error(t: f64, p: f64) -> f64 {
    ((t - p).abs() / t.abs()).min(1.0)
}

/// 1 − normalised distance, or 0 from `theta` on.
pub(crate) fn text_similarity(a: &str, b: &str, theta: f64) -> f64 {
    let longest = length(a).max(length(b));
    if longest == 0 {
        return if theta > 0.0 { 1.0 } else { 0.0 };
    }
    let distance = ratio(between(a, b), longest);
    if distance < theta { 1.0 - distance } else { 0.0 }
}
