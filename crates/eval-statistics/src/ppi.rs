//! Scores of a judge, corrected by a few human labels (prediction-powered inference).
//!
//! The labels must be a random sample of the cases: labelling the doubtful ones breaks all of this.

mod clustered;
mod documents;

use serde::Serialize;

pub use clustered::{Clustered, corrected_clustered_mean};
pub use documents::{CorrectedScore, JudgedCase};

use crate::{normal_quantile, normal_tail, student_quantile, student_tail};

/// The settings of a correction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Such as 0.95.
    pub confidence: f64,
    /// How much the judge counts, if it is not to be found from the data.
    pub lambda: Option<f64>,
    /// Pulls λ towards 1 where labels are few; 20 is good, 0 is none.
    pub shrink: f64,
    /// Pairs of made-up labels 0 and 1, for human scores that are only 0 or 1.
    pub pseudo: u32,
}

/// Judge and human on the labelled cases, and the judge on all others.
#[derive(Debug, Clone, Default, PartialEq)]
struct Data {
    human: Vec<f64>,
    judged: Vec<f64>,
    others: Vec<f64>,
}

impl Data {
    fn new(cases: &[(Option<f64>, f64)]) -> Self {
        let mut data = Self::default();
        for (human, judge) in cases {
            match human {
                Some(human) => {
                    data.human.push(*human);
                    data.judged.push(*judge);
                }
                None => data.others.push(*judge),
            }
        }
        data
    }

    fn is_constant(&self) -> bool {
        let mut all = self.judged.iter().chain(&self.others);
        let first = all.next();
        all.all(|score| Some(score) == first)
    }

    /// λ from the data; `None` where it is 0 by convention.
    fn best_lambda(&self) -> Option<f64> {
        let (n, all) = (self.human.len() as f64, self.others.len() as f64);
        if self.others.is_empty() || self.human.is_empty() || self.is_constant() {
            return None;
        }
        let (y, f) = (mean(&self.human), mean(&self.judged));
        let together: f64 = self
            .human
            .iter()
            .zip(&self.judged)
            .map(|(human, judged)| (human - y) * (judged - f))
            .sum::<f64>()
            / n;
        let pooled: Vec<f64> = self.judged.iter().chain(&self.others).copied().collect();
        let spread = squares(&pooled) / (pooled.len() as f64 - 1.0);
        Some((together / ((1.0 + n / all) * spread)).clamp(0.0, 1.0))
    }

    fn lambda(&self, settings: &Settings) -> f64 {
        match settings.lambda {
            _ if self.others.is_empty() => 0.0,
            Some(lambda) => lambda,
            None => self.best_lambda().unwrap_or(0.0),
        }
    }

    /// The same, pulled towards 1.
    fn shrunken(&self, settings: &Settings) -> f64 {
        match settings.lambda {
            _ if self.others.is_empty() => 0.0,
            Some(lambda) => lambda,
            None => self.best_lambda().map_or(0.0, |lambda| {
                let n = self.human.len() as f64;
                (n * lambda + settings.shrink) / (n + settings.shrink)
            }),
        }
    }

    fn estimate(&self, lambda: f64) -> Option<f64> {
        if self.human.is_empty() {
            return None;
        }
        let rest: f64 = self.residuals(lambda).sum::<f64>() / self.human.len() as f64;
        let judged = if self.others.is_empty() || lambda == 0.0 { 0.0 } else { lambda * mean(&self.others) };
        Some(judged + rest)
    }

    fn residuals(&self, lambda: f64) -> impl Iterator<Item = f64> + '_ {
        self.human.iter().zip(&self.judged).map(move |(human, judged)| human - lambda * judged)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Σ (x − mean)²; nothing for equal values, whatever rounding says.
fn squares(values: &[f64]) -> f64 {
    if values.iter().all(|value| *value == values[0]) {
        return 0.0;
    }
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

/// An estimate with its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SmallN {
    /// How much the judge counts; undefined without labels.
    pub lambda: Option<f64>,
    /// The corrected mean.
    pub estimate: Option<f64>,
    /// Its error, by the jackknife.
    pub se: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<i64>,
    /// Its interval.
    pub ci_t: [Option<f64>; 2],
    /// For differences: estimate over error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t: Option<Option<f64>>,
    /// For differences: two-sided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_t: Option<Option<f64>>,
}

/// The mean of the labels alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classical {
    /// The mean.
    pub estimate: Option<f64>,
    /// Its error.
    pub se: Option<f64>,
    /// Its interval.
    pub ci_t: [Option<f64>; 2],
}

/// A corrected mean of a judge's scores, or of the differences of two candidates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Corrected {
    /// Labelled cases.
    pub n: usize,
    /// The others.
    pub n_unlabelled: usize,
    /// How much the judge counts, by the original rule; undefined without labels.
    pub lambda: Option<f64>,
    /// The estimate by that rule.
    pub estimate: Option<f64>,
    /// Its error.
    pub se: Option<f64>,
    /// Its interval, which is too narrow for few labels.
    pub ci_normal: [Option<f64>; 2],
    /// The one to use.
    pub small_n: SmallN,
    /// The labels alone.
    pub classical: Classical,
    /// The judge alone, over all cases.
    pub judge_mean: Option<f64>,
    /// By how much the judge is too high on the labelled cases.
    pub judge_bias: Option<f64>,
    /// Labels that would say as much without the judge.
    pub n_effective: Option<f64>,
    /// For differences: estimate over error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub z: Option<Option<f64>>,
    /// For differences: two-sided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_normal: Option<Option<f64>>,
}

