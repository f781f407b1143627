use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZeroU32;

use eval_datasets::{Case, Template, answer_schema};
use eval_record::{Generation, OutputMode};
use vision_core::{Capabilities, Error, ErrorKind, Media, Output, Part, Request, Result, Schema, Task};

/// What one task of one dataset asks, ready to be filled in for a case.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub system: Option<Template>,
    pub prompt: Template,
    pub schema: Option<Schema>,
    pub max_output_tokens: NonZeroU32,
    pub generation: Generation,
    /// The form of answers to ask for, if it is not the firmest that the provider can be held to.
    pub output: Option<OutputMode>,
}

impl Question {
    /// The request for one case: first the media, then the text, as the vendors advise.
    pub fn request(&self, case: &Case, media: Vec<Media>, mode: OutputMode, repeat: u32) -> Result<Request> {
        let own = case.schema.clone().map(|schema| answer_schema(case.task, schema));
        let schema = own.as_ref().or(self.schema.as_ref());
        let fields = fields(case, schema, [self.system.as_ref(), Some(&self.prompt)]);
        let fill = |template: &Template| {
            template
                .fill(&fields)
                .map_err(|message| Error::new(ErrorKind::Config, format!("case `{}`: {message}", case.id)))
        };
        let mut parts: Vec<Part> = media.into_iter().map(Part::Media).collect();
        let mut prompt = fill(&self.prompt)?;
        // What is to be read out of a document is said nowhere else.
        if let (Task::Extract, Some(schema), false) = (case.task, schema, mode == OutputMode::Schema)
            && !self.shows_schema()
        {
            prompt.push_str(&format!("\n\nJSON Schema:\n{}", schema.schema));
        }
        parts.push(Part::Text(prompt));
        Ok(Request {
            system: self.system.as_ref().map(fill).transpose()?,
            output: match (mode, schema) {
                (OutputMode::Schema, Some(schema)) => Output::Schema(schema.clone()),
                (OutputMode::Json, _) => Output::Json,
                _ => Output::Text,
            },
            temperature: self.generation.temperature,
            seed: self.generation.seed,
            effort: self.generation.effort,
            detail: self.generation.detail,
            stream: self.generation.stream,
            token_probabilities: self.generation.token_probabilities,
            repeat,
            ..Request::new(case.task, parts, self.max_output_tokens)
        })
    }

    /// The form of answer that is tried, else the firmest to a case that a provider can be held to.
    pub fn mode(&self, case: &Case, capabilities: &Capabilities) -> OutputMode {
        if let Some(output) = self.output {
            return output;
        }
        let schema = case.schema.as_ref().or(self.schema.as_ref().map(|schema| &schema.schema));
        match schema {
            Some(schema) if capabilities.takes_schema(schema) => OutputMode::Schema,
            Some(_) if capabilities.json => OutputMode::Json,
            _ => OutputMode::Text,
        }
    }

    /// Whether the texts have a place for the schema.
    fn shows_schema(&self) -> bool {
        shows_schema([self.system.as_ref(), Some(&self.prompt)])
    }
}

/// The place of a prompt where the schema is put.
const SCHEMA: &str = "schema";

fn shows_schema(templates: [Option<&Template>; 2]) -> bool {
    templates.into_iter().flatten().any(|template| template.fields().any(|field| field == SCHEMA))
}

/// The values for the places of a prompt: those of the case, and its schema where a place asks for it.
fn fields<'c>(
    case: &'c Case,
    schema: Option<&Schema>,
    templates: [Option<&Template>; 2],
) -> Cow<'c, BTreeMap<String, String>> {
    match schema {
        Some(schema) if shows_schema(templates) && !case.fields.contains_key(SCHEMA) => {
            let mut fields = case.fields.clone();
            fields.insert(SCHEMA.to_owned(), schema.schema.to_string());
            Cow::Owned(fields)
        }
        _ => Cow::Borrowed(&case.fields),
    }
}
