use super::*;
use crate::paired::Observation;

fn pairs(up: usize, down: usize, same: usize) -> Vec<PairedCase> {
    let kinds = [(up, 0.0, 1.0), (down, 1.0, 0.0), (same, 1.0, 1.0)];
    let scores = kinds.iter().flat_map(|(count, a, b)| std::iter::repeat_n((*a, *b), *count));
    scores.enumerate().map(|(number, (a, b))| PairedCase::single(number, a, b)).collect()
}

fn compared(cases: &[PairedCase]) -> PairedComparison {
    compare(cases, &Comparison::usual(1)).expect("there are cases")
}

#[track_caller]
fn check(cases: &[PairedCase], test: TestMethod, verdict: Verdict) {
    let comparison = compared(cases);
    assert_eq!((comparison.test, comparison.verdict), (test, verdict), "{comparison:?}");
}

#[test]
fn agrees_with_mcnemar_on_yes_and_no() {
    let comparison = compared(&pairs(9, 1, 40));
    assert_eq!(comparison.p, crate::mcnemar::mcnemar(1, 9).p_exact);
    assert_eq!((comparison.better, comparison.worse, comparison.n), (9, 1, 50));
    check(&pairs(9, 1, 40), TestMethod::ExactMcNemar, Verdict::Better);
    check(&pairs(1, 9, 40), TestMethod::ExactMcNemar, Verdict::Worse);
    check(&pairs(5, 0, 40), TestMethod::ExactMcNemar, Verdict::CannotTell);
}

#[test]
fn cannot_tell_two_that_never_differ() {
    let comparison = compared(&pairs(0, 0, 50));
    assert_eq!((comparison.p, comparison.verdict), (1.0, Verdict::CannotTell));
    let interval = comparison.interval.expect("two documents or more");
    assert!(interval.low < -0.03 && interval.high > 0.03, "{interval:?}");
}

#[test]
fn detects_no_difference_larger_than_any_there_can_be() {
    let detectable = |n| compared(&pairs(0, n, 0)).smallest_detectable;
    assert_eq!(detectable(3), None);
    assert!(detectable(12).is_some_and(|share| share <= 1.0), "{:?}", detectable(12));
}

#[test]
fn counts_all_flips_then_samples_then_trusts_the_limit() {
    let ramp = |count: usize| -> Vec<PairedCase> {
        (0..count).map(|i| PairedCase::single(i, 0.4, 0.55 + ((i * 7) % 11) as f64 / 40.0)).collect()
    };
    check(&ramp(20), TestMethod::ExactSignFlip, Verdict::Better);
    check(&ramp(100), TestMethod::SampledSignFlip, Verdict::Better);
    check(&ramp(6_000), TestMethod::StudentT, Verdict::Better);
}

#[test]
fn does_not_count_cases_of_one_document_as_evidence_each() {
    let mut cases = pairs(12, 0, 12);
    check(&cases, TestMethod::ExactMcNemar, Verdict::Better);
    cases.iter_mut().enumerate().for_each(|(number, case)| case.cluster = number / 4);
    check(&cases, TestMethod::ExactMcNemar, Verdict::CannotTell);
    cases.iter_mut().for_each(|case| case.cluster = 0);
    assert_eq!(compared(&cases).interval, None);
}

#[test]
fn is_undefined_without_cases_and_with_nan() {
    assert_eq!(compare(&[], &Comparison::usual(1)), None);
    let bad = [PairedCase::single(0, f64::NAN, 1.0), PairedCase::single(1, 0.0, 1.0)];
    assert_eq!(compare(&bad, &Comparison::usual(1)), None);
}

#[test]
fn wants_the_interval_to_agree_with_the_test() {
    let gains = [1.0, 0.1, 0.1, 0.1, 0.1, 0.1];
    let cases: Vec<PairedCase> =
        gains.iter().enumerate().map(|(i, gain)| PairedCase::single(i, 0.0, *gain)).collect();
    let comparison = compared(&cases);
    assert_eq!((comparison.p, comparison.verdict), (2.0 / 64.0, Verdict::CannotTell));
}

#[test]
fn repeats_with_the_same_seed() {
    let cases: Vec<PairedCase> =
        (0..60).map(|i| PairedCase::single(i, 0.5, 0.4 + ((i * 7) % 13) as f64 / 50.0)).collect();
    assert_eq!(compared(&cases), compared(&cases));
}

/// Scores of a provider that is right on the first so many of 60 cases.
fn provider(names: &[String], right: usize) -> Vec<Observation<'_>> {
    let score = |number: usize| f64::from(u8::from(number < right));
    let one = |(number, name)| Observation { case: name, cluster: name, value: score(number) };
    names.iter().map(String::as_str).enumerate().map(one).collect()
}

