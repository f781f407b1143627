//! Structuring chart-oriented representation metric (StructChart, ChartX).

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::arguments::{flag_or, same_length, string, string_or, strings};
use crate::distance::{between, ratio};
use crate::python::{float_text, parse_float, strip};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "scrm",
    about: "Similarity of two tables as sets of (row, column, value) with six levels of tolerance, per chart.\n\
            Formula: |matched predicted triples| / |union|; a triple matches within w letters and a relative error of n;\n\
            (w, n) strict (0, 0), slight (2, 0.05), high (5, 0.1), and wider for `difficult`. params.separator, params.delimiter.\n\
            Source: ChartVLM eval/metric/SCRM.py. Flaws: not one-to-one, not symmetric, negative labels always pass.",
    score,
};

pub(crate) const CORPUS: NamedMetric = NamedMetric {
    name: "scrm_corpus",
    about: "SCRM over a corpus: share of charts above a similarity (ap_50, ap_75, ap_90, em) and its mean over 0.5 … 0.95 (map).\n\
            params.easy: 1 (default) or 0 selects the tolerances. Source and flaws as for `scrm`.",
    score: score_corpus,
};

/// Names of the levels with (letters, relative error): easy, then difficult.
const EASY: [(&str, usize, f64); 3] = [("strict", 0, 0.0), ("slight", 2, 0.05), ("high", 5, 0.1)];
const DIFFICULT: [(&str, usize, f64); 3] = [("strict", 0, 0.1), ("slight", 2, 0.3), ("high", 5, 0.5)];

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let marks = Marks::read(params)?;
    let expected = marks.triples(string("expected", expected)?);
    let predicted = marks.triples(string("predicted", predicted)?);
    let mut score = Map::new();
    for (kind, levels) in [("easy", EASY), ("difficult", DIFFICULT)] {
        for (level, letters, error) in levels {
            score.insert(format!("{kind}_{level}"), json!(similarity(&expected, &predicted, letters, error)));
        }
    }
    Ok(Value::Object(score))
}

fn score_corpus(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let marks = Marks::read(params)?;
    let levels = if flag_or(params, "easy", true)? { EASY } else { DIFFICULT };
    let (expected, predicted) = (strings("expected", expected)?, strings("predicted", predicted)?);
    same_length(expected.len(), predicted.len())?;
    let triples =
        |tables: Vec<&str>| tables.into_iter().map(|table| marks.triples(table)).collect::<Vec<_>>();
    let (expected, predicted) = (triples(expected), triples(predicted));
    let mut score = Map::new();
    for (level, letters, error) in levels {
        let pairs = expected.iter().zip(&predicted);
        let similarities: Option<Vec<f64>> =
            pairs.map(|(expected, predicted)| similarity(expected, predicted, letters, error)).collect();
        let similarities = similarities.filter(|list| !list.is_empty());
        let share = |least: f64| {
            let list = similarities.as_ref()?;
            Some(ratio(list.iter().filter(|&&similarity| similarity >= least).count(), list.len()))
        };
        if level == "strict" {
            score.insert("em".to_owned(), json!(share(1.0)));
        }
        score.insert(
            format!("map_{level}"),
            json!(thresholds().map(share).sum::<Option<f64>>().map(|sum| sum / 10.0)),
        );
        for (name, least) in [("50", 0.5), ("75", 0.75), ("90", 0.9)] {
            score.insert(format!("ap_{name}_{level}"), json!(share(least)));
        }
    }
    Ok(Value::Object(score))
}

/// `numpy.arange(0.5, 1, 0.05)`, whose step is what is left of 0.05 after adding and subtracting 0.5.
fn thresholds() -> impl Iterator<Item = f64> {
    let step = (0.5_f64 + 0.05) - 0.5;
    (0..10).map(move |index| 0.5 + f64::from(index) * step)
}

/// Cells and rows are separated by two-character marks: a backslash and a letter.
struct Marks<'a> {
    separator: &'a str,
    delimiter: &'a str,
}

impl<'a> Marks<'a> {
    fn read(params: &'a Value) -> Result<Self, MetricError> {
        let marks = Self {
            separator: string_or(params, "separator", "\\t")?,
            delimiter: string_or(params, "delimiter", "\\n")?,
        };
        if marks.separator.is_empty() || marks.delimiter.is_empty() {
            return Err(MetricError::new("`params.separator` and `params.delimiter` should not be empty"));
        }
        Ok(marks)
    }

    fn triples(&self, table: &str) -> Vec<Triple> {
        let mut lines = strip(table).split(self.delimiter);
        let headers: Vec<&str> = lines.next().unwrap_or_default().split(self.separator).collect();
        let mut seen = HashSet::new();
        let mut triples = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let mut cells = line.split(self.separator);
            let entity = cells.next().unwrap_or_default();
            for (header, cell) in headers.iter().skip(1).zip(cells) {
                let triple = Triple::new(entity, header, cell);
                if seen.insert(triple.identity()) {
                    triples.push(triple);
                }
            }
        }
        triples
    }
}

struct Triple {
    names: [String; 2],
    /// Both names in a row.
    joined: String,
    number: Option<f64>,
    /// Both names and the value in a row.
    text: String,
}

impl Triple {
    fn new(entity: &str, header: &str, cell: &str) -> Self {
        let mut names = [strip(entity), strip(header)];
        names.sort_unstable();
        let names = names.map(str::to_lowercase);
        let value = strip(cell).replace(['%', '$'], "");
        let number = parse_float(&value);
        let joined = names.concat();
        let text = format!("{joined}{}", number.map_or_else(|| value.to_lowercase(), float_text));
        Self { names, joined, number, text }
    }

    /// Two triples with the same identity are one member of the set; 0 and −0 are equal, a number never equals a text.
    fn identity(&self) -> ([String; 2], Option<u64>, Option<String>) {
        let number = self.number.map(|number| (number + 0.0).to_bits());
        (self.names.clone(), number, number.is_none().then(|| self.text.clone()))
    }

    fn matches(&self, label: &Self, letters: usize, error: f64) -> bool {
        match (self.number, label.number) {
            (Some(number), Some(truth)) => {
                (number - truth).abs() / (truth + 0.000_001) <= error
                    && between(&self.joined, &label.joined) <= letters
            }
            _ => between(&self.text, &label.text) <= letters,
        }
    }
}

fn similarity(expected: &[Triple], predicted: &[Triple], letters: usize, error: f64) -> Option<f64> {
    let labels: HashSet<_> = expected.iter().map(Triple::identity).collect();
    let (mut matched, mut union) = (0, labels.len());
    for triple in predicted {
        let known = labels.contains(&triple.identity());
        let hit = expected.iter().any(|label| triple.matches(label, letters, error));
        matched += usize::from(hit);
        union += usize::from(!known && !hit);
    }
    (union > 0).then(|| ratio(matched, union))
}
