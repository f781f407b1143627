use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use vision_core::{Attempt, Capabilities, Error, Task};

use super::*;

/// Always says the same, or fails.
#[derive(Debug)]
struct Says {
    id: ProviderId,
    capabilities: Capabilities,
    answer: std::result::Result<&'static str, ErrorKind>,
    asked: AtomicUsize,
}

fn says(answer: std::result::Result<&'static str, ErrorKind>, json_schema: bool) -> Arc<Says> {
    let capabilities =
        Capabilities { prompt: true, formats: vec![MediaKind::Png], json_schema, ..Capabilities::default() };
    Arc::new(Says { id: ProviderId::new("scripted", "x"), capabilities, answer, asked: AtomicUsize::new(0) })
}

#[async_trait]
impl VisionProvider for Says {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, _: &Request) -> Estimate {
        Estimate::default()
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        let attempt = Attempt { charged: Usd(0.25), total: Duration::from_millis(5), ..Attempt::default() };
        let timing = vision_core::Timing { total: Duration::from_millis(5), ..Default::default() };
        match self.answer {
            Ok(text) => {
                Ok(Response { text: text.to_owned(), timing, attempts: vec![attempt], ..Response::default() })
            }
            Err(kind) => {
                let mut error = Error::new(kind, "as it was told to");
                error.details.attempts = vec![attempt];
                Err(error)
            }
        }
    }
}

/// Takes what says "sure".
#[derive(Debug)]
struct Sure(Option<Person>);

const PERSON: Person = Person { usd: Some(Usd(0.4)), error: Some(0.01) };

impl Trust for Sure {
    fn takes(&self, _: &Request, answers: &[Option<Answer>]) -> bool {
        answers.last().and_then(Option::as_ref).is_some_and(|answer| answer.response.text == "sure")
    }

    fn person(&self) -> Option<Person> {
        self.0
    }
}

/// Takes what is said twice, and the answer of the last one.
#[derive(Debug)]
struct Twice;

impl Trust for Twice {
    fn takes(&self, _: &Request, answers: &[Option<Answer>]) -> bool {
        let Some(Some(last)) = answers.last() else { return false };
        let again = last.again.as_ref();
        !self.asks_again(answers.len() - 1) || again.is_some_and(|again| again.text == last.response.text)
    }

    fn asks_again(&self, place: usize) -> bool {
        place == 0
    }

    fn person(&self) -> Option<Person> {
        None
    }
}

/// Says one thing after another, and which repeat it was asked for.
#[derive(Debug)]
struct Changes {
    like: Arc<Says>,
    answers: Vec<std::result::Result<&'static str, ErrorKind>>,
    repeats: std::sync::Mutex<Vec<u32>>,
}

#[async_trait]
impl VisionProvider for Changes {
    fn id(&self) -> &ProviderId {
        &self.like.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.like.capabilities
    }

    fn estimate(&self, _: &Request) -> Estimate {
        Estimate::default()
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let number = self.like.asked.fetch_add(1, Ordering::Relaxed);
        self.repeats.lock().unwrap().push(request.repeat);
        says(self.answers[number], true).analyze(request).await
    }
}

