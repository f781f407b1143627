use async_trait::async_trait;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, Provider, ProviderId, Request, Response, Result, VisionProvider,
};

use super::{Credentials, Kind};

/// Where a key is from, to name it when the key is rejected.
#[derive(Debug, Clone)]
pub struct KeySource {
    source: String,
    /// Where there are others; empty if that is not known.
    page: &'static str,
}

/// A provider whose rejected key is reported with its source.
#[derive(Debug)]
struct Sourced {
    inner: Provider,
    source: KeySource,
    host: String,
}

impl KeySource {
    /// `None` if there is no key.
    pub fn of(kind: &Kind, credentials: Option<&Credentials>) -> Option<Self> {
        let source = credentials?.source.clone()?;
        // Other keys of profiles and programs are not on that page.
        let page = if kind.keys.contains(&source.as_str()) { kind.key_page } else { "" };
        Some(Self { source, page })
    }

    /// Puts the source into what `provider` says of its key.
    pub fn around(self, provider: Provider, base_url: &str) -> Provider {
        std::sync::Arc::new(Sourced {
            inner: provider,
            source: self,
            host: vision_http::host(base_url).to_owned(),
        })
    }

    /// `key rejected by HOST (from SOURCE): …`
    pub fn name(&self, error: Error, host: &str) -> Error {
        if error.kind() != ErrorKind::Auth {
            return error;
        }
        let Self { source, page } = self;
        error.reworded(|message| {
            let rejected = format!("key rejected by {host}");
            let named = match message.strip_prefix(&rejected) {
                Some(rest) => format!("{rejected} (from {source}){rest}"),
                None => format!("{message} (the key is from {source})"),
            };
            if page.is_empty() { named } else { format!("{named} (keys are at {page})") }
        })
    }
}

#[async_trait]
impl VisionProvider for Sourced {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.inner.estimate(request)
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.inner.analyze(request).await.map_err(|error| self.source.name(error, &self.host))
    }
}

#[cfg(test)]
mod tests {
    use vision_core::{Error, ErrorKind};

    use super::KeySource;

    #[track_caller]
    fn check(kind: ErrorKind, message: &str, named: &str) {
        let source = KeySource { source: "A_KEY".to_owned(), page: "https://a.test/keys" };
        assert_eq!(source.name(Error::new(kind, message), "a.test").message(), named);
    }

    #[test]
    fn a_rejected_key_is_named_by_its_variable() {
        check(
            ErrorKind::Auth,
            "key rejected by a.test: no such key",
            "key rejected by a.test (from A_KEY): no such key (keys are at https://a.test/keys)",
        );
        check(
            ErrorKind::Auth,
            "a.test denies access to this key",
            "a.test denies access to this key (the key is from A_KEY) (keys are at https://a.test/keys)",
        );
    }

    #[test]
    fn other_failures_stay_as_they_are() {
        check(ErrorKind::RateLimited, "slow down", "slow down");
    }
}
