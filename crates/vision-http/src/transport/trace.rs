use std::time::Instant;

use tracing::{Level, debug, enabled, trace};
use vision_core::{Result, Secret};

use crate::{Call, Reply};

/// Logs when a request leaves and how it ended. Neither keys nor bodies nor queries are logged.
pub(super) struct Trace {
    method: &'static str,
    host: String,
    path: String,
    secrets: Vec<Secret>,
    begun: Instant,
}

impl Trace {
    /// Nothing is prepared without a subscriber.
    pub fn begin(call: &Call) -> Option<Self> {
        if !enabled!(Level::DEBUG) {
            return None;
        }
        let secrets: Vec<Secret> = call.secrets().cloned().collect();
        let url = scrub(&call.url, &secrets);
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        let path = path.find('/').map_or("/", |at| &path[at..]).to_owned();
        let (method, host) = (call.method.name(), crate::host(&url).to_owned());
        trace!(method, host, path, bytes = call.body.len(), "sending");
        Some(Self { method, host, path, secrets, begun: Instant::now() })
    }

    /// Whatever the status: only silence is a failure here.
    pub fn end(&self, outcome: &Result<Reply>) {
        let Self { method, host, path, .. } = self;
        let in_all_ms = self.begun.elapsed().as_millis();
        match outcome {
            Ok(reply) => {
                let provider_ms = reply.timing.total.as_millis();
                let request = reply.request_id().map(|id| scrub(&scrub(id, &self.secrets), &reply.sent));
                let bytes = reply.body.len();
                debug!(
                    method,
                    host,
                    path,
                    status = reply.status,
                    provider_ms,
                    in_all_ms,
                    bytes,
                    request,
                    "answered"
                );
            }
            Err(error) => {
                let (kind, why) = (error.kind().name(), scrub(&error.chain(), &self.secrets));
                debug!(method, host, path, kind, in_all_ms, why, "failed");
            }
        }
    }
}

fn scrub(text: &str, secrets: &[Secret]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| secret.scrub(&text))
}
