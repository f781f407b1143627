//! Assignments that the broker still holds.

use async_nats::jetstream::stream::{RawMessageErrorKind, Stream};

use crate::Result;
use crate::wire::Assigned;

/// An assignment in its stream.
pub struct Leftover {
    pub sequence: u64,
    pub assigned: Assigned,
}

/// All of them, in their order: those under way, and those that nobody has taken yet. They are as many as a run has
/// places, and no more.
pub async fn leftovers(assignments: &Stream, subject: &str) -> Result<Vec<Leftover>> {
    let mut found = Vec::new();
    let mut next = 1;
    loop {
        let message = assignments.raw_message_builder().sequence(next).next_by_subject(subject).send().await;
        let message = match message {
            Ok(message) => message,
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => return Ok(found),
            Err(error) => return Err(format!("the broker's assignments cannot be read: {error}")),
        };
        next = message.sequence + 1;
        // What others put there is nothing that this run has assigned.
        if let Ok(assigned) = serde_json::from_slice::<Assigned>(&message.payload) {
            found.push(Leftover { sequence: message.sequence, assigned });
        }
    }
}
