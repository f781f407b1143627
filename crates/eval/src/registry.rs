use vision_core::Provider;

use crate::{ProviderConfig, SetupError};

/// Builds providers by name. The command line has the only one that knows them all.
pub trait Registry: Send + Sync {
    /// Builds one provider, without layers around it.
    fn build(&self, config: &ProviderConfig) -> Result<Built, SetupError>;
}

/// A provider, and what a plan must know of it.
#[derive(Debug)]
pub struct Built {
    /// One attempt at a time, no layers.
    pub provider: Provider,
    /// Models of one host share its limits.
    pub host: String,
    /// Where requests go.
    pub base_url: Option<String>,
    /// Requests at once, if the plan does not say otherwise.
    pub concurrency: usize,
    /// Whether it runs on this machine for nothing.
    pub local: bool,
    /// A sentence for reports, where the name does not say it all.
    pub about: String,
}
