//! What looks like an answer and is none: schemas, templates and examples.

use serde_json::Value;

/// How much of the text before an object is looked at.
const LEAD: usize = 160;

/// Whether a value is a schema, a form to fill in, or introduced as an example.
pub(super) fn is_example(lead: &str, value: &Value) -> bool {
    const CUES: [&str; 12] = [
        "example",
        "e.g.",
        "for instance",
        "schema",
        "template",
        "sample",
        "hypothetical",
        "placeholder",
        "would have been",
        "would be",
        "would look like",
        "if the ",
    ];
    if is_schema(value) || is_template(value) {
        return true;
    }
    let lead = end_of(lead);
    CUES.iter().any(|cue| lead.contains(cue)) && !is_corrected(&lead)
}

/// Whether the words before an object say that it is the answer.
pub(super) fn is_corrected(lead: &str) -> bool {
    const CUES: [&str; 9] =
        ["correct", "final", "actual", "revis", "updated", "answer", "fixed", "result", "sorry"];
    let lead = end_of(lead);
    CUES.iter().any(|cue| lead.contains(cue))
}

fn end_of(text: &str) -> String {
    let mut start = text.len().saturating_sub(LEAD);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text[start..].to_lowercase()
}

fn is_schema(value: &Value) -> bool {
    let Value::Object(fields) = value else { return false };
    fields.contains_key("$schema")
        || fields.get("properties").is_some_and(Value::is_object)
        || (fields.get("type").and_then(Value::as_str) == Some("object") && fields.contains_key("required"))
}

/// Whether most of the values stand for others: `"<string>"`, `"YYYY-MM-DD"`, `"..."`.
fn is_template(value: &Value) -> bool {
    let (mut stand_ins, mut all) = (0, 0);
    count(value, 0, &mut stand_ins, &mut all);
    all > 0 && 2 * stand_ins > all
}

fn count(value: &Value, depth: usize, stand_ins: &mut usize, all: &mut usize) {
    // A form is short: enough is seen after a few values.
    if depth > 4 || *all > 40 {
        return;
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|value| count(value, depth + 1, stand_ins, all)),
        Value::Array(items) => {
            items.iter().take(40).for_each(|value| count(value, depth + 1, stand_ins, all));
        }
        Value::String(text) => {
            *all += 1;
            *stand_ins += usize::from(is_stand_in(text));
        }
        Value::Number(_) | Value::Bool(_) => *all += 1,
        Value::Null => {}
    }
}

fn is_stand_in(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "string",
        "number",
        "float",
        "integer",
        "int",
        "str",
        "boolean",
        "bool",
        "...",
        "…",
        "string|null",
        "number|null",
        "string or null",
        "number or null",
    ];
    if text.len() > 40 {
        return false;
    }
    let text = text.trim().to_lowercase();
    WORDS.contains(&text.as_str())
        || text.contains("yyyy")
        || (text.starts_with('<') && text.ends_with('>'))
        || (text.starts_with('[') && text.ends_with(']'))
}
