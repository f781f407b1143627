use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{DecideError, Key, chance, finite, nothing, numbered, read, refuse, same_length, written};
use crate::agreement::{Scale, agreement as agreement_of, krippendorff};
use crate::ppi::{
    Settings, corrected_clustered_mean as clustered, corrected_difference as difference,
    corrected_mean as corrected,
};
use crate::preference::{Shown, Ties, Verdicts, bradley_terry as fitted, order_bias as bias};

#[derive(Deserialize)]
struct Rated {
    ratings: Vec<Vec<Option<Key>>>,
}

#[derive(Deserialize)]
struct Categories {
    #[serde(default)]
    categories: Option<Vec<Key>>,
    confidence: f64,
}

pub(super) fn agreement(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let Rated { ratings } = read(predicted, "predicted")?;
    let params: Categories = read(params, "params")?;
    let used: BTreeSet<&Key> = ratings.iter().flatten().flatten().collect();
    let categories: Vec<Key> =
        params.categories.clone().unwrap_or_else(|| used.iter().map(|key| (*key).clone()).collect());
    let place = |key: &Key| categories.iter().position(|known| known == key);
    if used.iter().any(|key| place(key).is_none()) {
        return refuse("a rating is none of the categories");
    }
    let units: Vec<Vec<Option<usize>>> =
        ratings.iter().map(|unit| unit.iter().map(|key| key.as_ref().and_then(place)).collect()).collect();
    let found = agreement_of(&units, categories.len(), chance(params.confidence, "confidence")?);
    let mut out = Map::new();
    let names = categories.iter().map(|key| match key {
        Key::Number(number) => json!(number),
        Key::Text(text) => json!(text),
    });
    let names: Vec<Value> = names.collect();
    for (name, value) in written(found)?.as_object().into_iter().flatten() {
        out.insert(name.clone(), value.clone());
        if name == "n_raters" {
            out.insert("categories".to_owned(), json!(names));
        }
    }
    Ok(Value::Object(out))
}

#[derive(Deserialize)]
struct Measured {
    ratings: Vec<Vec<Option<Value>>>,
}

#[derive(Deserialize)]
struct Levelled {
    level: String,
}

pub(super) fn krippendorff_alpha(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let Measured { ratings } = read(predicted, "predicted")?;
    let Levelled { level } = read(params, "params")?;
    let scale = match level.as_str() {
        "nominal" => Scale::Nominal,
        "ordinal" => Scale::Ordinal,
        "interval" => Scale::Interval,
        other => return refuse(format!("there is no level `{other}`")),
    };
    // Names have no distances; their order is that of their letters.
    let texts: BTreeSet<&str> = ratings.iter().flatten().flatten().filter_map(Value::as_str).collect();
    let value = |rating: &Value| match rating {
        Value::Number(number) => number.as_f64(),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::String(text) if scale != Scale::Interval => {
            texts.iter().position(|it| it == text).map(|place| place as f64)
        }
        _ => None,
    };
    let mut units = Vec::new();
    for unit in &ratings {
        let values: Option<Vec<f64>> = unit.iter().flatten().map(value).collect();
        let Some(values) = values else { return refuse("a rating has no value on this level") };
        units.push(values);
    }
    written(krippendorff(&units, scale))
}

#[derive(Deserialize)]
struct Comparisons {
    items: Vec<String>,
    comparisons: Vec<(String, String, f64, f64, f64)>,
}

#[derive(Deserialize)]
struct Preference {
    ties: String,
    #[serde(default)]
    order: bool,
}

pub(super) fn bradley_terry(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let Comparisons { items, comparisons } = read(predicted, "predicted")?;
    let params: Preference = read(params, "params")?;
    let ties = match params.ties.as_str() {
        "half" => Ties::Half,
        "davidson" => Ties::Davidson,
        other => return refuse(format!("ties are `half` or `davidson`, not `{other}`")),
    };
    if items.len() > 1_000 {
        return refuse("more than 1,000 items");
    }
    let place = |name: &String| items.iter().position(|item| item == name);
    let mut verdicts = Vec::new();
    for (first, second, wins_first, wins_second, tied) in &comparisons {
        let (Some(first), Some(second)) = (place(first), place(second)) else {
            return refuse("a comparison names an item that is not in `items`");
        };
        finite(&[*wins_first, *wins_second, *tied])?;
        if first == second || [wins_first, wins_second, tied].iter().any(|count| **count < 0.0) {
            return refuse("a comparison is of two items, with counts of at least 0");
        }
        verdicts.push(Verdicts {
            first,
            second,
            wins_first: *wins_first,
            wins_second: *wins_second,
            ties: *tied,
        });
    }
    let names = [
        "strength",
        "se",
        "se_sandwich",
        "covariance",
        "nu",
        "log_nu_se",
        "order_effect",
        "order_se",
        "order_p",
        "log_likelihood",
    ];
    let Some(found) = fitted(items.len(), &verdicts, ties, params.order) else {
        let mut out = nothing(&names);
        for name in &names[..3] {
            out[*name] = nothing(&items);
        }
        return Ok(out);
    };
    let by_item = |values: &[f64]| -> Value {
        Value::Object(items.iter().cloned().zip(values.iter().map(|value| json!(value))).collect())
    };
    Ok(json!({
        "strength": by_item(&found.strength),
        "se": by_item(&found.se),
        "se_sandwich": by_item(&found.se_sandwich),
        "covariance": found.covariance,
        "nu": found.nu,
        "log_nu_se": found.log_nu_se,
        "order_effect": found.order_effect,
        "order_se": found.order_se,
        "order_p": found.order_p,
        "log_likelihood": found.log_likelihood,
    }))
}

