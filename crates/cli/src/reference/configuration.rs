use serde_json::Value;

use super::table;

const SCHEMA: &str = include_str!("../../../../schemas/eval.schema.json");

/// Every key of `eval.toml`.
pub fn page() -> String {
    let schema: Value = serde_json::from_str(SCHEMA).expect("our own schema is JSON");
    let mut text =
        "# Configuration\n\nGenerated from the schema of `eval.toml`. `vision-eval init` writes a commented \
                    file, and an editor that reads its first line completes the keys.\n"
            .to_owned();
    push(&mut text, "", "", &schema);
    text
}

/// The keys of one table, and then those of the tables in it.
fn push(text: &mut String, name: &str, heading: &str, schema: &Value) {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let (tables, keys): (Vec<_>, Vec<_>) = properties.partition(|(_, it)| inner(it).is_some());
    let title = if heading.is_empty() { "Top level" } else { heading };
    text.push_str(&format!("\n## {title}\n\n"));
    if let Some(about) = schema["description"].as_str() {
        text.push_str(&format!("{about}\n\n"));
    }
    if !keys.is_empty() {
        let rows = keys.into_iter().map(|(key, it)| vec![format!("`{key}`"), kind(it), described(it)]);
        text.push_str(&table(&["Key", "Type", "Meaning"], rows));
    }
    for (key, it) in tables {
        let full = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        let Some((inner, shape)) = inner(it) else { continue };
        let mut inner = inner.clone();
        inner["description"] = it["description"].clone();
        push(text, &full, &shape.replace("NAME", &full), &inner);
    }
}

/// The table that a key holds, and how its heading is written.
fn inner(schema: &Value) -> Option<(&Value, &'static str)> {
    let items = &schema["items"];
    let named = &schema["additionalProperties"]["additionalProperties"];
    match () {
        () if items["properties"].is_object() => Some((items, "`[[NAME]]`")),
        () if schema["properties"].is_object() => Some((schema, "`[NAME]`")),
        () if named["properties"].is_object() => Some((named, "`[NAME.TASK.VARIANT]`")),
        () => None,
    }
}

fn kind(schema: &Value) -> String {
    let words = |list: &Value| {
        let words: Vec<String> = list.as_array().into_iter().flatten().map(|it| format!("`{it}`")).collect();
        words.join(", ")
    };
    match (schema["enum"].is_array(), schema["type"].as_str()) {
        (true, _) => words(&schema["enum"]),
        (_, Some("array")) if schema["items"]["enum"].is_array() => {
            format!("list of {}", words(&schema["items"]["enum"]))
        }
        (_, Some("array")) => format!("list of {}s", schema["items"]["type"].as_str().unwrap_or("value")),
        (_, Some("object")) => "table".to_owned(),
        (_, Some(name)) => name.to_owned(),
        _ => "any".to_owned(),
    }
}

fn described(schema: &Value) -> String {
    let about = schema["description"].as_str().unwrap_or_default();
    match &schema["default"] {
        Value::Null => about.to_owned(),
        default => format!("{about} Default: `{default}`."),
    }
}
