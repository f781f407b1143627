use std::path::Path;
use std::sync::Arc;

use eval_datasets::MediaRef;
use vision_core::{Capabilities, Error, Modality, Output, Part, Request, Result, Schema};
use vision_media::{Limits, Original, Policy, Settings, Source, load};

use super::AskArguments;
use crate::exit::{Exit, Failure};

/// What is asked, before it is known of whom.
pub(super) struct Question {
    files: Vec<Original>,
    /// Complete but for the media.
    request: Request,
}

impl Question {
    pub fn read(arguments: &AskArguments) -> Result<Self, Failure> {
        let (question, files) = arguments.words.split_last().expect("clap asks for at least one");
        if files.is_empty() && Path::new(question).is_file() {
            return Err(Failure::new(
                Exit::Usage,
                format!("what about {question}? Put a question behind the file, in quotes"),
            ));
        }
        let files = files.iter().map(|name| original(name, arguments)).collect::<Result<Vec<_>, _>>()?;
        let output = match &arguments.schema {
            Some(path) => Output::Schema(schema(path)?),
            None if arguments.wants_json() => Output::Json,
            None => Output::Text,
        };
        let parts = vec![Part::Text(question.clone())];
        let request = Request {
            system: arguments.system.clone(),
            output,
            temperature: arguments.temperature,
            seed: arguments.seed,
            effort: arguments.effort,
            detail: arguments.detail,
            ..Request::new(arguments.task, parts, arguments.max_output_tokens)
        };
        Ok(Self { files, request })
    }

    /// The question with its files as this provider can take them.
    pub fn request(&self, able: &Capabilities) -> Result<Request> {
        let mut parts = Vec::new();
        for file in &self.files {
            parts.extend(prepared(file, able)?.into_iter().map(Part::Media));
        }
        parts.extend(self.request.parts.iter().cloned());
        Ok(Request { parts, ..self.request.clone() })
    }
}

/// As it is, whatever its name promises: what is too large is refused with its reason. Only an image of a format
/// that the provider does not know is written in another.
fn prepared(file: &Original, able: &Capabilities) -> Result<Vec<vision_core::Media>> {
    let as_is = file.as_is().media;
    let image = file.kind().modality() == Modality::Image;
    if !image || as_is.url().is_some() || able.accepts(file.kind()) || !able.takes(Modality::Image) {
        return Ok(vec![as_is]);
    }
    let prepared = file.prepare(Policy::Fit, &[able], &Settings::default())?;
    Ok(prepared.into_iter().map(|prepared| prepared.media).collect())
}

/// A file, or an address that the provider fetches itself.
fn original(name: &str, arguments: &AskArguments) -> Result<Original, Failure> {
    let is_address = MediaRef::from(name.to_owned()).file().is_none();
    let source = match is_address {
        true => Source::Url { url: name.to_owned(), kind: type_of(name, arguments) },
        false => Source::file(name),
    };
    let unknown = is_address && arguments.kind.is_none();
    load(&source, &Limits::default()).map_err(|error: Error| {
        let help = if unknown { "; state it with --type, such as --type jpeg" } else { "" };
        Failure::setup(format!("{}{help}", error.chain()))
    })
}

/// What an address says itself outranks `--type`, which is for those that say nothing.
fn type_of(url: &str, arguments: &AskArguments) -> Option<vision_core::MediaKind> {
    let says = load(&Source::Url { url: url.to_owned(), kind: None }, &Limits::default()).is_ok();
    arguments.kind.filter(|_| !says)
}

fn schema(path: &Path) -> Result<Schema, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::setup(format!("{} cannot be read: {error}", path.display())))?;
    let schema = serde_json::from_str(&text).map_err(|error| {
        Failure::setup(format!("{}:{}:{}: {error}", path.display(), error.line(), error.column()))
    })?;
    Ok(Schema { name: "answer".into(), schema: Arc::new(schema), strict: true })
}
