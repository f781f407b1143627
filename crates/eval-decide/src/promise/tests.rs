use super::{Documents, Target, band, naive, needed, promise, promised_today};

const ONE_PERCENT: Target = Target { error: 0.01, delta: 0.05 };

/// So many documents with a confidence of 0.99, of which some are wrong, and as many with 0.5, of which half are.
fn documents(sure: usize, wrong: usize) -> Documents {
    let right = |at: usize| if at < sure { at >= wrong } else { at.is_multiple_of(2) };
    Documents {
        right: (0..2 * sure).map(|at| f64::from(u8::from(right(at)))).collect(),
        confidence: (0..2 * sure).map(|at| Some(if at < sure { 0.99 } else { 0.5 })).collect(),
    }
}

#[test]
fn one_percent_takes_299_documents_without_an_error() {
    assert_eq!(promise(&documents(298, 0), ONE_PERCENT), None);
    let accepted = promise(&documents(299, 0), ONE_PERCENT).unwrap();
    assert_eq!((accepted.documents, accepted.wrong, accepted.share), (299, 0, 0.5));
    assert!(accepted.bound <= 0.01);
    assert_eq!(promise(&documents(299, 1), ONE_PERCENT), None);
    assert_eq!(needed(&documents(298, 0), ONE_PERCENT).accepted_at_least, 299);
}

#[test]
fn what_is_needed_follows_from_the_observed_error() {
    assert_eq!(needed(&documents(100, 0), ONE_PERCENT).documents, Some(597));
    let with_errors = needed(&documents(1_000, 5), ONE_PERCENT).documents.unwrap();
    assert!((2_000..5_000).contains(&with_errors), "{with_errors}");
    assert_eq!(needed(&documents(100, 3), ONE_PERCENT).documents, None);
}

#[test]
fn what_can_be_promised_today_is_what_the_promise_of_that_error_gives() {
    for (sure, wrong, wanted) in [(60, 0, 0.01), (60, 2, 0.01), (60, 2, 0.25), (400, 9, 0.02), (25, 1, 0.05)]
    {
        let documents = documents(sure, wrong);
        let target = Target { error: wanted, delta: 0.05 };
        let today = promised_today(&documents, target).unwrap();
        assert_eq!(promise(&documents, Target { error: today.error, ..target }), Some(today.accepted));
        assert_eq!(promise(&documents, target).is_some(), today.error <= wanted, "{sure} {wrong} {wanted}");
        assert!(today.accepted.bound <= today.error);
    }
    let today = promised_today(&documents(60, 0), ONE_PERCENT).unwrap();
    assert_eq!((today.error, today.accepted.documents), (0.05, 60));
    assert_eq!(promised_today(&documents(2, 0), ONE_PERCENT), None);
}

#[test]
fn a_band_is_wider_than_a_single_bound() {
    let documents = documents(200, 2);
    for point in band(&documents, 0.05) {
        assert!(point.bound > documents.above(point.threshold, 0.05).bound);
    }
    assert_eq!(band(&documents, 0.05).len(), 2);
}

#[test]
fn a_naive_threshold_promises_nothing() {
    let naive = naive(&documents(50, 0), ONE_PERCENT).unwrap();
    assert_eq!((naive.documents, naive.observed_error), (50, 0.0));
    assert!(naive.bound > 0.05);
    assert_eq!(super::naive(&Documents::default(), ONE_PERCENT), None);
}
