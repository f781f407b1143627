use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::HeaderName;
use hyper::{HeaderMap, Request, Response};
use serde_json::Value;

use super::asked::Asked;
use super::azure_di::Results;
use super::batches::store::BatchStore;
use super::dialect::Dialect;
use super::draft::{Answer, Draft, Problem, ProblemKind, not_found};
use super::fault::{Fault, FaultKind};
use super::files::Files;
use super::jobs::Jobs;
use super::journal::{Entry, Journal};
use super::keys::{credentials, key, text};
use super::limits::{Limits, Place};
use super::llamaextract::Extracts;
use super::problems::{bad_key, broken, problem_of};
use super::reply::{Cut, Script, send, send_events, send_quoting};
use super::route::{Route, parameter, route, split_fault};
use super::storage::{Object, Storage};
use super::{Settings, aws, azure_di, stream};
use crate::shared::Shared;

/// No vendor takes more.
const LARGEST: usize = 512 << 20;

/// Answers requests.
#[derive(Debug)]
pub(super) struct Handler {
    pub settings: Settings,
    pub journal: Shared<Journal>,
    /// How often each request was seen, by its hash.
    pub seen: Shared<HashMap<u64, u32>>,
    pub files: Files,
    pub results: Results,
    pub storage: Storage,
    pub batches: BatchStore,
    pub jobs: Jobs,
    pub extracts: Extracts,
    limits: Limits,
    open: AtomicU64,
}

impl Handler {
    pub fn new(settings: Settings) -> Self {
        let limits = Limits::new(settings.requests_per_minute, settings.max_concurrency);
        Self {
            files: Files::new(settings.looks),
            results: Results::default(),
            storage: Storage::default(),
            batches: BatchStore::default(),
            jobs: Jobs::default(),
            extracts: Extracts::default(),
            settings,
            journal: Shared::default(),
            seen: Shared::default(),
            limits,
            open: AtomicU64::new(0),
        }
    }

    pub fn journal(&self) -> Journal {
        let files = [
            self.files.count(),
            self.batches.count(),
            self.results.count(),
            self.storage.count(),
            self.extracts.count(),
        ];
        Journal { files: files.into_iter().sum(), ..self.journal.lock().clone() }
    }

    pub async fn handle(&self, request: Request<Incoming>) -> Result<Response<Script>, Cut> {
        let (head, body) = request.into_parts();
        let (path, wanted) = split_fault(head.uri.path());
        let (path, wanted) = (path.to_owned(), wanted.map(str::to_owned));
        let (method, whole_path) = (head.method.to_string(), head.uri.path().to_owned());
        let query = head.uri.query().unwrap_or_default().to_owned();
        let Some(route) = route(&head.method, &path, &query, &head.headers) else {
            return send(&not_found(&format!("there is no {} {path}", head.method)), None);
        };
        let _open = Open::new(&self.open);
        self.note_peak(&route);
        let Ok(body) = Limited::new(body, LARGEST).collect().await else { return Err(Cut) };
        let origin = format!("http://{}", text(&head.headers, "host").unwrap_or("127.0.0.1"));
        let asked =
            Asked { origin, method, whole_path, path, query, headers: head.headers, body: body.to_bytes() };
        match route {
            Route::Ask(dialect, model) => self.ask(dialect, model, &asked, wanted.as_deref()).await,
            Route::Batch(route) => self.batch(route, &asked).await,
            other => self.serve(other, &asked, wanted.as_deref()).await,
        }
    }

