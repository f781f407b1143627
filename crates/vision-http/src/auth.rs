//! What opens a host's door: a key in a header, a signature, or a token that somebody gives out for an hour.
//!
//! Keys and tokens are put into a request by the transport that sends it, after everything that records, replays or
//! logs the request, so that none of them ever sees one.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use vision_core::{Result, Secret};

use crate::{Call, Reply, Transport};

mod renewed;
mod sigv4;

pub use renewed::{Fresh, Renewed, Source};
pub use sigv4::{AwsKeys, Scope, Signed, Unsigned, sign};

/// How a call proves who sends it. `Debug` shows no key.
#[derive(Debug, Clone)]
pub enum Auth {
    /// `NAME: PREFIX KEY`.
    Header {
        /// The header's lower-case name.
        name: &'static str,
        /// What stands before the key, its blank included.
        prefix: &'static str,
        /// The key.
        key: Secret,
    },
    /// `authorization: Bearer KEY`.
    Bearer(Secret),
    /// A signature of Amazon's, made anew for each attempt.
    SigV4(SigV4),
    /// A token of Google's.
    GoogleToken(GoogleToken),
    /// A token of Microsoft's.
    EntraToken(Arc<Renewed<Secret>>),
}

/// What a signature of Amazon's needs.
#[derive(Clone)]
pub struct SigV4 {
    /// The keys, which may be good for an hour only.
    pub keys: Arc<Renewed<AwsKeys>>,
    /// `us-east-1`.
    pub region: String,
    /// The name under which the service signs, which is not always that of its host.
    pub service: &'static str,
}

impl fmt::Debug for SigV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigV4({}/{}, keys from {})", self.region, self.service, self.keys.name())
    }
}

/// A token of Google's, and who pays.
#[derive(Debug, Clone)]
pub struct GoogleToken {
    /// Where the token comes from.
    pub tokens: Arc<Renewed<Secret>>,
    /// The project that is billed, where a person's own token names none.
    pub quota_project: Option<String>,
}

/// Headers that are added on the way out, and what of them no reply may bring back.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    pub headers: Vec<(&'static str, Secret)>,
    pub secrets: Vec<Secret>,
}

impl Auth {
    /// `authorization: Bearer KEY`.
    pub fn bearer(key: Secret) -> Self {
        Self::Bearer(key)
    }

    /// `name: KEY`.
    pub fn header(name: &'static str, key: Secret) -> Self {
        Self::Header { name, prefix: "", key }
    }

    /// The lower-case name of the header that carries the proof, and what stands in it before the key.
    pub fn place(&self) -> (&'static str, &'static str) {
        match self {
            Self::Header { name, prefix, .. } => (name, prefix),
            Self::Bearer(_) | Self::GoogleToken(_) | Self::EntraToken(_) => ("authorization", "Bearer "),
            Self::SigV4(_) => ("authorization", "AWS4-HMAC-SHA256 "),
        }
    }

    /// The key, if it is known before the call is sent.
    pub fn key(&self) -> Option<&Secret> {
        match self {
            Self::Header { key, .. } | Self::Bearer(key) => Some(key),
            Self::SigV4(_) | Self::GoogleToken(_) | Self::EntraToken(_) => None,
        }
    }

    /// Where keys or tokens come from that are good for a while, for people; nothing for a key of a person's own.
    pub fn source(&self) -> Option<&str> {
        match self {
            Self::Header { .. } | Self::Bearer(_) => None,
            Self::SigV4(it) => Some(it.keys.name()),
            Self::GoogleToken(it) => Some(it.tokens.name()),
            Self::EntraToken(it) => Some(it.name()),
        }
    }

    /// What can be seen to be missing of that before anybody is asked.
    pub fn lacks(&self) -> Option<&str> {
        match self {
            Self::Header { .. } | Self::Bearer(_) => None,
            Self::SigV4(it) => it.keys.lacks(),
            Self::GoogleToken(it) => it.tokens.lacks(),
            Self::EntraToken(it) => it.lacks(),
        }
    }

