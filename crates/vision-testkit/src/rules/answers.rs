use bytes::Bytes;
use serde_json::{Value, json};
use vision_core::{ErrorKind, Request, Response, Stop, Timing, Usage};
use vision_http::Reply;

use super::requests::capabilities;
use crate::pointer::{find, set};
use crate::subject::{Answer, Subject};
use crate::{canonical, validate};

/// The documented answer is understood, field by field.
pub fn reads_the_documented_answer(subject: &Subject) {
    check(
        subject,
        &Answer { reply: subject.success.clone(), response: subject.response.clone(), documented: true },
    );
}

/// The replies in the subject have the form of the vendor's own schemas.
pub fn is_tested_with_what_the_vendor_sends(subject: &Subject) {
    if let Some(schema) = subject.response_schema {
        let answers = all_answers(subject);
        let documented = answers.iter().filter(|answer| answer.documented).map(|answer| &answer.reply);
        for reply in documented.chain([&subject.success]) {
            conforms(schema, reply);
        }
    }
    if let Some(schema) = subject.error_schema {
        let failures = subject.failures.iter().filter(|failure| failure.documented);
        failures
            .filter(|failure| !failure.reply.is_success())
            .for_each(|failure| conforms(schema, &failure.reply));
    }
}

/// An answer that was cut at the token limit says so.
pub fn tells_a_truncated_answer(subject: &Subject) {
    let answer = given("truncated", &subject.answers.truncated, subject);
    assert_eq!(answer.response.stop, Stop::Length);
}

/// An answer without a word, because reasoning took all tokens, is an answer.
pub fn takes_an_empty_answer(subject: &Subject) {
    let answer = given("empty", &subject.answers.empty, subject);
    assert_eq!(answer.response.text, "");
}

/// An answer whose text is null or missing is an answer.
pub fn takes_an_answer_without_text(subject: &Subject) {
    let answer = given("null", &subject.answers.null, subject);
    assert_eq!(answer.response.text, "");
}

/// A refusal is an answer of its own kind.
pub fn tells_a_refusal(subject: &Subject) {
    let response = &given("refused", &subject.answers.refused, subject).response;
    assert!(response.refusal.is_some() || response.stop == Stop::Refused, "{response:?}");
}

/// A filter's work is told apart from a complete answer.
pub fn tells_a_filtered_answer(subject: &Subject) {
    let response = &given("filtered", &subject.answers.filtered, subject).response;
    assert!(matches!(response.stop, Stop::Filtered(_)), "{response:?}");
}

/// What the documentation calls optional may be missing.
pub fn takes_a_sparse_answer(subject: &Subject) {
    given("sparse", &subject.answers.sparse, subject);
}

/// Everything else that the vendor documents is understood.
pub fn reads_every_other_documented_answer(subject: &Subject) {
    subject.answers.more.iter().for_each(|answer| check(subject, answer));
}

/// Unknown fields change nothing.
pub fn ignores_fields_it_does_not_know(subject: &Subject) {
    let mut body = success(subject);
    add_everywhere(&mut body);
    let response = ask(subject, with_body(&subject.success, &body)).expect("unknown fields are no error");
    assert_eq!(bare(response), subject.response);
}

/// An unknown reason for stopping is kept as it came.
pub fn keeps_a_stop_reason_it_does_not_know(subject: &Subject) {
    if !capabilities(subject).prompt {
        return;
    }
    let pointer = subject.places.stop.expect("the subject must give `places.stop`");
    let mut body = success(subject);
    assert_eq!(set(&mut body, pointer, &json!("brand_new")), 1, "{pointer} is not in {body:#}");
    let response = ask(subject, with_body(&subject.success, &body)).expect("an unknown word is no error");
    assert_eq!(response.stop, Stop::Other("brand_new".to_owned()));
    assert_eq!(response.text, subject.response.text);
}

