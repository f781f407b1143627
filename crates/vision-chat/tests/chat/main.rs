#![expect(clippy::unwrap_used, reason = "a test may fail at any line")]

mod errors;
mod replies;
mod requests;
mod support;
