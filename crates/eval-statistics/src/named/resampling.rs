use serde::Deserialize;
use serde_json::{Value, json};

use super::samples::Pair;
use super::{bounds, number, read};
use crate::bootstrap::bootstrap_mean;
use crate::error::StatisticError;
use crate::interval::Level;
use crate::moments::Moments;
use crate::permutation::sign_flip_exact;

/// Beyond this it would take minutes or gigabytes: a typing error, not a wish.
const MOST_DRAWS: usize = 1_000_000_000;
const MOST_RESAMPLES: usize = 10_000_000;

#[derive(Deserialize)]
struct Settings {
    #[serde(default = "mean")]
    statistic: String,
    n_resamples: usize,
    confidence: f64,
    seed: Seed,
    #[serde(default = "splitmix64")]
    rng: String,
}

fn mean() -> String {
    "mean".to_owned()
}

fn splitmix64() -> String {
    "splitmix64".to_owned()
}

/// Text, because JSON readers round numbers beyond 2^53.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seed {
    Text(String),
    Number(u64),
}

pub(super) fn bootstrap(predicted: &Value, params: &Value) -> Result<Value, StatisticError> {
    let values: Vec<f64> = read(predicted, "predicted")?;
    let settings: Settings = read(params, "params")?;
    if settings.statistic != "mean" || settings.rng != "splitmix64" {
        let text = format!("statistic {} with {}", settings.statistic, settings.rng);
        return Err(StatisticError::Setting(text));
    }
    let draws = values.len().saturating_mul(settings.n_resamples);
    if draws > MOST_DRAWS || settings.n_resamples > MOST_RESAMPLES {
        let text = format!("{} resamples of {} values", settings.n_resamples, values.len());
        return Err(StatisticError::Setting(text));
    }
    let seed = match settings.seed {
        Seed::Number(seed) => seed,
        Seed::Text(text) => {
            text.parse().map_err(|_| StatisticError::Setting(format!("seed {text:?} is no u64")))?
        }
    };
    let level = Level::new(settings.confidence)?;
    let result = bootstrap_mean(&values, settings.n_resamples, level, seed);
    let result = result.as_ref();
    Ok(json!({
        "estimate": number(result.map(|result| result.estimate)),
        "percentile": bounds(result.map(|result| result.percentile)),
        "standard_error": number(result.and_then(|result| result.standard_error)),
        "basic": bounds(result.map(|result| result.basic)),
        "bca": bounds(result.and_then(|result| result.bca)),
    }))
}

pub(super) fn permutation(predicted: &Value, _params: &Value) -> Result<Value, StatisticError> {
    let Pair { a, b } = Pair::read(predicted)?;
    let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| b - a).collect();
    let moving = differences.iter().filter(|difference| **difference != 0.0).count();
    let flips = sign_flip_exact(&differences);
    if flips.is_none() && moving > 0 {
        let text = format!("{moving} differences are too many for all sign flips (40 at most)");
        return Err(StatisticError::Input(text));
    }
    let moments: Moments = differences.into_iter().collect();
    Ok(json!({
        "p_two_sided": number(flips.map(|flips| flips.two_sided)),
        "p_greater": number(flips.map(|flips| flips.greater)),
        "p_less": number(flips.map(|flips| flips.less)),
        "mean_diff": number(moments.mean()),
    }))
}
