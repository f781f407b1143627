//! Batches as four vendors have them: requests come at once, and are answered a few looks later.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::asked::Asked;
use super::dialect::Dialect;
use super::draft::{Draft, Problem, ProblemKind, not_found};
use super::fault::{Fault, FaultKind};
use super::form;
use super::handler::Handler;
use super::journal::Entry;
use super::keys::text;
use super::problems::{bad_key, problem_of};
use super::reply::{Cut, Script, send};

mod anthropic;
mod files;
mod gemini;
mod mistral;
mod openai;
pub(super) mod route;
mod show;
pub(super) mod store;

pub use route::BatchStep;

use route::{Action, BatchRoute};
use store::{Job, Line, Shape};

/// How batches go.
#[derive(Debug, Clone)]
pub struct Batches {
    /// How often a batch is looked at until it has ended.
    pub looks: u32,
    /// How it ends.
    pub end: BatchEnd,
    /// A status that every third request of a batch is answered with.
    pub line_status: Option<u16>,
    /// Whether the reply to a creation lacks the name of the batch.
    pub is_nameless: bool,
    /// A line of each file of results, from 0, that ends in its middle.
    pub broken_line: Option<usize>,
    /// What goes wrong on the way. Requests of a step are alike, so that `*TIMES` means the first ones of all.
    pub faults: Vec<(BatchStep, Fault)>,
}

impl Default for Batches {
    fn default() -> Self {
        Self {
            looks: 2,
            end: BatchEnd::Complete,
            line_status: None,
            is_nameless: false,
            broken_line: None,
            faults: Vec::new(),
        }
    }
}

/// How a batch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchEnd {
    /// Every request is answered.
    Complete,
    /// Time is up when half of them are answered.
    Expire,
    /// The host carries none of it out.
    Fail,
}

impl Handler {
    /// Everything about batches.
    pub(super) async fn batch(
        &self,
        route: BatchRoute,
        asked: &Asked,
    ) -> Result<hyper::Response<Script>, Cut> {
        let fault = self.batch_fault(route.step);
        if let Some(FaultKind::Slow(delay)) = &fault {
            tokio::time::sleep(*delay).await;
        }
        let problem = fault.as_ref().and_then(problem_of);
        let draft = match problem {
            Some(problem) => route.action.dialect().problem(&problem),
            // What is cut before it is created is not created.
            None if matches!(fault, Some(FaultKind::Cut | FaultKind::Half))
                && route.step == BatchStep::Create =>
            {
                Dialect::Chat.problem(&broken())
            }
            None => self.batch_draft(&route.action, asked),
        };
        let created =
            (route.step == BatchStep::Create).then(|| self.batch_fault(BatchStep::Created)).flatten();
        match created {
            Some(FaultKind::Hang) => return std::future::pending().await,
            Some(FaultKind::Slow(delay)) => tokio::time::sleep(delay).await,
            _ => {}
        }
        send(&draft, created.as_ref().or(fault.as_ref()))
    }

    fn batch_draft(&self, action: &Action, asked: &Asked) -> Draft {
        if !self.key_fits(asked) {
            return action.dialect().problem(&bad_key());
        }
        let outcome = match action {
            Action::Upload => self.upload_batch(asked),
            Action::ListFiles => Ok(self.batches.list_files()),
            Action::LookAtFile(id) => self.batches.look_at_file(id),
            Action::Content(id) => self.batches.content(id),
            Action::DeleteFile(id) => self.batches.delete_file(id),
            Action::Create(Shape::Messages) => self.create_messages(asked),
            Action::Create(Shape::Mistral) => self.create_job(asked),
            Action::Create(_) => self.create_openai(asked),
            Action::CreateAt(model) => self.create_generate(model, asked),
            Action::List(shape) => Ok(self.list_batches(*shape, &asked.query)),
            Action::Look(id) => self.look_at_batch(id),
            Action::Cancel(id) => self.cancel_batch(id),
            Action::Results(id) => self.batches.results(id),
            Action::DeleteBatch(id) => self.batches.delete_batch(id),
        };
        let mut draft = outcome.unwrap_or_else(|problem| action.dialect().problem(&problem));
        let settings = &self.settings.batches;
        match (action, &mut draft.body) {
            (Action::Create(_) | Action::CreateAt(_), Value::Object(fields)) if settings.is_nameless => {
                fields.remove("id");
                fields.remove("name");
            }
            (Action::Content(_) | Action::Results(_), Value::String(lines)) => {
                if let Some(number) = settings.broken_line {
                    *lines = with_broken(lines, number);
                }
            }
            _ => {}
        }
        draft
    }

    fn upload_batch(&self, asked: &Asked) -> Result<Draft, Problem> {
        let content_type = text(&asked.headers, "content-type").unwrap_or_default();
        let fields = form::parse(content_type, &asked.body).map_err(Problem::invalid)?;
        let field = |name: &str| fields.iter().find(|field| field.name == name);
        if field("purpose").map(form::Field::text).as_deref() != Some("batch") {
            return Err(Problem::invalid("`purpose` must be `batch`"));
        }
        let file = field("file").ok_or_else(|| Problem::invalid("`file` is required"))?;
        if !file.file_name.as_deref().is_some_and(|name| name.ends_with(".jsonl")) {
            return Err(Problem::invalid("the name of the file must end in .jsonl"));
        }
        Ok(self.batches.keep_file(file.file_name.as_deref().unwrap_or_default(), file.bytes.to_vec()))
    }

    /// Notes that a batch was created: what is in it will be billed.
    fn start_batch(&self, job: Job) -> Value {
        let mut journal = self.journal.lock();
        for line in &job.lines {
            *journal.batched.entry(line.question.clone()).or_default() += 1;
        }
        drop(journal);
        let mut inner = self.batches.inner.lock();
        let shown = show::show(&job);
        inner.jobs.push(job);
        shown
    }

