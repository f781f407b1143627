//! ChartQAPro relaxed accuracy.

use serde_json::{Value, json};

use super::anls::anls;
use crate::arguments::{flag_or, number_or, string, strings};
use crate::python::{parse_float, parse_list, strip};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "chartqapro_relaxed",
    about: "ChartQA's tolerance for lists of answers, with exact years and edit similarity for text (ChartQAPro).\n\
            Formula: mean over positions; year (params.year_flags YES) or always_use_exact_match: equal after trim and lower-case;\n\
            else both numbers: within 5 % (params.max_relative_change); else ANLS with threshold 0.5.\n\
            Source: ChartQAPro relaxed_correctness_chartqapro. Flaws: lists are compared by position, not matched; 45 and 45% are\n\
            equal; a list is recognised by Python syntax.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let rules = Rules {
        tolerance: number_or(params, "max_relative_change", 0.05)?,
        years: match &params["year_flags"] {
            Value::Null => Vec::new(),
            flags => {
                strings("params.year_flags", flags)?.iter().map(|flag| flag.to_uppercase() == "YES").collect()
            }
        },
        exact: flag_or(params, "always_use_exact_match", false)?,
    };
    let score = rules.score(string("expected", expected)?, string("predicted", predicted)?);
    Ok(json!({ "score": score }))
}

struct Rules {
    tolerance: f64,
    /// Which answers are years; repeated if there are fewer flags than answers.
    years: Vec<bool>,
    exact: bool,
}

impl Rules {
    fn score(&self, expected: &str, predicted: &str) -> f64 {
        let expected = quoted(expected)
            .and_then(|list| parse_list(&list))
            .map_or_else(|| answers(expected), |list| trimmed(list, expected));
        let predicted = answers(predicted);
        let positions = expected.len().max(predicted.len());
        let pairs = expected.iter().zip(&predicted).enumerate();
        let sum: f64 = pairs
            .map(|(index, (expected, predicted))| {
                let year = !self.years.is_empty() && self.years[index % self.years.len()];
                if year || self.exact {
                    f64::from(strip(expected).to_lowercase() == strip(predicted).to_lowercase())
                } else {
                    relaxed(expected, predicted, self.tolerance)
                }
            })
            .sum();
        sum / positions as f64
    }
}

fn answers(text: &str) -> Vec<String> {
    parse_list(text).map_or_else(|| vec![text.to_owned()], |list| trimmed(list, text))
}

/// The items without blanks and quotes around them; an empty list is the text itself.
fn trimmed(items: Vec<String>, text: &str) -> Vec<String> {
    if items.is_empty() {
        return vec![text.to_owned()];
    }
    items.iter().map(|item| item.trim_matches([' ', '\'']).to_owned()).collect()
}

/// `re.sub(r"(?<!['\w])(\w[^,]*?)(?!['\w])", r"'\1'", …)` inside the brackets of a one-line list.
fn quoted(text: &str) -> Option<String> {
    let content = strip(text).strip_prefix('[')?.strip_suffix(']')?;
    if content.contains('\n') {
        return None;
    }
    let sticky = |c: char| c == '\'' || c == '_' || c.is_alphanumeric();
    let mut out = String::from("[");
    let mut rest = content;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        let starts = sticky(c) && c != '\'' && !before.is_some_and(sticky);
        let end = if starts { rest.find(|c| !sticky(c)).unwrap_or(rest.len()) } else { c.len_utf8() };
        let (piece, tail) = rest.split_at(end);
        if starts {
            out.push('\'');
        }
        out.push_str(piece);
        if starts {
            out.push('\'');
        }
        before = piece.chars().next_back();
        rest = tail;
    }
    out.push(']');
    Some(out)
}

fn relaxed(expected: &str, predicted: &str, tolerance: f64) -> f64 {
    let bare = |text: &str| strip(strip(text).trim_matches('%')).to_owned();
    let (expected, predicted) = (bare(expected), bare(predicted));
    let number = |text: &str| parse_float(text.trim_matches('%'));
    match (number(&expected), number(&predicted)) {
        (Some(0.0), Some(predicted)) => f64::from(predicted == 0.0),
        (Some(expected), Some(predicted)) => {
            f64::from((predicted - expected).abs() / expected.abs() <= tolerance)
        }
        _ => anls(&[&expected], &predicted, 0.5).unwrap_or(0.0),
    }
}