#[test]
fn groups_those_tied_with_the_best() {
    let names: Vec<String> = (0..60).map(|number| number.to_string()).collect();
    let trials: Vec<_> = [55, 53, 30, 57].iter().map(|right| provider(&names, *right)).collect();
    let borrowed: Vec<&[Observation<'_>]> = trials.iter().map(Vec::as_slice).collect();
    let pairs = compare_all(&borrowed, &Comparison::usual(1));
    assert_eq!(pairs.iter().count(), 6);
    assert_eq!(pairs.tied_with(3, 4), [0, 1, 3]);
    assert_eq!(pairs.between(3, 2).map(|pair| pair.verdict), Some(Verdict::Worse));
    assert_eq!(pairs.between(2, 3).map(|pair| pair.verdict), Some(Verdict::Better));
    assert_eq!(pairs.between(2, 2), None);
}

#[test]
fn needs_a_smaller_p_when_more_was_asked() {
    let alone = compared(&pairs(7, 0, 40));
    assert_eq!(alone.verdict, Verdict::Better);
    let mut family =
        [alone, compared(&pairs(3, 2, 40)), compared(&pairs(2, 3, 40)), compared(&pairs(1, 1, 40))];
    correct_family(&mut family, Level::P95);
    assert_eq!(family[0].verdict, Verdict::CannotTell);
    assert!((family[0].p_adjusted - 4.0 * alone.p).abs() < 1e-15);
}

#[test]
fn many_small_gains_do_not_outweigh_the_loss_that_was_not_seen() {
    // A little better nearly always, and much worse on one case in twenty: alike in the mean. Of ten cases, three
    // samples in five have no such loss.
    let cases: Vec<PairedCase> = (0..10).map(|i| PairedCase::single(i, 0.9, 0.94)).collect();
    let comparison = compared(&cases);
    assert!(comparison.p < 0.01 && comparison.verdict == Verdict::CannotTell, "{comparison:?}");
    assert!(comparison.interval.is_some_and(|interval| interval.contains(0.0)));
}

#[test]
fn every_task_has_the_same_weight_and_the_small_one_its_width() {
    let large = pairs(20, 100, 880);
    let small: Vec<PairedCase> =
        pairs(2, 1, 5).into_iter().map(|case| PairedCase { cluster: case.cluster + 5_000, ..case }).collect();
    let both = PairedTasks::new(&[&large, &small, &[]]).expect("there are cases");
    assert!((both.difference() - (-0.08 + 0.125) / 2.0).abs() < 1e-12);
    let (of_small, of_both) = (PairedTasks::new(&[&small]), both.interval(Level::P95));
    let of_small = of_small.and_then(|pairs| pairs.interval(Level::P95)).expect("eight documents");
    let of_both = of_both.expect("many documents");
    assert!(of_both.width() >= of_small.width() / 2.0, "{of_both:?} and {of_small:?}");
    assert_eq!((both.cases(), both.documents()), (1_008, 1_008));
}

#[test]
fn a_margin_is_asked_for_with_a_p_and_a_bound_that_agree() {
    for cases in [pairs(4, 6, 190), pairs(0, 0, 400), pairs(1, 30, 60)] {
        let it = PairedTasks::new(&[&cases]).expect("there are cases");
        for margin in [0.0, 0.01, 0.05, 0.3] {
            let low = it.low(0.025).expect("many documents");
            assert_eq!(it.p_of_loss(margin) < 0.025, low > -margin, "margin {margin}, low {low}");
            let high = it.high(0.025).expect("many documents");
            assert_eq!(it.p_of_no_loss(margin) < 0.025, high < -margin, "margin {margin}, high {high}");
        }
        assert!(it.low(0.005) < it.low(0.025) && it.low(0.025) < it.low(0.2));
    }
}

#[test]
fn a_difference_is_within_what_the_two_scores_allow() {
    // Both are nearly always wrong: neither can lose much.
    let kinds = [(1, 1.0, 0.0), (1, 0.0, 1.0), (38, 0.0, 0.0)];
    let scores = kinds.iter().flat_map(|(count, a, b)| std::iter::repeat_n((*a, *b), *count));
    let cases: Vec<PairedCase> = scores.enumerate().map(|(i, (a, b))| PairedCase::single(i, a, b)).collect();
    let it = PairedTasks::new(&[&cases]).expect("there are cases");
    let upper = crate::proportion::clopper_pearson(1, 40, Level::P95).expect("there are cases").high;
    let interval = it.interval(Level::P95).expect("many documents");
    assert!(interval.low >= -upper - 0.002 && interval.high <= upper + 0.002, "{interval:?}, {upper}");
    let five = [(0.0, 1.0); 5].iter().enumerate().map(|(i, (a, b))| PairedCase::single(i, *a, *b));
    let five: Vec<PairedCase> = five.collect();
    let interval = compared(&five).interval.expect("five documents");
    assert!(interval.low >= -1.0 && interval.high <= 1.0);
}
