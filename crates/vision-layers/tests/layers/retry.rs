//! When to try again, and when to leave it.

use std::sync::Arc;
use std::time::Duration;

use crate::support::{Scripted, failure, failure_after, request};
use vision_core::{Error, ErrorKind, Response, Result, VisionProvider};
use vision_layers::{Retry, RetryPolicy, Timed};

fn policy() -> RetryPolicy {
    RetryPolicy {
        attempts: 4,
        base: Duration::from_secs(1),
        cap: Duration::from_secs(8),
        total: Duration::from_secs(60),
    }
}

async fn run(outcomes: Vec<Result<Response>>, policy: RetryPolicy) -> (Result<Response>, Arc<Scripted>) {
    let scripted = Arc::new(Scripted::new(Duration::from_millis(100), outcomes));
    let retry = Retry::new(Arc::new(Timed::new(scripted.clone())), policy, 7);
    (retry.analyze(&request()).await, scripted)
}

#[tokio::test(start_paused = true)]
async fn repeats_transient_errors_until_an_answer() {
    let outcomes = vec![failure(ErrorKind::Unavailable), failure(ErrorKind::Timeout)];
    let (outcome, scripted) = run(outcomes, policy()).await;
    let attempts = outcome.unwrap().attempts;
    assert_eq!(scripted.count(), 3);
    let kinds: Vec<_> = attempts.iter().map(|attempt| attempt.error).collect();
    assert_eq!(kinds, [Some(ErrorKind::Unavailable), Some(ErrorKind::Timeout), None]);
    let about = |time: Duration, wanted: Duration| time >= wanted && time < wanted + Duration::from_millis(5);
    assert!(attempts.iter().all(|attempt| about(attempt.total, Duration::from_millis(100))));
    assert!(about(attempts[1].start, attempts[0].total + attempts[0].wait));
}

#[tokio::test(start_paused = true)]
async fn never_repeats_permanent_errors() {
    for kind in [ErrorKind::Auth, ErrorKind::QuotaExhausted, ErrorKind::InvalidRequest, ErrorKind::Malformed]
    {
        let (outcome, scripted) = run(vec![failure(kind)], policy()).await;
        assert_eq!(outcome.unwrap_err().kind(), kind);
        assert_eq!(scripted.count(), 1, "{kind}");
    }
}

fn interrupted() -> Result<Response> {
    let mut error = Error::new(ErrorKind::Unavailable, "its maker stopped");
    error.details.interrupted = true;
    Err(error)
}

#[tokio::test(start_paused = true)]
async fn an_attempt_whose_maker_stopped_is_made_again_at_once_and_counts_for_nothing() {
    let once = RetryPolicy { attempts: 1, ..policy() };
    let (outcome, scripted) = run(vec![interrupted(), interrupted()], once).await;
    assert_eq!((scripted.count(), outcome.unwrap().attempts.len()), (3, 3), "all are kept");
    assert_eq!(scripted.times(), [0, 100, 200], "nobody waits");
    let (outcome, scripted) = run((0..9).map(|_| interrupted()).collect(), once).await;
    assert!(outcome.unwrap_err().details.interrupted);
    assert_eq!(scripted.count(), 5, "five times are no accident");
}

#[tokio::test(start_paused = true)]
async fn stops_after_the_last_attempt_and_keeps_them_all() {
    let outcomes = (0..9).map(|_| failure(ErrorKind::Unavailable)).collect();
    let (outcome, scripted) = run(outcomes, policy()).await;
    assert_eq!(scripted.count(), 4);
    assert_eq!(outcome.unwrap_err().details.attempts.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn waits_at_least_as_long_as_the_host_asks() {
    let outcomes = vec![failure_after(ErrorKind::RateLimited, Duration::from_secs(20))];
    let (_, scripted) = run(outcomes, policy()).await;
    let gap = scripted.times()[1] - 100;
    assert!((20_000..=22_000).contains(&gap), "{gap}");
}

#[tokio::test(start_paused = true)]
async fn comes_back_no_faster_than_usual_where_the_host_says_at_once() {
    let policy = RetryPolicy { attempts: 800, total: Duration::from_secs(300), ..policy() };
    let outcomes = (0..800).map(|_| failure_after(ErrorKind::RateLimited, Duration::ZERO)).collect();
    let (_, scripted) = run(outcomes, policy).await;
    assert!(scripted.count() < 200, "{} requests in {:?} ms", scripted.count(), scripted.times().last());
}

#[tokio::test(start_paused = true)]
async fn gives_up_rather_than_come_back_too_early() {
    let outcomes = vec![failure_after(ErrorKind::RateLimited, Duration::from_secs(3600))];
    let (outcome, scripted) = run(outcomes, policy()).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.message().ends_with("; the host asks to wait for 60 minutes"), "{}", error.message());
    assert_eq!(scripted.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_wait_grows_and_stays_below_its_cap() {
    let policy = RetryPolicy { attempts: 12, total: Duration::from_secs(3600), ..policy() };
    let outcomes = (0..20).map(|_| failure(ErrorKind::Unavailable)).collect();
    let (outcome, _) = run(outcomes, policy).await;
    let attempts = outcome.unwrap_err().details.attempts;
    for (number, attempt) in attempts.iter().enumerate() {
        assert!(attempt.wait <= Duration::from_secs(8).min(Duration::from_secs(1 << number.min(10))));
    }
    assert!(attempts.iter().any(|attempt| attempt.wait > Duration::from_secs(2)), "it does grow");
}

#[tokio::test(start_paused = true)]
async fn obeys_a_host_that_says_do_not_retry() {
    let mut error = Error::new(ErrorKind::Unavailable, "no");
    error.details.should_retry = Some(false);
    let (_, scripted) = run(vec![Err(error)], policy()).await;
    assert_eq!(scripted.count(), 1);
}
