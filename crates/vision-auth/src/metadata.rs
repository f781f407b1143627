//! Services that tell a cloud's own machines and containers who they are. Only who runs there is answered, and at once.

use std::time::Duration;

use vision_core::{Error, ErrorKind, Result};
use vision_http::{Call, Reply, Transport, exchange};

/// Only the clouds answer at those addresses, and not all networks say so at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// Asks such a service. `name` is for people.
pub(crate) async fn ask(transport: &dyn Transport, call: Call, name: &str) -> Result<Reply> {
    let failed = |why: String| Error::new(ErrorKind::Auth, format!("{name}: {why}"));
    let reply = match tokio::time::timeout(PATIENCE, exchange(transport, call)).await {
        Ok(reply) => reply.map_err(|error| failed(error.message().to_owned()))?,
        Err(_) => return Err(failed(format!("no answer within {} s", PATIENCE.as_secs()))),
    };
    match reply.is_success() {
        true => Ok(reply),
        false => Err(failed(format!("status {}", reply.status))),
    }
}