    async fn ask(
        &self,
        dialect: Dialect,
        model: Option<String>,
        asked: &Asked,
        wanted: Option<&str>,
    ) -> Result<Response<Script>, Cut> {
        let key = key(&asked.headers);
        let number = self.journal.lock().count(key, asked.body.len() as u64);
        let mut entry = Entry { number, request: format!("POST {}", asked.path), ..Entry::default() };
        let fault = self.fault(asked, wanted);
        let echo = if self.settings.echo { credentials(&asked.headers) } else { String::new() };
        if let Some(FaultKind::Slow(delay)) = &fault {
            tokio::time::sleep(*delay).await;
        }
        let place = self.limits.enter(key.unwrap_or_default());
        let outcome = match (&place, &fault) {
            (Err(delay), _) => {
                let slow_down = Problem::new(ProblemKind::Status(429), "Rate limit reached");
                Err(Problem { delay: *delay, ..slow_down })
            }
            (Ok(_), Some(fault)) if problem_of(fault).is_some() => Err(problem_of(fault).expect("just seen")),
            _ => self.answer(dialect, model, asked, &echo, &mut entry),
        };
        let events = outcome.as_ref().ok().and_then(|draft| events(dialect, asked, draft, fault.as_ref()));
        let mut draft = outcome.unwrap_or_else(|problem| {
            entry.mistake = fault.is_none().then(|| problem.message.clone());
            dialect.problem(&problem.quoting(&echo))
        });
        if fault == Some(FaultKind::ErrorInSuccess) {
            draft = broken(dialect, &echo);
        }
        if !echo.is_empty() {
            draft.headers.retain(|(name, _)| !["x-request-id", "request-id"].contains(name));
            draft.headers.extend([("x-request-id", echo.clone()), ("x-echo", echo.clone())]);
        }
        if let Ok(Place { requests: Some(requests), .. }) = &place {
            draft.headers.extend(limit_headers(dialect, *requests));
        }
        let reply = if fault == Some(FaultKind::Hang) {
            Err(Cut)
        } else if let Some(events) = events {
            let failure = stream::failure(dialect, &broken(dialect, &echo));
            send_events(&draft, events, fault.as_ref(), failure)
        } else {
            send_quoting(&draft, fault.as_ref(), &echo)
        };
        entry.status = reply.as_ref().map_or(0, |reply| reply.status().as_u16());
        entry.fault = fault.as_ref().map(FaultKind::to_string);
        self.journal.lock().add(&asked.path, entry);
        if fault == Some(FaultKind::Hang) {
            std::future::pending::<()>().await;
        }
        reply
    }

    /// What a single request of this body would bring, to whoever may ask everything.
    pub fn answer_body(
        &self,
        (dialect, version): (Dialect, Option<&str>),
        model: Option<String>,
        body: &Value,
        entry: &mut Entry,
    ) -> Result<Draft, Problem> {
        let mut headers = HeaderMap::new();
        let key = self.settings.key.as_deref().unwrap_or_default();
        let bearer = format!("Bearer {key}");
        for (name, value) in [
            ("content-type", "application/json"),
            ("anthropic-version", version.unwrap_or("2026-10-21")),
            ("authorization", bearer.as_str()),
        ] {
            headers.extend(value.parse().ok().map(|value| (HeaderName::from_static(name), value)));
        }
        let asked = Asked {
            origin: String::new(),
            method: "POST".to_owned(),
            whole_path: String::new(),
            path: String::new(),
            query: String::new(),
            headers,
            body: body.to_string().into(),
        };
        self.answer(dialect, model, &asked, "", entry)
    }

    fn answer(
        &self,
        dialect: Dialect,
        model: Option<String>,
        asked: &Asked,
        echo: &str,
        entry: &mut Entry,
    ) -> Result<Draft, Problem> {
        if !self.key_fits(asked) {
            return Err(bad_key());
        }
        let mut seen = asked.see(dialect, self.settings.strict).map_err(Problem::invalid)?;
        if let Some(model) = model {
            seen.model = model;
        }
        for medium in &mut seen.media {
            if let Some(file) = medium.url.as_deref().and_then(|url| self.files.find(url)) {
                *medium = file.map_err(Problem::invalid)?;
            }
        }
        if dialect == Dialect::LlamaExtract {
            let file = seen.media.first().and_then(|medium| self.extracts.find(medium.url.as_deref()?));
            seen.media = vec![file.ok_or_else(|| Problem::invalid("file_input: there is no such file"))?];
        }
        let object = self.object(dialect, asked)?;
        if let Some(object) = &object {
            seen.media = vec![object.medium.clone()];
        }
        let models = &self.settings.models;
        if !models.is_empty() && !models.contains(&seen.model) {
            let message =
                format!("The model `{}` does not exist or you do not have access to it.", seen.model);
            return Err(Problem::new(ProblemKind::NoModel, message));
        }
        let mut text = self.settings.answers.answer(&seen);
        if !echo.is_empty() {
            text.push_str(&format!(" You sent {echo}."));
        }
        let answer = Answer::new(&seen, text, entry.number, self.settings.answers.sure(&seen));
        let mut draft = dialect.answer(&answer);
        if dialect == Dialect::DocumentIntelligence {
            self.results.keep(entry.number, self.settings.looks, draft.body);
            draft = azure_di::accepted(&asked.origin, &seen.model, entry.number);
        }
        if dialect == Dialect::LlamaExtract {
            draft = self.extracts.begin(entry.number, self.settings.looks, draft.body);
        }
        if let Some(object) = object {
            draft = self.jobs.start(entry.number, self.settings.looks, draft.body, object.pages);
        }
        (entry.model, entry.texts, entry.media) = (seen.model, seen.texts, seen.media);
        Ok(draft)
    }

