use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vision_core::{Error, ErrorKind, Result};

/// The body of a reply: as readable as it can be while every byte comes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    /// JSON without a blank too many.
    Json(Value),
    /// Any other text, cut at its newlines.
    Lines(Vec<String>),
    Base64(String),
}

impl Content {
    pub fn new(bytes: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Self::Base64(base64_simd::STANDARD.encode_to_string(bytes));
        };
        let written = |value: &Value| serde_json::to_string(value).is_ok_and(|json| json == text);
        match serde_json::from_str(text) {
            Ok(value) if written(&value) => Self::Json(value),
            _ => Self::Lines(text.split('\n').map(str::to_owned).collect()),
        }
    }

    pub fn bytes(self) -> Result<Bytes> {
        match self {
            Self::Json(value) => Ok(value.to_string().into()),
            Self::Lines(lines) => Ok(lines.join("\n").into()),
            Self::Base64(text) => {
                base64_simd::STANDARD.decode_to_vec(text).map(Bytes::from).map_err(|source| {
                    Error::new(ErrorKind::Config, "a recording holds bad Base64").with_source(source)
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Content;

    #[track_caller]
    fn check(bytes: &[u8]) {
        let content = Content::new(bytes);
        let json = serde_json::to_string(&content).unwrap();
        let back: Content = serde_json::from_str(&json).unwrap();
        assert_eq!(back.bytes().unwrap(), bytes, "{json}");
    }

    #[test]
    fn every_byte_comes_back() {
        for text in
            ["", "\n", "{}", "{ }\n", "a\r\nb\n", "[1.0,1e3,-0,12345678901234567890123,0.1]", "\u{feff}{}"]
        {
            check(text.as_bytes());
        }
        check(b"\xff\xfe\0");
        check(br#"{"b":1,"a":{"a":1,"a":2}}"#);
    }

    #[test]
    fn compact_json_lies_there_as_json() {
        assert!(matches!(Content::new(br#"{"b":1,"a":[2.5]}"#), Content::Json(_)));
    }

    proptest! {
        #[test]
        fn whatever_it_was(text in r#"[\{\}\[\]",:0-9eE.\-\n a]{0,24}"#, bytes: Vec<u8>) {
            check(text.as_bytes());
            check(&bytes);
        }
    }
}
