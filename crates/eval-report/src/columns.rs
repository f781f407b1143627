//! Trials as a table with typed columns, for those who analyze elsewhere.

use eval_summary::{AnswerView, CaseView, TrialStatus};
use serde::Serialize;
use serde_json::{Value, json};

use crate::trials::is_wrong;

#[cfg(feature = "parquet")]
mod parquet;

#[cfg(feature = "parquet")]
pub use parquet::parquet;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// Text that is JSON.
    Json,
    /// A floating-point number.
    Number,
    /// A whole number.
    Count,
    /// True or false.
    Flag,
}

impl ColumnType {
    /// As Parquet calls it.
    #[must_use]
    pub fn parquet_name(self) -> &'static str {
        match self {
            Self::Text => "BYTE_ARRAY (STRING)",
            Self::Json => "BYTE_ARRAY (JSON)",
            Self::Number => "DOUBLE",
            Self::Count => "INT64",
            Self::Flag => "BOOLEAN",
        }
    }
}

/// A column of the table of trials.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds. Any cell may be empty.
    pub holds: ColumnType,
    /// What that means.
    pub meaning: &'static str,
    #[cfg_attr(not(feature = "parquet"), allow(dead_code, reason = "read by the writer of parquet"))]
    cell: fn(&CaseView, &AnswerView) -> Cell,
}

/// One cell.
#[cfg_attr(not(feature = "parquet"), allow(dead_code, reason = "read by the writer of parquet"))]
enum Cell {
    Text(Option<String>),
    Number(Option<f64>),
    Count(Option<u64>),
    Flag(Option<bool>),
}

const fn column(
    name: &'static str,
    holds: ColumnType,
    meaning: &'static str,
    cell: fn(&CaseView, &AnswerView) -> Cell,
) -> Column {
    Column { name, holds, meaning, cell }
}

use ColumnType::{Count, Flag, Json, Number, Text};

/// All columns, in their order. New ones are added at the end.
pub const COLUMNS: &[Column] = &[
    column("dataset", Text, "Name of the dataset", |case, _| text(&case.dataset)),
    column("task", Text, "Task", |case, _| text(case.task.name())),
    column("case", Text, "Id of the case", |case, _| text(&case.case)),
    column("source", Text, "Source document: cluster by it", |case, _| text(&case.source)),
    column("tags", Json, "Tags of the case, an object", |case, _| as_json(&case.tags)),
    column("provider", Text, "Label of the candidate", |_, answer| text(&answer.provider)),
    column("repeat", Count, "Number of the repeat, from 0", |_, answer| {
        Cell::Count(Some(answer.repeat.into()))
    }),
    column("status", Text, "`answered`, `failed`, `skipped`, `missing` or `referred`", |_, answer| {
        text(if answer.referred.is_some() { "referred" } else { answer.status.name() })
    }),
    column("score", Number, "Headline score, 0 to 1; a failed trial has 0", |_, answer| {
        Cell::Number(answer.score)
    }),
    column("fully_right", Flag, "Whether nothing at all is wrong", |_, answer| {
        Cell::Flag(Some(answer.fully_right))
    }),
    column("values", Json, "Figures of the metric, an object", |_, answer| as_json(&answer.values)),
    column("parse", Text, "How the answer could be read", |_, answer| named(answer.parse.as_ref())),
    column("malformed", Flag, "Whether the answer is none of those asked for", |_, answer| {
        Cell::Flag(answered(answer).then_some(answer.malformed))
    }),
    column("wrong_fields", Json, "Paths of wrong values, a list", |_, answer| {
        let wrong = answer.findings.iter().filter(|one| is_wrong(one.verdict));
        as_json(&wrong.map(|one| one.path.as_str()).collect::<Vec<_>>())
    }),
    column("failure", Text, "Kind of the failure", |_, answer| {
        named(answer.failure.as_ref().map(|failure| &failure.kind))
    }),
    column("failure_message", Text, "What the failure says", |_, answer| {
        Cell::Text(answer.failure.as_ref().map(|failure| failure.message.clone()))
    }),
    column("refusal", Text, "What the model said instead of an answer", |_, answer| {
        Cell::Text(answer.refusal.clone())
    }),
    column("stop", Text, "Why the model stopped", |_, answer| named(answer.stop.as_ref())),
    column("seconds", Number, "Time of the provider", |_, answer| Cell::Number(answer.seconds)),
    column("first_token_seconds", Number, "Time to the first token of a streamed answer", |_, answer| {
        Cell::Number(answer.first_token_seconds)
    }),
    column("tokens_per_second", Number, "Speed after the first token of a streamed answer", |_, answer| {
        Cell::Number(answer.tokens_per_second)
    }),
    column("cached", Flag, "Whether the answer came from the cache", |_, answer| {
        Cell::Flag(Some(answer.cached))
    }),
    column("usd", Number, "Cost in dollars; empty if unknown", |_, answer| Cell::Number(answer.usd)),
    column("input_tokens", Count, "Input tokens", |_, answer| Cell::Count(answer.usage.input)),
    column("cached_input_tokens", Count, "Of them, read from the provider's cache", |_, answer| {
        Cell::Count(answer.usage.cached)
    }),
    column("output_tokens", Count, "Output tokens", |_, answer| Cell::Count(answer.usage.output)),
    column("reasoning_tokens", Count, "Of them, reasoning", |_, answer| Cell::Count(answer.usage.reasoning)),
    column("attempts", Count, "Attempts", |_, answer| Cell::Count(Some(answer.attempts.into()))),
    column("served", Text, "Model that answered, in the provider's words", |_, answer| {
        Cell::Text(answer.served.clone())
    }),
    column("request_id", Text, "What to quote to the provider's support", |_, answer| {
        Cell::Text(answer.request_id.clone())
    }),
    column("prompt", Text, "Question, filled in", |case, answer| {
        text(answer.prompt.as_ref().unwrap_or(&case.prompt))
    }),
    column("expected", Json, "Label", |case, _| as_json(&case.expected)),
    column("text", Text, "Answer", |_, answer| Cell::Text(answered(answer).then(|| answer.text.clone()))),
    column("evidence", Json, "Where values stand, as far as the provider says; a list", |_, answer| {
        as_json(&answer.evidence)
    }),
    column("media", Json, "Files of the case, a list", |case, _| as_json(&case.media)),
    column("media_sha256", Json, "Hashes of the media as they were sent, a list", |_, answer| {
        as_json(&answer.media)
    }),
];

fn answered(answer: &AnswerView) -> bool {
    answer.status == TrialStatus::Answered
}

fn text(text: &str) -> Cell {
    Cell::Text(Some(text.to_owned()))
}

fn as_json(value: &impl Serialize) -> Cell {
    Cell::Text(Some(json!(value).to_string()))
}

/// The name that JSON has for it.
fn named(value: Option<&impl Serialize>) -> Cell {
    Cell::Text(value.map(|value| match json!(value) {
        Value::String(name) => name,
        other => other.to_string(),
    }))
}
