use serde::Deserialize;

use crate::Reply;
use crate::tolerant::lenient;

/// What a service of Amazon's says of a failure: its kind may stand in a header or in the body, with or without a
/// namespace, and its words under either of two names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsFailure {
    /// `ThrottlingException`; empty if none is named.
    pub name: String,
    /// Empty if there are none.
    pub words: String,
    /// The status of the model behind the service.
    pub original: Option<u16>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Body {
    #[serde(deserialize_with = "lenient")]
    message: Option<String>,
    #[serde(rename = "Message", deserialize_with = "lenient")]
    capital: Option<String>,
    #[serde(rename = "__type", deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(deserialize_with = "lenient")]
    code: Option<String>,
    #[serde(rename = "originalStatusCode", deserialize_with = "lenient")]
    original: Option<u16>,
}

impl AwsFailure {
    /// Whether keys were good for a while and no longer are, or were replaced by others.
    pub(crate) fn is_about_keys(&self) -> bool {
        const NAMES: [&str; 5] = [
            "ExpiredTokenException",
            "ExpiredToken",
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
        ];
        NAMES.contains(&self.name.as_str())
    }
}

impl Reply {
    /// The failure that a service of Amazon's tells in this reply.
    pub fn aws_failure(&self) -> AwsFailure {
        let body: Body = serde_json::from_slice(&self.body).unwrap_or_default();
        let text = self.text();
        let name = self.header("x-amzn-errortype").or(body.kind.as_deref()).or(body.code.as_deref());
        // The storage writes XML.
        let in_xml = || text.split_once("<Code>")?.1.split_once("</Code>").map(|(name, _)| name);
        let name = name.or_else(in_xml);
        AwsFailure {
            name: name.map(bare).unwrap_or_default().to_owned(),
            words: body.message.or(body.capital).unwrap_or_default(),
            original: body.original,
        }
    }
}

/// `ThrottlingException` in `com.amazonaws#ThrottlingException:http://…`.
fn bare(name: &str) -> &str {
    let name = name.split(':').next().unwrap_or(name);
    name.rsplit('#').next().unwrap_or(name).trim()
}

#[cfg(test)]
mod tests {
    use crate::Reply;

    #[test]
    fn the_kind_is_found_wherever_it_stands() {
        let header = Reply::json_text(400, r#"{"message":"slow"}"#)
            .with_header("x-amzn-errortype", "ThrottlingException:http://internal.amazon.com/");
        let body = Reply::json_text(
            400,
            r#"{"__type":"com.amazonaws.textract#ThrottlingException","Message":"slow"}"#,
        );
        let xml = Reply { body: "<Error><Code>ExpiredToken</Code></Error>".into(), ..Reply::default() };
        assert!(xml.aws_failure().is_about_keys() && !body.aws_failure().is_about_keys());
        for reply in [header, body] {
            let failure = reply.aws_failure();
            assert_eq!((failure.name.as_str(), failure.words.as_str()), ("ThrottlingException", "slow"));
        }
        assert_eq!(Reply::json_text(500, "<html>").aws_failure(), super::AwsFailure::default());
    }
}
