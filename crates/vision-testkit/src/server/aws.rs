//! What Amazon's services have in common: signatures, and the form of their errors.

use std::time::{Duration, SystemTime};

use hyper::HeaderMap;
use serde_json::json;
use vision_http::{AwsKeys, Scope, Unsigned, sign};

use super::draft::{Draft, Problem, ProblemKind};
use super::keys::text;
use super::sight::hex;

/// What a request says about itself, as it came.
pub(super) struct Signed<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// Whether a request is signed at all.
pub(super) fn is_signed(headers: &HeaderMap) -> bool {
    text(headers, "authorization").is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 "))
}

/// Checks a signature as the services do: by making it anew out of what arrived.
pub(super) fn verify(request: &Signed<'_>, keys: &AwsKeys) -> Result<(), String> {
    let header = |name| text(request.headers, name).ok_or(format!("the header `{name}` is missing"));
    let authorization = header("authorization")?.trim_start_matches("AWS4-HMAC-SHA256 ");
    let part = |name: &str| {
        let parts = authorization.split(", ");
        parts
            .filter_map(|part| part.split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    };
    let missing = || "the header `authorization` is incomplete".to_owned();
    let (credential, names) =
        (part("Credential").ok_or_else(missing)?, part("SignedHeaders").ok_or_else(missing)?);
    let scope: Vec<&str> = credential.split('/').collect();
    let [access, day, region, service, "aws4_request"] = scope[..] else { return Err(missing()) };
    let date = header("x-amz-date")?;
    if access != keys.access.expose() || !date.starts_with(day) {
        return Err("The security token included in the request is invalid.".to_owned());
    }
    let token = keys.session.as_ref().map(|token| token.expose());
    if text(request.headers, "x-amz-security-token") != token {
        return Err("The security token included in the request is invalid.".to_owned());
    }
    let at = moment(date).ok_or("x-amz-date is no moment")?;
    let apart = SystemTime::now().duration_since(at).unwrap_or_else(|error| error.duration());
    if apart > Duration::from_secs(300) {
        return Err("Signature expired".to_owned());
    }
    // Storage has the hash of the body in a header, and signs that.
    if service == "s3" && header("x-amz-content-sha256")? != hex(request.body) {
        return Err("The provided 'x-amz-content-sha256' header does not match what was computed.".to_owned());
    }
    let own = ["host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"];
    let named: Vec<&str> = names.split(';').collect();
    let must = request.headers.keys().map(|name| name.as_str());
    let must = must.filter(|name| name.starts_with("x-amz-") || ["content-type", "host"].contains(name));
    if let Some(name) = must.into_iter().find(|name| !named.contains(name)) {
        return Err(format!("the header `{name}` is not signed"));
    }
    let others = named.iter().filter(|name| !own.contains(name));
    let headers = others.map(|name| Ok((*name, header(name)?))).collect::<Result<Vec<_>, String>>()?;
    let unsigned = Unsigned {
        method: request.method,
        host: header("host")?.to_owned(),
        path: request.path,
        query: request.query,
        headers,
        body_sha256: hex(request.body),
    };
    let expected = sign(&unsigned, keys, Scope { region, service }, at);
    match part("Signature") == Some(expected.signature.as_str()) {
        true => Ok(()),
        false => {
            Err("The request signature we calculated does not match the signature you provided.".to_owned())
        }
    }
}

/// `20261128T123456Z` as a moment, through the form that HTTP has for it.
fn moment(date: &str) -> Option<SystemTime> {
    let number = |from: usize, to: usize| date.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(9, 11)?, number(11, 13)?, number(13, 15)?);
    // Days since 1970, with years that begin in March.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, month) = (year.div_euclid(400), (month + 9) % 12);
    let of_era = year.rem_euclid(400);
    let days =
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + day - 1 - 719_468;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).ok()?))
}

/// An error whose kind stands in a header, as the newer services have it.
pub(super) fn in_header(problem: &Problem) -> Draft {
    let (status, name) = match problem.kind {
        ProblemKind::Invalid | ProblemKind::Status(400) => (400, "ValidationException"),
        ProblemKind::BadKey | ProblemKind::Status(401) => (403, "UnrecognizedClientException"),
        ProblemKind::Status(403) => (403, "AccessDeniedException"),
        ProblemKind::NoModel | ProblemKind::Status(404) => (404, "ResourceNotFoundException"),
        ProblemKind::Quota => (400, "ServiceQuotaExceededException"),
        ProblemKind::Status(408) => (408, "ModelTimeoutException"),
        ProblemKind::Status(429) => (429, "ThrottlingException"),
        ProblemKind::Status(503) => (503, "ServiceUnavailableException"),
        ProblemKind::Status(status @ 400..500) => (status, "ValidationException"),
        ProblemKind::Status(status) => (status, "InternalServerException"),
    };
    let mut headers = vec![
        ("x-amzn-errortype", format!("{name}:http://internal.amazon.com/coral/com.amazon.bedrock/")),
        ("x-amzn-requestid", "req-testkit".to_owned()),
    ];
    headers.extend(super::reply::wait(problem.delay));
    Draft { status, headers, body: json!({"message": problem.message}) }
}

/// An error whose kind stands in the body, as the older services have it: nearly all with status 400.
pub(super) fn in_body(problem: &Problem) -> Draft {
    let (status, name) = match problem.kind {
        ProblemKind::Invalid | ProblemKind::Status(400) => (400, "InvalidParameterException"),
        ProblemKind::BadKey | ProblemKind::Status(401) => (400, "InvalidSignatureException"),
        ProblemKind::Status(403) => (400, "AccessDeniedException"),
        ProblemKind::NoModel | ProblemKind::Status(404) => (400, "InvalidParameterException"),
        ProblemKind::Quota => (400, "SubscriptionRequiredException"),
        ProblemKind::Status(413) => (400, "DocumentTooLargeException"),
        ProblemKind::Status(429) => (400, "ProvisionedThroughputExceededException"),
        ProblemKind::Status(status @ 400..500) => (status, "InvalidParameterException"),
        ProblemKind::Status(status) => (status, "InternalServerError"),
    };
    let mut headers = vec![("x-amzn-requestid", "req-testkit".to_owned())];
    headers.extend(super::reply::wait(problem.delay));
    Draft { status, headers, body: json!({"__type": name, "Message": problem.message}) }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::moment;

    #[test]
    fn a_moment_is_read() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_869_296);
        assert_eq!(moment("20261128T123456Z"), Some(at));
        assert_eq!(moment("yesterday"), None);
    }
}
