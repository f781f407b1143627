use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{countable, number, probability, read};
use crate::error::StatisticError;
use crate::interval::Level;
use crate::multiple::{benjamini_hochberg, bonferroni, hochberg, holm};
use crate::power::PairedVariance;
use crate::repeats::{pass_at_k, pass_hat_k};

#[derive(Deserialize)]
struct Discordant {
    only_a_correct: u64,
    only_b_correct: u64,
}

pub(super) fn mcnemar(predicted: &Value, _params: &Value) -> Result<Value, StatisticError> {
    let counts: Discordant = read(predicted, "predicted")?;
    countable(&[counts.only_a_correct, counts.only_b_correct])?;
    let result = crate::mcnemar::mcnemar(counts.only_a_correct, counts.only_b_correct);
    let mut score = Map::new();
    score.insert("p_exact".into(), result.p_exact.into());
    score.insert("statistic_exact".into(), (result.smaller as f64).into());
    if let (Some(corrected), Some(plain)) = (result.corrected, result.uncorrected) {
        score.insert("chi2_corrected".into(), corrected.0.into());
        score.insert("p_corrected".into(), corrected.1.into());
        score.insert("chi2".into(), plain.0.into());
        score.insert("p_uncorrected".into(), plain.1.into());
    }
    Ok(Value::Object(score))
}

#[derive(Deserialize)]
struct Alpha {
    alpha: f64,
}

pub(super) fn multiple(predicted: &Value, params: &Value) -> Result<Value, StatisticError> {
    let p: Vec<f64> = read(predicted, "predicted")?;
    let settings: Alpha = read(params, "params")?;
    let alpha = probability(settings.alpha, "alpha")?;
    if let Some(bad) = p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(StatisticError::Input(format!("{bad} is not a p-value")));
    }
    let adjusted = |p_adjusted: Vec<f64>| {
        let reject: Vec<bool> = p_adjusted.iter().map(|p| *p <= alpha).collect();
        json!({ "reject": reject, "p_adjusted": p_adjusted })
    };
    Ok(json!({
        "holm": adjusted(holm(&p)),
        "bonferroni": adjusted(bonferroni(&p)),
        "benjamini_hochberg": adjusted(benjamini_hochberg(&p)),
        "hochberg": adjusted(hochberg(&p)),
    }))
}

#[derive(Deserialize)]
struct Samples {
    n: u64,
    correct: u64,
}

#[derive(Deserialize)]
struct Draws {
    k: u64,
}

pub(super) fn pass_k(predicted: &Value, params: &Value) -> Result<Value, StatisticError> {
    let Samples { n, correct } = read(predicted, "predicted")?;
    let Draws { k } = read(params, "params")?;
    countable(&[n, k])?;
    if correct > n {
        return Err(StatisticError::Input(format!("{correct} correct of {n}")));
    }
    let share = (n > 0).then(|| correct as f64 / n as f64);
    let power = k as f64;
    Ok(json!({
        "pass_at_k": number(pass_at_k(n, correct, k)),
        "pass_hat_k": number(pass_hat_k(n, correct, k)),
        "pass_at_k_plugin": number(share.map(|share| 1.0 - (1.0 - share).powf(power))),
        "pass_hat_k_plugin": number(share.map(|share| share.powf(power))),
    }))
}

#[derive(Deserialize)]
struct Variances {
    omega2: f64,
    sigma2_a: f64,
    sigma2_b: f64,
    k_a: f64,
    k_b: f64,
}

#[derive(Deserialize)]
struct Plan {
    alpha: f64,
    power: f64,
    delta: f64,
    n: f64,
}

pub(super) fn power(predicted: &Value, params: &Value) -> Result<Value, StatisticError> {
    let data: Variances = read(predicted, "predicted")?;
    let plan: Plan = read(params, "params")?;
    let parts = [data.omega2, data.sigma2_a, data.sigma2_b];
    if parts.iter().any(|part| *part < 0.0) || data.k_a <= 0.0 || data.k_b <= 0.0 {
        return Err(StatisticError::Input("variances and repeats must be positive".into()));
    }
    let level = Level::from_alpha(plan.alpha)?;
    let power = probability(plan.power, "power")?;
    let variance = PairedVariance {
        between_cases: data.omega2,
        within_a: data.sigma2_a,
        within_b: data.sigma2_b,
        repeats_a: data.k_a,
        repeats_b: data.k_b,
    };
    let cases = variance.cases(plan.delta, level, power);
    Ok(json!({
        "n_required": number(cases),
        "n_required_ceil": cases.map_or(Value::Null, whole),
        "mde": number(variance.detectable(plan.n, level, power)),
        "power_at_n_and_delta": number(variance.power(plan.n, plan.delta, level)),
    }))
}

/// A whole number without a decimal point while it fits.
fn whole(cases: f64) -> Value {
    let ceiling = cases.ceil();
    if ceiling < 9e15 { Value::from(ceiling as u64) } else { Value::from(ceiling) }
}
