//! Which rules answer which task.

use serde_json::{Map, Value};
use vision_core::{Output, Request, Task};

use crate::page::Page;
use crate::{Failure, answer, chart, classify, describe, differ, document, extract, question, receipt, text};

/// The tasks there are rules for.
pub const TASKS: [Task; 9] = [
    Task::Text,
    Task::Receipt,
    Task::Document,
    Task::Extract,
    Task::ChartTable,
    Task::ChartQuestion,
    Task::Classify,
    Task::Describe,
    Task::CompareFree,
];

/// What of a request the rules need.
#[derive(Debug)]
pub struct Question {
    task: Task,
    output: Output,
    prompt: String,
}

impl Question {
    /// A question in these words.
    pub fn new(task: Task, output: Output, prompt: String) -> Self {
        Self { task, output, prompt }
    }

    /// Copies it out of the request, so that it can move to another thread.
    pub fn of(request: &Request) -> Self {
        let prompt: Vec<&str> = request.texts().collect();
        Self::new(request.task, request.output.clone(), prompt.join("\n\n"))
    }

    /// Whether it asks for something particular, in words, rather than for what its task always gives.
    fn is_free(&self) -> bool {
        match self.task {
            Task::Text => !question::is_transcription(&self.prompt),
            // A schema says what is wanted.
            Task::Receipt | Task::Document | Task::ChartTable => {
                let has_schema = matches!(self.output, Output::Schema(_));
                !has_schema
                    && question::is_question(&self.prompt)
                    && !question::is_transcription(&self.prompt)
            }
            _ => false,
        }
    }

    /// The answer to a free question in the form that was asked for.
    fn wrapped(&self, text: String) -> String {
        match self.output {
            Output::Text => text,
            Output::Json | Output::Schema(_) => {
                let fields = [("answer".to_owned(), Value::String(text))];
                answer::json(fields.into_iter().collect(), &self.output)
            }
        }
    }

    /// Whether only the first page of a document is meant.
    pub fn is_about_one_picture(&self) -> bool {
        matches!(self.task, Task::ChartTable | Task::Classify)
    }

    /// The fields the schema asks for.
    fn fields(&self) -> Vec<String> {
        let properties = self.property("/properties").and_then(Value::as_object);
        properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
    }

    /// The labels to choose from: as the schema lists them, or all that are known.
    fn labels(&self) -> Vec<String> {
        let listed = self.property("/properties/label/enum").and_then(Value::as_array);
        let listed = listed
            .map(|labels| labels.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>());
        listed.unwrap_or_else(|| classify::LABELS.map(str::to_owned).to_vec())
    }

    fn property(&self, pointer: &str) -> Option<&Value> {
        match &self.output {
            Output::Schema(schema) => schema.schema.pointer(pointer),
            Output::Text | Output::Json => None,
        }
    }
}

/// Answers from what the page shows.
pub fn answer(page: &Page, question: &Question) -> Result<String, Failure> {
    if question.is_free() {
        return question::free(page, &question.prompt).map(|text| question.wrapped(text));
    }
    let fields: Map<String, Value> = match question.task {
        Task::Text => return Ok(text::text(page)),
        Task::Receipt => receipt::receipt(page),
        Task::Document => document::document(page, &question.fields()),
        Task::ChartTable => chart::chart_table(page),
        Task::ChartQuestion => question::about_chart(page, &question.prompt)?,
        Task::Classify => classify::classify(page, &question.labels()),
        Task::Describe => return describe::describe(page).map(|text| question.wrapped(text)),
        Task::Extract => {
            let Output::Schema(schema) = &question.output else {
                return Err(Failure::Unsupported("it extracts by a JSON Schema only".to_owned()));
            };
            return extract::extract(page, &schema.schema).map(|answer| answer.to_string());
        }
        Task::CompareFree => return Err(Failure::Unsupported("it compares two pictures".to_owned())),
        Task::Compare | Task::Transcribe | Task::Summarize => {
            return Err(Failure::Unsupported(format!("there are no rules for `{}`", question.task)));
        }
    };
    Ok(answer::json(fields, &question.output))
}

/// Answers from what two pages show.
pub fn compare(before: &Page, after: &Page, question: &Question) -> String {
    question.wrapped(differ::differences(before, after))
}
