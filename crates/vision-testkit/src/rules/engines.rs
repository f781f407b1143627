//! What engines owe that follow no prompt: they choose what they do by the task, and find what they were not told.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use vision_core::{Bounds, ErrorKind, Evidence, Output, Request, Response, Schema, Stop, Task, Timing};
use vision_http::Reply;

use super::answers::ask;
use super::requests::capabilities;
use crate::subject::{Looks, Outcome, Subject, TaskAnswer};
use crate::{Scripted, canonical};

/// Each task of an engine is answered, field by field, with evidence and what it is billed by.
pub fn answers_each_of_its_tasks(subject: &Subject) {
    let capabilities = capabilities(subject);
    if capabilities.prompt {
        return;
    }
    for task in &capabilities.tasks {
        let known = subject.tasks.iter().any(|answer| answer.task == *task);
        assert!(known, "the subject must give an answer to `{task}` in `tasks`");
    }
    for answer in &subject.tasks {
        let response = given(subject, answer);
        assert_eq!(as_json(response), as_json(answer.response.clone()), "{}", answer.task);
    }
}

/// Evidence names a value that is in the answer, and stands on a page and within it.
pub fn gives_evidence_that_can_be_drawn(subject: &Subject) {
    let whole = ask(subject, subject.success.clone()).expect("the documented answer");
    let answers = subject.tasks.iter().map(|answer| given(subject, answer)).chain([whole]);
    for response in answers {
        let json: Option<Value> = serde_json::from_str(&response.text).ok();
        for evidence in &response.evidence {
            drawable(evidence);
            if let (Some(json), false) = (&json, evidence.path.is_empty()) {
                let pointer = pointer(&evidence.path);
                assert!(json.pointer(&pointer).is_some(), "`{}` is not in {json:#}", evidence.path);
            }
        }
    }
}

/// A task that an engine cannot do is refused before anything is sent.
pub fn refuses_what_is_no_task_of_its(subject: &Subject) {
    let capabilities = capabilities(subject);
    if capabilities.prompt {
        return;
    }
    for task in Task::ALL.into_iter().filter(|task| !capabilities.tasks.contains(task)) {
        let transport = Scripted::always(subject.success.clone());
        let request = Request { task, ..canonical::plain(&capabilities) };
        let outcome = crate::block_on(subject.provider(transport.clone()).analyze(&request));
        let error = outcome.expect_err("no task of this engine");
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{task}: {}", error.chain());
        assert!(transport.calls().is_empty(), "`{task}` was refused only after something was sent");
    }
}

/// An answer out of a part of the document is one, and is not taken for a whole one.
pub fn tells_what_it_could_not_read(subject: &Subject) {
    if capabilities(subject).prompt {
        return;
    }
    let partial = subject.partial.as_ref().expect("the subject must give `partial`");
    let response = ask(subject, partial.reply.clone()).expect("a part is an answer");
    let response = Response { timing: Timing::default(), ..response };
    assert_eq!(response, partial.response);
    assert_ne!(response.stop, Stop::Complete, "a part is taken for the whole");
}

/// A look that shows nothing, or fails in passing, is followed by another; the document is handed in once.
pub fn looks_until_it_is_done(subject: &Subject) {
    let replies = (subject.script)(subject.success.clone());
    let Some(looks) = looks(subject, replies.len()) else { return };
    let failing = |status| Reply::json_text(status, "{}");
    let vain = [looks.busy.clone(), failing(503), failing(429), looks.busy.clone()];
    let outcome = play(subject, looks, &replies, &vain);
    let response = outcome.result.unwrap_or_else(|error| panic!("no answer: {}", error.chain()));
    assert_eq!(response.text, subject.response.text);
    assert!(response.timing.total > Duration::ZERO, "waiting for the engine is its time");
    assert_eq!(outcome.calls.len(), replies.len() + vain.len(), "each call is made once");
}

/// Looks that keep failing end in an error. The document was taken, so that it may be billed.
pub fn gives_up_looking_and_says_it_may_be_billed(subject: &Subject) {
    let replies = (subject.script)(subject.success.clone());
    let Some(looks) = looks(subject, replies.len()) else { return };
    // Whatever still comes is to clean up.
    let vain = vec![Reply::json_text(503, "{}"); 50];
    let outcome = play(subject, looks, &replies, &vain);
    let error = outcome.result.expect_err("nobody looks for ever");
    assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Unavailable, true));
    assert!(outcome.calls.len() < replies.len() + vain.len(), "{} calls", outcome.calls.len());
}

fn looks(subject: &Subject, calls: usize) -> Option<&Looks> {
    let several = calls > 1 && !capabilities(subject).prompt;
    assert!(!several || subject.looks.is_some(), "the subject must give `looks`");
    subject.looks.as_ref()
}

/// Asks over a transport that gives these replies, with looks in vain before the first that is not.
fn play(subject: &Subject, looks: &Looks, replies: &[Reply], vain: &[Reply]) -> Outcome {
    let (before, after) = replies.split_at(looks.before);
    let transport = Scripted::new(before.iter().chain(vain).chain(after).cloned());
    let request = canonical::plain(&capabilities(subject));
    let result = crate::block_on(subject.provider(transport.clone()).analyze(&request));
    Outcome { result, calls: transport.calls() }
}

fn given(subject: &Subject, answer: &TaskAnswer) -> Response {
    let output = match &answer.schema {
        Some(schema) => {
            Output::Schema(Schema { name: "answer".into(), schema: Arc::new(schema.clone()), strict: true })
        }
        None => Output::Text,
    };
    let request = Request { task: answer.task, output, ..canonical::plain(&capabilities(subject)) };
    let transport = Scripted::new(answer.replies.to_vec());
    let outcome = crate::block_on(subject.provider(transport).analyze(&request));
    let response = outcome.unwrap_or_else(|error| panic!("`{}`: {}", answer.task, error.chain()));
    Response { timing: Timing::default(), ..response }
}

/// The text apart, as JSON where it is JSON, so that a difference can be read.
fn as_json(mut response: Response) -> (Response, Value) {
    let text = std::mem::take(&mut response.text);
    (response, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn drawable(evidence: &Evidence) {
    let share = |value: f64| (0.0..=1.0).contains(&value);
    assert!(evidence.confidence.is_none_or(share), "{evidence:?}");
    assert!(evidence.page.is_none_or(|page| page > 0), "pages count from 1: {evidence:?}");
    if let Some(Bounds { left, top, right, bottom }) = evidence.bounds {
        assert!([left, top, right, bottom].into_iter().all(share), "{evidence:?}");
        assert!(left < right && top < bottom, "{evidence:?}");
        assert!(evidence.page.is_some(), "a box without its page: {evidence:?}");
    }
}

/// `/items/0/name` for `items[0].name`.
fn pointer(path: &str) -> String {
    path.split(['.', '[']).map(|part| format!("/{}", part.trim_end_matches(']'))).collect()
}
