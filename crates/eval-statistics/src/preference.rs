//! Strengths from pairwise verdicts (Bradley–Terry, Davidson), and what the order of showing does to a judge.

mod documents;

use serde::Serialize;
use statrs::distribution::{Binomial, DiscreteCDF};

use crate::matrix::Matrix;
use crate::{Level, Moments, normal_tail, student_quantile, wilson};

pub use documents::{PairCounts, Preferences};

/// Verdicts on one pair, shown in one order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdicts {
    /// The number of the item shown first.
    pub first: usize,
    /// And of the second.
    pub second: usize,
    /// How often the first won.
    pub wins_first: f64,
    /// How often the second won.
    pub wins_second: f64,
    /// Ties.
    pub ties: f64,
}

/// What a tie is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// Half a win for each.
    Half,
    /// An outcome of its own (Davidson).
    Davidson,
}

/// Strengths of items, on the scale of log odds; their sum is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Strengths {
    /// By item.
    pub strength: Vec<f64>,
    /// Their errors by the model.
    pub se: Vec<f64>,
    /// Their errors if the model does not hold.
    pub se_sandwich: Vec<f64>,
    /// Their covariance.
    pub covariance: Vec<Vec<f64>>,
    /// How frequent ties are between equals.
    pub nu: Option<f64>,
    /// The error of its logarithm.
    pub log_nu_se: Option<f64>,
    /// What being shown first adds.
    pub order_effect: Option<f64>,
    /// Its error.
    pub order_se: Option<f64>,
    /// p of "nothing".
    pub order_p: Option<f64>,
    /// Without multinomial constants.
    pub log_likelihood: f64,
}

/// A parameter beyond this means that there is no maximum.
const LARGEST: f64 = 20.0;
const MOST_STEPS: usize = 200;

/// Fits the strengths of so many items; `None` where the likelihood has no finite maximum.
#[must_use]
pub fn bradley_terry(items: usize, verdicts: &[Verdicts], ties: Ties, order: bool) -> Option<Strengths> {
    if !is_connected(items, verdicts, ties) {
        return None;
    }
    let has_ties = verdicts.iter().any(|row| row.ties > 0.0);
    let model = Model {
        items,
        order: order.then_some(items),
        tie: (ties == Ties::Davidson && has_ties).then_some(items + usize::from(order)),
        half: ties == Ties::Half,
    };
    let parameters = model.maximum(verdicts)?;
    let fitted = model.at(&parameters, verdicts);
    let covariance = fitted.information.pseudo_inverse(items)?;
    let sandwich = covariance.times(&fitted.outer).times(&covariance);
    let error = |matrix: &Matrix, at: usize| matrix.get(at, at).max(0.0).sqrt();
    let order_effect = model.order.map(|at| (parameters[at], error(&covariance, at)));
    Some(Strengths {
        strength: parameters[..items].to_vec(),
        se: (0..items).map(|at| error(&covariance, at)).collect(),
        se_sandwich: (0..items).map(|at| error(&sandwich, at)).collect(),
        covariance: (0..items).map(|a| (0..items).map(|b| covariance.get(a, b)).collect()).collect(),
        nu: match (ties, model.tie) {
            (Ties::Half, _) => None,
            (Ties::Davidson, None) => Some(0.0),
            (Ties::Davidson, Some(at)) => Some(parameters[at].exp()),
        },
        log_nu_se: model.tie.map(|at| error(&covariance, at)),
        order_effect: order_effect.map(|(effect, _)| effect),
        order_se: order_effect.map(|(_, se)| se),
        order_p: order_effect
            .filter(|(_, se)| *se > 0.0)
            .map(|(effect, se)| 2.0 * normal_tail((effect / se).abs())),
        log_likelihood: fitted.log_likelihood,
    })
}

/// Whether everybody beat everybody, if only through others.
fn is_connected(items: usize, verdicts: &[Verdicts], ties: Ties) -> bool {
    let tied = |row: &Verdicts| ties == Ties::Half && row.ties > 0.0;
    let reaches_all = |forward: bool| {
        let mut seen = vec![false; items];
        let mut open = vec![0_usize];
        if let Some(first) = seen.first_mut() {
            *first = true;
        }
        while let Some(at) = open.pop() {
            for row in verdicts {
                let first_won = row.wins_first > 0.0 || tied(row);
                let second_won = row.wins_second > 0.0 || tied(row);
                let edges = [(row.first, row.second, first_won), (row.second, row.first, second_won)];
                for (winner, loser, won) in edges {
                    let (from, to) = if forward { (winner, loser) } else { (loser, winner) };
                    if won && from == at && !seen[to] {
                        seen[to] = true;
                        open.push(to);
                    }
                }
            }
        }
        seen.iter().all(|seen| *seen)
    };
    items > 0 && reaches_all(true) && reaches_all(false)
}

