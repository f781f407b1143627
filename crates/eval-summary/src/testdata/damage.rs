use std::path::Path;

use eval_record::{Outcome, Record, RecordError, Trial};
use serde_json::Value;

use super::{Dice, swapped};

/// The same run with two neighbouring digits swapped in this share of all fields that were answered, drawn by a seed.
///
/// Only fields with digits can be damaged, so more than this share of them is. The answers of controls, and those that
/// are no JSON, stay as they are.
pub fn damaged(record: &Record, dir: &Path, share: f64, seed: u64) -> Result<Record, RecordError> {
    let copy = Record::create(dir, record.plan.clone())?;
    let failed = |source| RecordError {
        path: dir.to_owned(),
        message: "cannot be written".to_owned(),
        source: Some(source),
    };
    for name in ["cases.jsonl", "media.jsonl"] {
        std::fs::copy(record.path(name), copy.path(name)).map_err(failed)?;
    }
    let (mut fields, mut with_digits) = (0_u64, 0_u64);
    record.lines(|trial: Trial, _| {
        if let Some(mut answer) = answer(record, &trial) {
            each_field(&mut answer, &mut |field| {
                fields += 1;
                with_digits += u64::from(swapped(field).is_some());
            });
        }
    })?;
    let chance = share * fields as f64 / with_digits.max(1) as f64;
    let mut dice = Dice::new(&[seed]);
    let mut trials = Vec::new();
    record.lines(|mut trial: Trial, _| {
        if let Some(mut answer) = answer(record, &trial) {
            each_field(&mut answer, &mut |field| {
                if let Some(swapped) = swapped(field).filter(|_| dice.happens(chance)) {
                    *field = swapped;
                }
            });
            if let Outcome::Answered(response) = &mut trial.outcome {
                response.text = answer.to_string();
            }
        }
        trials.push(trial);
    })?;
    let mut lines = copy.append("trials.jsonl")?;
    for trial in &trials {
        lines.write(trial).map_err(failed)?;
    }
    Ok(copy)
}

fn answer(record: &Record, trial: &Trial) -> Option<Value> {
    let asked = record.plan.providers.iter().find(|one| one.label == trial.key.provider)?;
    let text = &trial.response().filter(|_| !asked.control)?.text;
    serde_json::from_str(text).ok()
}

fn each_field(value: &mut Value, each: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| each_field(field, each)),
        Value::Array(items) => items.iter_mut().for_each(|item| each_field(item, each)),
        Value::Null | Value::Bool(_) => {}
        field => each(field),
    }
}
