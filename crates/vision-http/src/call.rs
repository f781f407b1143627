use std::borrow::Cow;
use std::fmt;

use vision_core::Secret;

use crate::{Auth, Pieces};

/// One HTTP request, ready to be sent. Its `Debug` output holds neither keys nor private pieces nor bodies.
#[derive(Clone)]
pub struct Call {
    /// What to do.
    pub method: Method,
    /// Where to. Never holds a key.
    pub url: String,
    /// What opens the door, if it is locked.
    pub auth: Option<Auth>,
    /// All other headers, with lower-case names.
    pub headers: Vec<(&'static str, String)>,
    /// What to send.
    pub body: Body,
    /// Parameters of the request that were left out because this model refuses them.
    pub dropped: Vec<&'static str>,
    /// Private pieces other than the key (a folder, a project) that must not reach a record.
    pub private: Vec<Secret>,
}

/// The HTTP methods that are used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the method of that name")]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// What a call sends. Cheap to clone.
#[derive(Clone, Default, PartialEq)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// JSON text.
    Json(Pieces),
    /// Anything else, with its content type.
    Raw {
        /// The content type, with a multipart boundary if there is one.
        content_type: String,
        /// The bytes.
        bytes: Pieces,
    },
}

impl Call {
    /// A `GET` without a body.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::Get, url.into(), Body::Empty)
    }

    /// A `POST` of JSON.
    pub fn post_json(url: impl Into<String>, json: Pieces) -> Self {
        Self::new(Method::Post, url.into(), Body::Json(json))
    }

    /// A call without key and headers.
    pub fn new(method: Method, url: String, body: Body) -> Self {
        Self { method, url, auth: None, headers: Vec::new(), body, dropped: Vec::new(), private: Vec::new() }
    }

    /// The same call with a key.
    #[must_use]
    pub fn with_auth(mut self, auth: Auth) -> Self {
        self.auth = Some(auth);
        self
    }

    /// Every secret of this call that is known before it is sent: the key and whatever else is private.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.auth.iter().filter_map(Auth::key).chain(&self.private)
    }
}

impl Method {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl Body {
    /// The bytes in a row, however they are called: for those who look at them. Sending does not need it.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Empty => Cow::default(),
            Self::Json(bytes) | Self::Raw { bytes, .. } => bytes.whole(),
        }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Json(bytes) | Self::Raw { bytes, .. } => bytes.len(),
        }
    }

    /// The SHA-256 of the bytes, in hexadecimal.
    pub(crate) fn sha256(&self) -> String {
        match self {
            Self::Empty => crate::hash::sha256(&[]),
            Self::Json(bytes) | Self::Raw { bytes, .. } => crate::hash::sha256_of(bytes.iter()),
        }
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes as they lie.
    pub fn into_pieces(self) -> Pieces {
        match self {
            Self::Empty => Pieces::default(),
            Self::Json(bytes) | Self::Raw { bytes, .. } => bytes,
        }
    }

    /// The content type, if there is a body.
    pub fn content_type(&self) -> Option<&str> {
        match self {
            Self::Empty => None,
            Self::Json(_) => Some("application/json"),
            Self::Raw { content_type, .. } => Some(content_type),
        }
    }
}

impl fmt::Debug for Call {
    /// A private piece is a `Secret` in `private`, but it stands in a header or the address as plain text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scrub = |text: &str| self.secrets().fold(text.to_owned(), |text, secret| secret.scrub(&text));
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (name, scrub(value))).collect();
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("url", &scrub(&self.url))
            .field("auth", &self.auth)
            .field("headers", &headers)
            .field("body", &self.body)
            .field("dropped", &self.dropped)
            .field("private", &self.private)
            .finish()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of {}", self.bytes().len(), self.content_type().unwrap_or("nothing"))
    }
}

#[cfg(test)]
mod tests {
    use vision_core::Secret;

    use super::Call;
    use crate::Auth;

    #[test]
    fn debug_output_stars_keys_and_private_pieces() {
        let (key, folder) = ("sk-Qz7Wv3Xk9Jp2Ry6T", "b1gdirectory0folder");
        let call = Call {
            headers: vec![("x-project", folder.to_owned()), ("x-copy", format!("key {key}"))],
            private: vec![Secret::new(folder)],
            ..Call::post_json(format!("https://a.test/{folder}/ask"), key.into())
        };
        let debug = format!("{:?}", call.with_auth(Auth::bearer(Secret::new(key))));
        assert_eq!(
            debug,
            "Call { method: Post, url: \"https://a.test/***/ask\", \
             auth: Some(Bearer(***)), \
             headers: [(\"x-project\", \"***\"), (\"x-copy\", \"key ***\")], \
             body: 19 bytes of application/json, dropped: [], private: [***] }"
        );
    }
}