/// Which parameters there are: the strengths, then the order, then the logarithm of ν.
struct Model {
    items: usize,
    order: Option<usize>,
    tie: Option<usize>,
    half: bool,
}

struct Fitted {
    log_likelihood: f64,
    score: Vec<f64>,
    information: Matrix,
    /// The sum over single verdicts of their scores' squares.
    outer: Matrix,
}

impl Model {
    fn size(&self) -> usize {
        self.items + usize::from(self.order.is_some()) + usize::from(self.tie.is_some())
    }

    /// What each outcome has of each parameter: first wins, second wins, tie.
    fn features(&self, row: &Verdicts) -> Vec<Vec<f64>> {
        let mut features = vec![vec![0.0; self.size()]; 3];
        features[0][row.first] = 1.0;
        features[1][row.second] = 1.0;
        features[2][row.first] += 0.5;
        features[2][row.second] += 0.5;
        if let Some(order) = self.order {
            features[0][order] = 1.0;
            features[2][order] = 0.5;
        }
        if let Some(tie) = self.tie {
            features[2][tie] = 1.0;
        }
        features
    }

    fn at(&self, parameters: &[f64], verdicts: &[Verdicts]) -> Fitted {
        let size = self.size();
        let mut fitted = Fitted {
            log_likelihood: 0.0,
            score: vec![0.0; size],
            information: Matrix::zero(size),
            outer: Matrix::zero(size),
        };
        for row in verdicts {
            let features = self.features(row);
            let outcomes = if self.tie.is_some() { 3 } else { 2 };
            let logits: Vec<f64> = features[..outcomes]
                .iter()
                .map(|feature| feature.iter().zip(parameters).map(|(a, b)| a * b).sum())
                .collect();
            let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let norm = most + logits.iter().map(|logit| (logit - most).exp()).sum::<f64>().ln();
            let chances: Vec<f64> = logits.iter().map(|logit| (logit - norm).exp()).collect();
            let mean: Vec<f64> = (0..size)
                .map(|at| chances.iter().zip(&features).map(|(chance, feature)| chance * feature[at]).sum())
                .collect();
            // Half a tie is half of each win for the likelihood, and a verdict in the middle for its spread.
            let counts = [row.wins_first, row.wins_second, row.ties];
            let total: f64 =
                if self.half || self.tie.is_some() { counts.iter().sum() } else { counts[0] + counts[1] };
            let weights = if self.half {
                [counts[0] + counts[2] / 2.0, counts[1] + counts[2] / 2.0, 0.0]
            } else {
                counts
            };
            for (outcome, logit) in logits.iter().enumerate() {
                fitted.log_likelihood += weights[outcome] * (logit - norm);
                let away: Vec<f64> = features[outcome].iter().zip(&mean).map(|(a, b)| a - b).collect();
                for (score, away) in fitted.score.iter_mut().zip(&away) {
                    *score += weights[outcome] * away;
                }
                fitted.information.add_square(&away, total * chances[outcome]);
            }
            for (outcome, count) in counts.iter().enumerate() {
                let feature: Vec<f64> = if outcome == 2 && self.half {
                    features[0].iter().zip(&features[1]).map(|(a, b)| (a + b) / 2.0).collect()
                } else {
                    features[outcome].clone()
                };
                let away: Vec<f64> = feature.iter().zip(&mean).map(|(a, b)| a - b).collect();
                fitted.outer.add_square(&away, *count);
            }
        }
        fitted
    }

    /// Newton's method with halved steps.
    fn maximum(&self, verdicts: &[Verdicts]) -> Option<Vec<f64>> {
        let mut parameters = vec![0.0; self.size()];
        let mut fitted = self.at(&parameters, verdicts);
        for _ in 0..MOST_STEPS {
            let step = fitted.information.pseudo_inverse(self.items)?.apply(&fitted.score);
            let mut scale = 1.0;
            let (next, better) = loop {
                let next: Vec<f64> = parameters.iter().zip(&step).map(|(a, b)| a + scale * b).collect();
                let better = self.at(&next, verdicts);
                if better.log_likelihood >= fitted.log_likelihood - 1e-12 || scale < 1e-8 {
                    break (next, better);
                }
                scale /= 2.0;
            };
            (parameters, fitted) = (next, better);
            if parameters.iter().any(|parameter| parameter.is_nan() || parameter.abs() > LARGEST) {
                return None;
            }
            if step.iter().all(|part| part.abs() < 1e-13) {
                break;
            }
        }
        Some(parameters)
    }
}

