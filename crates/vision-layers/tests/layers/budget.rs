//! A budget is never overshot.

use std::sync::Arc;
use std::time::Duration;

use crate::support::{Scripted, answer, failure, request};
use proptest::prelude::*;
use vision_core::{
    Error, ErrorKind, Estimate, Provider, Request, Response, Result, Usage, Usd, VisionProvider,
};
use vision_layers::{Budget, Budgeted, Pricing, Retry, RetryPolicy};

/// A dollar for each token that comes out, at most ten.
#[derive(Debug)]
struct DollarAToken;

impl Pricing for DollarAToken {
    fn worst(&self, request: &Request, _: &Estimate) -> Option<Usd> {
        Some(Usd(f64::from(request.max_output_tokens.get())))
    }

    fn actual(&self, usage: &Usage) -> Option<Usd> {
        usage.output.map(|tokens| Usd(tokens as f64))
    }
}

#[derive(Debug)]
struct Unknown;

impl Pricing for Unknown {
    fn worst(&self, _: &Request, _: &Estimate) -> Option<Usd> {
        None
    }

    fn actual(&self, _: &Usage) -> Option<Usd> {
        None
    }
}

fn costs(tokens: u64) -> Result<Response> {
    Ok(Response { usage: Usage { output: Some(tokens), ..Usage::default() }, ..answer() })
}

fn budgeted(outcomes: Vec<Result<Response>>, limit: f64) -> (Provider, Arc<Scripted>, Arc<Budget>) {
    let inner = Arc::new(Scripted::new(Duration::from_secs(1), outcomes));
    let budget = Budget::new(Some(Usd(limit)), Usd::ZERO);
    (Arc::new(Budgeted::new(inner.clone(), budget.clone(), Arc::new(DollarAToken))), inner, budget)
}

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

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_might_overshoot() {
    let (provider, inner, budget) = budgeted(vec![costs(10), costs(10)], 25.0);
    let outcomes = ask(&provider, 3).await;
    assert_eq!(inner.count(), 2);
    assert_eq!(outcomes[2].as_ref().unwrap_err().kind(), ErrorKind::Budget);
    assert_eq!(budget.spent(), Usd(20.0));
}

#[tokio::test(start_paused = true)]
async fn cheap_answers_make_room_for_those_that_wait() {
    let (provider, inner, budget) = budgeted((0..16).map(|_| costs(1)).collect(), 25.0);
    let outcomes = ask(&provider, 16).await;
    assert!(outcomes.iter().all(Result::is_ok), "16 dollars fit into 25");
    assert_eq!((inner.count(), budget.spent()), (16, Usd(16.0)));
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_may_be_billed_counts_in_full() {
    let mut cut = Error::new(ErrorKind::Timeout, "cut");
    cut.details.maybe_billed = true;
    let (provider, _, budget) = budgeted(vec![Err(cut), failure(ErrorKind::RateLimited)], 100.0);
    ask(&provider, 1).await;
    assert_eq!(budget.spent(), Usd(10.0));
    ask(&provider, 1).await;
    assert_eq!(budget.spent(), Usd(10.0), "a refusal costs nothing");
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_request_counts_in_full() {
    let (provider, _, budget) = budgeted(vec![], 100.0);
    let _ = tokio::time::timeout(Duration::from_millis(1), provider.analyze(&request())).await;
    assert_eq!(budget.spent(), Usd(10.0));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_price_is_not_zero() {
    let inner = Arc::new(Scripted::new(Duration::ZERO, []));
    let budget = Budget::new(Some(Usd(1.0)), Usd::ZERO);
    let provider = Budgeted::new(inner.clone(), budget, Arc::new(Unknown));
    assert_eq!(provider.analyze(&request()).await.unwrap_err().kind(), ErrorKind::Budget);
    assert_eq!(inner.count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn never_overshoots_with_128_at_once_and_retries(
        bills in proptest::collection::vec((0_u64..=10, 0_u8..4), 200),
        limit in 0.0..900.0_f64,
    ) {
        let outcomes = bills.into_iter().map(|(tokens, luck)| match luck {
            0 => {
                let mut error = Error::new(ErrorKind::Unavailable, "cut");
                error.details.maybe_billed = true;
                Err(error)
            }
            1 => failure(ErrorKind::RateLimited),
            _ => costs(tokens),
        }).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (provider, _, budget) = budgeted(outcomes, limit);
            let provider: Provider = Arc::new(Retry::new(provider, RetryPolicy::default(), 1));
            ask(&provider, 128).await;
            assert!(budget.spent() <= Usd(limit), "{:?} of {limit}", budget.spent());
        });
    }
}
