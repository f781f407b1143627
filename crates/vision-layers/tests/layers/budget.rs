//! A budget is never overshot.

use std::sync::Arc;
use std::time::Duration;

use crate::support::{Scripted, answer, failure, request};
use proptest::prelude::*;
use vision_core::{
    Error, ErrorKind, Estimate, Provider, Request, Response, Result, Usage, Usd, VisionProvider,
};
use vision_layers::{
    Bill, Budget, Budgeted, HandedOver, Ledger, Pace, Places, Pricing, Retry, RetryPolicy, Settings, Timed,
    layered,
};

/// A dollar for each token that comes out, at most ten.
#[derive(Debug)]
struct DollarAToken;

impl Pricing for DollarAToken {
    fn worst(&self, request: &Request, _: &Estimate) -> Result<Usd, String> {
        Ok(Usd(f64::from(request.max_output_tokens.get())))
    }

    fn bill(&self, _: &Request, response: &Response) -> Bill {
        self.counted(&response.usage).map_or(Bill::Unknown(Usd::ZERO), Bill::Known)
    }

    fn counted(&self, usage: &Usage) -> Option<Usd> {
        usage.output.map(|tokens| Usd(tokens as f64))
    }
}

#[derive(Debug)]
struct Unknown;

impl Pricing for Unknown {
    fn worst(&self, _: &Request, _: &Estimate) -> Result<Usd, String> {
        Err("no price".to_owned())
    }

    fn bill(&self, _: &Request, _: &Response) -> Bill {
        Bill::Unknown(Usd::ZERO)
    }

    fn counted(&self, _: &Usage) -> Option<Usd> {
        None
    }
}

#[derive(Debug)]
struct Free;

impl Pricing for Free {
    fn worst(&self, _: &Request, _: &Estimate) -> Result<Usd, String> {
        Ok(Usd::ZERO)
    }

    fn bill(&self, _: &Request, _: &Response) -> Bill {
        Bill::Known(Usd::ZERO)
    }

    fn counted(&self, _: &Usage) -> Option<Usd> {
        Some(Usd::ZERO)
    }
}

fn costs(tokens: u64) -> Result<Response> {
    Ok(Response { usage: Usage { output: Some(tokens), ..Usage::default() }, ..answer() })
}

