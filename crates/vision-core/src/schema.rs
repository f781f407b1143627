//! A JSON Schema for hosts that compile it into a grammar, and know a part of that language only.

use std::fmt::Write;

use serde_json::{Map, Value, json};

mod references;

use references::inlined;

/// The most fields that may be of several kinds, as one that may be null is, and the most that may be left out.
///
/// Anthropic refuses a schema above either limit.
const MOST_UNIONS: usize = 16;
const MOST_OPTIONAL: usize = 24;

/// The formats that such a host knows.
const FORMATS: [&str; 10] =
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

/// What cannot be said in words beside the rest: an object whose fields have no names.
const UNNAMED: &str = "it has an object whose fields are not named";

/// The same schema without references, where every object names all its fields. What such a host refuses and a reader can
/// follow (`minimum`, `pattern`) becomes words in the description: answers are checked by the schema itself anyway. An error
/// says why there is no such schema.
pub fn closed(schema: &Value) -> Result<Value, String> {
    let mut closed = node(&inlined(schema)?)?;
    if unions(&closed) > MOST_UNIONS {
        let mut left = unions(&closed) - MOST_UNIONS;
        leave_out(&mut closed, &mut left);
    }
    match (unions(&closed), optional(&closed)) {
        (unions, _) if unions > MOST_UNIONS => {
            Err(format!("it has {unions} fields of several kinds, more than {MOST_UNIONS}"))
        }
        (_, optional) if optional > MOST_OPTIONAL => {
            Err(format!("it has too many fields that may be missing ({})", optional + MOST_UNIONS))
        }
        _ => Ok(closed),
    }
}

fn node(schema: &Value) -> Result<Value, String> {
    let Value::Object(keys) = schema else {
        return Err("it has a part that allows or forbids everything".to_owned());
    };
    let mut keys = keys.clone();
    merge_all_of(&mut keys);
    if is_object(&keys) {
        check_object(&keys)?;
    }
    let (mut kept, mut words) = (Map::new(), Vec::new());
    for (key, value) in keys {
        match kept_as(&key, &value)? {
            Some((key, value)) => _ = kept.insert(key.to_owned(), value),
            None if is_silent(&key) => {}
            None => words.push(format!("{key}: {value}")),
        }
    }
    if kept.contains_key("properties") {
        kept.insert("additionalProperties".to_owned(), json!(false));
        kept.entry("type").or_insert_with(|| json!("object"));
    }
    if !["type", "enum", "const", "anyOf"].iter().any(|key| kept.contains_key(*key)) {
        return Err("it has a value of any kind".to_owned());
    }
    if !words.is_empty() {
        describe(&mut kept, &words.join(", "));
    }
    Ok(kept.into())
}

/// How a keyword is sent; `None` if it is not.
fn kept_as<'k>(key: &'k str, value: &Value) -> Result<Option<(&'k str, Value)>, String> {
    let list = |schemas: &[Value]| schemas.iter().map(node).collect::<Result<Value, _>>();
    Ok(match (key, value) {
        ("properties", Value::Object(fields)) => {
            let fields = fields.iter().map(|(name, field)| Ok((name.clone(), node(field)?)));
            Some((key, fields.collect::<Result<Map<_, _>, String>>()?.into()))
        }
        ("items", schema @ Value::Object(_)) => Some((key, node(schema)?)),
        ("anyOf" | "oneOf", Value::Array(schemas)) => Some(("anyOf", list(schemas)?)),
        ("enum", Value::Array(values)) if values.iter().all(is_plain) => Some((key, value.clone())),
        ("const", value) if is_plain(value) => Some((key, value.clone())),
        ("format", Value::String(name)) if FORMATS.contains(&name.as_str()) => Some((key, value.clone())),
        ("minItems", Value::Number(least)) if least.as_u64().is_some_and(|least| least < 2) => {
            Some((key, value.clone()))
        }
        ("type" | "required" | "title" | "description", value) => Some((key, value.clone())),
        _ => None,
    })
}

/// What says nothing about answers, or is said by the rest.
fn is_silent(key: &str) -> bool {
    let of_objects = ["additionalProperties", "unevaluatedProperties", "$defs", "definitions"];
    key.starts_with('$')
        || key.starts_with("x-")
        || of_objects.contains(&key)
        || ["default", "examples", "deprecated", "readOnly", "writeOnly"].contains(&key)
}

fn is_plain(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn is_object(keys: &Map<String, Value>) -> bool {
    let kind = keys.get("type");
    keys.contains_key("properties")
        || kind.is_some_and(|kind| kind == "object")
        || kind.and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|kind| kind == "object"))
}

