//! Scores of a classifier over many cases.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::arguments::{list, number_or, same_length};
use crate::assignment::check_size;
use crate::distance::share;
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "classification",
    about: "Confusion matrix (rows expected), accuracy, balanced accuracy, precision/recall/F1 (per class, macro, micro, weighted),\n\
            Cohen's kappa (for integers also linear and quadratic) and Matthews correlation over a list of labels.\n\
            Source: scikit-learn 1.9. params.zero_division (0) stands for 0/0. Flaws: macro averages run over all labels that occur\n\
            on either side, so a label the model made up lowers them; accuracy hides rare classes.",
    score,
};

/// How often each label was answered for each label, rows expected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// The labels that occur on either side, sorted.
    pub labels: Vec<String>,
    /// `matrix[expected][predicted]`.
    pub matrix: Vec<Vec<usize>>,
}

/// Precision, recall and F1 of one class, or averaged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassScore {
    /// Right among those answered with this label.
    pub precision: f64,
    /// Right among those that have this label.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// How disagreements between ordered labels are weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KappaWeights {
    /// Every disagreement counts the same.
    None,
    /// By distance in the sorted labels.
    Linear,
    /// By squared distance.
    Quadratic,
}

impl Confusion {
    /// Counts pairs of (expected, predicted) labels.
    #[must_use]
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pairs: Vec<(&str, &str)> = pairs.into_iter().collect();
        let mut labels: Vec<&str> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        labels.sort_unstable();
        labels.dedup();
        let index = |label: &str| labels.partition_point(|&known| known < label);
        let mut matrix = vec![vec![0; labels.len()]; labels.len()];
        for (expected, predicted) in pairs {
            matrix[index(expected)][index(predicted)] += 1;
        }
        Self { labels: labels.into_iter().map(str::to_owned).collect(), matrix }
    }

    /// Number of cases.
    #[must_use]
    pub fn total(&self) -> usize {
        self.matrix.iter().flatten().sum()
    }

    /// Number of cases with this label.
    #[must_use]
    pub fn support(&self, class: usize) -> usize {
        self.matrix[class].iter().sum()
    }

    fn answered(&self, class: usize) -> usize {
        self.matrix.iter().map(|row| row[class]).sum()
    }

    fn right(&self) -> usize {
        (0..self.labels.len()).map(|class| self.matrix[class][class]).sum()
    }

    /// Share of right answers; undefined without cases.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        share(self.right(), self.total())
    }

    /// Mean recall over the classes that are expected at least once.
    #[must_use]
    pub fn balanced_accuracy(&self) -> Option<f64> {
        let classes = 0..self.labels.len();
        let recalls: Vec<f64> =
            classes.filter_map(|class| share(self.matrix[class][class], self.support(class))).collect();
        mean(recalls.iter().map(|&recall| (recall, 1.0)))
    }

    /// Scores of one class; `zero_division` stands for 0/0.
    #[must_use]
    pub fn class(&self, class: usize, zero_division: f64) -> ClassScore {
        let right = self.matrix[class][class];
        let (support, answered) = (self.support(class), self.answered(class));
        ClassScore {
            precision: share(right, answered).unwrap_or(zero_division),
            recall: share(right, support).unwrap_or(zero_division),
            f1: share(2 * right, support + answered).unwrap_or(zero_division),
        }
    }

    /// The mean over all labels.
    #[must_use]
    pub fn macro_average(&self, zero_division: f64) -> Option<ClassScore> {
        self.average(zero_division, |_| 1.0)
    }

    /// The mean over all labels, weighted by how often each is expected.
    #[must_use]
    pub fn weighted_average(&self, zero_division: f64) -> Option<ClassScore> {
        self.average(zero_division, |class| self.support(class) as f64)
    }

    fn average(&self, zero_division: f64, weight: impl Fn(usize) -> f64) -> Option<ClassScore> {
        let scores: Vec<(ClassScore, f64)> =
            (0..self.labels.len()).map(|class| (self.class(class, zero_division), weight(class))).collect();
        let of =
            |part: fn(&ClassScore) -> f64| mean(scores.iter().map(|(score, weight)| (part(score), *weight)));
        Some(ClassScore { precision: of(|s| s.precision)?, recall: of(|s| s.recall)?, f1: of(|s| s.f1)? })
    }

    /// Cohen's kappa: agreement beyond chance; undefined if chance alone would agree always.
    #[must_use]
    pub fn kappa(&self, weights: KappaWeights) -> Option<f64> {
        let weight = |a: usize, b: usize| match weights {
            KappaWeights::None => f64::from(a != b),
            KappaWeights::Linear => a.abs_diff(b) as f64,
            KappaWeights::Quadratic => (a.abs_diff(b) as f64).powi(2),
        };
        let (mut observed, mut by_chance) = (0.0, 0.0);
        let answered: Vec<usize> = (0..self.labels.len()).map(|class| self.answered(class)).collect();
        for (a, row) in self.matrix.iter().enumerate() {
            let support = self.support(a) as f64;
            for (b, &count) in row.iter().enumerate() {
                observed += weight(a, b) * count as f64;
                by_chance += weight(a, b) * support * answered[b] as f64 / self.total() as f64;
            }
        }
        (by_chance > 0.0).then(|| 1.0 - observed / by_chance)
    }

    /// Matthews correlation of expected and predicted labels; 0 if either side has one label only.
    #[must_use]
    pub fn mcc(&self) -> Option<f64> {
        let total = self.total() as f64;
        let classes =
            || (0..self.labels.len()).map(|class| (self.support(class) as f64, self.answered(class) as f64));
        let both: f64 = classes().map(|(support, answered)| support * answered).sum();
        let expected: f64 = classes().map(|(support, _)| support * support).sum();
        let predicted: f64 = classes().map(|(_, answered)| answered * answered).sum();
        let spread = (total * total - expected) * (total * total - predicted);
        let correlation = || (self.right() as f64 * total - both) / spread.sqrt();
        (total > 0.0).then(|| if spread > 0.0 { correlation() } else { 0.0 })
    }
}

