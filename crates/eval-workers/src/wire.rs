//! What is sent through the broker, and how it is published.

use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::message::PublishMessage;
use bytes::Bytes;
use eval::{Assignment, Report};
use eval_record::Plan;
use serde::{Deserialize, Serialize};

/// The version of all messages.
pub const VERSION: u32 = 1;

/// A run that workers may work on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The version of messages.
    pub v: u32,
    /// The run's name at the broker.
    pub run: String,
    /// What is asked of whom; nothing secret is in it.
    pub plan: Plan,
    /// After how many seconds of silence a worker counts as gone.
    pub silence_seconds: f64,
}

/// An assignment on its way.
#[derive(Debug, Serialize, Deserialize)]
pub struct Assigned {
    /// What the broker tells messages apart by: the report has the same.
    pub message: String,
    #[serde(flatten)]
    pub assignment: Assignment,
}

/// A worker begins with an assignment. Only the first one that says so may.
#[derive(Debug, Serialize, Deserialize)]
pub struct Started {
    /// The assignment's id.
    pub assignment: String,
    /// Who begins; different each time.
    pub by: String,
}

/// A report on its way.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// The assignment's id.
    pub assignment: String,
    #[serde(flatten)]
    pub report: Report,
}

/// Publishes until the broker says that it has stored the message, however long it is away. A message that is stored
/// already is not stored again.
pub async fn publish(jetstream: &Context, subject: &str, message: &str, payload: Vec<u8>) {
    let payload = Bytes::from(payload);
    let mut wait = Duration::from_millis(50);
    loop {
        let publication = PublishMessage::build().payload(payload.clone()).message_id(message);
        let stored = match jetstream.send_publish(subject.to_owned(), publication).await {
            Ok(stored) => stored.await.map(|_| ()),
            Err(error) => Err(error),
        };
        let Err(error) = stored else { return };
        tracing::debug!(subject, message, %error, "not stored by the broker: trying again");
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(2));
    }
}
