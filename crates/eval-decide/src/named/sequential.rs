use serde::Deserialize;
use serde_json::Value;

use super::{DecideError, chance, finite, read, refuse, same_length, written};
use crate::betting::{
    Betting, Method, confidence_sequence as sequence_of, e_process as process_of, log_e_sign_flips,
    log_e_values,
};
use crate::evalues::several as corrected;

#[derive(Deserialize)]
struct Params {
    alpha: f64,
    #[serde(default)]
    times: Vec<usize>,
    method: String,
    #[serde(default)]
    truncation: Option<f64>,
    #[serde(default)]
    prior_mean: Option<f64>,
    #[serde(default)]
    prior_variance: Option<f64>,
    #[serde(default)]
    population: Option<usize>,
    #[serde(default)]
    grid: Option<usize>,
    #[serde(default)]
    breaks: Option<usize>,
    #[serde(default)]
    etas: Option<Vec<f64>>,
}

/// Grids larger than this come from a typing error.
const MOST: usize = 1_000_000;

impl Params {
    fn betting(&self) -> Result<Betting, DecideError> {
        let method = match self.method.as_str() {
            "plugin" => Method::Plugin,
            "mixture" => Method::Mixture,
            "agrapa" => Method::Agrapa,
            "ons" => Method::Ons,
            other => return refuse(format!("there is no method `{other}`")),
        };
        let grid = self.grid.unwrap_or(10);
        if grid == 0 || grid > MOST || self.breaks.is_some_and(|breaks| breaks > MOST) {
            return refuse("grid and breaks are between 1 and a million");
        }
        let truncation = self.truncation.unwrap_or(0.9);
        if !(0.0..=1.0).contains(&truncation) {
            return refuse(format!("truncation {truncation} is not between 0 and 1"));
        }
        Ok(Betting {
            alpha: chance(self.alpha, "alpha")?,
            method,
            truncation,
            prior_mean: self.prior_mean.unwrap_or(0.5),
            prior_variance: self.prior_variance.unwrap_or(0.25),
            population: self.population,
            grid,
            breaks: self.breaks,
        })
    }

    fn fits(&self, count: usize) -> Result<(), DecideError> {
        if self.population.is_some_and(|all| all < count) {
            return refuse("there are more scores than the population has");
        }
        if self.times.iter().any(|time| *time == 0 || *time > count) {
            return refuse("a time is not between 1 and the number of scores");
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Scores {
    scores: Vec<f64>,
}

pub(super) fn confidence_sequence(
    _: &Value,
    predicted: &Value,
    params: &Value,
) -> Result<Value, DecideError> {
    let Scores { scores } = read(predicted, "predicted")?;
    let params: Params = read(params, "params")?;
    in_unit(&scores)?;
    params.fits(scores.len())?;
    written(sequence_of(&scores, &params.times, &params.betting()?))
}

fn in_unit(scores: &[f64]) -> Result<(), DecideError> {
    if scores.iter().all(|score| (0.0..=1.0).contains(score)) {
        Ok(())
    } else {
        refuse("a score is not between 0 and 1")
    }
}

#[derive(Deserialize)]
struct Pair {
    a: Vec<f64>,
    b: Vec<f64>,
}

pub(super) fn e_process(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let Pair { a, b } = read(predicted, "predicted")?;
    let params: Params = read(params, "params")?;
    same_length(&[a.len(), b.len()])?;
    in_unit(&a)?;
    in_unit(&b)?;
    params.fits(a.len())?;
    let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| b - a).collect();
    let alpha = chance(params.alpha, "alpha")?;
    if params.method == "signflip" {
        let etas = params.etas.as_deref().unwrap_or(&[]);
        if etas.is_empty() {
            return refuse("signflip needs `etas`");
        }
        let log_e = log_e_sign_flips(&differences, etas);
        return written(process_of(&differences, &log_e, &params.times, alpha));
    }
    let betting = params.betting()?;
    let log_e = log_e_values(&differences, &betting);
    let mut process = process_of(&differences, &log_e, &params.times, alpha);
    let has_interval = match betting.method {
        Method::Plugin | Method::Mixture => true,
        Method::Agrapa => betting.breaks.is_some(),
        Method::Ons => false,
    };
    if has_interval {
        let scores: Vec<f64> = differences.iter().map(|it| (it + 1.0) / 2.0).collect();
        let sequence = sequence_of(&scores, &params.times, &betting);
        let turned =
            |bounds: Vec<Option<f64>>| bounds.into_iter().map(|it| it.map(|it| 2.0 * it - 1.0)).collect();
        process.low = Some(turned(sequence.low));
        process.high = Some(turned(sequence.high));
    }
    written(process)
}

#[derive(Deserialize)]
struct Evidence {
    e: Vec<f64>,
}

#[derive(Deserialize)]
struct Alpha {
    alpha: f64,
}

pub(super) fn several(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let Evidence { e } = read(predicted, "predicted")?;
    let Alpha { alpha } = read(params, "params")?;
    finite(&e)?;
    written(corrected(&e, chance(alpha, "alpha")?))
}
