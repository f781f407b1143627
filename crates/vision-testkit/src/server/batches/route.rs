use hyper::Method;

use super::store::Shape;
use crate::server::dialect::Dialect;

/// One step of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BatchStep {
    /// The requests are uploaded.
    Upload,
    /// The batch is to be created, and is not.
    Create,
    /// The batch is created, and the reply to that is spoilt.
    Created,
    /// Somebody looks at a batch.
    Look,
    /// Somebody lists batches.
    List,
    /// The answers are taken.
    Results,
    /// Files of a batch are deleted.
    Delete,
}

/// Where a request about batches wants to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct BatchRoute {
    pub step: BatchStep,
    pub action: Action,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) enum Action {
    Upload,
    ListFiles,
    LookAtFile(String),
    Content(String),
    DeleteFile(String),
    Create(Shape),
    /// To this model.
    CreateAt(String),
    Results(String),
    DeleteBatch(String),
    List(Shape),
    Look(String),
    Cancel(String),
}

impl BatchRoute {
    /// The route of a path, if it is about batches.
    pub fn at(method: &Method, path: &str) -> Option<Self> {
        let post = method == Method::POST;
        let route = |step, action| Some(Self { step, action });
        if path.starts_with("/v1beta/") || path.starts_with("/upload/") {
            return Self::at_generate(method, path);
        }
        let (rest, shape) = match (path.split_once("/batches"), path.split_once("/batch/jobs")) {
            (Some((before, rest)), _) if before.ends_with("/messages") => (Some(rest), Shape::Messages),
            (Some((_, rest)), _) => (Some(rest), Shape::OpenAi),
            (None, Some((_, rest))) => (Some(rest), Shape::Mistral),
            (None, None) => (None, Shape::OpenAi),
        };
        if let Some(rest) = rest {
            return Self::of_batch(method, shape, rest);
        }
        match path.split_once("/files")?.1.strip_prefix('/') {
            None if post => route(BatchStep::Upload, Action::Upload),
            None if method == Method::GET => route(BatchStep::List, Action::ListFiles),
            Some(rest) => match (rest.split_once('/'), method) {
                (Some((id, "content")), &Method::GET) => {
                    route(BatchStep::Results, Action::Content(id.to_owned()))
                }
                (None, &Method::GET) => route(BatchStep::Look, Action::LookAtFile(rest.to_owned())),
                (None, &Method::DELETE) => route(BatchStep::Delete, Action::DeleteFile(rest.to_owned())),
                _ => None,
            },
            None => None,
        }
    }

    /// What follows the address of batches of this shape.
    fn of_batch(method: &Method, shape: Shape, rest: &str) -> Option<Self> {
        let route = |step, action| Some(Self { step, action });
        let parts = rest.strip_prefix('/').map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        let Some((id, verb)) = parts else {
            return match *method {
                Method::POST => route(BatchStep::Create, Action::Create(shape)),
                Method::GET => route(BatchStep::List, Action::List(shape)),
                _ => None,
            };
        };
        let id = id.to_owned();
        match (verb, method) {
            ("", &Method::GET) => route(BatchStep::Look, Action::Look(id)),
            ("", &Method::DELETE) => route(BatchStep::Delete, Action::DeleteBatch(id)),
            ("results", &Method::GET) => route(BatchStep::Results, Action::Results(id)),
            ("cancel", &Method::POST) => route(BatchStep::Look, Action::Cancel(id)),
            _ => None,
        }
    }

    /// What follows the version in the addresses of Gemini.
    fn at_generate(method: &Method, path: &str) -> Option<Self> {
        let route = |step, action| Some(Self { step, action });
        let rest = path.strip_prefix("/v1beta/")?;
        if let Some(model) = rest.strip_suffix(":batchGenerateContent").filter(|_| *method == Method::POST) {
            return route(BatchStep::Create, Action::CreateAt(model.strip_prefix("models/")?.to_owned()));
        }
        if let Some(id) = rest.strip_prefix("files/").and_then(|rest| rest.strip_suffix(":download")) {
            return route(BatchStep::Results, Action::Content(id.to_owned()));
        }
        match (rest.strip_suffix(":cancel"), method) {
            (Some(id), &Method::POST) => route(BatchStep::Look, Action::Cancel(id.to_owned())),
            (None, &Method::GET) if rest == "batches" => {
                route(BatchStep::List, Action::List(Shape::Generate))
            }
            (None, &Method::GET) if rest.starts_with("batches/") => {
                route(BatchStep::Look, Action::Look(rest.to_owned()))
            }
            (None, &Method::DELETE) if rest.starts_with("batches/") => {
                route(BatchStep::Delete, Action::DeleteBatch(rest.to_owned()))
            }
            _ => None,
        }
    }
}

impl Action {
    /// Who says what is wrong with it.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Create(shape) | Self::List(shape) => shape.dialect(),
            Self::CreateAt(_) => Dialect::Generate,
            Self::Look(id) | Self::Cancel(id) | Self::Results(id) | Self::DeleteBatch(id) => match () {
                () if id.starts_with("msgbatch_") => Dialect::Messages,
                () if id.starts_with("batches/") => Dialect::Generate,
                () => Dialect::Chat,
            },
            _ => Dialect::Chat,
        }
    }
}
