use std::time::Duration;

use serde_json::{Map, Value};
use vision_http::{Reply, parse_delay};

/// What an error body says, whichever of the many shapes it has.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Fault {
    pub message: String,
    /// The machine-readable names, the most telling one first.
    pub codes: Vec<String>,
    pub param: Option<String>,
    /// A status that the body states itself.
    pub status: Option<u16>,
    pub request_id: Option<String>,
    pub delay: Option<Duration>,
    /// Whether a moderator's reasons came along.
    pub moderated: bool,
}

impl Fault {
    /// The error in a reply that is known to have failed.
    pub fn of(reply: &Reply) -> Self {
        let body: Option<Value> = serde_json::from_slice(&reply.body).ok();
        let fault = body.as_ref().and_then(|body| Self::within(body).or_else(|| Self::flat(body)));
        fault.unwrap_or_else(|| {
            let message =
                if body.as_ref().is_some_and(says_nothing) { String::new() } else { reply.excerpt() };
            Self { message, ..Self::default() }
        })
    }

    /// The `error` of a body of any status, if it has one.
    pub fn within(body: &Value) -> Option<Self> {
        // Google's door to this dialect wraps errors in a list of one.
        let body = body.get(0).unwrap_or(body);
        let fault = match body.get("error")? {
            Value::Object(error) if !error.is_empty() => Self::object(&Value::Object(error.clone())),
            Value::String(text) if !text.is_empty() => {
                let mut fault = Self::object(body);
                // `{"error": "Not Found", "message": "…"}`: the longer one is the sentence.
                if fault.message.len() < text.len() {
                    fault.message.clone_from(text);
                }
                fault
            }
            _ => return None,
        };
        Some(fault.beside(body))
    }

    /// Bodies that are an error as a whole.
    fn flat(body: &Value) -> Option<Self> {
        let detail = body.get("detail").or_else(|| body.get("details"));
        match detail {
            Some(Value::String(text)) => Some(Self { message: text.clone(), ..Self::default() }),
            Some(Value::Array(list)) if !list.is_empty() && body.get("message").is_none() => {
                Some(Self { message: validation(list), ..Self::default() })
            }
            Some(inner @ Value::Object(_)) => Self::within(inner).or_else(|| Some(Self::object(inner))),
            _ => body.get("message").map(|_| Self::object(body).beside(body)),
        }
    }

    fn object(error: &Value) -> Self {
        let mut codes: Vec<String> = ["/innererror/code", "/code", "/type", "/status", "/httpStatus"]
            .iter()
            .filter_map(|path| error.pointer(path)?.as_str().map(str::to_owned))
            .collect();
        codes.extend(details(error).filter_map(|detail| Some(detail.get("reason")?.as_str()?.to_owned())));
        let status = ["/code", "/status", "/statusCode", "/httpCode"];
        Self {
            message: message(error),
            codes,
            param: error.get("param").and_then(Value::as_str).map(str::to_owned),
            status: status.iter().find_map(|path| status_of(error.pointer(path)?)),
            request_id: None,
            delay: details(error).find_map(|detail| parse_delay(detail.get("retryDelay")?.as_str()?)),
            moderated: error.pointer("/metadata/reasons").is_some(),
        }
    }

    /// Adds what stands beside the error and not in it.
    fn beside(mut self, body: &Value) -> Self {
        let id = body.get("requestId").or_else(|| body.get("request_id")).and_then(Value::as_str);
        self.request_id = id.map(str::to_owned);
        self
    }

    /// Whether `words` occur in the sentence or among the codes, whatever their case.
    pub fn says(&self, words: &str) -> bool {
        let words = words.to_ascii_lowercase();
        let has = |text: &String| text.to_ascii_lowercase().contains(&words);
        has(&self.message) || self.codes.iter().any(has)
    }
}

/// The sentence of an error object, with what the server behind the host said.
fn message(error: &Value) -> String {
    let text = |path: &str| error.pointer(path).and_then(Value::as_str).unwrap_or_default().trim();
    let own = [text("/message"), text("/error"), text("/msg"), text("/detail")];
    let own = own.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    // A gateway's own sentence is often just "Provider returned error".
    let raw: String = text("/metadata/raw").chars().take(RAW).collect();
    match (own.is_empty(), raw.is_empty()) {
        (_, true) => own.to_owned(),
        (true, false) => raw,
        (false, false) => format!("{own}: {raw}"),
    }
}

const RAW: usize = 300;

