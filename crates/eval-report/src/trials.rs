use eval_summary::{AnswerView, CaseView};
use serde_json::{Value, json};

use crate::escape;

/// One trial per line, with everything that is known about it.
#[must_use]
pub fn jsonl(cases: impl IntoIterator<Item = CaseView>) -> String {
    let mut out = String::new();
    for case in cases {
        for answer in &case.answers {
            let mut line = json!({
                "dataset": case.dataset, "task": case.task, "case": case.case, "source": case.source,
                "tags": case.tags, "prompt": case.prompt, "expected": case.expected, "case_media": case.media,
            });
            if let (Value::Object(line), Ok(Value::Object(answer))) =
                (&mut line, serde_json::to_value(answer))
            {
                line.extend(answer);
            }
            out.push_str(&escape::json(&line.to_string()));
            out.push('\n');
        }
    }
    out
}

const HEADER: [&str; 30] = [
    "dataset",
    "task",
    "case",
    "source",
    "tags",
    "provider",
    "repeat",
    "status",
    "score",
    "fully_right",
    "parse",
    "malformed",
    "wrong_fields",
    "failure",
    "failure_message",
    "refusal",
    "stop",
    "seconds",
    "first_token_seconds",
    "tokens_per_second",
    "cached",
    "usd",
    "input_tokens",
    "output_tokens",
    "attempts",
    "served",
    "request_id",
    "expected",
    "text",
    "evidence",
];

/// One trial per row. Numbers are bare, texts are such that no spreadsheet runs them.
#[must_use]
pub fn csv(cases: impl IntoIterator<Item = CaseView>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).expect("memory takes everything");
    for case in cases {
        for answer in &case.answers {
            writer.write_record(row(&case, answer)).expect("rows have as many cells as the header");
        }
    }
    let bytes = writer.into_inner().expect("memory takes everything");
    String::from_utf8(bytes).expect("what was written is text")
}

fn row(case: &CaseView, answer: &AnswerView) -> [String; 30] {
    let text = |text: &str| escape::csv(text);
    let option = |value: Option<&str>| value.map(escape::csv).unwrap_or_default();
    let tags: Vec<String> = case.tags.iter().map(|(tag, value)| format!("{tag}={value}")).collect();
    let wrong = answer.findings.iter().filter(|one| is_wrong(one.verdict)).map(|one| one.path.as_str());
    let failure = answer.failure.as_ref();
    [
        text(&case.dataset),
        text(case.task.name()),
        text(&case.case),
        text(&case.source),
        text(&tags.join(" ")),
        text(&answer.provider),
        answer.repeat.to_string(),
        if answer.referred.is_some() { "referred" } else { answer.status.name() }.to_owned(),
        number(answer.score),
        answer.fully_right.to_string(),
        name(answer.parse.as_ref()),
        answer.malformed.to_string(),
        text(&wrong.collect::<Vec<_>>().join(" ")),
        name(failure.map(|one| &one.kind)),
        option(failure.map(|one| one.message.as_str())),
        option(answer.refusal.as_deref()),
        name(answer.stop.as_ref()),
        number(answer.seconds),
        number(answer.first_token_seconds),
        number(answer.tokens_per_second),
        answer.cached.to_string(),
        number(answer.usd),
        answer.usage.input.map(|count| count.to_string()).unwrap_or_default(),
        answer.usage.output.map(|count| count.to_string()).unwrap_or_default(),
        answer.attempts.to_string(),
        option(answer.served.as_deref()),
        option(answer.request_id.as_deref()),
        text(&case.expected.to_string()),
        text(&answer.text),
        evidence(answer),
    ]
}

/// As JSON: one thing for each value, with where it stands. Empty for a provider that says nothing of it.
fn evidence(answer: &AnswerView) -> String {
    match answer.evidence.is_empty() {
        true => String::new(),
        false => escape::csv(&json!(answer.evidence).to_string()),
    }
}

pub(crate) fn is_wrong(verdict: eval_metrics::value::Verdict) -> bool {
    !matches!(verdict, eval_metrics::value::Verdict::Right | eval_metrics::value::Verdict::Unlabelled)
}

fn number(value: Option<f64>) -> String {
    // No sign before a zero: a spreadsheet could take it for a formula.
    value.map(|value| (value + 0.0).to_string()).unwrap_or_default()
}

/// The name that JSON has for it.
pub(crate) fn name(value: Option<&impl serde::Serialize>) -> String {
    match value.map(serde_json::to_value) {
        Some(Ok(Value::String(name))) => escape::csv(&name),
        Some(Ok(other)) => escape::csv(&other.to_string()),
        _ => String::new(),
    }
}
