//! Who may make an attempt: the first worker that says so.
//!
//! A broker delivers again what nobody acknowledges, and one that was killed does not even know that it has delivered
//! before. What it has stored it keeps, so that a stored message decides.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::RawMessageErrorKind;

use crate::names::Names;
use crate::wire::{Assigned, Started};

/// Claims an assignment, however long the broker is away. Whether nobody has begun with it before.
pub async fn claim(jetstream: &Context, names: &Names, assigned: &Assigned) -> bool {
    let assignment = assigned.assignment.id();
    let subject = names.started(&assignment);
    let started = Started { assignment, by: mark() };
    let payload = bytes::Bytes::from(serde_json::to_vec(&started).unwrap_or_default());
    loop {
        let publication = PublishMessage::build()
            .payload(payload.clone())
            // Two ways to be refused: the first holds while the message is stored, the second for a while longer.
            .expected_last_subject_sequence(0)
            .message_id(format!("{} begun", assigned.message));
        let stored = match jetstream.send_publish(subject.clone(), publication).await {
            Ok(stored) => stored.await,
            Err(error) => Err(error),
        };
        match stored {
            Ok(stored) if !stored.duplicate => return true,
            Ok(_) => {}
            Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => {}
            Err(error) => {
                tracing::debug!(subject, %error, "an assignment cannot be claimed: trying again");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        }
        // Its own claim may have been stored although the broker went away before it had said so.
        if let Some(is_own) = is_own(jetstream, names, &subject, &started.by).await {
            return is_own;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

const PAUSE: Duration = Duration::from_millis(200);

/// Whether the claim that is stored is this one; `None` if the broker does not say.
async fn is_own(jetstream: &Context, names: &Names, subject: &str, by: &str) -> Option<bool> {
    let reports = jetstream.get_stream_no_info(names.reports()).await.ok()?;
    match reports.get_last_raw_message_by_subject(subject).await {
        Ok(message) => {
            Some(serde_json::from_slice::<Started>(&message.payload).is_ok_and(|stored| stored.by == by))
        }
        Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Some(false),
        Err(_) => None,
    }
}

/// Different each time, on every machine: the standard library seeds its hashers from the system.
fn mark() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{:016x}", RandomState::new().hash_one(COUNT.fetch_add(1, Ordering::Relaxed)))
}
