use serde::Deserialize;
use serde_json::{Value, json};

use super::{bounds, countable, number, read};
use crate::cluster::clustered_error;
use crate::error::StatisticError;
use crate::interval::Level;
use crate::moments::Moments;
use crate::paired::paired_difference;
use crate::proportion::{agresti_coull, clopper_pearson, wald, wilson};

#[derive(Deserialize)]
struct Confidence {
    confidence: f64,
}

pub(super) fn mean(predicted: &Value, params: &Value) -> Result<Value, StatisticError> {
    let values: Vec<f64> = read(predicted, "predicted")?;
    let settings: Confidence = read(params, "params")?;
    let level = Level::new(settings.confidence)?;
    let moments: Moments = values.into_iter().collect();
    Ok(json!({
        "mean": number(moments.mean()),
        "sd": number(moments.deviation()),
        "se": number(moments.standard_error()),
        "ci_normal": bounds(moments.normal_interval(level)),
        "ci_t": bounds(moments.student_interval(level)),
    }))
}

#[derive(Deserialize)]
struct Clustered {
    scores: Vec<f64>,
    clusters: Vec<Key>,
}

#[derive(Deserialize, PartialEq, Eq, Hash)]
#[serde(untagged)]
enum Key {
    Text(String),
    Number(i64),
}

pub(super) fn clustered(predicted: &Value, _params: &Value) -> Result<Value, StatisticError> {
    let data: Clustered = read(predicted, "predicted")?;
    same_length(data.scores.len(), data.clusters.len(), "scores", "clusters")?;
    let error = clustered_error(&data.scores, &data.clusters);
    // CR0 times the factor is computed twice by the reference, with one result.
    let corrected = number(error.and_then(|error| error.cr1));
    Ok(json!({
        "mean": number(error.map(|error| error.mean)),
        "se_naive": number(error.and_then(|error| error.naive)),
        "se_cluster_cr0": number(error.map(|error| error.cr0)),
        "se_cluster_cr1": corrected,
        "se_cluster_g_over_g_minus_1": corrected,
        "se_miller_eq4": number(error.and_then(|error| error.miller)),
        "n_clusters": error.map_or(0, |error| error.clusters),
    }))
}

#[derive(Deserialize)]
pub(super) struct Pair {
    pub(super) a: Vec<f64>,
    pub(super) b: Vec<f64>,
}

impl Pair {
    pub(super) fn read(predicted: &Value) -> Result<Self, StatisticError> {
        let pair: Self = read(predicted, "predicted")?;
        same_length(pair.a.len(), pair.b.len(), "a", "b")?;
        Ok(pair)
    }
}

pub(super) fn paired(predicted: &Value, params: &Value) -> Result<Value, StatisticError> {
    let Pair { a, b } = Pair::read(predicted)?;
    let settings: Confidence = read(params, "params")?;
    let difference = paired_difference(&a, &b, Level::new(settings.confidence)?);
    Ok(json!({
        "mean_diff": number(difference.map(|d| d.mean)),
        "se_paired": number(difference.and_then(|d| d.error_paired)),
        "se_unpaired": number(difference.and_then(|d| d.error_unpaired)),
        "correlation": number(difference.and_then(|d| d.correlation)),
        "z": number(difference.and_then(|d| d.z)),
        "p_two_sided_normal": number(difference.and_then(|d| d.p_normal)),
        "t_test_p": number(difference.and_then(|d| d.p_student)),
        "ci_normal": bounds(difference.and_then(|d| d.interval)),
    }))
}

#[derive(Deserialize)]
struct Share {
    successes: u64,
    n: u64,
}

#[derive(Deserialize)]
struct Alpha {
    alpha: f64,
}

pub(super) fn share(predicted: &Value, params: &Value) -> Result<Value, StatisticError> {
    let Share { successes, n } = read(predicted, "predicted")?;
    let settings: Alpha = read(params, "params")?;
    let level = Level::from_alpha(settings.alpha)?;
    countable(&[n])?;
    if successes > n {
        let text = format!("{successes} successes of {n}");
        return Err(StatisticError::Input(text));
    }
    Ok(json!({
        "wilson": bounds(wilson(successes, n, level)),
        "clopper_pearson": bounds(clopper_pearson(successes, n, level)),
        "agresti_coull": bounds(agresti_coull(successes, n, level)),
        "wald": bounds(wald(successes, n, level)),
    }))
}

fn same_length(a: usize, b: usize, left: &str, right: &str) -> Result<(), StatisticError> {
    if a == b { Ok(()) } else { Err(StatisticError::Input(format!("{a} {left} but {b} {right}"))) }
}
