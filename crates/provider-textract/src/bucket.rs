//! Where documents of several pages lie while the service reads them.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use vision_core::{Error, ErrorKind, Media, MediaKind, Result, Secret};
use vision_document::Patience;
use vision_http::{Auth, Body, Call, Method, Pause, Reply, Transport, exchange, host, join};

/// The name under which the storage service signs.
pub const STORAGE_SERVICE: &str = "s3";

/// A bucket, which has to be in the region of the service.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What stands before the names of the objects: a folder, with the slash at its end.
    pub prefix: String,
    /// Where its objects are.
    pub url: String,
    /// Keys that sign for the storage service.
    pub auth: Auth,
    /// Whether an object is deleted once it was read.
    pub delete: bool,
    /// Whether documents of one page go through the bucket, too.
    pub single_pages: bool,
    /// How to wait for a job.
    pub patience: Patience,
}

impl Bucket {
    /// A bucket at Amazon's, with its defaults.
    pub fn new(region: &str, name: impl Into<String>, auth: Auth, pause: Pause) -> Self {
        let name = name.into();
        let url = match name.contains('.') {
            // No certificate is good for a name of several parts.
            true => format!("https://s3.{region}.amazonaws.com/{name}"),
            false => format!("https://{name}.s3.{region}.amazonaws.com"),
        };
        Self {
            name,
            prefix: "vision-eval/".to_owned(),
            url,
            auth,
            delete: true,
            single_pages: false,
            patience: Patience { pause, longest: Duration::from_secs(900) },
        }
    }

    /// The same bucket at another host, where its name stands in the path.
    #[must_use]
    pub fn at(self, base_url: &str) -> Self {
        Self { url: join(base_url, &self.name), ..self }
    }

    /// Both become part of an address.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Config, message));
        let of_name = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || b"-.".contains(&it);
        let of_prefix = |it: u8| it.is_ascii_alphanumeric() || b"-._/".contains(&it);
        if !(3..=63).contains(&self.name.len()) || !self.name.bytes().all(of_name) {
            return wrong(format!("`{}` is no name of a bucket", self.name));
        }
        let strange = self.prefix.starts_with('/') || self.prefix.split('/').any(|part| part == "..");
        if strange || !self.prefix.bytes().all(of_prefix) {
            return wrong(format!("`{}` is no prefix for a bucket, such as documents/", self.prefix));
        }
        Ok(())
    }
}

/// A document in the bucket.
pub(crate) struct Object<'a> {
    bucket: &'a Bucket,
    transport: &'a dyn Transport,
    /// Nobody else's, so that no other run deletes it. Private, so that a recording is found again in spite of it.
    name: Secret,
    kind: MediaKind,
}

/// Storage that is well deletes within a second.
const DELETE_WITHIN: Duration = Duration::from_secs(5);

impl<'a> Object<'a> {
    /// Puts a document into the bucket; gives how long that took, too.
    pub(crate) async fn put(
        bucket: &'a Bucket,
        transport: &'a dyn Transport,
        media: &Media,
    ) -> Result<(Self, Duration)> {
        let chance = || RandomState::new().hash_one("object");
        let name = Secret::new(format!("{:016x}{:016x}", chance(), chance()));
        let object = Self { bucket, transport, name, kind: media.kind() };
        let bytes = media.bytes().cloned().unwrap_or_default().into();
        let body = Body::Raw { content_type: media.kind().mime().to_owned(), bytes };
        let reply = match exchange(transport, object.call(Method::Put, body)).await {
            Ok(reply) => reply,
            Err(error) => {
                // Only the reply may have been lost.
                object.delete().await;
                return Err(unbilled(error));
            }
        };
        match reply.is_success() {
            true => Ok((object, reply.timing.total)),
            false => Err(unbilled(failure(bucket, &reply))),
        }
    }

    /// Its whole name in the bucket.
    pub(crate) fn key(&self) -> String {
        format!("{}{}.{}", self.bucket.prefix, self.name.expose(), self.kind)
    }

    /// What a job on it is begun with: the same for each call that begins it.
    pub(crate) fn token(&self) -> &str {
        self.name.expose()
    }

    /// What must not be in a recording.
    pub(crate) fn private(&self) -> Secret {
        self.name.clone()
    }

    /// Takes it out again. What cannot be deleted now is no reason to lose an answer.
    pub(crate) async fn delete(self) {
        if self.bucket.delete {
            let deleting = exchange(self.transport, self.call(Method::Delete, Body::Empty));
            let _ = self.bucket.patience.pause.within(DELETE_WITHIN, deleting).await;
        }
    }

    fn call(&self, method: Method, body: Body) -> Call {
        let mut call = Call::new(method, join(&self.bucket.url, &self.key()), body);
        call.private.push(self.private());
        call.with_auth(self.bucket.auth.clone())
    }
}

/// Nobody bills a document that only lies there.
fn unbilled(mut error: Error) -> Error {
    error.details.maybe_billed = false;
    error
}