#[derive(Deserialize)]
struct Pairs {
    pairs: Vec<[String; 2]>,
}

#[derive(Deserialize)]
struct Confidence {
    confidence: f64,
}

pub(super) fn order_bias(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let Pairs { pairs } = read(predicted, "predicted")?;
    let Confidence { confidence } = read(params, "params")?;
    let shown = |verdict: &String| match verdict.as_str() {
        "first" => Ok(Shown::First),
        "second" => Ok(Shown::Second),
        "tie" => Ok(Shown::Tie),
        other => refuse(format!("a verdict is `first`, `second` or `tie`, not `{other}`")),
    };
    let both = |pair: &[String; 2]| Ok([shown(&pair[0])?, shown(&pair[1])?]);
    let pairs: Vec<[Shown; 2]> = pairs.iter().map(both).collect::<Result<_, DecideError>>()?;
    written(bias(&pairs, chance(confidence, "confidence")?))
}

#[derive(Deserialize)]
struct Correction {
    confidence: f64,
    #[serde(default)]
    lambda: Option<f64>,
    #[serde(default)]
    shrink: f64,
    #[serde(default)]
    pseudo: u32,
}

impl Correction {
    fn read(params: &Value) -> Result<Settings, DecideError> {
        let it: Self = read(params, "params")?;
        if it.pseudo > 1_000 || !(it.shrink >= 0.0 && it.shrink.is_finite()) {
            return refuse("pseudo is at most 1,000 and shrink at least 0");
        }
        let confidence = chance(it.confidence, "confidence")?;
        Ok(Settings { confidence, lambda: it.lambda, shrink: it.shrink, pseudo: it.pseudo })
    }
}

#[derive(Deserialize)]
struct Judged {
    human: Vec<Option<f64>>,
    judge: Vec<f64>,
    #[serde(default)]
    clusters: Vec<Key>,
}

/// A human label, if there is one, and the judge's score.
type Case = (Option<f64>, f64);

impl Judged {
    fn read(predicted: &Value) -> Result<(Vec<Case>, Vec<Key>), DecideError> {
        let it: Self = read(predicted, "predicted")?;
        same_length(&[it.human.len(), it.judge.len()])?;
        finite(&it.judge)?;
        Ok((it.human.into_iter().zip(it.judge).collect(), it.clusters))
    }
}

pub(super) fn corrected_mean(_: &Value, predicted: &Value, params: &Value) -> Result<Value, DecideError> {
    let (cases, _) = Judged::read(predicted)?;
    written(corrected(&cases, &Correction::read(params)?))
}

pub(super) fn corrected_clustered_mean(
    _: &Value,
    predicted: &Value,
    params: &Value,
) -> Result<Value, DecideError> {
    let (cases, clusters) = Judged::read(predicted)?;
    same_length(&[cases.len(), clusters.len()])?;
    written(clustered(&cases, &numbered(&clusters), &Correction::read(params)?))
}

#[derive(Deserialize)]
struct JudgedPairs {
    human_a: Vec<Option<f64>>,
    human_b: Vec<Option<f64>>,
    judge_a: Vec<f64>,
    judge_b: Vec<f64>,
}

pub(super) fn corrected_difference(
    _: &Value,
    predicted: &Value,
    params: &Value,
) -> Result<Value, DecideError> {
    let it: JudgedPairs = read(predicted, "predicted")?;
    same_length(&[it.human_a.len(), it.human_b.len(), it.judge_a.len(), it.judge_b.len()])?;
    finite(&it.judge_a)?;
    finite(&it.judge_b)?;
    let human = it.human_a.iter().zip(&it.human_b).map(|(a, b)| Some(b.as_ref()? - a.as_ref()?));
    let judge = it.judge_a.iter().zip(&it.judge_b).map(|(a, b)| b - a);
    let cases: Vec<(Option<f64>, f64)> = human.zip(judge).collect();
    written(difference(&cases, &Correction::read(params)?))
}
