//! Has the requests of a run sent by workers, and is one: where this build can.

#[cfg(not(feature = "workers"))]
mod absent;
#[cfg(feature = "workers")]
mod nats;

#[cfg(not(feature = "workers"))]
pub use absent::{Engaged, engage, work};
#[cfg(feature = "workers")]
pub use nats::{Engaged, engage, work};

/// A broker's address. It stands in the plan of a run, and must hold nothing private.
pub fn address(typed: &str) -> Result<String, &'static str> {
    let rest = typed.split_once("://").map_or(typed, |(_, rest)| rest);
    match rest.contains('@') {
        true => Err("must hold neither a user nor a token: set NATS_TOKEN, or NATS_USER and NATS_PASSWORD"),
        false => Ok(typed.to_owned()),
    }
}

/// Variables in which a broker's keys are.
pub const SECRET_VARIABLES: [&str; 3] = ["NATS_TOKEN", "NATS_PASSWORD", "NATS_NKEY"];
