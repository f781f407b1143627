//! What a token endpoint answers.

use std::time::Duration;

use serde::Deserialize;
use vision_core::{Error, ErrorKind, Result, Secret};
use vision_http::{Call, Fresh, Reply, Transport, exchange, host};

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    /// Some send the number as text.
    #[serde(default)]
    expires_in: serde_json::Value,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Denied {
    error: String,
    error_description: String,
    error_subtype: String,
}

/// Without a word about it, a token is good for an hour, and no service gives one out for less than this.
const UNSAID: Duration = Duration::from_secs(600);

/// Asks for a token. `advice` says what to do if there is none.
pub(crate) async fn ask(transport: &dyn Transport, call: Call, advice: &str) -> Result<Fresh<Secret>> {
    let name = host(&call.url).to_owned();
    let reply = exchange(transport, call).await?;
    if !reply.is_success() {
        return Err(denied(&reply, &name, advice));
    }
    // What cannot be read may hold a token all the same: neither body nor source get into the error.
    let granted: Granted = serde_json::from_slice(&reply.body)
        .map_err(|_| Error::new(ErrorKind::Auth, format!("{name} answered without a token: {advice}")))?;
    let seconds = match &granted.expires_in {
        serde_json::Value::String(text) => text.parse().ok(),
        number => number.as_u64(),
    };
    let lasts = Some(seconds.map_or(UNSAID, Duration::from_secs));
    Ok(Fresh { value: Secret::new(granted.access_token), lasts })
}

fn denied(reply: &Reply, name: &str, advice: &str) -> Error {
    let said = serde_json::from_slice::<Denied>(&reply.body).unwrap_or_default();
    let kind = match (said.error.as_str(), reply.status) {
        ("temporarily_unavailable" | "server_error" | "internal_failure", _) => ErrorKind::Unavailable,
        (_, 429) => ErrorKind::RateLimited,
        (_, 500..) => ErrorKind::Unavailable,
        _ => ErrorKind::Auth,
    };
    let first = said.error_description.lines().next().unwrap_or_default();
    let words = [said.error.as_str(), said.error_subtype.as_str(), first];
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let words = match words.is_empty() {
        true => format!("status {}", reply.status),
        false => words.join(", "),
    };
    let advice = if kind == ErrorKind::Auth { format!(": {advice}") } else { String::new() };
    let mut error = reply.error(kind, format!("{name} gives no token ({words}){advice}"));
    error.details.maybe_billed = false;
    error
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use vision_core::ErrorKind;
    use vision_http::{Call, Reply};
    use vision_testkit::Scripted;

    use super::ask;

    async fn answer(status: u16, body: &'static str) -> Result<(String, u64), (ErrorKind, String)> {
        let transport = Scripted::new([Reply::json_text(status, body)]);
        let granted = ask(transport.as_ref(), Call::get("https://login.test/token"), "log in").await;
        granted
            .map(|it| (it.value.expose().to_owned(), it.lasts.map_or(0, |lasts: Duration| lasts.as_secs())))
            .map_err(|error| (error.kind(), error.chain()))
    }

    #[tokio::test]
    async fn a_token_comes_with_its_time() {
        let body = r#"{"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"}"#;
        assert_eq!(answer(200, body).await, Ok(("ya29.x".to_owned(), 3599)));
        let text = r#"{"access_token":"ya29.x","expires_in":"3599"}"#;
        assert_eq!(answer(200, text).await, Ok(("ya29.x".to_owned(), 3599)));
        assert_eq!(answer(200, r#"{"access_token":"t"}"#).await, Ok(("t".to_owned(), 600)));
    }

    #[tokio::test]
    async fn a_denial_says_what_to_do_and_a_failure_is_tried_again() {
        let invalid =
            r#"{"error":"invalid_grant","error_description":"reauth","error_subtype":"invalid_rapt"}"#;
        let (kind, message) = answer(400, invalid).await.unwrap_err();
        let said = "login.test gives no token (invalid_grant, invalid_rapt, reauth): log in";
        assert_eq!((kind, message.as_str()), (ErrorKind::Auth, said));
        assert_eq!(answer(503, "").await.unwrap_err().0, ErrorKind::Unavailable);
        assert_eq!(answer(429, "{}").await.unwrap_err().0, ErrorKind::RateLimited);
        let busy = r#"{"error":"temporarily_unavailable"}"#;
        assert_eq!(answer(400, busy).await.unwrap_err().0, ErrorKind::Unavailable);
    }

    #[tokio::test]
    async fn a_token_that_cannot_be_read_is_not_shown() {
        let (kind, message) =
            answer(200, r#"{"access_token":"ya29.secret","expires_in":"#).await.unwrap_err();
        assert_eq!(
            (kind, message.as_str()),
            (ErrorKind::Auth, "login.test answered without a token: log in")
        );
    }
}