/// A verdict of a judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// For the one shown first.
    First,
    /// For the one shown second.
    Second,
    /// For neither.
    Tie,
}

/// A mean over pairs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverPairs {
    /// The mean.
    pub estimate: Option<f64>,
    /// Its error.
    pub se: Option<f64>,
    /// Its interval.
    pub ci_t: [Option<f64>; 2],
}

/// What the order of showing does to a judge that is asked twice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderBias {
    /// Pairs.
    pub n: usize,
    /// Pairs with the same verdict both times.
    pub consistent: usize,
    /// Pairs in which the first always won.
    pub always_first: usize,
    /// Pairs in which the second always won.
    pub always_second: usize,
    /// The share of the first among verdicts without ties.
    pub first_share: Option<f64>,
    /// Its interval, which ignores the pairing.
    pub first_share_wilson: [Option<f64>; 2],
    /// 0: none, ½: always the first.
    pub position_effect: OverPairs,
    /// Exact sign test on pairs with unlike points.
    pub p_sign_exact: f64,
    /// How often A wins, freed of the order.
    pub win_rate_a: OverPairs,
    /// What a judge that is asked once, with A first, would say.
    pub win_rate_a_shown_first_only: Option<f64>,
}

/// Judges pairs of verdicts: with A first, then with B first.
#[must_use]
pub fn order_bias(pairs: &[[Shown; 2]], confidence: f64) -> OrderBias {
    let n = pairs.len();
    let points = |verdict: Shown, is_first: bool| match verdict {
        Shown::Tie => 0.5,
        Shown::First => f64::from(u8::from(is_first)),
        Shown::Second => f64::from(u8::from(!is_first)),
    };
    let both: Vec<(f64, f64)> = pairs.iter().map(|[a, b]| (points(*a, true), points(*b, false))).collect();
    let count = |is: fn(&[Shown; 2]) -> bool| pairs.iter().filter(|pair| is(pair)).count();
    let first = pairs.iter().flatten().filter(|it| **it == Shown::First).count() as u64;
    let decided = pairs.iter().flatten().filter(|it| **it != Shown::Tie).count() as u64;
    let share = Level::new(confidence).ok().and_then(|level| wilson(first, decided, level));
    let ups = both.iter().filter(|(a, b)| a > b).count() as u64;
    let unlike = both.iter().filter(|(a, b)| a != b).count() as u64;
    let sign = Binomial::new(0.5, unlike).map_or(1.0, |it| (2.0 * it.cdf(ups.min(unlike - ups))).min(1.0));
    let mean = |of: fn(&(f64, f64)) -> f64| over_pairs(both.iter().map(of), confidence);
    OrderBias {
        n,
        consistent: both.iter().filter(|(a, b)| a == b).count(),
        always_first: count(|pair| *pair == [Shown::First; 2]),
        always_second: count(|pair| *pair == [Shown::Second; 2]),
        first_share: (decided > 0).then(|| first as f64 / decided as f64),
        first_share_wilson: [share.map(|it| it.low), share.map(|it| it.high)],
        position_effect: mean(|(a, b)| (a - b) / 2.0),
        p_sign_exact: if unlike == 0 { 1.0 } else { sign },
        win_rate_a: mean(|(a, b)| (a + b) / 2.0),
        win_rate_a_shown_first_only: (n > 0).then(|| both.iter().map(|it| it.0).sum::<f64>() / n as f64),
    }
}

fn over_pairs(values: impl Iterator<Item = f64>, confidence: f64) -> OverPairs {
    let moments: Moments = values.collect();
    let (estimate, se) = (moments.mean(), moments.standard_error());
    let half = se.map(|se| -student_quantile((1.0 - confidence) / 2.0, moments.count() as f64 - 1.0) * se);
    let end = |sign: f64| estimate.zip(half).map(|(estimate, half)| estimate + sign * half);
    OverPairs { estimate, se, ci_t: [end(-1.0), end(1.0)] }
}