/// Whatever is missing, null or of another type: an answer or a clear error, never a crash.
pub fn survives_any_missing_or_null_field(subject: &Subject) {
    let body = success(subject);
    for pointer in pointers(&body) {
        for change in
            [None, Some(Value::Null), Some(json!("?")), Some(json!(-1)), Some(json!([])), Some(json!({}))]
        {
            let mut body = body.clone();
            change_at(&mut body, &pointer, change.clone());
            if let Err(error) = ask(subject, with_body(&subject.success, &body)) {
                let kind = error.kind();
                assert!(!kind.is_transient(), "{pointer} = {change:?} became {kind}, which is tried again");
            }
        }
    }
}

/// A paid answer is not lost because a number beside it cannot be read, and such a number is no count.
pub fn loses_no_answer_to_an_unreadable_number(subject: &Subject) {
    let body = success(subject);
    let numbers = pointers(&body).into_iter().filter(|at| body.pointer(at).is_some_and(Value::is_number));
    for pointer in numbers {
        for change in [json!(-1), json!("12"), json!(1e300), json!(u64::MAX), json!([])] {
            let mut body = body.clone();
            change_at(&mut body, &pointer, Some(change.clone()));
            let answer = ask(subject, with_body(&subject.success, &body));
            let answer = answer.unwrap_or_else(|error| panic!("{pointer} = {change}: {}", error.chain()));
            assert_eq!(answer.text, subject.response.text, "{pointer} = {change}");
            let Usage { input, output, cached, reasoning, .. } = answer.usage;
            let most = [input, output, cached, reasoning].into_iter().flatten().max();
            assert!(most.is_none_or(|most| most < 1 << 41), "{pointer} = {change}: {:?}", answer.usage);
        }
    }
}

/// Parts of a count are no more than the whole.
pub fn counts_parts_within_their_whole(subject: &Subject) {
    let answers = all_answers(subject);
    let responses = answers.iter().map(|answer| &answer.response).chain([&subject.response]);
    for usage in responses.map(|response| response.usage) {
        let input = [usage.cached, usage.cache_write, usage.cache_write_long];
        let input: u64 = input.into_iter().flatten().sum();
        let within = |part: Option<u64>, whole: Option<u64>| part.unwrap_or(0) <= whole.unwrap_or(u64::MAX);
        assert!(within(Some(input), usage.input), "more cached than read: {usage:?}");
        assert!(within(usage.reasoning, usage.output), "more thought than said: {usage:?}");
        assert!(within(usage.image, usage.input) && within(usage.audio, usage.input), "{usage:?}");
    }
}

/// Where usage is promised, an answer has it.
pub fn reports_the_usage_it_promises(subject: &Subject) {
    if capabilities(subject).usage {
        let usage = ask(subject, subject.success.clone()).expect("the documented answer").usage;
        assert!(
            usage.input.is_some() && usage.output.is_some()
                || usage.audio_seconds.is_some()
                || usage.pages.is_some(),
            "{usage:?}"
        );
    }
}

/// A reply that ends too early is malformed, and may have been paid for.
pub fn refuses_half_an_answer(subject: &Subject) {
    let whole = subject.success.text().trim_end().len();
    for length in [0, 1, whole / 3, whole / 2, whole - 1] {
        let reply = Reply { body: subject.success.body.slice(..length), ..subject.success.clone() };
        let error = ask(subject, reply).expect_err("half an answer is none");
        assert_eq!(error.kind(), ErrorKind::Malformed, "{length} of {whole} bytes: {}", error.chain());
        assert!(error.details.maybe_billed, "it was answered, and so perhaps billed");
    }
}

/// A web page with status 200 is malformed, and its markup is not shown.
pub fn refuses_a_web_page(subject: &Subject) {
    let body = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Hotel</p></body></html>";
    let reply =
        Reply { status: 200, body: body.into(), ..Reply::default() }.with_header("content-type", "text/html");
    let error = ask(subject, reply).expect_err("a web page is no answer");
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(!error.chain().contains("<p>"), "{}", error.chain());
    assert!(error.details.body.as_deref().is_some_and(|kept| kept.contains("Hotel")), "the body is not kept");
}