async fn ask_twice(
    answers: &[std::result::Result<&'static str, ErrorKind>],
    repeat: u32,
) -> (Result<Response>, Vec<u32>, usize) {
    let first = Arc::new(Changes {
        like: says(Ok(""), true),
        answers: answers.to_vec(),
        repeats: std::sync::Mutex::default(),
    });
    let last = says(Ok("the dear one"), true);
    let stages: Vec<Provider> = vec![first.clone(), last.clone()];
    let cascade = Cascade::new(ProviderId::new("cascade", "x"), stages, Arc::new(Twice));
    let outcome = cascade.analyze(&Request { repeat, ..request() }).await;
    let repeats = first.repeats.lock().unwrap().clone();
    (outcome, repeats, last.asked.load(Ordering::Relaxed))
}

fn request() -> Request {
    Request::new(Task::Document, Vec::new(), NonZeroU32::MIN)
}

async fn ask(stages: &[Arc<Says>], person: bool) -> (Result<Response>, Vec<usize>) {
    let providers = stages.iter().map(|stage| stage.clone() as Provider).collect();
    let cascade =
        Cascade::new(ProviderId::new("cascade", "x"), providers, Arc::new(Sure(person.then_some(PERSON))));
    let outcome = cascade.analyze(&request()).await;
    (outcome, stages.iter().map(|stage| stage.asked.load(Ordering::Relaxed)).collect())
}

#[tokio::test]
async fn a_sure_answer_ends_it_and_everything_before_it_is_paid_for() {
    let stages = [says(Ok("perhaps"), true), says(Ok("sure"), true), says(Ok("never asked"), true)];
    let (response, asked) = ask(&stages, false).await;
    let response = response.unwrap();
    assert_eq!((response.text.as_str(), asked), ("sure", vec![1, 1, 0]));
    assert_eq!((response.cost, response.attempts.len()), (Some(Usd(0.5)), 2));
    assert_eq!((response.timing.total, response.referred), (Duration::from_millis(10), None));
}

#[tokio::test]
async fn an_answer_that_is_said_twice_is_taken_and_both_readings_are_paid_for() {
    let (response, repeats, dear) = ask_twice(&[Ok("42"), Ok("42")], 0).await;
    let response = response.unwrap();
    assert_eq!((response.text.as_str(), repeats, dear), ("42", vec![0, 1], 0));
    assert_eq!((response.cost, response.attempts.len()), (Some(Usd(0.5)), 2));
    let (response, repeats, dear) = ask_twice(&[Ok("42"), Ok("43")], 3).await;
    let response = response.unwrap();
    // No two readings of any repeat share a number, so that no cache answers for another one.
    assert_eq!((response.text.as_str(), repeats, dear), ("the dear one", vec![6, 7], 1));
    assert_eq!((response.cost, response.attempts.len()), (Some(Usd(0.75)), 3));
}

#[tokio::test]
async fn a_second_reading_that_fails_confirms_nothing_and_an_empty_purse_ends_all() {
    let (response, repeats, dear) = ask_twice(&[Ok("42"), Err(ErrorKind::Unavailable)], 0).await;
    assert_eq!((response.unwrap().text.as_str(), repeats.len(), dear), ("the dear one", 2, 1));
    let (response, repeats, dear) = ask_twice(&[Err(ErrorKind::Unavailable)], 0).await;
    assert_eq!((response.unwrap().text.as_str(), repeats.len(), dear), ("the dear one", 1, 1));
    let (response, _, dear) = ask_twice(&[Ok("42"), Err(ErrorKind::Budget)], 0).await;
    let error = response.unwrap_err();
    assert_eq!((error.kind(), error.details.attempts.len(), dear), (ErrorKind::Budget, 2, 0));
}

#[tokio::test]
async fn what_nobody_is_sure_of_goes_to_a_person_if_there_is_one() {
    let stages = || [says(Ok("perhaps"), true), says(Ok("who knows"), true)];
    let (alone, with_person) =
        (ask(&stages(), false).await.0.unwrap(), ask(&stages(), true).await.0.unwrap());
    assert_eq!((alone.text.as_str(), alone.referred), ("who knows", None));
    assert_eq!((with_person.text.as_str(), with_person.referred), ("who knows", Some(PERSON)));
}

#[tokio::test]
async fn a_failure_is_passed_over_but_an_empty_purse_is_not() {
    let (response, asked) =
        ask(&[says(Err(ErrorKind::Unavailable), true), says(Ok("sure"), true)], false).await;
    assert_eq!((response.unwrap().attempts.len(), asked), (2, vec![1, 1]));
    let (response, asked) =
        ask(&[says(Ok("perhaps"), true), says(Err(ErrorKind::Budget), true)], false).await;
    let error = response.unwrap_err();
    assert_eq!((error.kind(), error.details.attempts.len(), asked), (ErrorKind::Budget, 2, vec![1, 1]));
    let (response, _) = ask(&[says(Err(ErrorKind::Unavailable), true)], false).await;
    assert_eq!(response.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_person_reads_what_everybody_fails_at_but_mends_no_set_up() {
    let stages = || [says(Err(ErrorKind::Unavailable), true), says(Err(ErrorKind::Auth), true)];
    let response = ask(&stages(), true).await.0.unwrap();
    assert_eq!((response.text.as_str(), response.referred), ("", Some(PERSON)));
    // A host may bill what failed: what was spent is not known.
    assert_eq!((response.attempts.len(), response.cost), (2, None));
    assert_eq!(ask(&stages(), false).await.0.unwrap_err().kind(), ErrorKind::Auth);
    let of_set_up = [says(Err(ErrorKind::Auth), true), says(Err(ErrorKind::QuotaExhausted), true)];
    assert_eq!(ask(&of_set_up, true).await.0.unwrap_err().kind(), ErrorKind::QuotaExhausted);
}

#[tokio::test]
async fn each_is_asked_in_the_firmest_form_that_it_knows() {
    let stages = [says(Ok("perhaps"), false), says(Ok("sure"), true)];
    let providers: Vec<Provider> = stages.iter().map(|stage| stage.clone() as Provider).collect();
    let cascade = Cascade::new(ProviderId::new("cascade", "x"), providers, Arc::new(Sure(None)));
    assert!(cascade.capabilities().json_schema && cascade.capabilities().prompt);
    let schema = vision_core::Schema {
        name: "x".into(),
        schema: Arc::new(serde_json::json!({"type": "object"})),
        strict: true,
    };
    let asked = Request { output: Output::Schema(schema), ..request() };
    assert_eq!(cascade.analyze(&asked).await.unwrap().text, "sure");
}
