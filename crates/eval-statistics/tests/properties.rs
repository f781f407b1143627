//! What must hold for any data.

use eval_statistics::{
    Comparison, Level, NAMED, PairedCase, Verdict, clustered_mean_interval, compare, holm, mean_interval,
    quantile_interval,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn scores() -> impl Strategy<Value = Vec<f64>> {
    let score = prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0];
    prop::collection::vec(score, 1..60)
}

/// Numbers of every size, and things that are none.
fn anything() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        Just(json!(0)),
        Just(json!(1)),
        any::<i64>().prop_map(|number| json!(number)),
        prop::num::f64::ANY.prop_map(|number| json!(number)),
        Just(Value::Null),
        "[a-z0-9]{0,3}".prop_map(|text| json!(text)),
    ];
    prop_oneof![number.clone(), prop::collection::vec(number, 0..8).prop_map(Value::from)]
}

const FIELDS: &[&str] = &[
    "a",
    "b",
    "scores",
    "clusters",
    "successes",
    "n",
    "correct",
    "k",
    "only_a_correct",
    "only_b_correct",
    "omega2",
    "sigma2_a",
    "sigma2_b",
    "k_a",
    "k_b",
    "confidence",
    "alpha",
    "power",
    "delta",
    "seed",
];

fn object() -> impl Strategy<Value = Value> {
    prop::collection::vec(anything(), FIELDS.len()).prop_map(|values| {
        let mut object: serde_json::Map<String, Value> =
            FIELDS.iter().map(|field| (*field).to_owned()).zip(values).collect();
        object.insert("n_resamples".to_owned(), json!(9));
        Value::Object(object)
    })
}

proptest! {
    #[test]
    fn no_statistic_panics(data in prop_oneof![anything(), object()], params in object()) {
        let good = json!({"confidence": 0.95, "alpha": 0.05, "power": 0.8, "delta": 0.1, "n": 9,
            "k": 2, "n_resamples": 9, "seed": "1"});
        for statistic in NAMED {
            let _ = (statistic.score)(&data, &params);
            let _ = (statistic.score)(&data, &good);
        }
    }

    #[test]
    fn intervals_of_scores_lie_in_the_unit_and_hold_the_mean(
        values in scores(),
        documents in 1usize..20,
    ) {
        let clusters: Vec<usize> = (0..values.len()).map(|number| number % documents).collect();
        for estimate in [
            mean_interval(&values, Level::P95),
            clustered_mean_interval(&values, &clusters, Level::P95),
        ] {
            let estimate = estimate.expect("there are values");
            let interval = estimate.interval.expect("scores in [0, 1] always have one");
            prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
            prop_assert!(interval.low <= estimate.mean + 1e-12);
            prop_assert!(estimate.mean - 1e-12 <= interval.high);
            prop_assert!(interval.width() > 0.0);
        }
    }

    #[test]
    fn turning_a_comparison_mirrors_it(values in scores(), documents in 2usize..20) {
        let case = |(number, value): (usize, &f64)| {
            PairedCase::single(number % documents, 0.5, *value)
        };
        let cases: Vec<PairedCase> = values.iter().enumerate().map(case).collect();
        let turned: Vec<PairedCase> =
            cases.iter().map(|case| PairedCase { a: case.b, b: case.a, ..*case }).collect();
        let settings = Comparison { resamples: 99, ..Comparison::usual(1) };
        let (here, there) = (compare(&cases, &settings), compare(&turned, &settings));
        let (here, there) = (here.expect("cases"), there.expect("cases"));
        prop_assert_eq!(here.turned().verdict, there.verdict);
        prop_assert!((here.p - there.p).abs() < 1e-12);
        prop_assert!(here.verdict != Verdict::Better || here.difference > 0.0);
    }

    #[test]
    fn more_data_of_the_same_kind_never_widens_the_interval(values in scores()) {
        let twice: Vec<f64> = values.iter().chain(&values).copied().collect();
        let width = |values: &[f64]| {
            mean_interval(values, Level::P95).and_then(|estimate| estimate.interval).expect("scores").width()
        };
        prop_assert!(width(&twice) <= width(&values) + 1e-12);
    }

    #[test]
    fn corrections_never_lower_p(p in prop::collection::vec(0.0..=1.0, 0..30)) {
        for (raw, adjusted) in p.iter().zip(holm(&p)) {
            prop_assert!(*raw <= adjusted && adjusted <= 1.0);
        }
    }

    #[test]
    fn bounds_of_a_quantile_are_values_in_order(
        values in prop::collection::vec(0.0..1e6, 1..300),
        q in 0.0..=1.0,
    ) {
        let estimate = quantile_interval(&values, q, Level::P95).expect("there are values");
        for bound in [estimate.low, estimate.high].into_iter().flatten() {
            prop_assert!(values.contains(&bound));
        }
        if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
            prop_assert!(low <= high);
        }
    }
}