/// An error inside a 200 is an error.
pub fn sees_an_error_inside_a_success(subject: &Subject) {
    for body in [
        r#"{"error":{"message":"upstream broke","type":"server_error","code":"server_error","param":null}}"#,
        r#"{"error":{"message":"upstream broke","code":502}}"#,
        r#"{"error":"upstream broke"}"#,
    ] {
        let error = ask(subject, Reply::json_text(200, body)).expect_err("an error in a 200 is an error");
        assert!(error.details.maybe_billed || error.kind() != ErrorKind::Malformed, "{body}");
    }
}

#[track_caller]
fn given<'a>(name: &str, answer: &'a Option<Answer>, subject: &Subject) -> &'a Answer {
    let Some(answer) = answer else {
        panic!("the subject must give `answers.{name}`, or name this rule in `except` with the reason");
    };
    check(subject, answer);
    answer
}

#[track_caller]
fn check(subject: &Subject, answer: &Answer) {
    match ask(subject, answer.reply.clone()) {
        Ok(response) => assert_eq!(bare(response), answer.response),
        Err(error) => panic!("{}\n{}", error.chain(), answer.reply.text()),
    }
}

/// `success` with another text.
pub(super) fn with_text(subject: &Subject, text: &str) -> Reply {
    let mut body = success(subject);
    let pointer = pointers(&body)
        .into_iter()
        .find(|pointer| find(&body, pointer) == [&json!(subject.response.text)])
        .expect("the text of the response stands in the body");
    set(&mut body, &pointer, &json!(text));
    with_body(&subject.success, &body)
}

pub(super) fn ask(subject: &Subject, reply: Reply) -> vision_core::Result<Response> {
    let request: Request = canonical::plain(&capabilities(subject));
    subject.ask(&request, reply).result
}

fn all_answers(subject: &Subject) -> Vec<&Answer> {
    let answers = &subject.answers;
    [&answers.truncated, &answers.empty, &answers.null, &answers.refused, &answers.filtered, &answers.sparse]
        .into_iter()
        .flatten()
        .chain(&answers.more)
        .chain(&subject.partial)
        .collect()
}

#[track_caller]
fn conforms(schema: &str, reply: &Reply) {
    let body: Value =
        serde_json::from_slice(&reply.body).unwrap_or_else(|_| panic!("no JSON: {}", reply.text()));
    if let Err(mistakes) = validate(schema, &body) {
        panic!("the reply does not satisfy {schema}:\n{mistakes}\n{body:#}");
    }
}

fn success(subject: &Subject) -> Value {
    serde_json::from_slice(&subject.success.body).expect("the documented answer is JSON")
}

fn with_body(reply: &Reply, body: &Value) -> Reply {
    Reply { body: Bytes::from(body.to_string()), ..reply.clone() }
}

fn bare(response: Response) -> Response {
    Response { timing: Timing::default(), ..response }
}

fn add_everywhere(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(add_everywhere);
            fields.insert("brand_new_field".to_owned(), json!({"a": [1, null]}));
        }
        Value::Array(items) => items.iter_mut().for_each(add_everywhere),
        _ => {}
    }
}

/// A pointer to every value below the root.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), field)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        found.push(format!("/{name}"));
        found.extend(pointers(child).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    found
}

/// Replaces the value at `pointer`, or removes it.
fn change_at(body: &mut Value, pointer: &str, change: Option<Value>) {
    let Some(change) = change else {
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
        match body.pointer_mut(parent) {
            Some(Value::Object(fields)) => drop(fields.shift_remove(name)),
            Some(Value::Array(items)) => drop(items.remove(name.parse().expect("an index"))),
            _ => {}
        }
        return;
    };
    set(body, pointer, &change);
}
