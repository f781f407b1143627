use serde_json::{Value, json};

use crate::hash::sha256;

/// Text this long without a blank is a medium or as good as one.
const LONGEST: usize = 512;

/// A request body for people: JSON with media replaced, or what is known of anything else.
pub(super) fn readable(content_type: Option<&str>, body: &[u8]) -> Value {
    let Some(content_type) = content_type else { return Value::Null };
    match serde_json::from_slice(body) {
        Ok(mut value) if content_type == "application/json" => {
            shorten(&mut value);
            value
        }
        _ => json!({"content_type": content_type, "bytes": body.len()}),
    }
}

fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if is_medium(text) => {
            let start = text.find(";base64,").map_or("", |end| &text[..end + 8]);
            *value =
                format!("{start}<{} bytes, sha256 {}>", text.len() - start.len(), sha256(text.as_bytes()))
                    .into();
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

fn is_medium(text: &str) -> bool {
    let start = &text.as_bytes()[..text.len().min(LONGEST)];
    text.starts_with("data:") || text.len() > LONGEST && !start.iter().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::readable;

    #[test]
    fn media_are_replaced_and_words_are_not() {
        let words = "word ".repeat(200);
        let body = json!({"text": words, "url": "data:image/png;base64,aGk=", "data": "A".repeat(600)});
        let shown = readable(Some("application/json"), body.to_string().as_bytes());
        assert_eq!(shown["text"], words);
        assert!(
            shown["url"].as_str().unwrap().starts_with("data:image/png;base64,<4 bytes, sha256 "),
            "{shown}"
        );
        assert!(shown["data"].as_str().unwrap().starts_with("<600 bytes, sha256 "), "{shown}");
    }

    #[test]
    fn what_is_not_json_is_only_counted() {
        assert_eq!(readable(Some("audio/wav"), b"RIFF"), json!({"content_type": "audio/wav", "bytes": 4}));
        assert!(readable(None, b"").is_null());
    }
}
