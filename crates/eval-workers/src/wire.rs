//! How messages are published.

use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::message::PublishMessage;
use bytes::Bytes;

pub use eval::messages::{Assigned, Notice, Started, Told, VERSION};

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
