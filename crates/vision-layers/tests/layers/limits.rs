//! Concurrency, pace and timeout.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::{Scripted, answer, failure, failure_after, request};
use vision_core::{Allowance, ErrorKind, Limits, Provider, Response, Result, VisionProvider};
use vision_layers::{Concurrency, Pace, Places, RateLimit, Timed, Timeout};

/// Asks `count` times at once and gives all outcomes.
async fn ask(provider: &Provider, count: usize) -> Vec<Result<Response>> {
    let tasks: Vec<_> = (0..count)
        .map(|_| {
            let provider = provider.clone();
            tokio::spawn(async move { provider.analyze(&request()).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

fn scripted(outcomes: Vec<Result<Response>>) -> Arc<Scripted> {
    Arc::new(Scripted::new(Duration::from_secs(1), outcomes))
}

#[tokio::test(start_paused = true)]
async fn never_more_at_once_than_there_are_places() {
    let inner = scripted(vec![]);
    let provider: Provider = Arc::new(Concurrency::new(Arc::new(Timed::new(inner.clone())), Places::new(3)));
    let outcomes = ask(&provider, 10).await;
    assert_eq!(inner.most_at_once.load(Ordering::SeqCst), 3);
    let last = &outcomes[9].as_ref().unwrap().attempts[0];
    assert_eq!(last.queued, Duration::from_secs(3), "the queue is measured");
    assert_eq!(last.total, Duration::from_secs(1), "and never counts as the provider's time");
}

#[tokio::test(start_paused = true)]
async fn places_shrink_when_the_host_says_too_many_and_come_back() {
    let places = Places::new(8);
    let inner = scripted((0..8).map(|_| failure(ErrorKind::RateLimited)).collect());
    let provider: Provider = Arc::new(Concurrency::new(inner.clone(), places.clone()));
    ask(&provider, 8).await;
    assert_eq!(places.limit(), 4, "one burst of refusals halves once");
    inner.most_at_once.store(0, Ordering::SeqCst);
    ask(&provider, 12).await;
    assert!(inner.most_at_once.load(Ordering::SeqCst) <= 6, "shrunken places are really gone");
    ask(&provider, 60).await;
    assert_eq!(places.limit(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_attempt_gives_its_place_back() {
    let inner = scripted(vec![]);
    let provider: Provider = Arc::new(Concurrency::new(inner, Places::new(1)));
    let impatient = tokio::time::timeout(Duration::from_millis(10), provider.analyze(&request())).await;
    assert!(impatient.is_err());
    provider.analyze(&request()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn requests_keep_to_so_many_a_minute() {
    let inner = scripted(vec![]);
    let provider: Provider = Arc::new(RateLimit::new(inner.clone(), Pace::new(Some(60.0), None)));
    ask(&provider, 15).await;
    let times = inner.times();
    assert_eq!(times.iter().filter(|&&time| time == 0).count(), 5, "a small burst");
    assert!((10_000..10_200).contains(&times[14]), "then one a second: {times:?}");
}

#[tokio::test(start_paused = true)]
async fn tokens_keep_to_so_many_a_minute() {
    // Each request is 90 tokens in and at most 10 out.
    let inner = scripted(vec![]);
    let provider: Provider = Arc::new(RateLimit::new(inner.clone(), Pace::new(None, Some(6_000.0))));
    ask(&provider, 10).await;
    let last = inner.times()[9];
    assert!((5_000..5_200).contains(&last), "{last}");
}

#[tokio::test(start_paused = true)]
async fn a_429_with_a_delay_holds_everybody_back() {
    let inner = scripted(vec![failure_after(ErrorKind::RateLimited, Duration::from_secs(30))]);
    let pace = Pace::new(None, None);
    let provider: Provider = Arc::new(RateLimit::new(Arc::new(Timed::new(inner.clone())), pace));
    ask(&provider, 1).await;
    let outcomes = ask(&provider, 2).await;
    assert_eq!(inner.times()[1], 31_000);
    assert_eq!(outcomes[0].as_ref().unwrap().attempts[0].limited, Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_header_that_says_none_left_is_believed() {
    let empty = Allowance { limit: Some(100), remaining: Some(0), reset: Some(Duration::from_secs(12)) };
    let limits = Limits { requests: Some(empty), tokens: None };
    let inner = scripted(vec![Ok(Response { limits, ..answer() })]);
    let provider: Provider = Arc::new(RateLimit::new(inner.clone(), Pace::new(None, None)));
    ask(&provider, 1).await;
    ask(&provider, 1).await;
    assert_eq!(inner.times()[1], 13_000);
}

#[tokio::test(start_paused = true)]
async fn a_window_of_hours_does_not_stop_everything_silently() {
    let empty = Allowance { limit: Some(100), remaining: Some(0), reset: Some(Duration::from_secs(7_200)) };
    let limits = Limits { requests: Some(empty), tokens: None };
    let inner = scripted(vec![Ok(Response { limits, ..answer() })]);
    let provider: Provider = Arc::new(RateLimit::new(inner.clone(), Pace::new(None, None)));
    ask(&provider, 1).await;
    ask(&provider, 1).await;
    assert_eq!(inner.times()[1], 16_000);
}

#[tokio::test(start_paused = true)]
async fn an_endless_attempt_is_cut_off_and_may_be_billed() {
    let inner = Arc::new(Scripted::new(Duration::from_secs(999), []));
    let provider = Timed::new(Arc::new(Timeout::new(inner, Duration::from_secs(5))));
    let error = provider.analyze(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.details.maybe_billed);
    assert_eq!(error.details.attempts[0].total, Duration::from_secs(5));
}
