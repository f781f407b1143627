//! Fields of objects inside of the label, under dotted names, and lists of plain values.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Field, Rules};

/// The only field of a list's items that are no objects.
pub(super) const PLAIN_ITEM: &str = "value";

/// The object with a key of its own for every dotted field, and with items that are objects.
///
/// `buyer.name` is found in `{"buyer": {"name": …}}`, unless there is a key of that very name.
pub(super) fn flat<'a>(object: &'a Map<String, Value>, rules: &Rules) -> Cow<'a, Map<String, Value>> {
    let mut object = Cow::Borrowed(object);
    let names = rules.fields.iter().map(|field| &field.0).chain(rules.lists.iter().map(|list| &list.0));
    for name in names.filter(|name| name.contains('.')) {
        lift(&mut object, name);
    }
    for (name, fields) in &rules.lists {
        let dotted = fields.iter().any(|field| field.0.contains('.'));
        let is_plain = matches!(fields.as_slice(), [field] if field.0 == PLAIN_ITEM);
        if (dotted || is_plain) && object.get(name).is_some_and(Value::is_array) {
            let items = object.to_mut().get_mut(name).and_then(Value::as_array_mut);
            items.into_iter().flatten().for_each(|item| flat_item(item, fields, is_plain));
        }
    }
    object
}

fn flat_item(item: &mut Value, fields: &[Field], is_plain: bool) {
    match item {
        Value::Object(map) => {
            let mut flat = Cow::Borrowed(&*map);
            fields.iter().filter(|field| field.0.contains('.')).for_each(|field| lift(&mut flat, &field.0));
            if let Cow::Owned(flat) = flat {
                *map = flat;
            }
        }
        plain if is_plain => {
            let value = plain.take();
            *plain = Value::Object(Map::from_iter([(PLAIN_ITEM.to_owned(), value)]));
        }
        _ => {}
    }
}

/// Where an object on the way is null, so is what would be in it.
fn lift(object: &mut Cow<'_, Map<String, Value>>, name: &str) {
    let mut parts = name.split('.');
    let first = parts.next().and_then(|first| object.get(first));
    let found = parts.try_fold(first, |value, part| match value {
        Some(Value::Object(map)) => Some(map.get(part)),
        Some(Value::Null) => Some(value),
        _ => None,
    });
    if let Some(Some(value)) = found
        && !object.contains_key(name)
    {
        let value = value.clone();
        object.to_mut().insert(name.to_owned(), value);
    }
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
