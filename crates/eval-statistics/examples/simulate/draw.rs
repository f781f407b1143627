//! Random scores of the shapes that evaluations produce.

use eval_statistics::{SplitMix64, normal_quantile};

pub fn chance(stream: &mut SplitMix64, p: f64) -> f64 {
    f64::from(u8::from(stream.unit() < p))
}

pub fn normal(stream: &mut SplitMix64) -> f64 {
    normal_quantile(stream.unit().max(1e-300))
}

pub fn beta(stream: &mut SplitMix64, a: f64, b: f64) -> f64 {
    let x = gamma(stream, a);
    x / (x + gamma(stream, b))
}

/// Marsaglia and Tsang; small shapes by the usual boost.
fn gamma(stream: &mut SplitMix64, shape: f64) -> f64 {
    if shape < 1.0 {
        let boost = stream.unit().max(1e-300).powf(1.0 / shape);
        return gamma(stream, shape + 1.0) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let z = normal(stream);
        let v = (1.0 + c * z).powi(3);
        if v > 0.0 && stream.unit().max(1e-300).ln() < 0.5 * z * z + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

/// A field F1: often perfect, sometimes 0, else beta; in steps of 1/10,000.
pub fn f1(stream: &mut SplitMix64, perfect: f64, zero: f64, a: f64, b: f64) -> f64 {
    let kind = stream.unit();
    if kind < perfect {
        1.0
    } else if kind < perfect + zero {
        0.0
    } else {
        (beta(stream, a, b) * 1e4).round() / 1e4
    }
}
