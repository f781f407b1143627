//! Which rules answer which task.

use serde_json::{Map, Value};
use vision_core::{Output, Request, Task};

use crate::page::Page;
use crate::{Failure, answer, chart, receipt, text};

/// The tasks there are rules for.
pub const TASKS: [Task; 3] = [Task::Text, Task::Receipt, Task::ChartTable];

/// What of a request the rules need.
#[derive(Debug)]
pub struct Question {
    task: Task,
    output: Output,
}

impl Question {
    /// Copies it out of the request, so that it can move to another thread.
    pub fn of(request: &Request) -> Self {
        Self { task: request.task, output: request.output.clone() }
    }
}

/// Answers from what the page shows.
pub fn answer(page: &Page, question: &Question) -> Result<String, Failure> {
    let fields: Map<String, Value> = match question.task {
        Task::Text => return Ok(text::text(page)),
        Task::Receipt => receipt::receipt(page),
        Task::ChartTable => chart::chart_table(page),
        task => return Err(Failure::Unsupported(format!("there are no rules for `{task}`"))),
    };
    Ok(answer::json(fields, &question.output))
}
