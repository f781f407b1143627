//! Every golden case of every statistic, through the registry.

use eval_statistics::NAMED;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    metric: String,
    case_id: String,
    predicted: Value,
    params: Value,
    score: Value,
}

#[track_caller]
fn check(name: &str, cases: &str) {
    let statistic = NAMED.iter().find(|statistic| statistic.name == name).expect(name);
    let mut count = 0;
    for line in cases.lines() {
        let case: Case = serde_json::from_str(line).expect("a golden case");
        assert_eq!(case.metric, name);
        let score = (statistic.score)(&case.predicted, &case.params).expect(&case.case_id);
        compare(&case.case_id, "", &case.score, &score);
        count += 1;
    }
    assert!(count >= 140, "{name}: only {count} cases");
}

#[track_caller]
fn compare(id: &str, path: &str, want: &Value, got: &Value) {
    match (want, got) {
        (Value::Number(want), Value::Number(got)) => {
            let (want, got) = (float(want), float(got));
            let tolerance = if path.contains("bca") { 1e-7 } else { 1e-9 };
            let off = (want - got).abs() / want.abs().max(1.0);
            assert!(off <= tolerance, "{id} {path}: {got} is not {want}");
        }
        (Value::Array(want), Value::Array(got)) => {
            assert_eq!(want.len(), got.len(), "{id} {path}");
            for (index, (want, got)) in want.iter().zip(got).enumerate() {
                compare(id, &format!("{path}[{index}]"), want, got);
            }
        }
        (Value::Object(want), Value::Object(got)) => {
            let keys = |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(want), keys(got), "{id} {path}");
            for (key, want) in want {
                compare(id, &format!("{path}.{key}"), want, &got[key]);
            }
        }
        _ => assert_eq!(want, got, "{id} {path}"),
    }
}

fn float(number: &serde_json::Number) -> f64 {
    number.as_f64().expect("no arbitrary precision here")
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
    stat_bootstrap,
    stat_clustered_se,
    stat_mcnemar,
    stat_mean_se,
    stat_multiple_tests,
    stat_paired_diff,
    stat_paired_permutation_exact,
    stat_pass_k,
    stat_power,
    stat_wilson,
);