/// Storage tells its failures in XML.
fn failure(bucket: &Bucket, reply: &Reply) -> Error {
    let text = reply.text();
    let part = |tag: &str| between(&text, tag).unwrap_or_default().to_owned();
    let (code, words, host) = (part("Code"), part("Message"), host(&bucket.url));
    if code.is_empty() {
        return reply.bare_error(host);
    }
    let name = &bucket.name;
    let elsewhere = ["PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed"];
    let kind = kind(&code).unwrap_or_else(|| reply.kind());
    let message = match code.as_str() {
        "AccessDenied" => {
            format!("{host} does not allow this key to put documents into the bucket `{name}`: {words}")
        }
        _ if kind == ErrorKind::Auth => format!("key rejected by {host}: {words}"),
        "NoSuchBucket" => format!("there is no bucket `{name}`: set `bucket` to one of yours"),
        code if elsewhere.contains(&code) => {
            let there = between(&text, "Region").map(|region| format!(" ({region})")).unwrap_or_default();
            format!(
                "the bucket `{name}` is in another region{there}: set `region` to it, or use another bucket"
            )
        }
        _ => format!("{host}: {words}"),
    };
    reply.error(kind, message)
}

fn kind(code: &str) -> Option<ErrorKind> {
    Some(match code {
        "AccessDenied"
        | "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "InvalidToken"
        | "RequestTimeTooSkewed" => ErrorKind::Auth,
        "NoSuchBucket"
        | "InvalidBucketName"
        | "PermanentRedirect"
        | "TemporaryRedirect"
        | "AuthorizationHeaderMalformed" => ErrorKind::Config,
        "EntityTooLarge" => ErrorKind::TooLarge,
        "SlowDown" => ErrorKind::RateLimited,
        "RequestTimeout" | "InternalError" | "ServiceUnavailable" => ErrorKind::Unavailable,
        _ => return None,
    })
}

fn between<'a>(text: &'a str, tag: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{tag}>"))?;
    rest.split_once(&format!("</{tag}>")).map(|(inner, _)| inner)
}

#[cfg(test)]
mod tests {
    use vision_core::{ErrorKind, Secret};
    use vision_http::{Auth, Pause, Reply};

    use super::{Bucket, failure};

    fn bucket(name: &str) -> Bucket {
        let auth = Auth::Bearer(Secret::new("k"));
        Bucket::new("eu-west-1", name, auth, Pause::new(tokio::time::sleep))
    }

    #[test]
    fn a_bucket_has_its_address() {
        assert_eq!(bucket("my-documents").url, "https://my-documents.s3.eu-west-1.amazonaws.com");
        assert_eq!(bucket("my.documents").url, "https://s3.eu-west-1.amazonaws.com/my.documents");
        let here = bucket("my-documents").at("http://127.0.0.1:4566/");
        assert_eq!(here.url, "http://127.0.0.1:4566/my-documents");
    }

    #[test]
    fn what_cannot_stand_in_an_address_is_refused() {
        bucket("my-documents").check().unwrap();
        for name in ["", "ab", "My", "a/b", "a?b=c"] {
            assert!(bucket(name).check().unwrap_err().message().contains("no name of a bucket"));
        }
        for prefix in ["/a/", "a/../b", "a b", "a?b"] {
            let bucket = Bucket { prefix: prefix.to_owned(), ..bucket("my-documents") };
            assert!(bucket.check().unwrap_err().message().contains("no prefix"));
        }
    }

    #[test]
    fn storage_says_what_is_wrong() {
        let told = |status: u16, code: &str, more: &str| {
            let body = format!(
                "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>Why</Message>{more}</Error>"
            );
            let reply = Reply { status, body: body.into(), ..Reply::default() };
            let error = failure(&bucket("my-documents"), &reply);
            (error.kind(), error.message().to_owned())
        };
        let region = "<Region>us-east-1</Region>";
        for (status, code, more, kind, words) in [
            (403, "AccessDenied", "", ErrorKind::Auth, "does not allow this key to put"),
            (403, "SignatureDoesNotMatch", "", ErrorKind::Auth, "key rejected by my-documents.s3"),
            (404, "NoSuchBucket", "", ErrorKind::Config, "there is no bucket `my-documents`"),
            (301, "PermanentRedirect", "", ErrorKind::Config, "is in another region: set"),
            (400, "AuthorizationHeaderMalformed", region, ErrorKind::Config, "region (us-east-1): set"),
            (503, "SlowDown", "", ErrorKind::RateLimited, "Why"),
            (400, "RequestTimeout", "", ErrorKind::Unavailable, "Why"),
            (400, "EntityTooLarge", "", ErrorKind::TooLarge, "Why"),
            (500, "Odd", "", ErrorKind::Unavailable, "Why"),
        ] {
            let (told, message) = told(status, code, more);
            assert!(told == kind && message.contains(words), "{code}: {told:?} {message}");
        }
        let page = Reply { status: 502, body: "<html>".into(), ..Reply::default() };
        assert_eq!(failure(&bucket("my-documents"), &page).kind(), ErrorKind::Unavailable);
    }
}