fn check_object(keys: &Map<String, Value>) -> Result<(), String> {
    let grows = ["additionalProperties", "unevaluatedProperties"]
        .iter()
        .any(|key| keys.get(*key).and_then(Value::as_object).is_some_and(|schema| !schema.is_empty()));
    if grows || keys.contains_key("patternProperties") {
        return Err(format!("{UNNAMED} (a map)"));
    }
    let is_empty = |fields: &Value| fields.as_object().is_none_or(Map::is_empty);
    let has_none = keys.get("properties").is_none_or(is_empty);
    match has_none && keys.get("additionalProperties") != Some(&json!(false)) {
        true => Err(UNNAMED.to_owned()),
        false => Ok(()),
    }
}

/// Closed objects exclude each other, so that all of them are one.
fn merge_all_of(keys: &mut Map<String, Value>) {
    let Some(Value::Array(parts)) = keys.remove("allOf") else { return };
    for part in parts {
        let Value::Object(mut part) = part else { continue };
        merge_all_of(&mut part);
        for (key, value) in part {
            match (keys.get_mut(&key), value) {
                (Some(Value::Object(old)), Value::Object(new)) => {
                    new.into_iter().for_each(|(name, value)| _ = old.entry(name).or_insert(value));
                }
                (Some(Value::Array(old)), Value::Array(new)) if key == "required" => {
                    old.extend(new);
                }
                (Some(_), _) => {}
                (None, value) => _ = keys.insert(key, value),
            }
        }
    }
}

fn describe(keys: &mut Map<String, Value>, words: &str) {
    let mut text = keys.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let gap = if text.is_empty() { "" } else { " " };
    write!(text, "{gap}({words})").expect("a text takes more text");
    keys.insert("description".to_owned(), text.into());
}

fn is_union(schema: &Value) -> bool {
    schema.get("anyOf").is_some() || schema.get("type").is_some_and(Value::is_array)
}

fn unions(schema: &Value) -> usize {
    usize::from(is_union(schema)) + parts(schema).map(unions).sum::<usize>()
}

fn optional(schema: &Value) -> usize {
    let fields = schema.get("properties").and_then(Value::as_object).map_or(0, Map::len);
    let required = schema.get("required").and_then(Value::as_array).map_or(0, Vec::len);
    fields.saturating_sub(required) + parts(schema).map(optional).sum::<usize>()
}

/// The schemas in a schema.
fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    let fields = schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let choices = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    fields.chain(choices).chain(schema.get("items"))
}

/// Lets so many fields that may be null be missing instead, which says the same.
fn leave_out(schema: &mut Value, left: &mut usize) {
    let Value::Object(keys) = schema else { return };
    let mut names = Vec::new();
    if let Some(Value::Object(fields)) = keys.get_mut("properties") {
        for (name, field) in fields {
            if *left > 0 && drop_null(field) {
                *left -= usize::from(!is_union(field));
                names.push(name.clone());
            }
            leave_out(field, left);
        }
    }
    if let Some(Value::Array(required)) = keys.get_mut("required") {
        required.retain(|it| it.as_str().is_none_or(|it| !names.iter().any(|name| name == it)));
    }
    if let Some(items) = keys.get_mut("items") {
        leave_out(items, left);
    }
    if let Some(Value::Array(choices)) = keys.get_mut("anyOf") {
        choices.iter_mut().for_each(|choice| leave_out(choice, left));
    }
}

/// Takes null out of what a field may be. Returns whether it was there.
fn drop_null(field: &mut Value) -> bool {
    let is_null = |schema: &Value| schema.get("type").is_some_and(|kind| kind == "null");
    let Value::Object(keys) = field else { return false };
    if let Some(Value::Array(kinds)) = keys.get_mut("type") {
        let before = kinds.len();
        kinds.retain(|kind| kind != "null");
        let dropped = kinds.len() < before;
        if let [one] = &kinds[..] {
            let one = one.clone();
            keys.insert("type".to_owned(), one);
        }
        if let Some(Value::Array(choices)) = keys.get_mut("enum").filter(|_| dropped) {
            choices.retain(|choice| !choice.is_null());
        }
        return dropped;
    }
    let Some(Value::Array(choices)) = keys.get_mut("anyOf") else { return false };
    let before = choices.len();
    choices.retain(|choice| !is_null(choice));
    let dropped = choices.len() < before;
    if let [Value::Object(one)] = &choices[..] {
        let one = one.clone();
        keys.remove("anyOf");
        one.into_iter().for_each(|(key, value)| _ = keys.entry(key).or_insert(value));
    }
    dropped
}

#[cfg(test)]
mod tests;
