use std::time::Duration;

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Request, Response, Result};
use vision_document::{LOOK_EVERY, Look, next_look, only_medium};
use vision_http::{Body as Sent, Call, Field, Method, Reply, Transport, exchange, host, join, multipart};

use crate::answer::Job;
use crate::body::{Begin, Body};
use crate::{Config, failure};

/// A document that was handed in, and how long the service has taken with it.
pub(crate) struct Work<'a> {
    config: &'a Config,
    transport: &'a dyn Transport,
    file: String,
    job: Option<String>,
    elapsed: Duration,
}

/// A host that is well deletes within a second.
const DELETE_WITHIN: Duration = Duration::from_secs(5);

impl<'a> Work<'a> {
    /// Hands a document in. Nothing is billed for that.
    pub(crate) async fn hand_in(
        config: &'a Config,
        transport: &'a dyn Transport,
        request: &Request,
    ) -> Result<Self> {
        let media = only_medium(request)?;
        let bytes = media.bytes().ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, format!("URL input not supported ({})", media.name()))
        })?;
        let (file_name, content_type) =
            (format!("document.{}", media.kind().extension()), media.kind().mime());
        let file = Field::File { name: "file", file_name: &file_name, content_type, bytes };
        let form = multipart(&[Field::Text("purpose", "extract"), file]);
        let mut work = Self { config, transport, file: String::new(), job: None, elapsed: Duration::ZERO };
        let reply = work.send(Method::Post, "api/v1/beta/files", form).await?;
        work.file = work.name(&reply)?;
        Ok(work)
    }

    /// How long the service has taken so far, waiting between looks included.
    pub(crate) fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Begins the job, and looks until it has ended.
    pub(crate) async fn result(&mut self, body: &Body<'_>, by_schema: bool) -> Result<Response> {
        let begin = Begin { file_input: &self.file, configuration: body };
        let begin = Sent::Json(vision_http::json(&begin)?);
        let reply = self.send(Method::Post, "api/v2/extract", begin).await?;
        self.job = Some(self.name(&reply)?);
        let config = self.config;
        let host = host(&config.base_url);
        let (outcome, waited) = config.patience.after(self.elapsed).watch(self, LOOK_EVERY, host).await;
        self.elapsed += waited;
        let call = self.call(Method::Get, "", Sent::Empty);
        vision_http::read(&call, &outcome?, |reply| Job::read(reply, host)?.response(reply, host, by_schema))
    }

    /// Deletes job and file. What cannot be deleted now is no reason to lose an answer.
    pub(crate) async fn delete(mut self) {
        let job = self.job.take().map(|job| format!("api/v2/extract/{job}"));
        let places = job.into_iter().chain([format!("api/v1/beta/files/{}", self.file)]);
        let pause = self.config.patience.pause.clone();
        for place in places {
            let deleting = self.send(Method::Delete, &place, Sent::Empty);
            let _ = pause.within(DELETE_WITHIN, deleting).await;
        }
    }

    async fn send(&mut self, method: Method, place: &str, body: Sent) -> Result<Reply> {
        let reply = exchange(self.transport, self.call(method, place, body)).await?;
        self.elapsed += reply.timing.total;
        match reply.is_success() {
            true => Ok(reply),
            false => Err(failure::decode(&reply, host(&self.config.base_url))),
        }
    }

    fn call(&self, method: Method, place: &str, body: Sent) -> Call {
        Call::new(method, join(&self.config.base_url, place), body).with_auth(self.config.auth())
    }

    /// The name that the service gave to something, if it can stand in an address.
    fn name(&self, reply: &Reply) -> Result<String> {
        let body: serde_json::Value = reply.json()?;
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        match body["id"].as_str() {
            Some(id) if !id.is_empty() && id.len() <= 128 && id.bytes().all(known) => Ok(id.to_owned()),
            _ if failure::is_failure(reply) => Err(failure::decode(reply, host(&self.config.base_url))),
            _ => Err(reply.malformed(format!("{} gave no name", host(&self.config.base_url)))),
        }
    }
}

#[async_trait]
impl vision_document::Job for Work<'_> {
    type Done = Reply;

    async fn look(&mut self) -> Result<Look<Reply>> {
        let job = self.job.as_deref().unwrap_or_default();
        let place = format!("api/v2/extract/{job}?expand=usage");
        let reply = self.send(Method::Get, &place, Sent::Empty).await?;
        Ok(match Job::read(&reply, host(&self.config.base_url)) {
            Ok(job) if job.is_busy() => Look::Busy(next_look(&reply).unwrap_or(LOOK_EVERY)),
            _ => Look::Done(reply),
        })
    }
}
