//! Answers that are a list where an object was asked for, as ExtractBench reads them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::rules::FieldRules;

/// The object that a list stands for; the list itself where that is not clear.
pub(super) fn as_document(rows: &[Value], rules: &FieldRules, schema: &Value) -> Value {
    let names = Names::of(schema);
    let lists: BTreeSet<String> = rules
        .paths()
        .filter(|path| !names.is_alias(path))
        .filter_map(|path| path.split_once('[').filter(|(name, _)| !name.contains('.')))
        .map(|(name, _)| names.of_key(name))
        .collect();
    let only = if lists.len() == 1 { lists.first() } else { None };
    let under = |name: &String| Value::Object(Map::from_iter([(name.clone(), rows.to_vec().into())]));
    if rows.is_empty() {
        return only.map_or(Value::Array(Vec::new()), under);
    }
    let has_list = |row: &Value| row.as_object().is_some_and(|row| row.values().any(Value::is_array));
    let has_rules = rules.paths().next().is_some() || !names.0.is_empty();
    if let ([Value::Object(row)], true, true, false) =
        (rows, has_rules, lists.is_empty(), rows.iter().any(has_list))
    {
        return row
            .iter()
            .map(|(key, value)| (names.of_key(key), value.clone()))
            .collect::<Map<_, _>>()
            .into();
    }
    if rows.iter().all(Value::is_object) && rows.iter().any(has_list) {
        return merged(rows, &names);
    }
    only.map_or_else(|| rows.to_vec().into(), under)
}

/// Rows that are documents of their own, as one: lists one behind the other, of other values the first.
fn merged(rows: &[Value], names: &Names) -> Value {
    let (mut lists, mut values) = (Map::new(), Map::new());
    for (key, value) in rows.iter().filter_map(Value::as_object).flatten() {
        let key = names.of_key(key);
        match value {
            Value::Array(items) => {
                if let Value::Array(list) = lists.entry(key).or_insert_with(|| Value::Array(Vec::new())) {
                    list.extend(items.iter().filter(|item| !item.is_null()).cloned());
                }
            }
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            value => _ = values.entry(key).or_insert_with(|| value.clone()),
        }
    }
    for (key, value) in values {
        lists.entry(key).or_insert(value);
    }
    lists.into()
}

/// The names of a schema's fields, whatever the case in which an answer writes them.
struct Names(Vec<String>);

impl Names {
    fn of(schema: &Value) -> Self {
        let all: Vec<String> =
            schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
        let is_only = |name: &&String| {
            all.iter().filter(|other| other.to_lowercase() == name.to_lowercase()).count() == 1
        };
        Self(all.iter().filter(is_only).cloned().collect())
    }

    fn of_key(&self, key: &str) -> String {
        let known = self.0.iter().find(|name| name.to_lowercase() == key.to_lowercase());
        known.map_or_else(|| key.to_owned(), Clone::clone)
    }

    /// Whether a path begins with a name in another case than the schema's.
    fn is_alias(&self, path: &str) -> bool {
        let first = path.split(['.', '[']).next().unwrap_or(path);
        self.of_key(first) != first
    }
}
