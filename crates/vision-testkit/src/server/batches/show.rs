//! A batch in the words of its vendor.

use std::collections::HashMap;

use serde_json::Value;

use super::store::{Job, Shape};
use super::{anthropic, gemini, mistral, openai};

/// How it is doing.
pub(super) fn show(job: &Job) -> Value {
    match job.shape {
        Shape::OpenAi => openai::show(job),
        Shape::Mistral => mistral::show(job),
        Shape::Messages => anthropic::show(job),
        Shape::Generate => gemini::show(job),
    }
}

/// The batches, the newest first.
pub(super) fn list(shape: Shape, jobs: &[&Job], query: &str) -> Value {
    match shape {
        Shape::OpenAi => openai::list(jobs, query),
        Shape::Mistral => mistral::list(jobs, query),
        Shape::Messages => anthropic::list(jobs, query),
        Shape::Generate => gemini::list(jobs, query),
    }
}

/// The files that its end brings, by their ids.
pub(super) fn new_files(job: &mut Job) -> HashMap<String, Vec<u8>> {
    if job.is_written || job.ended.is_none() {
        return HashMap::new();
    }
    job.is_written = true;
    match job.shape {
        Shape::OpenAi | Shape::Mistral => openai::files(job),
        Shape::Generate => gemini::files(job),
        Shape::Messages => HashMap::new(),
    }
}
