use eval_answers::Answer;
use eval_record::{Failure, Outcome, OutputMode, Record, RecordError, Trial, TrialKey, VERSION};
use std::time::Duration;
use vision_core::{ErrorKind, Response, Stop, Task, Timing, Usage, Usd};

use crate::case_list::write_cases;
use crate::long_answer::bounded;
use crate::{Matched, Planned};

/// Writes answers that others have collected into the record of their plan.
pub fn write_answers(planned: &Planned, matched: Matched, record: &Record) -> Result<(), RecordError> {
    write_cases(&planned.datasets, record)?;
    let path = record.path("trials.jsonl");
    let failed = |source| RecordError {
        path: path.clone(),
        message: "cannot be written".into(),
        source: Some(source),
    };
    let mut trials = record.append("trials.jsonl")?;
    for (key, task, answer) in matched.answers {
        trials.write(&trial(key, task, answer)).map_err(failed)?;
    }
    trials.sync().map_err(failed)
}

/// What the file does not say is not known: no time, no cost, no count.
fn trial(key: TrialKey, task: Task, answer: Answer) -> Trial {
    let usage = Usage { input: answer.input_tokens, output: answer.output_tokens, ..Usage::default() };
    let seconds = answer.seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let outcome = match answer.outcome {
        Ok(text) => Outcome::Answered(Response {
            text: bounded(text),
            stop: Stop::Complete,
            usage: usage.plausible(true),
            model: answer.model,
            timing: Timing { total: seconds.unwrap_or_default(), ..Timing::default() },
            ..Response::default()
        }),
        Err(message) => Outcome::Failed(Failure {
            kind: kind(&message),
            message: bounded(message),
            status: None,
            request_id: None,
            usage,
            body: None,
            attempts: Vec::new(),
        }),
    };
    Trial {
        v: VERSION,
        key,
        task,
        at_ms: 0,
        output: OutputMode::Text,
        media: Vec::new(),
        sent: None,
        outcome,
        cost: answer.usd.map(Usd),
        untimed: seconds.is_none(),
    }
}

/// Other tools keep a sentence only.
fn kind(message: &str) -> ErrorKind {
    let message = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match () {
        () if says(&["timeout", "timed out"]) => ErrorKind::Timeout,
        () if says(&["rate limit", "429", "too many requests"]) => ErrorKind::RateLimited,
        () if says(&["unauthorized", "401", "403", "api key"]) => ErrorKind::Auth,
        () if says(&["no answer", "no output", "no response", "no prediction"]) => ErrorKind::NoAnswer,
        () => ErrorKind::Unavailable,
    }
}
