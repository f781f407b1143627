//! Cases with the same media and the same question: their labels must not contradict each other.

use std::collections::HashMap;

use serde_json::Value;

use super::media::Store;
use crate::index::hash;
use crate::{Case, MediaRef};

/// The labels of cases, by what is shown and asked.
#[derive(Debug, Default)]
pub(super) struct Labeled(HashMap<u64, First>);

#[derive(Debug)]
struct First {
    line: usize,
    /// Hashes of keys and values.
    label: Vec<(u64, u64)>,
}

impl Labeled {
    /// What a case labels otherwise than an earlier one.
    pub fn contradiction(
        &mut self,
        case: &Case,
        schema: Option<&str>,
        line: usize,
        store: &Store<'_>,
    ) -> Option<String> {
        let question = question(case, schema, store)?;
        let label = parts(&case.expected);
        let hashed: Vec<(u64, u64)> =
            label.iter().map(|(key, value)| (hash(key), hash(&canonical(value)))).collect();
        let Some(first) = self.0.get(&question) else {
            self.0.insert(question, First { line, label: hashed });
            return None;
        };
        let differs = |(key, value): &(u64, u64)| {
            first.label.iter().any(|(other, known)| other == key && known != value)
        };
        let at = hashed.iter().position(differs)?;
        let what =
            if label[at].0.is_empty() { "its answer".to_owned() } else { format!("`{}`", label[at].0) };
        Some(format!(
            "labels {what} otherwise than line {}, which has the same media, byte for byte, and asks the same",
            first.line
        ))
    }
}

/// What a case shows and asks; nothing where not all of it is known.
fn question(case: &Case, schema: Option<&str>, store: &Store<'_>) -> Option<u64> {
    let mut text = format!("{}\n{:?}\n{schema:?}\n", case.task, case.fields);
    for medium in &case.media {
        let MediaRef::File(file) = medium else { return None };
        text += &crate::dataset::hex(&store.digest(file.strip_prefix("./").unwrap_or(file))??);
    }
    (!case.media.is_empty()).then(|| hash(&text))
}

/// The fields of a label; a label that is none of fields is one.
fn parts(expected: &Value) -> Vec<(&str, &Value)> {
    match expected {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.as_str(), value)).collect(),
        whole => vec![("", whole)],
    }
}

/// The same text for the same value, in whatever order its keys stand.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut all: Vec<String> =
                fields.iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            all.sort_unstable();
            format!("{{{}}}", all.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        leaf => leaf.to_string(),
    }
}