fn around(middle: Option<f64>, half: Option<f64>) -> [Option<f64>; 2] {
    let end = |sign: f64| middle.zip(half).map(|(middle, half)| middle + sign * half);
    [end(-1.0), end(1.0)]
}

/// The corrected mean of cases given as (human label if there is one, judge's score).
#[must_use]
pub fn corrected_mean(cases: &[(Option<f64>, f64)], settings: &Settings) -> Corrected {
    let data = Data::new(cases);
    let n = data.human.len();
    let lambda = data.lambda(settings);
    let estimate = data.estimate(lambda);
    let se = (n >= 2).then(|| {
        let judged = if data.others.is_empty() {
            0.0
        } else {
            lambda.powi(2) * squares(&data.others) / (data.others.len() as f64).powi(2)
        };
        let residuals: Vec<f64> = data.residuals(lambda).collect();
        (judged + squares(&residuals) / (n as f64).powi(2)).sqrt()
    });
    let z = -normal_quantile((1.0 - settings.confidence) / 2.0);
    let small_n = small_n(&data, settings);
    let classical = classical(&data, settings);
    let judges: Vec<f64> = cases.iter().map(|(_, judge)| *judge).collect();
    let effective = classical.se.zip(small_n.se).filter(|(_, small)| *small > 0.0);
    Corrected {
        n,
        n_unlabelled: data.others.len(),
        lambda: (n > 0).then_some(lambda),
        estimate,
        se,
        ci_normal: around(estimate, se.map(|se| z * se)),
        n_effective: effective.map(|(classical, small)| n as f64 * (classical / small).powi(2)),
        small_n,
        classical,
        judge_mean: (!judges.is_empty()).then(|| mean(&judges)),
        judge_bias: (n > 0).then(|| {
            data.judged.iter().zip(&data.human).map(|(judged, human)| judged - human).sum::<f64>() / n as f64
        }),
        z: None,
        p_normal: None,
    }
}

/// The corrected mean of b − a: `cases` hold the differences. Adds the tests of "no difference".
#[must_use]
pub fn corrected_difference(cases: &[(Option<f64>, f64)], settings: &Settings) -> Corrected {
    let mut out = corrected_mean(cases, settings);
    let ratio = |estimate: Option<f64>, se: Option<f64>| {
        estimate.zip(se).filter(|(_, se)| *se > 0.0).map(|(estimate, se)| estimate / se)
    };
    let z = ratio(out.estimate, out.se);
    out.z = Some(z);
    out.p_normal = Some(z.map(|z| 2.0 * normal_tail(z.abs())));
    let t = ratio(out.small_n.estimate, out.small_n.se);
    out.small_n.t = Some(t);
    out.small_n.p_t =
        Some(t.zip(out.small_n.df).map(|(t, df)| (2.0 * student_tail(t.abs(), df as f64)).min(1.0)));
    out
}

fn classical(data: &Data, settings: &Settings) -> Classical {
    let n = data.human.len();
    let estimate = (n > 0).then(|| mean(&data.human));
    let se = (n > 1).then(|| (squares(&data.human) / (n as f64 - 1.0) / n as f64).sqrt());
    let half = se.map(|se| t_of(settings.confidence, n as f64 - 1.0) * se);
    Classical { estimate, se, ci_t: around(estimate, half) }
}

fn t_of(confidence: f64, degrees: f64) -> f64 {
    -student_quantile((1.0 - confidence) / 2.0, degrees)
}

fn small_n(data: &Data, settings: &Settings) -> SmallN {
    let n = data.human.len();
    let mut data = data.clone();
    if settings.pseudo > 0 && !data.others.is_empty() {
        let judged = mean(&data.others);
        for _ in 0..settings.pseudo {
            data.human.extend([0.0, 1.0]);
            data.judged.extend([judged, judged]);
        }
    }
    let lambda = data.shrunken(settings);
    let estimate = data.estimate(lambda);
    let se = if n < 2 || (data.others.len() == 1 && lambda > 0.0) {
        None
    } else {
        jackknife(&data, lambda, settings)
    };
    let half = se.map(|se| t_of(settings.confidence, n as f64 - 1.0) * se);
    SmallN {
        lambda: (n > 0).then_some(lambda),
        estimate,
        se,
        df: (n >= 2).then_some(n as i64 - 1),
        ci_t: around(estimate, half),
        t: None,
        p_t: None,
    }
}

fn jackknife(data: &Data, lambda: f64, settings: &Settings) -> Option<f64> {
    let m = data.human.len();
    let without: Vec<f64> = (0..m)
        .map(|left_out| {
            let mut rest = data.clone();
            rest.human.remove(left_out);
            rest.judged.remove(left_out);
            rest.estimate(rest.shrunken(settings))
        })
        .collect::<Option<_>>()?;
    let labelled = (m as f64 - 1.0) / m as f64 * squares(&without);
    let others = if lambda > 0.0 {
        let all = data.others.len() as f64;
        lambda.powi(2) * squares(&data.others) / (all - 1.0) / all
    } else {
        0.0
    };
    Some((labelled + others).sqrt())
}