    /// Whether its source may have another one.
    pub(crate) fn is_renewed(&self) -> bool {
        self.source().is_some()
    }

    /// Whether a host says in this reply that the proof is no longer good. Amazon says so in words; elsewhere 401 is about
    /// the token, and 403 about what its owner may do.
    pub(crate) fn has_ended(&self, reply: &Reply) -> bool {
        match self {
            Self::Header { .. } | Self::Bearer(_) => false,
            Self::SigV4(_) => reply.aws_failure().is_about_keys(),
            Self::GoogleToken(_) | Self::EntraToken(_) => reply.status == 401,
        }
    }

    /// Whether the source now gives another proof than the one that held these.
    pub(crate) async fn differs_from(&self, sent: &[Secret], transport: &dyn Transport) -> bool {
        let is_new = |token: Result<Secret>| token.is_ok_and(|token| !sent.contains(&token));
        match self {
            Self::Header { .. } | Self::Bearer(_) => false,
            Self::SigV4(it) => match it.keys.get(transport).await {
                Ok(keys) => keys.parts().any(|part| !sent.contains(part)),
                Err(_) => false,
            },
            Self::GoogleToken(it) => is_new(it.tokens.get(transport).await),
            Self::EntraToken(it) => is_new(it.get(transport).await),
        }
    }

    /// A host has rejected a proof that held these: they are thrown away, and the next call asks for new ones.
    pub(crate) fn forget(&self, sent: &[Secret]) {
        match self {
            Self::Header { .. } | Self::Bearer(_) => {}
            Self::SigV4(it) => it.keys.forget(|keys| keys.parts().all(|part| sent.contains(part))),
            Self::GoogleToken(it) => it.tokens.forget(|token| sent.contains(token)),
            Self::EntraToken(it) => it.forget(|token| sent.contains(token)),
        }
    }

    /// The headers for this call. Tokens are fetched over `transport` if need be.
    pub(crate) async fn prove(
        &self,
        call: &Call,
        url: &reqwest::Url,
        transport: &dyn Transport,
    ) -> Result<Proof> {
        Ok(match self {
            Self::Header { key, .. } | Self::Bearer(key) => {
                let (name, prefix) = self.place();
                // The caller knows this key, and scrubs it.
                Proof { headers: vec![(name, prefixed(prefix, key))], secrets: Vec::new() }
            }
            Self::SigV4(it) => {
                let keys = it.keys.get(transport).await?;
                let scope = Scope { region: &it.region, service: it.service };
                sigv4::prove(&unsigned(call, url), &keys, scope, SystemTime::now())
            }
            Self::GoogleToken(it) => {
                let mut proof = bearer(it.tokens.get(transport).await?);
                let project = it.quota_project.as_ref().map(Secret::new);
                proof.headers.extend(project.map(|project| ("x-goog-user-project", project)));
                proof
            }
            Self::EntraToken(tokens) => bearer(tokens.get(transport).await?),
        })
    }
}

fn bearer(token: Secret) -> Proof {
    Proof { headers: vec![("authorization", prefixed("Bearer ", &token))], secrets: vec![token] }
}

fn prefixed(prefix: &str, key: &Secret) -> Secret {
    Secret::new(format!("{prefix}{}", key.expose()))
}

fn unsigned<'a>(call: &'a Call, url: &'a reqwest::Url) -> Unsigned<'a> {
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    // Amazon wants its own headers signed, and the type of the body.
    let amazon = call.headers.iter().filter(|(name, _)| name.starts_with("x-amz-"));
    let mut headers: Vec<(&str, &str)> = amazon.map(|(name, value)| (*name, value.as_str())).collect();
    headers.extend(call.body.content_type().map(|value| ("content-type", value)));
    Unsigned {
        method: call.method.name(),
        host,
        path: url.path(),
        query: url.query().unwrap_or_default(),
        headers,
        body_sha256: call.body.sha256(),
    }
}
