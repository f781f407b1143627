use super::*;
use crate::estimate::Estimate;

fn describe(estimate: Option<Estimate>) -> String {
    let Some(estimate) = estimate else { return "undefined".to_owned() };
    let interval = estimate.interval.map_or("no interval".to_owned(), |interval| {
        format!("[{:.3}, {:.3}] {}", interval.low, interval.high, interval.method)
    });
    let caution = estimate.caution.map_or(String::new(), |caution| format!("; {caution}"));
    format!("{:.3} {interval}{caution}", estimate.mean)
}

#[track_caller]
fn check(values: &[f64], expected: &str) {
    assert_eq!(describe(mean_interval(values, Level::P95)), expected);
}

#[track_caller]
fn check_clustered(values: &[f64], clusters: &[u32], expected: &str) {
    assert_eq!(describe(clustered_mean_interval(values, clusters, Level::P95)), expected);
}

#[test]
fn is_exact_for_yes_and_no() {
    let mut values = [1.0; 12];
    values[3..7].fill(0.0);
    check(&values, "0.667 [0.349, 0.901] Clopper–Pearson");
}

#[test]
fn does_not_rule_out_nearly_perfect_after_one_failure() {
    let mut values = [1.0; 12];
    values[3] = 0.0;
    check(&values, "0.917 [0.615, 0.998] Clopper–Pearson");
    values = values.map(|value| 1.0 - value);
    check(&values, "0.083 [0.002, 0.385] Clopper–Pearson");
}

#[test]
fn stays_honest_when_everything_is_right() {
    check(
        &[1.0; 12],
        "1.000 [0.735, 1.000] Clopper–Pearson; all values are equal; the interval rests on their number alone",
    );
}

#[test]
fn stays_honest_when_everything_is_equal_but_not_right() {
    check(
        &[0.5; 4],
        "0.500 [0.198, 0.802] Gaffke; all values are equal; the interval rests on their number alone",
    );
}

#[test]
fn counts_on_a_failure_that_was_not_seen() {
    let values: Vec<f64> = (0..40).map(|i| 0.5 + f64::from(i % 5) / 10.0).collect();
    check(&values, "0.700 [0.625, 0.752] Gaffke");
}

#[test]
fn gives_repeats_of_one_outcome_no_weight() {
    let values: Vec<f64> = (0..36).map(|i| f64::from(u8::from(i >= 3))).collect();
    let clusters: Vec<u32> = (0..36).map(|i| i / 3).collect();
    check_clustered(&values, &clusters, "0.917 [0.615, 0.998] Clopper–Pearson");
}

#[test]
fn widens_when_cases_of_a_document_agree() {
    let values: Vec<f64> = (0..120).map(|i| f64::from(u8::from((i / 6) % 4 != 0 || i % 6 == 0))).collect();
    let alone: Vec<u32> = (0..120).collect();
    let documents: Vec<u32> = (0..120).map(|i| i / 6).collect();
    check_clustered(&values, &alone, "0.792 [0.708, 0.860] Clopper–Pearson");
    check_clustered(&values, &documents, "0.792 [0.576, 0.928] Gaffke");
}

#[test]
fn says_so_when_there_is_one_document() {
    check_clustered(
        &[1.0, 0.0, 1.0],
        &[7, 7, 7],
        "0.667 [0.016, 0.992] Gaffke; one source document only; nothing is known about others",
    );
}

#[test]
fn treats_values_outside_the_unit_as_amounts() {
    check(
        &[1.0, 2.0, 4.0],
        "2.333 [0.576, 9.223] Gaffke, without a limit above; fewer than 10 source documents; the interval is a rough guide",
    );
}

#[test]
fn is_undefined_for_nothing_nan_and_infinity() {
    check(&[], "undefined");
    check(&[0.5, f64::NAN], "undefined");
    check(&[0.5, f64::INFINITY], "undefined");
    check_clustered(&[0.5, 0.25], &[1], "undefined");
}

#[test]
fn documents_of_the_same_mean_by_chance_make_nothing_certain() {
    let expected =
        "0.667 [0.104, 0.948] Gaffke; fewer than 10 source documents; the interval is a rough guide";
    check_clustered(&[1.0, 0.0, 1.0, 1.0, 0.0, 1.0], &[0, 1, 0, 1, 0, 1], expected);
}

#[test]
fn near_perfect_scores_do_not_hide_the_failure_to_come() {
    // One receipt in twenty fails and scores 0: two of three samples of eight have none.
    check(
        &[1.0, 0.95, 1.0, 0.97, 1.0, 0.98, 0.96, 1.0],
        "0.982 [0.618, 0.995] Gaffke; fewer than 10 source documents; the interval is a rough guide",
    );
}

#[test]
fn tasks_have_the_same_weight_and_keep_their_width() {
    let task = |of: usize, wrong: usize, first: usize| -> Vec<(usize, f64)> {
        (0..of).map(|number| (first + number, f64::from(u8::from(number >= wrong)))).collect()
    };
    let overall = score_over_tasks(&[task(500, 50, 0), task(8, 0, 1_000)], Level::P95);
    assert_eq!(
        describe(overall),
        "0.950 [0.753, 0.973] Gaffke; fewer than 10 source documents; the interval is a rough guide"
    );
    let alone = score_over_tasks(&[task(12, 3, 0), Vec::new()], Level::P95);
    assert_eq!(describe(alone), "0.750 [0.428, 0.945] Clopper–Pearson");
}