/// Weighted mean; undefined without weight.
fn mean(values: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (sum, weight) =
        values.fold((0.0, 0.0), |(sum, total), (value, weight)| (sum + value * weight, total + weight));
    (weight > 0.0).then(|| sum / weight)
}

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let (expected, predicted) = (list("expected", expected)?, list("predicted", predicted)?);
    same_length(expected.len(), predicted.len())?;
    let zero_division = number_or(params, "zero_division", 0.0)?;
    let all = || expected.iter().chain(predicted);
    let integers = all().all(Value::is_i64) && all().next().is_some();
    if !integers && !all().all(Value::is_string) {
        return Err(MetricError::new("labels should be all strings or all integers"));
    }
    let keys = Keys { integers };
    let (left, right): (Vec<String>, Vec<String>) = (
        expected.iter().map(|label| keys.of(label)).collect(),
        predicted.iter().map(|label| keys.of(label)).collect(),
    );
    let labels = left.iter().chain(&right).collect::<HashSet<_>>().len();
    check_size(labels, labels)?;
    let confusion = Confusion::of(left.iter().map(String::as_str).zip(right.iter().map(String::as_str)));
    let micro = confusion.accuracy().map(|share| ClassScore { precision: share, recall: share, f1: share });
    let mut score = Map::new();
    score.insert("labels".into(), confusion.labels.iter().map(|key| keys.label(key)).collect());
    score.insert("accuracy".into(), json!(confusion.accuracy()));
    score.insert("balanced_accuracy".into(), json!(confusion.balanced_accuracy()));
    score.insert("mcc".into(), json!(confusion.mcc()));
    score.insert("confusion_matrix".into(), json!(confusion.matrix));
    score.insert("per_class".into(), per_class(&confusion, keys, zero_division));
    score.insert("macro".into(), json!(confusion.macro_average(zero_division)));
    score.insert("micro".into(), json!(micro));
    score.insert("weighted".into(), json!(confusion.weighted_average(zero_division)));
    score.insert("cohen_kappa".into(), json!(confusion.kappa(KappaWeights::None)));
    if integers {
        score.insert("cohen_kappa_linear".into(), json!(confusion.kappa(KappaWeights::Linear)));
        score.insert("cohen_kappa_quadratic".into(), json!(confusion.kappa(KappaWeights::Quadratic)));
    }
    Ok(Value::Object(score))
}

fn per_class(confusion: &Confusion, keys: Keys, zero_division: f64) -> Value {
    let classes = confusion.labels.iter().enumerate().map(|(class, key)| {
        let score = confusion.class(class, zero_division);
        let score = json!({
            "precision": score.precision, "recall": score.recall, "f1": score.f1, "support": confusion.support(class),
        });
        let label = keys.label(key);
        (label.as_str().map_or_else(|| label.to_string(), str::to_owned), score)
    });
    Value::Object(classes.collect())
}

/// Labels as texts that sort as the labels do: integers by value.
#[derive(Clone, Copy)]
struct Keys {
    integers: bool,
}

impl Keys {
    fn of(self, label: &Value) -> String {
        match label.as_i64() {
            // Shifted to be positive, so that the padded text sorts by value.
            Some(number) => format!("{:020}", number.wrapping_sub(i64::MIN) as u64),
            None => label.as_str().unwrap_or_default().to_owned(),
        }
    }

    fn label(self, key: &str) -> Value {
        if !self.integers {
            return json!(key);
        }
        let shifted: u64 = key.parse().expect("integer keys are padded u64");
        json!((shifted as i64).wrapping_add(i64::MIN))
    }
}
