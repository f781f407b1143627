use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use vision_core::{
    Allowance, Attempt, Capabilities, Error, ErrorKind, Estimate, Limits, Part, Provider, ProviderId,
    Request, Response, Result, Stop, Task, Timing, Usage, Usd, VisionProvider,
};

use super::Cached;
use crate::{Cache, Mode};

/// Counts what it is asked, and ends as its question says.
#[derive(Debug)]
struct Counting {
    id: ProviderId,
    capabilities: Capabilities,
    asked: AtomicUsize,
}

#[async_trait]
impl VisionProvider for Counting {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, _: &Request) -> Estimate {
        Estimate { text: 3, ..Estimate::default() }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        match request.texts().next() {
            Some("fail") => Err(Error::new(ErrorKind::Unavailable, "down")),
            Some("refuse") => {
                Ok(Response { refusal: Some("no".to_owned()), stop: Stop::Refused, ..answer(number) })
            }
            _ => Ok(answer(number)),
        }
    }
}

fn answer(number: usize) -> Response {
    Response {
        text: format!("answer {number}"),
        usage: Usage { input: Some(10), ..Usage::default() },
        cost: Some(Usd(0.25)),
        timing: Timing { total: Duration::from_millis(9), ..Timing::default() },
        limits: Limits { requests: Some(Allowance { limit: Some(1), ..Allowance::default() }), tokens: None },
        attempts: vec![Attempt { total: Duration::from_millis(9), ..Attempt::default() }],
        ..Response::default()
    }
}

struct Bench {
    _folder: tempfile::TempDir,
    cache: Arc<Cache>,
    counting: Arc<Counting>,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("answers.sqlite")).unwrap();
        let id = ProviderId::new("fake", "one");
        let counting = Counting { id, capabilities: Capabilities::default(), asked: AtomicUsize::new(0) };
        Self { _folder: folder, cache, counting: Arc::new(counting) }
    }

    fn provider(&self, mode: Mode) -> Provider {
        self.scoped(mode, "fake one")
    }

    fn scoped(&self, mode: Mode, scope: &str) -> Provider {
        Arc::new(Cached::new(self.counting.clone(), self.cache.clone(), mode, scope.to_owned()))
    }

    async fn ask(&self, mode: Mode, question: &str) -> Result<Response> {
        self.provider(mode).analyze(&request(question)).await
    }

    fn asked(&self) -> usize {
        self.counting.asked.load(Ordering::SeqCst)
    }
}

fn request(question: &str) -> Request {
    Request::new(Task::Text, vec![Part::Text(question.to_owned())], NonZeroU32::MIN)
}

#[tokio::test]
async fn a_hit_is_marked_and_keeps_the_original_timing_and_cost() {
    let bench = Bench::new();
    assert_eq!(bench.ask(Mode::On, "a").await.unwrap(), answer(1));
    let hit = bench.ask(Mode::On, "a").await.unwrap();
    let expected = Response { cached: true, attempts: vec![], limits: Limits::default(), ..answer(1) };
    assert_eq!(hit, expected);
    assert_eq!(bench.ask(Mode::On, "a").await.unwrap(), expected);
    assert_eq!(bench.asked(), 1);
}

#[tokio::test]
async fn repeats_and_scopes_are_not_shared() {
    let bench = Bench::new();
    let provider = bench.provider(Mode::On);
    for repeat in 0..3 {
        let response = provider.analyze(&Request { repeat, ..request("a") }).await.unwrap();
        assert!(!response.cached);
    }
    assert!(!bench.scoped(Mode::On, "fake two").analyze(&request("a")).await.unwrap().cached);
    assert!(bench.scoped(Mode::On, "fake one").analyze(&request("a")).await.unwrap().cached);
    assert_eq!(bench.asked(), 4);
}

#[tokio::test]
async fn failures_are_asked_again_and_refusals_are_not() {
    let bench = Bench::new();
    for _ in 0..2 {
        assert_eq!(bench.ask(Mode::On, "fail").await.unwrap_err().kind(), ErrorKind::Unavailable);
    }
    assert_eq!((bench.asked(), bench.cache.stats().unwrap().answers), (2, 0));
    bench.ask(Mode::On, "refuse").await.unwrap();
    let hit = bench.ask(Mode::On, "refuse").await.unwrap();
    assert_eq!((hit.stop, hit.refusal.as_deref(), hit.cached), (Stop::Refused, Some("no"), true));
}

#[tokio::test]
async fn off_neither_reads_nor_writes() {
    let bench = Bench::new();
    bench.ask(Mode::On, "a").await.unwrap();
    assert!(!bench.ask(Mode::Off, "a").await.unwrap().cached);
    bench.ask(Mode::Off, "b").await.unwrap();
    assert_eq!((bench.asked(), bench.cache.stats().unwrap().answers), (3, 1));
}

#[tokio::test]
async fn read_only_reads_and_never_writes() {
    let bench = Bench::new();
    bench.ask(Mode::On, "a").await.unwrap();
    assert!(bench.ask(Mode::ReadOnly, "a").await.unwrap().cached);
    bench.ask(Mode::ReadOnly, "b").await.unwrap();
    assert!(!bench.ask(Mode::ReadOnly, "b").await.unwrap().cached);
    assert_eq!(bench.cache.stats().unwrap().answers, 1);
}

#[tokio::test]
async fn refresh_asks_anew_and_replaces() {
    let bench = Bench::new();
    bench.ask(Mode::On, "a").await.unwrap();
    assert_eq!(bench.ask(Mode::Refresh, "a").await.unwrap(), answer(2));
    let hit = bench.ask(Mode::On, "a").await.unwrap();
    assert_eq!((hit.text.as_str(), hit.cached), ("answer 2", true));
    assert_eq!(bench.cache.stats().unwrap().answers, 1);
}

#[tokio::test]
async fn an_answer_that_cannot_be_kept_is_still_given() {
    let bench = Bench::new();
    bench.cache.refuse_writes();
    assert_eq!(bench.ask(Mode::On, "a").await.unwrap(), answer(1));
    assert!(bench.cache.complaint().unwrap().starts_with("cannot write the cache"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_are_all_answered_and_kept() {
    let bench = Bench::new();
    let provider = bench.provider(Mode::On);
    let ask = |number: usize| {
        let provider = provider.clone();
        tokio::spawn(async move { provider.analyze(&request(&number.to_string())).await.unwrap() })
    };
    for asked in (0..64).map(ask).collect::<Vec<_>>() {
        asked.await.unwrap();
    }
    assert_eq!(bench.cache.stats().unwrap().answers, 64);
    assert_eq!(bench.cache.complaint(), None);
}

#[tokio::test]
async fn everything_else_is_passed_on() {
    let bench = Bench::new();
    let provider = bench.provider(Mode::On);
    assert_eq!(provider.id().as_str(), "fake/one");
    assert_eq!(provider.capabilities(), &Capabilities::default());
    assert_eq!(provider.estimate(&request("a")).text, 3);
}