/// `[{"loc": ["body", "model"], "msg": "field required"}]` as `body.model: field required`.
fn validation(list: &[Value]) -> String {
    let one = |mistake: &Value| {
        let words = message(mistake);
        let place = mistake.get("loc").and_then(Value::as_array).into_iter().flatten();
        let place: Vec<String> =
            place.map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
        if place.is_empty() { words } else { format!("{}: {words}", place.join(".")) }
    };
    list.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn says_nothing(body: &Value) -> bool {
    matches!(body, Value::Null)
        || *body == Value::Array(vec![])
        || body.as_object().is_some_and(Map::is_empty)
}

fn details(error: &Value) -> impl Iterator<Item = &Value> {
    error.get("details").and_then(Value::as_array).into_iter().flatten()
}

/// `429` and `"429"`, but not `16`, which is a code of another kind.
fn status_of(value: &Value) -> Option<u16> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u16::try_from(number).ok().filter(|status| (400..600).contains(status))
}

#[cfg(test)]
mod tests {
    use vision_http::Reply;

    use super::Fault;

    #[track_caller]
    fn check(body: &str, message: &str, code: Option<&str>, status: Option<u16>) {
        let fault = Fault::of(&Reply::json_text(400, body.to_owned()));
        assert_eq!((fault.message.as_str(), fault.codes.first().map(String::as_str)), (message, code));
        assert_eq!(fault.status, status);
    }

    #[test]
    fn reads_the_shape_of_the_dialect() {
        let body = r#"{"error":{"message":"no","type":"invalid_request_error","param":"seed","code":null}}"#;
        check(body, "no", Some("invalid_request_error"), None);
        check(r#"{"error":{"message":"no","code":"bad_model"}}"#, "no", Some("bad_model"), None);
    }

    #[test]
    fn a_code_may_be_a_number_or_a_text_with_a_number() {
        check(
            r#"{"error":{"message":"no","type":"BadRequest","code":400}}"#,
            "no",
            Some("BadRequest"),
            Some(400),
        );
        check(r#"{"message":"slow","statusCode":"429"}"#, "slow", None, Some(429));
        check(
            r#"{"object":"error","message":"gone","type":"NotFound","code":404}"#,
            "gone",
            Some("NotFound"),
            Some(404),
        );
        check(r#"{"code":7,"message":"denied","details":[]}"#, "denied", None, None);
    }

    #[test]
    fn an_error_may_be_a_text() {
        check(r#"{"error":"model 'x' not found"}"#, "model 'x' not found", None, None);
        check(r#"{"error":"Forbidden","message":"wrong folder is set"}"#, "wrong folder is set", None, None);
    }

    #[test]
    fn a_detail_may_be_a_text_a_list_or_an_object() {
        check(r#"{"detail":"Not authenticated"}"#, "Not authenticated", None, None);
        check(
            r#"{"detail":{"error":"inference balance is empty"}}"#,
            "inference balance is empty",
            None,
            None,
        );
        let list = r#"{"detail":[{"loc":["body","messages",0],"msg":"field required","type":"missing"}]}"#;
        check(list, "body.messages.0: field required", None, None);
    }

    #[test]
    fn reads_the_shapes_of_grpc_gateways() {
        let body = r#"{"error":{"grpcCode":16,"httpCode":401,"message":"bad token","httpStatus":"Unauthorized","details":[]}}"#;
        check(body, "bad token", Some("Unauthorized"), Some(401));
        let google = r#"[{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"37s"}]}}]"#;
        check(google, "slow", Some("RESOURCE_EXHAUSTED"), Some(429));
        assert_eq!(Fault::of(&Reply::json_text(429, google)).delay.map(|delay| delay.as_secs()), Some(37));
    }

    #[test]
    fn shows_what_the_server_behind_a_gateway_said() {
        let body = r#"{"error":{"code":502,"message":"Provider returned error","metadata":{"raw":"oom"}}}"#;
        check(body, "Provider returned error: oom", None, Some(502));
    }

    #[test]
    fn anything_else_is_shown_in_a_few_words() {
        check("<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway", None, None);
        check("upstream connect error", "upstream connect error", None, None);
        check("", "", None, None);
        check(r#"{"oops":1}"#, r#"{"oops":1}"#, None, None);
        for body in ["{}", "[]", "null"] {
            check(body, "", None, None);
        }
    }

    #[test]
    fn no_error_is_no_fault() {
        for body in [r#"{"error":null}"#, r#"{"error":{}}"#, r#"{"error":""}"#, "{}", "[]", "3"] {
            assert_eq!(Fault::within(&serde_json::from_str(body).unwrap()), None, "{body}");
        }
    }
}
