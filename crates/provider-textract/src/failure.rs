use vision_core::{Error, ErrorKind};
use vision_http::{AwsFailure, Reply};

/// The error that a reply stands for. Nearly everything comes with status 400.
pub(crate) fn decode(reply: &Reply, host: &str) -> Error {
    let AwsFailure { name, words, .. } = reply.aws_failure();
    let Some(kind) = kind(&name) else {
        return match words.as_str() {
            "" => reply.bare_error(host),
            words => reply.error(reply.kind(), message(reply.kind(), &name, words, host)),
        };
    };
    let words = if words.is_empty() { name.as_str() } else { words.as_str() };
    reply.error(kind, message(kind, &name, words, host))
}

fn kind(name: &str) -> Option<ErrorKind> {
    Some(match name {
        "UnsupportedDocumentException"
        | "BadDocumentException"
        | "InvalidParameterException"
        | "InvalidS3ObjectException" => ErrorKind::InvalidRequest,
        "DocumentTooLargeException" => ErrorKind::TooLarge,
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "ExpiredTokenException"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignatureException" => ErrorKind::Auth,
        "ThrottlingException" | "ProvisionedThroughputExceededException" | "LimitExceededException" => {
            ErrorKind::RateLimited
        }
        "HumanLoopQuotaExceededException" | "SubscriptionRequiredException" => ErrorKind::QuotaExhausted,
        "InternalServerError" => ErrorKind::Unavailable,
        _ => return None,
    })
}

fn message(kind: ErrorKind, name: &str, words: &str, host: &str) -> String {
    match (kind, name) {
        (ErrorKind::Auth, "AccessDeniedException") => {
            format!("{host} does not allow this key to do this: {words}")
        }
        (ErrorKind::Auth, _) => format!("key rejected by {host}: {words}"),
        (ErrorKind::QuotaExhausted, _) => format!("no quota left at {host}: {words}"),
        (_, "UnsupportedDocumentException") => {
            format!("{host}: {words} (a document of several pages is refused with these words, too)")
        }
        (_, "InvalidS3ObjectException") => format!(
            "{host}: {words} (the bucket has to be in the region of the service, and the key needs s3:GetObject for it)"
        ),
        _ => format!("{host}: {words}"),
    }
}
