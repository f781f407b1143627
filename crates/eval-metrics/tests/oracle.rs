//! Every metric gives the figures of its reference implementation.
//!
//! `oracle/README.md` says where the files come from. One test a file, so that a failure names the metric.

#![expect(clippy::unwrap_used, reason = "the helpers of a test are tests, too")]

use eval_metrics::named;
use serde_json::Value;

const TOLERANCE: f64 = 1e-9;

#[track_caller]
fn agrees_with_reference(file: &str) {
    let path = format!("{}/oracle/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(&path).unwrap();
    let mut differing = Vec::new();
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if let Err(reason) = compare(&case) {
            differing.push(format!("{}: {reason}", case["case_id"]));
        }
    }
    assert!(lines.lines().count() > 20, "{path} is too short");
    assert!(
        differing.is_empty(),
        "{} of {} cases differ:\n{}",
        differing.len(),
        lines.lines().count(),
        differing[..differing.len().min(8)].join("\n")
    );
}

fn compare(case: &Value) -> Result<(), String> {
    let name = case["metric"].as_str().unwrap();
    let metric = named(name).ok_or_else(|| format!("there is no metric {name}"))?;
    let score =
        (metric.score)(&case["expected"], &case["predicted"], &case["params"]).map_err(|e| e.to_string())?;
    let mut expected = case["score"].clone();
    if has_tag(case, "tie_sensitive") {
        let within = |figure: &str| {
            let bound = |end: &str| expected[format!("{figure}_{end}")].as_f64();
            let (Some(least), Some(most)) = (bound("min"), bound("max")) else { return Ok(()) };
            let figure = score[figure].as_f64().unwrap();
            let range = least - TOLERANCE..=most + TOLERANCE;
            if range.contains(&figure) { Ok(()) } else { Err(format!("{figure} is not in {range:?}")) }
        };
        return within("f1").and_then(|()| within("page_f1"));
    }
    let mut score = score;
    if has_tag(case, "order_sensitive") {
        for field in case["params"]["order_sensitive_fields"].as_array().unwrap() {
            let (block, field) = field.as_str().unwrap().split_once('.').unwrap();
            for side in [&mut expected, &mut score] {
                side[block].as_object_mut().unwrap().remove(field);
            }
        }
    }
    same("score", &expected, &score)
}

fn has_tag(case: &Value, tag: &str) -> bool {
    case["tags"].as_array().is_some_and(|tags| tags.iter().any(|other| other == tag))
}

fn same(path: &str, expected: &Value, got: &Value) -> Result<(), String> {
    let different = || Err(format!("{path} should be {expected}, is {got}"));
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            let keys = |object: &serde_json::Map<String, Value>| {
                let mut keys: Vec<String> = object.keys().cloned().collect();
                keys.sort();
                keys
            };
            if keys(expected) != keys(got) {
                return Err(format!("{path} should have {:?}, has {:?}", keys(expected), keys(got)));
            }
            expected.iter().try_for_each(|(key, value)| same(&format!("{path}.{key}"), value, &got[key]))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .try_for_each(|(index, (a, b))| same(&format!("{path}[{index}]"), a, b)),
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            if (a - b).abs() <= TOLERANCE * a.abs().max(1.0) { Ok(()) } else { different() }
        }
        _ if expected == got => Ok(()),
        _ => different(),
    }
}

macro_rules! oracle {
    ($($file:ident),+ $(,)?) => {
        $(
            #[test]
            fn $file() {
                agrees_with_reference(stringify!($file));
            }
        )+
    };
}

oracle!(
    anls,
    anls_star,
    calibration,
    cer,
    chartqa_relaxed,
    chartqapro_relaxed,
    classification,
    deplot_rms,
    donut_f1,
    donut_ted,
    extractbench_grounding_f1,
    extractbench_value_f1,
    kieval,
    line_items,
    omni_json_accuracy,
    omni_text_similarity,
    rnss,
    scrm,
    scrm_corpus,
    squad,
    sroie_f1,
    stickler_overall,
    string_similarity,
    wer,
);
