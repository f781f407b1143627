//! Who is let in: the page itself, with its token, and nobody else.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::token::is_same;

/// The header with the token.
const TOKEN: &str = "x-studio-token";

/// The most bytes of a request: a list of labels that is imported.
pub const MOST: u64 = 32 << 20;

/// Nothing from outside, nothing inline, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; \
connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// What browsers are told with each answer.
fn headers() -> [(HeaderName, &'static str); 7] {
    [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ]
}

/// Refuses what the page would not ask, and says with each answer what browsers may do with it.
pub async fn guard(State(token): State<Arc<str>>, request: Request, next: Next) -> Response {
    let refusal = refusal(request.headers(), request.method(), request.uri().path(), &token);
    let mut response = match refusal {
        Some((status, message)) => (status, message).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in headers() {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refusal(
    headers: &HeaderMap,
    method: &Method,
    path: &str,
    token: &str,
) -> Option<(StatusCode, &'static str)> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    // A page of another name that leads here, by DNS, is not ours.
    let Some(host) = text("host").filter(|host| is_this_machine(host)) else {
        return Some((StatusCode::MISDIRECTED_REQUEST, "this address is not served here\n"));
    };
    if text("origin").is_some_and(|origin| origin != format!("http://{host}"))
        || text("sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site))
    {
        return Some((StatusCode::FORBIDDEN, "requests of other pages are refused\n"));
    }
    if ![Method::GET, Method::POST].contains(method) {
        return Some((StatusCode::METHOD_NOT_ALLOWED, "only GET and POST are known\n"));
    }
    if text("content-length").is_some_and(|length| length.parse().is_ok_and(|length: u64| length > MOST)) {
        return Some((StatusCode::PAYLOAD_TOO_LARGE, "that is more than is taken at once\n"));
    }
    // The page holds nothing of the folder; everything else does.
    let is_page = !path.starts_with("/api/");
    if !is_page && !text(TOKEN).is_some_and(|given| is_same(given, token)) {
        return Some((
            StatusCode::UNAUTHORIZED,
            "the token is missing or wrong: open the address that the studio printed\n",
        ));
    }
    None
}

/// Through `ssh -L` the port may be another one.
fn is_this_machine(host: &str) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    ["127.0.0.1", "localhost"].contains(&name) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn only_this_machine_is_served_under_any_port() {
        for host in ["127.0.0.1:8000", "localhost:9000", "127.0.0.1"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "",
            "evil.test",
            "127.0.0.1.evil.test:80",
            "localhost:80:80",
            "127.0.0.1:x",
            "[::1]:80",
            "0.0.0.0:80",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
