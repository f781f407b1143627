//! Sequential statistics by betting: valid however often one looks.
//!
//! Scores lie in [0, 1]. Against a mean `m` a gambler stakes on every next score; if `m` is true, no gambler wins 1/α with
//! a chance above α, at any time. Means at which somebody did are ruled out (Waudby-Smith and Ramdas).

use std::cell::RefCell;
use std::collections::HashMap;

use serde::Serialize;

mod capital;

use capital::{Capital, Side};

/// How much is staked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Predictable plug-in, two-sided.
    Plugin,
    /// A mixture of fixed stakes, two-sided.
    Mixture,
    /// One signed stake that follows the mean: aGRAPA.
    Agrapa,
    /// One signed stake by online Newton steps.
    Ons,
}

/// The settings of a gamble; nothing is a hidden default.
#[derive(Debug, Clone, PartialEq)]
pub struct Betting {
    /// The error rate.
    pub alpha: f64,
    /// How much is staked.
    pub method: Method,
    /// The largest share of the possible stake.
    pub truncation: f64,
    /// What the mean is taken for before the first score.
    pub prior_mean: f64,
    /// What the variance is taken for.
    pub prior_variance: f64,
    /// The size of the finite set that the scores are drawn from without replacement.
    pub population: Option<usize>,
    /// Stakes of the mixture.
    pub grid: usize,
    /// Steps of the grid of means, for `Agrapa`; how finely the others are bisected, if not to the last digit.
    pub breaks: Option<usize>,
}

impl Betting {
    /// For scores of documents in random order: what is said is about documents like these, as in every report, and not
    /// about these alone. Fixed stakes win sooner where answers are right or wrong, following ones everywhere else.
    #[must_use]
    pub fn on_documents_like_these(alpha: f64, breaks: usize, right_or_wrong: bool) -> Self {
        Self {
            alpha,
            method: if right_or_wrong { Method::Mixture } else { Method::Agrapa },
            truncation: 0.9,
            prior_mean: 0.5,
            prior_variance: 0.25,
            population: None,
            grid: 10,
            breaks: Some(breaks),
        }
    }

    /// About these documents alone: what all of them would say, and nothing of others.
    #[must_use]
    pub fn on_these_alone(self, documents: usize) -> Self {
        Self { population: Some(documents), ..self }
    }
}

/// A confidence sequence at some times.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sequence {
    /// The running mean.
    pub mean: Vec<f64>,
    /// The lower bound; missing where drifting data has ruled out every mean.
    pub low: Vec<Option<f64>>,
    /// The upper bound.
    pub high: Vec<Option<f64>>,
}

/// The confidence sequence of the mean at `times` (from 1), intersected over all earlier times.
#[must_use]
pub fn confidence_sequence(scores: &[f64], times: &[usize], settings: &Betting) -> Sequence {
    let capital = Capital::new(scores, settings);
    let bounds: Vec<(Option<f64>, Option<f64>)> = match settings.method {
        Method::Agrapa | Method::Ons => on_grid(&capital, times, settings),
        Method::Plugin | Method::Mixture => bisected(&capital, times, settings),
    };
    let mut sums = vec![0.0];
    for score in scores {
        sums.push(sums[sums.len() - 1] + score);
    }
    let seen = |time: usize| time.min(scores.len());
    let bounded = times.iter().zip(bounds).map(|(time, (low, high))| {
        let (low, high) = (low?, high?);
        let (low, high) = match settings.population {
            None => (low, high),
            Some(all) => {
                let (sum, time) = (sums[seen(*time)], seen(*time) as f64);
                (low.max(sum / all as f64), high.min(1.0 - (time - sum) / all as f64))
            }
        };
        (low <= high + 1e-9).then_some((low, high))
    });
    let (low, high) = bounded.map(|both| (both.map(|it| it.0), both.map(|it| it.1))).unzip();
    Sequence {
        mean: times.iter().map(|time| sums[seen(*time)] / seen(*time).max(1) as f64).collect(),
        low,
        high,
    }
}

fn bisected(capital: &Capital<'_>, times: &[usize], settings: &Betting) -> Vec<(Option<f64>, Option<f64>)> {
    let bar = (2.0 / settings.alpha).ln();
    let halvings = settings.breaks.map_or(60, |breaks| breaks.max(1).ilog2() + 1);
    // Neighboring times halve at the same means.
    let known = RefCell::new(HashMap::new());
    let ended = |side: Side, mean: f64| -> Option<usize> {
        let mut known = known.borrow_mut();
        *known.entry((side, mean.to_bits())).or_insert_with(|| capital.first_above(side, mean, bar))
    };
    let bounds = |time: &usize| {
        let wins = |side: Side, mean: f64| ended(side, mean).is_some_and(|ended| ended <= *time);
        let last = |holds: &dyn Fn(f64) -> bool| if holds(0.0) { bisect(halvings, holds) } else { 0.0 };
        let low = last(&|mean| wins(Side::Above, mean));
        let high = 1.0 - last(&|gap| wins(Side::Below, 1.0 - gap));
        (Some(low), Some(high))
    };
    times.iter().map(bounds).collect()
}

