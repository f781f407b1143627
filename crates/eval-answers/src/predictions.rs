use std::path::Path;

use serde_json::Value;

use crate::Answer;

/// A file of its own for each document, in the folder of its candidate: `{"data": …, "citations": […]}`, or the data.
pub(crate) fn read(name: &str, whole: &Value) -> Answer {
    let path = Path::new(name);
    let part = |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).map(str::to_owned);
    let ids = ["case_id", "doc_id", "document"].iter().filter_map(|name| whole[*name].as_str());
    let mut keys: Vec<String> = ids.map(str::to_owned).collect();
    keys.extend(part(path.file_stem()));
    let data = ["data", "predicted", "prediction"].iter().find_map(|name| whole.get(*name)).unwrap_or(whole);
    let data = data.get("data").filter(|_| data.get("citations").is_some()).unwrap_or(data);
    Answer {
        keys,
        candidate: part(path.parent().and_then(Path::file_name)).unwrap_or_default(),
        outcome: match data {
            Value::Null => Err("no prediction".to_owned()),
            data => Ok(crate::answer::text(data)),
        },
        ..Answer::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::read;

    #[test]
    fn the_folder_is_the_candidate_and_the_file_the_case() {
        let text = r#"{"data": {"total": 5}, "citations": [{"field_path": "total", "page": 1, "bbox": [0, 0, 1, 1]}]}"#;
        let answers = read("predictions/gpt/doc-7.json", text, None).unwrap();
        assert_eq!((answers[0].candidate.as_str(), answers[0].keys[0].as_str()), ("gpt", "doc-7"));
        assert_eq!(answers[0].outcome.as_deref(), Ok("{\"total\":5}"));
        let plain = read("p/gpt/a.json", "{\"total\": 5}", None).unwrap();
        assert_eq!(plain[0].outcome, answers[0].outcome);
    }
}
