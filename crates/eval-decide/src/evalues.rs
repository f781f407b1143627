//! Several e-values at once.

use eval_statistics::{benjamini_hochberg, bonferroni, holm};
use serde::Serialize;

/// What one correction says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Corrected {
    /// Whether each is shown.
    pub reject: Vec<bool>,
    /// The adjusted p of each.
    pub adjusted: Vec<f64>,
}

/// What all of them together say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Several {
    /// The share of false ones among the shown is at most α, under any dependence.
    pub ebh: Corrected,
    /// The chance of any false one is at most α.
    pub holm: Corrected,
    /// The same, by the union bound.
    pub bonferroni: Corrected,
    /// Their mean, which is an e-value under any dependence.
    pub mean_e: Option<f64>,
    /// p of "there is no difference anywhere".
    pub p_global: Option<f64>,
}

/// Corrects several e-values.
#[must_use]
pub fn several(e: &[f64], alpha: f64) -> Several {
    let p: Vec<f64> = e.iter().map(|e| if *e > 0.0 { (1.0 / e).min(1.0) } else { 1.0 }).collect();
    let corrected = |adjusted: Vec<f64>| Corrected {
        reject: adjusted.iter().map(|p| *p <= alpha + 1e-12).collect(),
        adjusted,
    };
    let mean = (!e.is_empty()).then(|| e.iter().sum::<f64>() / e.len() as f64);
    Several {
        ebh: corrected(benjamini_hochberg(&p)),
        holm: corrected(holm(&p)),
        bonferroni: corrected(bonferroni(&p)),
        mean_e: mean,
        p_global: mean.map(|mean| if mean > 0.0 { (1.0 / mean).min(1.0) } else { 1.0 }),
    }
}
