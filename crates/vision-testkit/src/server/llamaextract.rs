//! LlamaExtract: files that are uploaded, and jobs that read them by a schema.

use std::collections::HashMap;

use hyper::Method;
use serde_json::{Value, json};

use super::draft::{Answer, Draft, Problem, ProblemKind, not_found};
use super::form;
use super::openai::text;
use super::sight::{Seen, SeenMedium};
use crate::shared::Shared;

/// What else than a question is asked there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Upload,
    DeleteFile(String),
    List,
    Look(String),
    DeleteJob(String),
}

impl Step {
    pub fn at(method: &Method, path: &str) -> Option<Self> {
        let id = |from: &str| path.split_once(from).map(|(_, id)| id.to_owned()).filter(|id| !id.is_empty());
        match *method {
            Method::POST => path.ends_with("/api/v1/beta/files").then_some(Self::Upload),
            Method::GET if path.ends_with("/api/v2/extract") => Some(Self::List),
            Method::GET => id("/api/v2/extract/").map(Self::Look),
            Method::DELETE => id("/api/v2/extract/")
                .map(Self::DeleteJob)
                .or_else(|| id("/api/v1/beta/files/").map(Self::DeleteFile)),
            _ => None,
        }
    }
}

/// Files and jobs that were not deleted.
#[derive(Debug, Default)]
pub(super) struct Extracts {
    files: Shared<HashMap<String, SeenMedium>>,
    /// How many looks are still in vain, and what there will be to see.
    jobs: Shared<HashMap<String, (u32, Value)>>,
}

impl Extracts {
    pub fn count(&self) -> usize {
        self.files.lock().len() + self.jobs.lock().len()
    }

    /// A file of this name.
    pub fn find(&self, name: &str) -> Option<SeenMedium> {
        self.files.lock().get(name).cloned()
    }

    /// Begins a job, which has ended after so many looks.
    pub fn begin(&self, number: u64, looks: u32, job: Value) -> Draft {
        let id = format!("ext-{number}");
        let draft = shown(&id, &job, false);
        self.jobs.lock().insert(id, (looks, job));
        draft
    }

    pub fn answer(&self, step: Step, content_type: &str, body: &[u8]) -> Draft {
        let gone = |is_gone: bool| match is_gone {
            true => Draft { status: 204, headers: Vec::new(), body: json!({}) },
            false => not_found("there is nothing of that name"),
        };
        match step {
            Step::Upload => {
                self.upload(content_type, body).unwrap_or_else(|message| problem(&Problem::invalid(message)))
            }
            Step::DeleteFile(id) => gone(self.files.lock().remove(&id).is_some()),
            Step::DeleteJob(id) => gone(self.jobs.lock().remove(&id).is_some()),
            Step::List => ok(json!({"items": [], "next_page_token": null})),
            Step::Look(id) => {
                let mut jobs = self.jobs.lock();
                let Some((looks, job)) = jobs.get_mut(&id) else {
                    return not_found("there is no such job");
                };
                let is_over = *looks == 0;
                *looks = looks.saturating_sub(1);
                shown(&id, job, is_over)
            }
        }
    }

    fn upload(&self, content_type: &str, body: &[u8]) -> Result<Draft, String> {
        let fields = form::parse(content_type, body)?;
        let field = |name: &str| fields.iter().find(|field| field.name == name);
        if field("purpose").map(form::Field::text).as_deref() != Some("extract") {
            return Err("`purpose` must be `extract`".to_owned());
        }
        let file = field("file").ok_or("`file` is required")?;
        let medium = SeenMedium::bytes(None, file.bytes)?;
        let mut files = self.files.lock();
        let id = format!("dfl-{}-{}", &medium.sha256[..8], files.len());
        files.insert(id.clone(), medium);
        Ok(ok(json!({"id": id, "name": file.file_name, "project_id": "prj-1"})))
    }
}

fn ok(body: Value) -> Draft {
    Draft { status: 200, headers: Vec::new(), body }
}

fn shown(id: &str, job: &Value, is_over: bool) -> Draft {
    let mut body = json!({
        "id": id, "created_at": "2026-11-28T12:00:00Z", "updated_at": "2026-11-28T12:00:01Z", "file_input": "dfl",
        "project_id": "prj-1", "status": if is_over { "COMPLETED" } else { "RUNNING" }
    });
    for (name, value) in job.as_object().into_iter().flatten().filter(|_| is_over) {
        body[name] = value.clone();
    }
    // In hundredths of a second nobody has to wait for a test.
    Draft { status: 200, headers: vec![("retry-after-ms", "100".to_owned())], body }
}

pub(super) fn see(body: &Value) -> Result<Seen, String> {
    let how = &body["configuration"];
    let schema = Some(&how["data_schema"]).filter(|schema| schema.is_object()).cloned();
    let known = ["tier", "version", "target_pages", "system_prompt", "data_schema"];
    let unknown = how.as_object().into_iter().flatten().find(|(name, _)| !known.contains(&name.as_str()));
    if let Some((name, _)) = unknown {
        return Err(format!("body.configuration.{name}: Extra inputs are not permitted"));
    }
    Ok(Seen {
        model: text(&how["tier"]),
        texts: how["system_prompt"].as_str().map(str::to_owned).into_iter().collect(),
        media: vec![SeenMedium::address(&text(&body["file_input"]))],
        schema: Some(schema.ok_or("body.configuration.data_schema: Field required")?),
        ..Seen::default()
    })
}

/// What a job of this answer will show.
pub(super) fn extracted(answer: &Answer<'_>) -> Draft {
    let result = serde_json::from_str(&answer.text).unwrap_or_else(|_| json!({"answer": answer.text}));
    ok(json!({
        "extract_result": result, "metadata": {"usage": {"num_pages_billed": 1, "num_pages_extracted": 1}},
        "usage": {"credits": 15.0, "extract_credits": 15.0, "parse_credits": null}
    }))
}

pub(super) fn problem(problem: &Problem) -> Draft {
    let status = match problem.kind {
        ProblemKind::Invalid | ProblemKind::NoModel => 422,
        ProblemKind::BadKey => 401,
        ProblemKind::Quota => 402,
        ProblemKind::Status(status) => status,
    };
    let headers = super::reply::wait(problem.delay).into_iter().collect();
    Draft { status, headers, body: json!({"detail": problem.message}) }
}
