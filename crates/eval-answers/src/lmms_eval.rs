use std::path::Path;

use serde_json::Value;

use crate::Answer;
use crate::answer::{keys, text};

/// A line of the samples of lmms-eval. The model is the name of the folder, as lmms-eval calls it.
pub(crate) fn line(name: &str, line: &Value) -> Answer {
    let mut found = keys(&line["doc"]);
    found.extend(keys(line));
    let said = [&line["filtered_resps"], &line["resps"]].into_iter().find_map(first);
    let folder = Path::new(name).parent().and_then(Path::file_name).and_then(|name| name.to_str());
    Answer {
        keys: found,
        candidate: folder.unwrap_or_default().replace("__", "/"),
        outcome: said.map(text).ok_or_else(|| "no response".to_owned()),
        ..Answer::default()
    }
}

/// The first response of a list, which may be a list of lists.
fn first(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(values) => values.first().and_then(first),
        Value::Null => None,
        value => Some(value),
    }
}