    /// Checks the lines of a batch as hosts do before they begin.
    fn lines_of(&self, lines: Vec<(String, Value)>, dialect: Dialect) -> Result<Vec<Line>, Problem> {
        let mut seen = BTreeMap::new();
        for (id, _) in &lines {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
            if id.is_empty() || id.len() > 64 || !id.bytes().all(known) {
                return Err(Problem::invalid(format!(
                    "custom_id: `{id}` does not match ^[a-zA-Z0-9_-]{{1,64}}$"
                )));
            }
            if seen.insert(id.clone(), ()).is_some() {
                return Err(Problem::invalid(format!("custom_id: `{id}` is not unique")));
            }
        }
        let line = |(id, body): (String, Value)| {
            let question = dialect.see(&body).map(|seen| seen.texts.concat()).unwrap_or_default();
            Line { id, question, body, outcome: None }
        };
        Ok(lines.into_iter().map(line).collect())
    }

    /// A look at a batch brings it further.
    fn look_at_batch(&self, id: &str) -> Result<Draft, Problem> {
        let mut job = self.batches.take(id).ok_or_else(missing)?;
        job.looks += 1;
        self.carry_out(&mut job);
        let body = show::show(&job);
        let files = show::new_files(&mut job);
        self.batches.put_back(job, files);
        Ok(Draft { status: 200, headers: Vec::new(), body })
    }

    fn carry_out(&self, job: &mut Job) {
        let settings = &self.settings.batches;
        if job.ended.is_some() {
            return;
        }
        if settings.end == BatchEnd::Fail {
            job.ended = Some(store::End::Failed);
            return;
        }
        let is_over = job.looks >= settings.looks || job.is_cancelling;
        let due = job.lines.len() * job.looks as usize / settings.looks.max(1) as usize;
        let most = match (settings.end, job.is_cancelling) {
            (BatchEnd::Complete, false) => due.min(job.lines.len()),
            _ => due.min(job.lines.len() / 2),
        };
        let (dialect, model, version) = (job.dialect, job.model.clone(), job.version.clone());
        for (at, line) in
            job.lines.iter_mut().enumerate().take(most).filter(|(_, line)| line.outcome.is_none())
        {
            let spoilt = settings.line_status.filter(|_| at % 3 == 2);
            line.outcome =
                Some(self.answer_line((dialect, version.as_deref(), model.clone()), &line.body, spoilt));
        }
        if is_over {
            job.ended = Some(match (job.is_cancelling, settings.end) {
                (true, _) => store::End::Cancelled,
                (false, BatchEnd::Expire) => store::End::Expired,
                (false, _) => store::End::Complete,
            });
        }
    }

    /// What a single request of this body would have had.
    fn answer_line(
        &self,
        (dialect, version, model): (Dialect, Option<&str>, Option<String>),
        body: &Value,
        spoilt: Option<u16>,
    ) -> Draft {
        let number = self.journal.lock().count(None, 0);
        let mut entry = Entry { number, request: "BATCH".to_owned(), ..Entry::default() };
        let outcome = match spoilt {
            Some(status) => Err(Problem::new(ProblemKind::Status(status), "spoilt on purpose")),
            None => self.answer_body((dialect, version), model, body, &mut entry),
        };
        let draft = outcome.unwrap_or_else(|problem| dialect.problem(&problem));
        entry.status = draft.status;
        self.journal.lock().add("batch", entry);
        draft
    }

    fn cancel_batch(&self, id: &str) -> Result<Draft, Problem> {
        let mut job = self.batches.take(id).ok_or_else(missing)?;
        job.is_cancelling = job.ended.is_none();
        let body = show::show(&job);
        self.batches.put_back(job, HashMap::new());
        Ok(Draft { status: 200, headers: Vec::new(), body })
    }

    fn list_batches(&self, shape: Shape, query: &str) -> Draft {
        let inner = self.batches.inner.lock();
        let mut jobs: Vec<&Job> = inner.jobs.iter().filter(|job| job.shape == shape).collect();
        jobs.sort_by_key(|job| std::cmp::Reverse(job.number));
        Draft { status: 200, headers: Vec::new(), body: show::list(shape, &jobs, query) }
    }

    /// The fault that strikes this step.
    fn batch_fault(&self, step: BatchStep) -> Option<FaultKind> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        if self.settings.batches.faults.iter().all(|(at, _)| *at != step) {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        ("batch", step).hash(&mut hasher);
        let hash = hasher.finish();
        let nth = self.count(hash);
        let mut faults = self.settings.batches.faults.iter();
        let strikes =
            |(at, fault): &&(BatchStep, Fault)| *at == step && fault.strikes(self.settings.seed, hash, nth);
        faults.find(strikes).map(|(_, fault)| fault.kind.clone())
    }
}

/// The same lines, of which one ends in its middle.
fn with_broken(lines: &str, number: usize) -> String {
    let halved = |(at, line): (usize, &str)| {
        let end = if at == number { line.len() / 2 } else { line.len() };
        String::from_utf8_lossy(&line.as_bytes()[..end]).into_owned() + "\n"
    };
    lines.lines().enumerate().map(halved).collect()
}

fn missing() -> Problem {
    Problem::new(ProblemKind::Status(404), "No batch found with that id.")
}

fn broken() -> Problem {
    Problem::new(ProblemKind::Status(500), "broken on purpose")
}

/// Nothing of a file is left.
fn no_file(id: &str) -> Draft {
    not_found(&format!("No such File object: {id}"))
}
