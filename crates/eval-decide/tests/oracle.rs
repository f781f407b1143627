//! Every golden case of every statistic, through the registry.

use eval_decide::NAMED;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    metric: String,
    case_id: String,
    expected: Value,
    predicted: Value,
    params: Value,
    score: Value,
}

#[track_caller]
fn check(name: &str, cases: &str) {
    let statistic = NAMED.iter().find(|statistic| statistic.name == name).expect(name);
    let tolerance = match name {
        "stat_cs_betting" | "stat_eprocess_paired" => 1e-8,
        "bradley_terry" => 1e-7,
        _ => 1e-9,
    };
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in cases.lines() {
        let case: Case = serde_json::from_str(line).expect("a golden case");
        assert_eq!(case.metric, name);
        match (statistic.score)(&case.expected, &case.predicted, &case.params) {
            Err(error) => wrong.push(format!("{}: {error}", case.case_id)),
            Ok(score) => compare(&case.case_id, &case.score, &score, tolerance, &mut wrong),
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 38, "{name}: only {count} cases");
}

fn compare(path: &str, want: &Value, got: &Value, tolerance: f64, wrong: &mut Vec<String>) {
    match (want, got) {
        (Value::Number(want), Value::Number(number)) => {
            let (want, got) = (want.as_f64().unwrap_or(f64::NAN), number.as_f64().unwrap_or(f64::NAN));
            let is_close = (want - got).abs() <= tolerance * want.abs().max(1.0);
            if !is_close {
                wrong.push(format!("{path}: {got} is not {want}"));
            }
        }
        (Value::Array(want), Value::Array(got)) if want.len() == got.len() => {
            for (index, (want, got)) in want.iter().zip(got).enumerate() {
                compare(&format!("{path}[{index}]"), want, got, tolerance, wrong);
            }
        }
        (Value::Object(want), Value::Object(got)) => {
            for (key, want) in want {
                match got.get(key) {
                    Some(got) => compare(&format!("{path}.{key}"), want, got, tolerance, wrong),
                    None => wrong.push(format!("{path}.{key} is missing")),
                }
            }
            let extra = got.keys().filter(|key| !want.contains_key(*key));
            wrong.extend(extra.map(|key| format!("{path}.{key} is extra")));
        }
        _ if want == got => {}
        _ => wrong.push(format!("{path}: {got} is not {want}")),
    }
}

macro_rules! golden {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), include_str!(concat!("../oracle/", stringify!($name), ".jsonl")));
        })*

        #[test]
        fn every_named_statistic_has_golden_figures() {
            let names: Vec<&str> = NAMED.iter().map(|statistic| statistic.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

golden!(
    agreement,
    bradley_terry,
    cascade_fit,
    cascade_policy,
    judge_order_bias,
    krippendorff_alpha,
    selective_crc,
    selective_ltt,
    selective_risk_coverage,
    stat_cs_betting,
    stat_ebh,
    stat_eprocess_paired,
    stat_icc,
    stat_ppi_clustered,
    stat_ppi_mean,
    stat_ppi_paired,
    stat_required_n,
);
