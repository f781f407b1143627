use serde::Deserialize;
use serde_json::Value;

use super::{DecideError, Key, chance, finite, numbered, read, refuse, same_length, written};
use crate::cascade::{Candidates, Objective, fit, policy};
use crate::planning::{Wanted, icc as icc_of, required_cases as required};
use crate::selective::{
    LearnThenTest, Procedure, RiskBound, learn_then_test as learn, risk_control as control,
    risk_coverage as coverage,
};

/// Policies beyond this come from a typing error and would take minutes.
const MOST_POLICIES: usize = 100_000;

fn answers(expected: &Value, predicted: &Value) -> Result<(Vec<f64>, Vec<Option<f64>>), DecideError> {
    let right: Vec<f64> = read(expected, "expected")?;
    let confidence: Vec<Option<f64>> = read(predicted, "predicted")?;
    same_length(&[right.len(), confidence.len()])?;
    Ok((right, confidence))
}

#[derive(Deserialize)]
struct Risks {
    risks: Vec<f64>,
}

pub(super) fn risk_coverage(
    expected: &Value,
    predicted: &Value,
    params: &Value,
) -> Result<Value, DecideError> {
    let (right, confidence) = answers(expected, predicted)?;
    let Risks { risks } = read(params, "params")?;
    written(coverage(&right, &confidence, &risks))
}

#[derive(Deserialize)]
struct Alpha {
    alpha: f64,
}

pub(super) fn risk_control(
    expected: &Value,
    predicted: &Value,
    params: &Value,
) -> Result<Value, DecideError> {
    let (right, confidence) = answers(expected, predicted)?;
    let Alpha { alpha } = read(params, "params")?;
    written(control(&right, &confidence, alpha))
}

#[derive(Deserialize)]
struct Learning {
    risk: f64,
    delta: f64,
    thresholds: Vec<f64>,
    bound: String,
    procedure: String,
    #[serde(default)]
    skip_untestable: bool,
    #[serde(default)]
    min_accepted: usize,
}

pub(super) fn learn_then_test(
    expected: &Value,
    predicted: &Value,
    params: &Value,
) -> Result<Value, DecideError> {
    let (right, confidence) = answers(expected, predicted)?;
    let params: Learning = read(params, "params")?;
    let settings = LearnThenTest {
        risk: chance(params.risk, "risk")?,
        delta: chance(params.delta, "delta")?,
        thresholds: params.thresholds,
        bound: match params.bound.as_str() {
            "binomial" => RiskBound::Binomial,
            "hoeffding_bentkus" => RiskBound::HoeffdingBentkus,
            other => return refuse(format!("there is no bound `{other}`")),
        },
        procedure: match params.procedure.as_str() {
            "fixed_sequence" => Procedure::FixedSequence,
            "bonferroni" => Procedure::Bonferroni,
            other => return refuse(format!("there is no procedure `{other}`")),
        },
        skip_untestable: params.skip_untestable,
        min_accepted: params.min_accepted,
    };
    written(learn(&right, &confidence, &settings))
}

#[derive(Deserialize)]
struct Cascade {
    correct: Vec<Vec<u8>>,
    cost: Vec<Vec<u64>>,
    confidence: Vec<Vec<Option<f64>>>,
}

impl Cascade {
    fn read(predicted: &Value) -> Result<Candidates, DecideError> {
        let data: Self = read(predicted, "predicted")?;
        same_length(&[data.correct.len(), data.cost.len(), data.confidence.len()])?;
        let lengths = data.correct.iter().map(Vec::len);
        let lengths = lengths.chain(data.cost.iter().map(Vec::len));
        same_length(&lengths.chain(data.confidence.iter().map(Vec::len)).collect::<Vec<_>>())?;
        if data.correct.is_empty() {
            return refuse("there are no candidates");
        }
        let correct = data.correct.iter().map(|list| list.iter().map(|it| *it != 0).collect()).collect();
        Ok(Candidates { correct, cost: data.cost, confidence: data.confidence })
    }
}

#[derive(Deserialize)]
struct Thresholds {
    thresholds: Vec<Option<f64>>,
}

pub(super) fn cascade_policy(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let candidates = Cascade::read(predicted)?;
    let Thresholds { thresholds } = read(params, "params")?;
    if thresholds.len() + 1 != candidates.correct.len() {
        return refuse("there is a threshold for every candidate but the last");
    }
    written(policy(&candidates, &thresholds))
}

#[derive(Deserialize)]
struct Fitting {
    folds: Vec<u64>,
    grids: Vec<Vec<Option<f64>>>,
    objective: String,
    target: f64,
}

pub(super) fn cascade_fit(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let candidates = Cascade::read(predicted)?;
    let params: Fitting = read(params, "params")?;
    same_length(&[candidates.cases(), params.folds.len()])?;
    if params.grids.len() + 1 != candidates.correct.len() {
        return refuse("there is a grid for every candidate but the last");
    }
    let count = params.grids.iter().try_fold(1_usize, |count, grid| count.checked_mul(grid.len()));
    if count.is_none_or(|count| count == 0 || count > MOST_POLICIES) {
        return refuse("the grids make no policy, or more than 100,000");
    }
    let objective = match params.objective.as_str() {
        "min_cost" => Objective::MinCost(params.target),
        "max_accuracy" => Objective::MaxAccuracy(params.target),
        "min_loss" => Objective::MinLoss(params.target),
        other => return refuse(format!("there is no objective `{other}`")),
    };
    written(fit(&candidates, &params.grids, &params.folds, objective))
}

#[derive(Deserialize)]
struct Grouped {
    scores: Vec<f64>,
    clusters: Vec<Key>,
}

#[derive(Deserialize)]
struct Confidence {
    confidence: f64,
}

pub(super) fn icc(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let Grouped { scores, clusters } = read(predicted, "predicted")?;
    let Confidence { confidence } = read(params, "params")?;
    same_length(&[scores.len(), clusters.len()])?;
    finite(&scores)?;
    written(icc_of(&scores, &numbered(&clusters), chance(confidence, "confidence")?))
}

#[derive(Deserialize)]
struct Pilot {
    a: Vec<f64>,
    b: Vec<f64>,
    #[serde(default)]
    clusters: Option<Vec<Key>>,
}

#[derive(Deserialize)]
struct Planned {
    alpha: f64,
    power: f64,
    delta: f64,
    #[serde(default)]
    population: Option<f64>,
}

pub(super) fn required_cases(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let Pilot { a, b, clusters } = read(predicted, "predicted")?;
    let params: Planned = read(params, "params")?;
    same_length(&[a.len(), b.len(), clusters.as_ref().map_or(a.len(), Vec::len)])?;
    finite(&a)?;
    finite(&b)?;
    if params.delta == 0.0 || !params.delta.is_finite() {
        return refuse("delta must not be 0");
    }
    let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| b - a).collect();
    let wanted = Wanted {
        alpha: chance(params.alpha, "alpha")?,
        power: chance(params.power, "power")?,
        delta: params.delta,
        population: params.population,
    };
    let clusters = clusters.map(|clusters| numbered(&clusters));
    written(required(&differences, clusters.as_deref(), &wanted))
}
