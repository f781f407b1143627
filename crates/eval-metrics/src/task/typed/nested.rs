//! Fields of objects inside of the label, under dotted names, and lists of plain values.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::structure::{PLAIN_ITEM, Structure};
use crate::task::keys::plain_key;

/// An object has few keys; more are noise.
const MOST_KEYS: usize = 200;

/// The object with a key of its own for every dotted name.
///
/// `buyer.name` is found in `{"buyer": {"name": …}}`, unless there is a key of that very name.
pub(super) fn flat<'a>(object: &'a Map<String, Value>, structure: &Structure) -> Cow<'a, Map<String, Value>> {
    let mut object = Cow::Borrowed(object);
    for name in structure.names().filter(|name| name.contains('.')) {
        lift(&mut object, name);
    }
    object
}

/// An item of a list as an object; nothing where it should be one and is none.
pub(super) fn item<'a>(item: &'a Value, structure: &Structure) -> Option<Cow<'a, Map<String, Value>>> {
    let is_plain = structure.is_plain();
    match item {
        Value::Object(map) if !is_plain || map.contains_key(PLAIN_ITEM) => Some(flat(map, structure)),
        plain if is_plain => Some(Cow::Owned(Map::from_iter([(PLAIN_ITEM.to_owned(), plain.clone())]))),
        _ => None,
    }
}

/// Where an object on the way is null, so is what would be in it.
fn lift(object: &mut Cow<'_, Map<String, Value>>, name: &str) {
    let mut parts = name.split('.');
    let Some(first) = parts.next().and_then(|first| get(object, first)) else { return };
    // Under the keys as they are, so that other spellings are seen as such.
    let (mut path, mut value) = (first.0.clone(), first.1);
    for part in parts {
        value = match value {
            Value::Object(map) => {
                let Some((key, inner)) = get(map, part) else { return };
                path = format!("{path}.{key}");
                inner
            }
            Value::Null => {
                path = format!("{path}.{part}");
                value
            }
            _ => return,
        };
    }
    if !object.contains_key(name) && !object.contains_key(&path) {
        let value = value.clone();
        object.to_mut().insert(path, value);
    }
}

/// The member of this name, or of one that is spelled alike.
fn get<'a>(object: &'a Map<String, Value>, name: &str) -> Option<(&'a String, &'a Value)> {
    object.get_key_value(name).or_else(|| {
        let name = plain_key(name);
        object.iter().take(MOST_KEYS).find(|(key, _)| plain_key(key) == name)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::task::TaskMetric;

    #[track_caller]
    fn check(expected: Value, answer: Value, score: f64) {
        let settings = json!({
            "fields": { "buyer.name": "name", "buyer.born": "date", "total": "money" },
            "lists": { "lines": { "item": "name", "tax.rate": "number" }, "boxes": "text" },
        });
        let metric = TaskMetric::from_settings("document", &settings, &[], None).unwrap();
        let scored = metric.score(&expected, &answer.to_string()).unwrap();
        assert_eq!(scored.headline, Some(score), "{answer}");
    }

    #[test]
    fn nested_fields_and_lists_are_judged_one_by_one() {
        let label = json!({
            "buyer": { "name": "Ada Love", "born": "1990-12-25" },
            "lines": [{ "item": "Tea", "tax": { "rate": 7 } }],
            "boxes": ["a", "b"],
        });
        check(label.clone(), label.clone(), 1.0);
        let mut answer = label.clone();
        answer["buyer"]["born"] = json!("1991-12-25");
        answer["lines"][0]["tax"]["rate"] = json!(19);
        answer["boxes"] = json!(["b", "c"]);
        check(label.clone(), answer, 0.5);
        check(label, json!({ "total": 5 }), 0.0);
    }

    #[test]
    fn what_is_not_there_is_not_there_with_all_that_would_be_in_it() {
        let label = json!({ "buyer": null, "total": 5 });
        check(label.clone(), json!({ "buyer": null, "total": 5 }), 1.0);
        check(label.clone(), json!({ "buyer": { "name": null, "born": null }, "total": 5 }), 1.0);
        check(label, json!({ "buyer": { "name": "Ada", "born": null }, "total": 5 }), 2.0 / 3.0);
    }
}