/// The last place in [0, 1] at which `holds` is true, if it is true at 0 and turns once; never beyond it.
fn bisect(halvings: u32, holds: &dyn Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..halvings {
        let middle = (low + high) / 2.0;
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

fn on_grid(capital: &Capital<'_>, times: &[usize], settings: &Betting) -> Vec<(Option<f64>, Option<f64>)> {
    let Some(breaks) = settings.breaks.filter(|breaks| *breaks > 0) else {
        return vec![(None, None); times.len()];
    };
    let step = 1.0 / breaks as f64;
    let bar = -settings.alpha.ln();
    let ended: Vec<Option<usize>> =
        (0..=breaks).map(|at| capital.first_above(Side::Signed, at as f64 / breaks as f64, bar)).collect();
    let bounds = |time: &usize| {
        let kept = |at: &usize| ended[*at].is_none_or(|ended| ended > *time);
        let (first, last) = ((0..=breaks).find(kept), (0..=breaks).rfind(kept));
        (
            first.map(|at| (at as f64 / breaks as f64 - step).max(0.0)),
            last.map(|at| (at as f64 / breaks as f64 + step).min(1.0)),
        )
    };
    times.iter().map(bounds).collect()
}

/// An e-process of "the mean difference is 0".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EProcess {
    /// The logarithm of the e-value at some times; missing where it is infinite.
    pub log_e: Vec<Option<f64>>,
    /// The running mean of b − a.
    pub mean_diff: Vec<f64>,
    /// The largest at any time.
    pub max_log_e: Option<f64>,
    /// The p that is valid however often one looked.
    pub p_anytime: f64,
    /// The first time at which the difference is shown.
    pub first_crossing: Option<usize>,
    /// Who was better then.
    pub direction: Option<Better>,
    /// The confidence sequence of the difference.
    pub low: Option<Vec<Option<f64>>>,
    /// Its upper end.
    pub high: Option<Vec<Option<f64>>>,
}

/// Who is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// The first.
    A,
    /// The second.
    B,
}

/// The logarithms of an e-process after each pair, by betting on the mean of (b − a + 1)/2.
#[must_use]
pub fn log_e_values(differences: &[f64], settings: &Betting) -> Vec<f64> {
    let scores: Vec<f64> = differences.iter().map(|difference| (difference + 1.0) / 2.0).collect();
    let capital = Capital::new(&scores, settings);
    let path = |side| capital.path(side, 0.5);
    match settings.method {
        Method::Agrapa | Method::Ons => path(Side::Signed),
        Method::Plugin | Method::Mixture => {
            let both = path(Side::Above).into_iter().zip(path(Side::Below));
            both.map(|(above, below)| log_sum(above, below) - 2.0_f64.ln()).collect()
        }
    }
}

/// The same under "the two labels are exchangeable", which is *not* "the mean difference is 0".
#[must_use]
pub fn log_e_sign_flips(differences: &[f64], etas: &[f64]) -> Vec<f64> {
    let stakes: Vec<f64> = etas.iter().flat_map(|eta| [*eta, -*eta]).collect();
    let mut capital = vec![0.0; stakes.len()];
    let mut out = Vec::with_capacity(differences.len());
    for difference in differences {
        for (log, eta) in capital.iter_mut().zip(&stakes) {
            *log += (eta * difference).tanh().ln_1p();
        }
        let sum = capital.iter().fold(f64::NEG_INFINITY, |sum, log| log_sum(sum, *log));
        out.push(sum - (stakes.len() as f64).ln());
    }
    out
}

/// ln(eᵃ + eᵇ).
fn log_sum(a: f64, b: f64) -> f64 {
    let (high, low) = (a.max(b), a.min(b));
    if high.is_infinite() { high } else { high + (low - high).exp().ln_1p() }
}

/// What an e-process says at `times` (from 1).
#[must_use]
pub fn e_process(differences: &[f64], log_e: &[f64], times: &[usize], alpha: f64) -> EProcess {
    let finite = |log: f64| log.is_finite().then_some(log);
    let mut sum = 0.0;
    let means: Vec<f64> = differences
        .iter()
        .enumerate()
        .map(|(before, difference)| {
            sum += difference;
            sum / (before + 1) as f64
        })
        .collect();
    let max = log_e.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let bar = -alpha.ln();
    let first = log_e.iter().position(|log| *log >= bar);
    let at = |time: &usize| time.checked_sub(1).filter(|at| *at < log_e.len());
    EProcess {
        log_e: times.iter().map(|time| at(time).and_then(|at| finite(log_e[at]))).collect(),
        mean_diff: times.iter().map(|time| at(time).map_or(0.0, |at| means[at])).collect(),
        max_log_e: finite(max),
        p_anytime: if log_e.is_empty() { 1.0 } else { (-max).exp().min(1.0) },
        first_crossing: first.map(|at| at + 1),
        direction: first.and_then(|at| match means[at] {
            more if more > 0.0 => Some(Better::B),
            less if less < 0.0 => Some(Better::A),
            _ => None,
        }),
        low: None,
        high: None,
    }
}
