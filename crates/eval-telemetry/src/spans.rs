//! A trial as a trace: itself, and below it one span per attempt.

use std::time::SystemTime;

use eval_record::Trial;
use opentelemetry::trace::{Span as _, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Array, Context, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::SdkTracer;
use serde_json::json;
use vision_core::{Attempt, Response, Stop, Usage};

use crate::convention::{CHAT, Candidate, ERROR_TYPE, RESPONSE_MODEL, error_type, output_type};

/// What is known of a trial beside itself.
pub struct Seen<'a> {
    pub run: &'a str,
    pub candidate: &'a Candidate,
    /// Whether its answer may be told.
    pub content: bool,
    pub begun: SystemTime,
}

/// Ends all spans of a trial.
pub fn trace(tracer: &SdkTracer, seen: &Seen<'_>, trial: &Trial) {
    let ends = trial.attempts().iter().map(|attempt| seen.begun + attempt.start + attempt.total);
    let ended = ends.max().unwrap_or_else(SystemTime::now).max(seen.begun);
    let own = tracer
        .span_builder("trial")
        .with_kind(SpanKind::Internal)
        .with_start_time(seen.begun)
        .with_attributes(trial_attributes(seen, trial));
    let mut span = tracer.build_with_context(own, &Context::new());
    if let Some(failure) = trial.failure() {
        span.set_status(Status::error(error_type(failure.kind)));
    }
    let context = Context::new().with_remote_span_context(span.span_context().clone());
    let last = trial.attempts().len().saturating_sub(1);
    for (number, attempt) in trial.attempts().iter().enumerate() {
        attempt_span(tracer, &context, seen, trial, (attempt, number == last));
    }
    span.end_with_timestamp(ended);
}

fn trial_attributes(seen: &Seen<'_>, trial: &Trial) -> Vec<KeyValue> {
    let key = &trial.key;
    let mut attributes = vec![
        KeyValue::new("vision_eval.run", seen.run.to_owned()),
        KeyValue::new("vision_eval.dataset", key.dataset.clone()),
        KeyValue::new("vision_eval.case", key.case.clone()),
        KeyValue::new("vision_eval.candidate", key.provider.clone()),
        KeyValue::new("vision_eval.repeat", i64::from(key.repeat)),
        KeyValue::new("vision_eval.task", trial.task.name()),
        KeyValue::new("vision_eval.attempts", count(trial.attempts().len() as u64)),
    ];
    attributes.extend(trial.cost.map(|cost| KeyValue::new("vision_eval.cost_usd", cost.0)));
    attributes.extend(trial.failure().map(|failure| KeyValue::new(ERROR_TYPE, error_type(failure.kind))));
    attributes
}

fn attempt_span(
    tracer: &SdkTracer,
    context: &Context,
    seen: &Seen<'_>,
    trial: &Trial,
    (attempt, is_last): (&Attempt, bool),
) {
    let begun = seen.begun + attempt.start;
    let mut attributes = seen.candidate.attributes();
    attributes.push(KeyValue::new("gen_ai.output.type", output_type(trial.output)));
    attributes
        .extend(attempt.status.map(|status| KeyValue::new("http.response.status_code", i64::from(status))));
    attributes.extend(attempt.error.map(|kind| KeyValue::new(ERROR_TYPE, error_type(kind))));
    if is_last {
        attributes.extend(usage(&trial.usage()));
        attributes.extend(trial.response().into_iter().flat_map(|response| answer(response, seen.content)));
    }
    let builder = tracer
        .span_builder(format!("{CHAT} {}", seen.candidate.model))
        .with_kind(SpanKind::Client)
        .with_start_time(begun)
        .with_attributes(attributes);
    let mut span = tracer.build_with_context(builder, context);
    if let Some(kind) = attempt.error {
        span.set_status(Status::error(error_type(kind)));
    }
    span.end_with_timestamp(begun + attempt.total);
}

fn usage(usage: &Usage) -> impl Iterator<Item = KeyValue> {
    let counts = [
        ("gen_ai.usage.input_tokens", usage.input),
        ("gen_ai.usage.output_tokens", usage.output),
        ("gen_ai.usage.cache_read.input_tokens", usage.cached),
    ];
    counts.into_iter().filter_map(|(name, tokens)| Some(KeyValue::new(name, count(tokens?))))
}

fn answer(response: &Response, content: bool) -> Vec<KeyValue> {
    let reason = finish_reason(&response.stop);
    let reasons = Value::Array(Array::String(vec![StringValue::from(reason.clone())]));
    let mut attributes = vec![KeyValue::new("gen_ai.response.finish_reasons", reasons)];
    attributes.extend(response.model.clone().map(|model| KeyValue::new(RESPONSE_MODEL, model)));
    if content {
        let message = json!([{
            "role": "assistant",
            "parts": [{"type": "text", "content": response.text}],
            "finish_reason": reason,
        }]);
        attributes.push(KeyValue::new("gen_ai.output.messages", message.to_string()));
    }
    attributes
}

fn finish_reason(stop: &Stop) -> String {
    match stop {
        Stop::Complete => "stop".to_owned(),
        Stop::Length | Stop::ContextWindow => "length".to_owned(),
        Stop::Refused | Stop::Filtered(_) => "content_filter".to_owned(),
        Stop::ToolUse => "tool_call".to_owned(),
        Stop::Unknown => "unknown".to_owned(),
        Stop::Other(other) => other.clone(),
    }
}

fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
