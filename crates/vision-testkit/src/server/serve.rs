//! Everything that is no question to a model.

use std::hash::{DefaultHasher, Hash, Hasher};

use hyper::Response;
use serde_json::{Value, json};

use super::asked::Asked;
use super::dialect::Dialect;
use super::draft::{Draft, Problem, ProblemKind, not_found};
use super::fault::{Fault, FaultKind, FileStep};
use super::handler::Handler;
use super::journal::Journal;
use super::keys::text;
use super::llamaextract::Step;
use super::problems::{bad_key, problem_of};
use super::reply::{Cut, Script, send};
use super::route::Route;
use super::{anthropic, aws, bedrock, gemini, oauth, openai, storage};

impl Handler {
    /// Everything but questions.
    pub async fn serve(
        &self,
        route: Route,
        asked: &Asked,
        wanted: Option<&str>,
    ) -> Result<Response<Script>, Cut> {
        let fault = match (step(&route), &route) {
            (Some(step), _) => self.file_fault(step),
            (None, Route::PutObject | Route::DeleteObject | Route::LookAtJob) => self.fault(asked, wanted),
            // A host that refuses does so at once.
            (None, Route::Extract(Step::Upload)) => self.fault(asked, wanted),
            (None, _) => None,
        };
        let Some(fault) = fault else { return send(&self.draft(route, asked), None) };
        match fault {
            FaultKind::Slow(delay) => tokio::time::sleep(delay).await,
            FaultKind::Hang => std::future::pending().await,
            _ => {}
        }
        let draft = match problem_of(&fault) {
            Some(problem) => problem_at(&route, &problem),
            None if fault == FaultKind::ErrorInSuccess => Draft {
                status: 200,
                ..problem_at(&route, &Problem::new(ProblemKind::Status(500), "upstream broke"))
            },
            None => self.draft(route, asked),
        };
        send(&draft, Some(&fault))
    }

    fn draft(&self, route: Route, asked: &Asked) -> Draft {
        let ok = |body| Draft { status: 200, headers: Vec::new(), body };
        let missing = || not_found("the file does not exist");
        match route {
            Route::Health => ok(json!({"status": "ok"})),
            Route::Journal => ok(serde_json::to_value(self.journal()).unwrap_or_default()),
            Route::ForgetJournal => {
                *self.journal.lock() = Journal::default();
                self.seen.lock().clear();
                ok(json!({}))
            }
            Route::Models(dialect) if !self.key_fits(asked) => dialect.problem(&bad_key()),
            Route::Models(dialect) => ok(self.models(dialect)),
            Route::Token => {
                self.journal.lock().tokens += 1;
                oauth::grant(&asked.body, self.settings.key.as_deref().unwrap_or("token-of-the-testkit"))
            }
            Route::Metadata(wanted) => {
                self.journal.lock().tokens += 1;
                let token = self.settings.key.as_deref().unwrap_or("token-of-the-testkit");
                wanted.answer(&asked.headers, &asked.query, self.settings.signer.as_ref(), token)
            }
            route if !self.key_fits(asked) => problem_at(&route, &bad_key()),
            Route::PutObject => match self.storage.put(&asked.path, &asked.body) {
                Ok(draft) => draft,
                Err(message) => storage::problem(&Problem::invalid(message)),
            },
            Route::DeleteObject => self.storage.delete(&asked.path),
            Route::LookAtJob => {
                let body = serde_json::from_slice(&asked.body).unwrap_or_default();
                let invalid = || aws::in_body(&Problem::invalid("Request has invalid Job Id"));
                self.jobs.look(&body).unwrap_or_else(invalid)
            }
            Route::Extract(step) => {
                let content_type = text(&asked.headers, "content-type").unwrap_or_default();
                self.extracts.answer(step, content_type, &asked.body)
            }
            Route::StartUpload => self.start_upload(asked),
            Route::Upload(id) if self.files.ends_as_lines(&id) => {
                ok(self.batches.keep_named(&id, asked.body.to_vec()))
            }
            Route::DeleteFile(id) if self.batches.holds(&id) => {
                self.batches.delete_file(&id).unwrap_or_else(|problem| Dialect::Generate.problem(&problem))
            }
            Route::Upload(id) => match self.files.finish(&id, &asked.origin, &asked.body) {
                Ok(file) => ok(file),
                Err(message) => Dialect::Generate.problem(&Problem::invalid(message)),
            },
            Route::LookAtFile(id) => self.files.look(&id, &asked.origin).map_or_else(missing, ok),
            Route::DeleteFile(id) if self.files.delete(&id) => ok(json!({})),
            Route::LookAtResult(id) => self.results.look(&id).unwrap_or_else(missing),
            Route::DeleteResult(id) if self.results.delete(&id) => {
                Draft { status: 204, headers: Vec::new(), body: json!({}) }
            }
            Route::DeleteResult(_) | Route::DeleteFile(_) | Route::Ask(..) | Route::Batch(_) => missing(),
        }
    }

    fn models(&self, dialect: Dialect) -> Value {
        let models = &self.settings.models;
        match dialect {
            Dialect::Messages => anthropic::models(models),
            Dialect::Generate => gemini::models(models),
            Dialect::Converse => bedrock::models(models),
            Dialect::DocumentIntelligence => {
                let rows = models.iter().map(|name| json!({"modelId": name}));
                json!({"value": rows.collect::<Vec<_>>()})
            }
            _ => openai::models(models),
        }
    }

    fn start_upload(&self, asked: &Asked) -> Draft {
        let header = |name| text(&asked.headers, name);
        let (protocol, command) = (header("x-goog-upload-protocol"), header("x-goog-upload-command"));
        if (protocol, command) != (Some("resumable"), Some("start")) {
            return Dialect::Generate
                .problem(&Problem::invalid("an upload starts with `resumable` and `start`"));
        }
        let Some(mime) = header("x-goog-upload-header-content-type") else {
            return Dialect::Generate.problem(&Problem::invalid("the type of the upload is missing"));
        };
        let id = self.files.start(mime);
        let url = format!("{}/upload/v1beta/files?upload_id={id}", asked.origin);
        let headers = vec![("x-goog-upload-url", url), ("x-goog-upload-status", "active".to_owned())];
        Draft { status: 200, headers, body: json!({}) }
    }

    /// The fault that strikes this step of the Files API.
    fn file_fault(&self, step: FileStep) -> Option<FaultKind> {
        let mut hasher = DefaultHasher::new();
        step.hash(&mut hasher);
        let hash = hasher.finish();
        let nth = self.count(hash);
        let mut faults = self.settings.file_faults.iter();
        let strikes =
            |(at, fault): &&(FileStep, Fault)| *at == step && fault.strikes(self.settings.seed, hash, nth);
        faults.find(strikes).map(|(_, fault)| fault.kind.clone())
    }
}

/// A problem in the words of whoever serves this route.
fn problem_at(route: &Route, problem: &Problem) -> Draft {
    match route {
        Route::PutObject | Route::DeleteObject => storage::problem(problem),
        Route::LookAtJob => aws::in_body(problem),
        Route::Extract(_) => Dialect::LlamaExtract.problem(problem),
        _ => Dialect::Generate.problem(problem),
    }
}

fn step(route: &Route) -> Option<FileStep> {
    match route {
        Route::StartUpload => Some(FileStep::Start),
        Route::Upload(_) => Some(FileStep::Upload),
        Route::LookAtFile(_) => Some(FileStep::Look),
        Route::DeleteFile(_) => Some(FileStep::Delete),
        _ => None,
    }
}
