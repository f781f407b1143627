use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::sight::Seen;
use super::tokens::SURE;

/// What the server answers: written down beforehand, or made from what it saw.
#[derive(Debug, Default)]
pub struct Answers {
    by_image: HashMap<String, Vec<Entry>>,
    others: Vec<Entry>,
    thought: Option<fn(&Seen) -> String>,
}

/// One line of an answer file. Every condition that is given must hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// A piece of the question.
    prompt: Option<String>,
    /// The SHA-256 of the first medium.
    image: Option<String>,
    /// The model.
    model: Option<String>,
    /// Text as it is, anything else as JSON.
    answer: Value,
    /// How sure the model is of each token with a digit, where it is asked to say so.
    sure: Option<f64>,
}

impl Answers {
    /// Reads JSON lines such as `{"image":"<sha256>","model":"good","answer":{"total":12.5}}`. Of several that
    /// fit, the first counts; those with an image come before those without.
    pub fn parse(lines: &str) -> Result<Self, String> {
        let mut answers = Self::default();
        for (number, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let entry: Entry =
                serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1))?;
            match &entry.image {
                Some(image) => answers.by_image.entry(image.clone()).or_default().push(entry),
                None => answers.others.push(entry),
            }
        }
        Ok(answers)
    }

    /// What a function makes of what was seen.
    #[must_use]
    pub fn thought(by: fn(&Seen) -> String) -> Self {
        Self { thought: Some(by), ..Self::default() }
    }

    /// The text of the answer to what was seen.
    pub fn answer(&self, seen: &Seen) -> String {
        if let Some(thought) = self.thought {
            return thought(seen);
        }
        match (self.entry(seen), &seen.schema) {
            (Some(entry), _) => text(&entry.answer),
            (None, Some(schema)) => emptiest(schema, schema).to_string(),
            (None, None) => echo(seen),
        }
    }

    /// How sure it is of tokens with digits.
    pub(super) fn sure(&self, seen: &Seen) -> f64 {
        self.entry(seen).and_then(|entry| entry.sure).unwrap_or(SURE)
    }

    fn entry(&self, seen: &Seen) -> Option<&Entry> {
        let image = seen.media.first().map(|medium| medium.sha256.as_str()).unwrap_or_default();
        let first = self.by_image.get(image).into_iter().flatten();
        first.chain(&self.others).find(|entry| entry.fits(seen))
    }
}

impl Entry {
    fn fits(&self, seen: &Seen) -> bool {
        let asked = |words: &String| seen.texts.iter().any(|text| text.contains(words.as_str()));
        self.prompt.as_ref().is_none_or(asked) && self.model.as_ref().is_none_or(|model| *model == seen.model)
    }
}

fn text(answer: &Value) -> String {
    answer.as_str().map_or_else(|| answer.to_string(), str::to_owned)
}

fn echo(seen: &Seen) -> String {
    json!({"model": seen.model, "system": seen.system, "texts": seen.texts, "media": seen.media}).to_string()
}

/// The smallest value that satisfies a schema of the strict subset: null where it may be, else empty.
fn emptiest(schema: &Value, root: &Value) -> Value {
    if let Some(target) = schema["$ref"].as_str().and_then(|path| root.pointer(path.trim_start_matches('#')))
    {
        return emptiest(target, root);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    if let Some(first) = schema["anyOf"].get(0) {
        return emptiest(first, root);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    match types.first() {
        _ if types.contains(&"null") => Value::Null,
        Some(&"object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Value::Object(
                fields.map(|(name, field)| (name.clone(), emptiest(field, root))).collect::<Map<_, _>>(),
            )
        }
        Some(&"array") => json!([]),
        Some(&"number" | &"integer") => json!(0),
        Some(&"boolean") => json!(false),
        Some(&"string") => json!(""),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Answers, Seen};
    use crate::server::sight::SeenMedium;

    fn seen(prompt: &str, model: &str, image: &str) -> Seen {
        let media = vec![SeenMedium { sha256: image.to_owned(), ..SeenMedium::default() }];
        Seen { model: model.to_owned(), texts: vec![prompt.to_owned()], media, ..Seen::default() }
    }

    #[test]
    fn the_first_line_that_fits_answers() {
        let lines = r#"
{"prompt":"total","answer":"12.50"}
{"image":"abc","model":"good","answer":{"total":12.5}}
{"image":"abc","answer":"I cannot say"}
{"answer":"?"}"#;
        let answers = Answers::parse(lines).unwrap();
        assert_eq!(answers.answer(&seen("the total", "m", "abd")), "12.50");
        assert_eq!(answers.answer(&seen("the total", "good", "abc")), r#"{"total":12.5}"#);
        assert_eq!(answers.answer(&seen("the total", "bad", "abc")), "I cannot say");
        assert_eq!(answers.answer(&seen("hello", "m", "abd")), "?");
    }

    #[test]
    fn a_bad_line_is_named() {
        assert!(Answers::parse("{\"answer\":1}\n{\"anwser\":1}").unwrap_err().starts_with("line 2: "));
    }

    #[test]
    fn without_a_line_it_says_what_it_saw() {
        let answer: Value =
            serde_json::from_str(&Answers::default().answer(&seen("hi", "m", "abc"))).unwrap();
        assert_eq!((&answer["texts"][0], &answer["media"][0]["sha256"]), (&json!("hi"), &json!("abc")));
    }

    #[test]
    fn a_schema_gets_its_emptiest_answer() {
        let schema = (*crate::canonical::receipt().schema).clone();
        let seen = Seen { schema: Some(schema), ..seen("hi", "m", "abc") };
        assert_eq!(Answers::default().answer(&seen), r#"{"store":null,"total":null,"items":[]}"#);
    }
}
