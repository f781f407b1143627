use vision_core::{Attempt, Error, Limits, Response, Result};

/// What a layer needs to see of a result, whether it is an answer or a failure.
pub(crate) trait Outcome {
    /// The attempts so far.
    fn attempts(&mut self) -> &mut Vec<Attempt>;

    /// What the provider still allows.
    fn limits(&self) -> Limits;
}

impl Outcome for Result<Response> {
    fn attempts(&mut self) -> &mut Vec<Attempt> {
        match self {
            Ok(response) => &mut response.attempts,
            Err(error) => &mut error.details.attempts,
        }
    }

    fn limits(&self) -> Limits {
        match self {
            Ok(response) => response.limits,
            Err(Error { details, .. }) => details.limits,
        }
    }
}

/// Writes the methods that a layer only passes on.
macro_rules! pass_on {
    () => {
        fn id(&self) -> &vision_core::ProviderId {
            self.inner.id()
        }

        fn capabilities(&self) -> &vision_core::Capabilities {
            self.inner.capabilities()
        }

        fn estimate(&self, request: &vision_core::Request) -> vision_core::Estimate {
            self.inner.estimate(request)
        }
    };
}

pub(crate) use pass_on;
