use std::fmt;

use async_trait::async_trait;
use vision_core::{Capabilities, Estimate, ProviderId, Request, Response, Result};

use crate::{Call, Reply};

/// A provider's wire format: two pure functions and some data.
///
/// [`HttpProvider`](crate::HttpProvider) turns it into a provider. Sending, scrubbing keys out of replies, and
/// everything that surrounds a call is shared.
pub trait Wire: fmt::Debug + Send + Sync {
    /// What reports print.
    fn id(&self) -> &ProviderId;

    /// What the model can do.
    fn capabilities(&self) -> &Capabilities;

    /// Tokens the request will be billed.
    fn estimate(&self, request: &Request) -> Estimate;

    /// Writes the call. The same request gives the same bytes.
    fn encode(&self, request: &Request) -> Result<Call>;

    /// Reads a reply of any status: an answer, or an error of the right kind.
    fn decode(&self, reply: &Reply) -> Result<Response>;
}

/// Moves bytes.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync {
    /// Performs one attempt.
    ///
    /// Any status is a reply; only silence is an error, so that a recording can hold a 429.
    async fn send(&self, call: Call) -> Result<Reply>;
}