fn budgeted(outcomes: Vec<Result<Response>>, limit: f64) -> (Provider, Arc<Scripted>, Arc<Budget>) {
    let inner = Arc::new(Scripted::new(Duration::from_secs(1), outcomes));
    let budget = Budget::new(Some(Usd(limit)), Usd::ZERO);
    let timed = Arc::new(Timed::new(inner.clone()));
    (Arc::new(Budgeted::new(timed, budget.clone(), Arc::new(DollarAToken))), inner, budget)
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
    let error = provider.analyze(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "it is skipped, and others are not");
    assert!(error.message().ends_with("no price"), "{error}");
    assert_eq!(inner.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn after_an_answer_above_its_worst_case_more_is_put_aside() {
    // Ten at most, by the request; the host bills thirty.
    let (provider, inner, budget) = budgeted((0..20).map(|_| costs(30)).collect(), 100.0);
    let first = ask(&provider, 1).await.remove(0).unwrap();
    assert_eq!(first.attempts[0].overrun, Some(3.0));
    let outcomes = ask(&provider, 19).await;
    // 30 are spent; with 45 put aside for each, one at a time fits until 60 are spent.
    assert_eq!(inner.count(), 2);
    assert!(outcomes.iter().skip(1).all(|it| it.as_ref().unwrap_err().kind() == ErrorKind::Budget));
    assert_eq!(budget.spent(), Usd(60.0));
}

#[tokio::test(start_paused = true)]
async fn a_dear_host_takes_no_more_than_what_was_under_way_at_its_first_answer() {
    let (provider, inner, budget) = budgeted((0..200).map(|_| costs(70)).collect(), 100.0);
    ask(&provider, 200).await;
    assert_eq!(inner.count(), 10, "ten worst cases of ten fit into a hundred");
    assert_eq!(budget.spent(), Usd(700.0));
}

#[tokio::test(start_paused = true)]
async fn what_is_free_goes_on_when_the_money_is_gone() {
    let budget = Budget::new(Some(Usd(1.0)), Usd(5.0));
    let inner = Arc::new(Scripted::new(Duration::ZERO, [costs(0)]));
    let provider = Budgeted::new(inner, budget, Arc::new(Free));
    provider.analyze(&request()).await.unwrap();
}

#[derive(Debug, Default)]
struct Entries(std::sync::Mutex<Vec<Usd>>);

impl Ledger for Entries {
    fn reserve(&self, amount: Usd) -> Result<u64> {
        let mut entries = self.0.lock().unwrap();
        entries.push(amount);
        Ok(entries.len() as u64)
    }

    fn number(&self) -> u64 {
        let mut entries = self.0.lock().unwrap();
        entries.push(Usd::ZERO);
        entries.len() as u64
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_charged_for_itself_and_a_definite_refusal_not_at_all() {
    let mut cut = Error::new(ErrorKind::Timeout, "cut");
    cut.details.maybe_billed = true;
    let outcomes = [failure(ErrorKind::Unavailable), failure(ErrorKind::RateLimited), Err(cut), costs(3)];
    let inner = Arc::new(Scripted::new(Duration::from_secs(1), outcomes));
    // Room for one worst case of ten beside what is spent, not for five attempts of ten.
    let budget = Budget::new(Some(Usd(20.0)), Usd::ZERO);
    let provider = layered(inner.clone(), settings(budget.clone(), None));
    let answer = provider.analyze(&request()).await.unwrap();
    let charged: Vec<Usd> = answer.attempts.iter().map(|attempt| attempt.charged).collect();
    assert_eq!(charged, [Usd::ZERO, Usd::ZERO, Usd(10.0), Usd(3.0)]);
    assert_eq!((budget.spent(), inner.count()), (Usd(13.0), 4));
}

fn settings(budget: Arc<Budget>, overrun: Option<f64>) -> Settings {
    Settings {
        retry: RetryPolicy::default(),
        seed: 1,
        budget,
        pricing: Arc::new(DollarAToken),
        overrun,
        pace: Pace::new(None, None),
        places: Places::fixed(100),
        run_places: Places::fixed(100),
        timeout: Duration::from_secs(600),
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_its_place_is_not_sent_when_an_answer_proves_dearer() {
    let dear = || Arc::new(Scripted::new(Duration::from_secs(1), (0..40).map(|_| costs(70))));
    let (one, other) = (dear(), dear());
    let budget = Budget::new(Some(Usd(300.0)), Usd::ZERO);
    let run_places = Places::fixed(12);
    let around = |inner: &Arc<Scripted>| {
        layered(inner.clone(), Settings { run_places: run_places.clone(), ..settings(budget.clone(), None) })
    };
    // Thirty worst cases have their money; twelve are under way.
    let (first, second) = (around(&one), around(&other));
    tokio::join!(ask(&first, 15), ask(&second, 15));
    assert_eq!(one.count() + other.count(), 12);
    assert_eq!(budget.spent(), Usd(12.0 * 70.0));
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_part_of_the_run_has_shown_is_not_forgotten() {
    let inner = Arc::new(Scripted::new(Duration::from_secs(1), (0..20).map(|_| costs(70))));
    let budget = Budget::new(Some(Usd(250.0)), Usd::ZERO);
    let provider = layered(inner.clone(), settings(budget.clone(), Some(7.0)));
    ask(&provider, 20).await;
    assert!(budget.spent() <= Usd(250.0), "{:?}", budget.spent());
    assert_eq!(inner.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_written_down_before_it_is_sent_and_what_only_waits_is_not() {
    let inner = Arc::new(Scripted::new(
        Duration::from_secs(60),
        [costs(1), failure(ErrorKind::RateLimited), costs(2)],
    ));
    let entries = Arc::new(Entries::default());
    let budget = Budget::written(Some(Usd(1000.0)), Usd::ZERO, entries.clone());
    let settings =
        Settings { places: Places::fixed(2), run_places: Places::fixed(1), ..settings(budget, None) };
    let provider = layered(inner, settings);
    let asking = provider.clone();
    let two = tokio::spawn(async move { ask(&asking, 2).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(*entries.0.lock().unwrap(), [Usd(10.0)], "one is under way, and one waits for its place");
    let outcomes = two.await.unwrap();
    assert_eq!(entries.0.lock().unwrap().len(), 3);
    let mut numbers: Vec<_> = outcomes
        .iter()
        .flat_map(|it| &it.as_ref().unwrap().attempts)
        .filter_map(|it| it.reservation)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3], "each attempt names its entry");
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

#[tokio::test(start_paused = true)]
async fn what_is_handed_over_counts_as_spent_until_its_answer_is_there() {
    let budget = Budget::written(Some(Usd(25.0)), Usd::ZERO, Arc::new(Entries::default()));
    let handed = HandedOver::new(&budget, Arc::new(DollarAToken), None);
    let (request, estimate) = (request(), Estimate::default());
    let first = handed.hold(&request, &estimate).await.unwrap();
    let second = handed.hold(&request, &estimate).await.unwrap();
    assert_eq!((first.amount, first.number, second.number), (Usd(10.0), Some(1), Some(2)));
    let refused = handed.hold(&request, &estimate).await.unwrap_err();
    assert_eq!((refused.kind(), budget.spent()), (ErrorKind::Budget, Usd(20.0)), "nobody waits for a batch");
    let mut answer = handed.settle(first, &request, costs(3)).unwrap();
    let attempt = answer.attempts.pop().unwrap();
    assert_eq!((attempt.charged, attempt.reservation, budget.spent()), (Usd(3.0), Some(1), Usd(13.0)));
    handed.release(second);
    assert_eq!(budget.spent(), Usd(3.0));
    assert!(handed.hold(&request, &estimate).await.is_ok(), "there is room again");
}
