use serde::Deserialize;
use serde_json::Value;
use vision_core::{ErrorKind, Response, Result, Stop, Usage};
use vision_http::Reply;
use vision_http::tolerant::{count, lenient};

use crate::body::ANSWER;
use crate::failure;

/// What a look shows.
#[derive(Deserialize)]
pub(crate) struct Job {
    pub id: String,
    pub status: String,
    #[serde(default, deserialize_with = "lenient")]
    error_message: Option<String>,
    #[serde(default)]
    extract_result: Value,
    #[serde(default, deserialize_with = "lenient")]
    metadata: Option<Metadata>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Credits>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Pages>,
}

#[derive(Deserialize)]
struct Pages {
    #[serde(default, deserialize_with = "count")]
    num_pages_billed: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    num_pages_extracted: Option<u64>,
}

#[derive(Deserialize)]
struct Credits {
    #[serde(default, deserialize_with = "lenient")]
    credits: Option<f64>,
}

impl Job {
    /// Reads what a look brought.
    pub fn read(reply: &Reply, host: &str) -> Result<Self> {
        match reply.json() {
            Ok(job) => Ok(job),
            Err(_) if failure::is_failure(reply) => Err(failure::decode(reply, host)),
            Err(error) => Err(error),
        }
    }

    /// Whether the service is still at it.
    pub fn is_busy(&self) -> bool {
        matches!(self.status.as_str(), "PENDING" | "RUNNING" | "THROTTLED")
    }

    /// The answer of a job that has ended.
    pub fn response(self, reply: &Reply, host: &str, by_schema: bool) -> Result<Response> {
        let usage = self.usage();
        let failed = |kind, words: String| {
            let mut error = reply.error(kind, words);
            error.details.usage = usage;
            error
        };
        let words = self.error_message.as_deref().unwrap_or("no reason given");
        let stop = match self.status.as_str() {
            "COMPLETED" => Stop::Complete,
            // What could be read is an answer, which says what it lacks.
            "PARTIAL_SUCCESS" => Stop::Other(format!("partial: {words}")),
            other => {
                let message = format!("{host}: the job is {}: {words}", other.to_lowercase());
                return Err(failed(failure::of_job(words), message));
            }
        };
        let text = match self.extract_result {
            Value::Null => {
                return Err(failed(ErrorKind::Malformed, format!("{host}: the job has no result")));
            }
            result if by_schema => result.to_string(),
            result => result[ANSWER].as_str().unwrap_or_default().to_owned(),
        };
        Ok(Response {
            text,
            stop,
            usage,
            request_id: Some(self.id),
            limits: reply.limits(),
            ..Response::default()
        })
    }

    fn usage(&self) -> Usage {
        let pages = self.metadata.as_ref().and_then(|about| about.usage.as_ref());
        // Parts of a credit are billed; a whole one more is counted for them.
        let credits =
            self.usage.as_ref().and_then(|usage| usage.credits).filter(|it| (0.0..1e9).contains(it));
        Usage {
            pages: pages.and_then(|pages| pages.num_pages_billed.or(pages.num_pages_extracted)),
            credits: credits.map(|credits| credits.ceil() as u64),
            ..Usage::default()
        }
    }
}