    /// The document in a bucket that a job is to read, if this is one.
    fn object(&self, dialect: Dialect, asked: &Asked) -> Result<Option<Object>, Problem> {
        let Dialect::Textract(operation) = dialect else { return Ok(None) };
        if !operation.is_job() {
            return Ok(None);
        }
        let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
        let place = &body["DocumentLocation"]["S3Object"];
        let part = |name: &str| place[name].as_str().unwrap_or_default();
        let object = self.storage.find(part("Bucket"), part("Name"));
        let missing = || Problem::invalid("Unable to get object metadata from S3.");
        object.ok_or_else(missing).map(Some)
    }

    pub fn key_fits(&self, asked: &Asked) -> bool {
        match (&self.settings.signer, aws::is_signed(&asked.headers)) {
            (Some(keys), true) => {
                let Asked { method, whole_path, query, headers, body, .. } = asked;
                let signed = aws::Signed { method, path: whole_path, query, headers, body };
                aws::verify(&signed, keys).is_ok()
            }
            _ => self.settings.key.as_deref().is_none_or(|wanted| key(&asked.headers) == Some(wanted)),
        }
    }

    /// The fault that strikes this request, wherever it was asked for.
    pub fn fault(&self, asked: &Asked, in_path: Option<&str>) -> Option<FaultKind> {
        let in_query = parameter(&asked.query, "fault");
        let on_demand = in_path.or(in_query).or(text(&asked.headers, "x-vision-fault"));
        let on_demand = on_demand.and_then(|text| text.parse::<Fault>().ok());
        if on_demand.is_none() && self.settings.faults.is_empty() {
            return None;
        }
        let hash = asked.identity();
        let nth = self.count(hash);
        let faults = on_demand.iter().chain(&self.settings.faults).enumerate();
        let mut striking = faults.filter(|(index, fault)| {
            fault.strikes(self.settings.seed.wrapping_add(*index as u64), hash, nth)
        });
        striking.next().map(|(_, fault)| fault.kind.clone())
    }

    /// How often this was seen before.
    pub fn count(&self, hash: u64) -> u32 {
        let mut seen = self.seen.lock();
        let nth = seen.entry(hash).or_default();
        *nth += 1;
        *nth - 1
    }

    fn note_peak(&self, route: &Route) {
        if matches!(route, Route::Ask(..)) {
            let open = self.open.load(Ordering::Relaxed);
            let mut journal = self.journal.lock();
            journal.peak = journal.peak.max(open);
        }
    }
}

/// The events of an answer, if they were asked for and nothing else comes in their place.
fn events(dialect: Dialect, asked: &Asked, draft: &Draft, fault: Option<&FaultKind>) -> Option<Vec<String>> {
    if matches!(fault, Some(FaultKind::Plain | FaultKind::Html(_) | FaultKind::Redirect(_))) {
        return None;
    }
    let request = serde_json::from_slice(&asked.body).ok()?;
    stream::is_wanted(dialect, &asked.path, &request).then(|| stream::events(dialect, &request, &draft.body))
}

/// Counts a request as open until it has been answered or given up.
struct Open<'a>(&'a AtomicU64);

impl<'a> Open<'a> {
    fn new(open: &'a AtomicU64) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(open)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn limit_headers(dialect: Dialect, requests: (u64, u64, std::time::Duration)) -> Vec<(&'static str, String)> {
    let (limit, left, reset) = requests;
    let (limit, left) = (limit.to_string(), left.to_string());
    match dialect {
        Dialect::Generate => Vec::new(),
        Dialect::Messages => vec![
            ("anthropic-ratelimit-requests-limit", limit),
            ("anthropic-ratelimit-requests-remaining", left),
        ],
        _ => vec![
            ("x-ratelimit-limit-requests", limit),
            ("x-ratelimit-remaining-requests", left),
            ("x-ratelimit-reset-requests", format!("{}ms", reset.as_millis())),
        ],
    }
}
