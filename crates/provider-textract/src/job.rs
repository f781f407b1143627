//! Documents of several pages: put into a bucket, read by a job, and taken out again.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use vision_core::{ErrorKind, Request, Response, Result, Stop, Timing};
use vision_document::{Job, LOOK_EVERY, Look, only_medium};
use vision_http::tolerant::{items, lenient};
use vision_http::{AwsFailure, Call, Reply, Transport, exchange, host};

use crate::answer::Answer;
use crate::bucket::{Bucket, Object};
use crate::{Config, Model, body, failure};

/// Reads a document by way of the bucket.
pub(crate) async fn read(
    config: &Config,
    bucket: &Bucket,
    model: Model,
    transport: &dyn Transport,
    request: &Request,
) -> Result<Response> {
    let (object, put) = Object::put(bucket, transport, only_medium(request)?).await?;
    let outcome = answer(config, bucket, model, transport, request, &object).await;
    object.delete().await;
    outcome.map(|mut response| {
        response.timing.total += put;
        response
    })
}

/// Has a document of the bucket read, and waits for it.
async fn answer(
    config: &Config,
    bucket: &Bucket,
    model: Model,
    transport: &dyn Transport,
    request: &Request,
    object: &Object<'_>,
) -> Result<Response> {
    let place = body::Place { bucket: &bucket.name, name: &object.key(), token: object.token() };
    let start = body::start(&config.base_url, model, request, place)?;
    let mut call = Call { dropped: vision_document::dropped(request), ..start };
    // The object's name is different each time, and a recording must be found again.
    call.private.push(object.private());
    let call = call.with_auth(config.auth.clone());
    let reply = started(config, bucket, transport, &call).await?;
    let Started { job_id } = reply.json()?;
    let mut reading = Reading {
        config,
        model,
        transport,
        job_id,
        looks: 0,
        token: None,
        answer: Answer::default(),
        elapsed: reply.timing.total,
    };
    let host = host(&config.base_url);
    let patience = bucket.patience.after(reading.elapsed);
    let (outcome, waited) = patience.watch(&mut reading, LOOK_EVERY, host).await;
    let (reply, stop) = outcome?;
    let response = vision_http::read(&call, &reply, |reply| reading.answer.response(model, request, reply))?;
    let timing = Timing { total: reading.elapsed + waited, ..Timing::default() };
    Ok(Response { stop, timing, ..response })
}

/// Calls that begin one job. They carry one token, so that the service begins it, and bills it, once.
const MOST_STARTS: u32 = 3;

/// Begins a job. Where the reply is lost, the job may have begun all the same: asking again in the same words gives it.
async fn started(config: &Config, bucket: &Bucket, transport: &dyn Transport, call: &Call) -> Result<Reply> {
    let mut may_have_begun = false;
    for start in 1.. {
        match exchange(transport, call.clone()).await {
            Ok(reply) => return accepted(config, reply),
            Err(error) if error.is_transient() && start < MOST_STARTS => {
                may_have_begun |= error.details.maybe_billed;
                bucket.patience.pause.wait(LOOK_EVERY).await;
            }
            Err(mut error) => {
                if may_have_begun || error.details.maybe_billed {
                    error.details.maybe_billed = true;
                    // Under another name it would be another job.
                    error.details.should_retry = Some(false);
                }
                return Err(error);
            }
        }
    }
    unreachable!("the loop returns on its last start")
}

/// Sends a call, and gives a reply that is no failure.
async fn exchanged(config: &Config, transport: &dyn Transport, call: Call) -> Result<Reply> {
    accepted(config, exchange(transport, call).await?)
}

fn accepted(config: &Config, reply: Reply) -> Result<Reply> {
    match reply.is_success() && reply.aws_failure() == AwsFailure::default() {
        true => Ok(reply),
        false => Err(failure::decode(&reply, host(&config.base_url))),
    }
}

/// A document that is being read.
struct Reading<'a> {
    config: &'a Config,
    model: Model,
    transport: &'a dyn Transport,
    job_id: String,
    looks: u32,
    /// Where the next part of its result begins, once there is one.
    token: Option<String>,
    answer: Answer,
    elapsed: Duration,
}

/// The answer of one look.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Looked {
    job_status: String,
    #[serde(default, deserialize_with = "lenient")]
    status_message: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    next_token: Option<String>,
    #[serde(default, deserialize_with = "items")]
    warnings: Option<Vec<Warning>>,
}

/// Pages that could not be read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Warning {
    #[serde(default, deserialize_with = "lenient")]
    error_code: Option<String>,
    #[serde(default, deserialize_with = "items")]
    pages: Option<Vec<u64>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Started {
    job_id: String,
}

/// The service allows few looks a second, over all documents.
fn next_look(looks: u32) -> Duration {
    LOOK_EVERY.mul_f64(1.5_f64.powi(looks.min(6).cast_signed()))
}

#[async_trait]
impl Job for Reading<'_> {
    type Done = (Reply, Stop);

    async fn look(&mut self) -> Result<Look<Self::Done>> {
        let call = body::look(&self.config.base_url, self.model, &self.job_id, self.token.as_deref())?;
        let reply = exchanged(self.config, self.transport, call.with_auth(self.config.auth.clone())).await?;
        self.elapsed += reply.timing.total;
        let looked: Looked = reply.json()?;
        let stop = match looked.job_status.as_str() {
            "IN_PROGRESS" => {
                self.looks += 1;
                return Ok(Look::Busy(next_look(self.looks)));
            }
            "SUCCEEDED" => Stop::Complete,
            // What could be read is an answer, which says what it lacks.
            "PARTIAL_SUCCESS" => Stop::Other(unread(looked.warnings.unwrap_or_default())),
            "FAILED" => {
                let words = looked.status_message.unwrap_or_else(|| "no reason given".to_owned());
                let message = format!("{} could not read the document: {words}", host(&self.config.base_url));
                return Err(reply.error(ErrorKind::InvalidRequest, message));
            }
            other => {
                let message = format!("{} says the job is `{other}`", host(&self.config.base_url));
                return Err(reply.malformed(message));
            }
        };
        self.answer.append(reply.json()?);
        self.token = looked.next_token.filter(|token| !token.is_empty());
        Ok(match self.token {
            Some(_) => Look::Busy(Duration::ZERO),
            None => Look::Done((reply, stop)),
        })
    }
}

/// `partial: pages 2, 5 unread (INTERNAL_ERROR)`.
fn unread(warnings: Vec<Warning>) -> String {
    let each = warnings.into_iter().map(|warning| {
        let pages: Vec<String> = warning.pages.iter().flatten().map(u64::to_string).collect();
        let code = warning.error_code.unwrap_or_else(|| "no reason given".to_owned());
        format!("pages {} unread ({code})", pages.join(", "))
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { "partial".to_owned() } else { format!("partial: {}", each.join("; ")) }
}
