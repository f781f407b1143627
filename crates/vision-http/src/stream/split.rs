//! Finds keys that a host has cut into the pieces of a stream, where no search of the bytes sees them.

use std::collections::BTreeMap;

use serde_json::Value;
use vision_core::Secret;

use super::{Event, EventKind, Events};

/// The stream without the secrets that stand across its pieces; `None` if there are none.
///
/// Texts of the same name belong together. Where they make a secret, the first of them takes the whole text without it,
/// and the others are empty. The number of events stays.
pub(crate) fn unsplit(body: &[u8], secrets: &[Secret]) -> Option<Vec<u8>> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    // A host may send a million pieces: one at a time is taken apart.
    Events::each(body, |event| {
        let Ok(mut value) = serde_json::from_str(&event.data) else { return };
        leaves(&mut value, &mut String::new(), &mut |path, text| {
            texts.entry(path.to_owned()).or_default().push_str(text);
        });
    });
    texts.retain(|_, text| {
        let whole = text.clone();
        for secret in secrets {
            if let std::borrow::Cow::Owned(clean) = secret.scrub_answer(text) {
                *text = clean;
            }
        }
        *text != whole
    });
    if texts.is_empty() {
        return None;
    }
    let mut clean = String::with_capacity(body.len());
    Events::each(body, |mut event| {
        if let Ok(mut value) = serde_json::from_str::<Value>(&event.data) {
            leaves(&mut value, &mut String::new(), &mut |path, text| {
                if let Some(clean) = texts.get_mut(path) {
                    *text = std::mem::take(clean);
                }
            });
            event.data = value.to_string();
        }
        clean += &written(&event);
    });
    Some(clean.into_bytes())
}

/// Every text in a value, with the names that lead to it; places in lists are all alike.
fn leaves(value: &mut Value, path: &mut String, see: &mut impl FnMut(&str, &mut String)) {
    let before = path.len();
    match value {
        Value::String(text) => see(path, text),
        Value::Array(items) => {
            path.push_str("/*");
            items.iter_mut().for_each(|item| leaves(item, path, see));
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                path.push('/');
                path.push_str(name);
                leaves(field, path, see);
                path.truncate(before);
            }
        }
        _ => {}
    }
    path.truncate(before);
}

fn written(event: &Event) -> String {
    let Event { name, data, kind } = event;
    let name = if name.is_empty() { String::new() } else { format!("event: {name}\n") };
    let lines: String = match kind {
        EventKind::Stray => format!("{data}\n"),
        _ => data.split('\n').map(|line| format!("data: {line}\n")).collect(),
    };
    let end = if *kind == EventKind::Cut { "" } else { "\n" };
    format!("{name}{lines}{end}")
}

#[cfg(test)]
mod tests {
    use vision_core::Secret;

    use super::unsplit;
    use crate::stream::Events;

    const KEY: &str = "sk-Qz7Wv3Xk9Jp2Ry6T";

    fn stream(pieces: &[&str]) -> String {
        let piece = |text: &&str| {
            format!("data: {{\"id\":\"1\",\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
        };
        pieces.iter().map(piece).collect::<String>() + ": alive\n\ndata: [DONE]\n\n"
    }

    #[test]
    fn a_key_in_pieces_is_found() {
        let body = stream(&["your key ", "sk-Q", "z7Wv3", "Xk9Jp2", "Ry6T", " is wrong"]);
        let clean = String::from_utf8(unsplit(body.as_bytes(), &[Secret::new(KEY)]).unwrap()).unwrap();
        assert!(clean.contains("\"your key *** is wrong\""), "{clean}");
        for piece in ["sk-Q", "z7Wv3", "Xk9Jp2", "Ry6T"] {
            assert!(!clean.contains(piece), "{clean}");
        }
        assert_eq!(Events::all(clean.as_bytes()).len(), Events::all(body.as_bytes()).len());
    }

    #[test]
    fn what_holds_no_key_stays_as_it_is() {
        let body = stream(&["12", ".50"]);
        assert_eq!(unsplit(body.as_bytes(), &[Secret::new(KEY), Secret::new("12")]), None);
        assert_eq!(unsplit(b"\xff\0data: {", &[Secret::new(KEY)]), None);
    }
}
