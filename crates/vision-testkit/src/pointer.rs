use serde_json::Value;

/// Every value at a JSON pointer in which `*` stands for every member, in document order.
///
/// Escapes are not needed here: no vendor has a slash in a name.
pub(crate) fn find<'a>(value: &'a Value, pointer: &str) -> Vec<&'a Value> {
    let mut found = vec![value];
    for step in pointer.split('/').skip(1) {
        found = found.into_iter().flat_map(|value| members(value, step)).collect();
    }
    found
}

/// The same to write to.
pub(crate) fn set(value: &mut Value, pointer: &str, new: &Value) -> usize {
    let Some((step, rest)) = pointer.strip_prefix('/').map(|path| path.split_once('/').unwrap_or((path, "")))
    else {
        *value = new.clone();
        return 1;
    };
    let rest = if rest.is_empty() { String::new() } else { format!("/{rest}") };
    match value {
        Value::Array(items) if step == "*" => items.iter_mut().map(|item| set(item, &rest, new)).sum(),
        Value::Object(fields) if step == "*" => fields.values_mut().map(|field| set(field, &rest, new)).sum(),
        Value::Array(items) => step
            .parse::<usize>()
            .ok()
            .and_then(|index| items.get_mut(index))
            .map_or(0, |i| set(i, &rest, new)),
        Value::Object(fields) => fields.get_mut(step).map_or(0, |field| set(field, &rest, new)),
        _ => 0,
    }
}

fn members<'a>(value: &'a Value, step: &str) -> Vec<&'a Value> {
    match value {
        Value::Array(items) if step == "*" => items.iter().collect(),
        Value::Object(fields) if step == "*" => fields.values().collect(),
        Value::Array(items) => step.parse::<usize>().ok().and_then(|at| items.get(at)).into_iter().collect(),
        Value::Object(fields) => fields.get(step).into_iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{find, set};

    #[test]
    fn a_star_stands_for_every_member() {
        let mut value =
            json!({"messages": [{"content": "a"}, {"content": [{"text": "b"}, {"text": "c"}, {}]}]});
        assert_eq!(find(&value, "/messages/*/content/*/text"), [&json!("b"), &json!("c")]);
        assert_eq!(find(&value, "/messages/0/content"), [&json!("a")]);
        assert!(find(&value, "/messages/7").is_empty());
        assert_eq!(set(&mut value, "/messages/1/content/*/text", &json!(1)), 2);
        assert_eq!(find(&value, "/messages/*/content/*/text"), [&json!(1), &json!(1)]);
    }
}
