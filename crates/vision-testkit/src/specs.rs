use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

macro_rules! specs {
    ($($name:literal),* $(,)?) => {
        /// The names that [`schema`] and [`validate`] know.
        pub const SCHEMAS: &[&str] = &[$($name),*];

        fn text(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some(include_str!(concat!("../specs/", $name, ".json"))),)*
                _ => None,
            }
        }
    };
}

specs!(
    "anthropic.messages.error.2023-06-01",
    "anthropic.messages.error.2026-10-21",
    "anthropic.messages.request.2023-06-01",
    "anthropic.messages.request.2023-06-01.core",
    "anthropic.messages.request.2026-10-21",
    "anthropic.messages.request.2026-10-21.core",
    "anthropic.messages.response.2023-06-01",
    "anthropic.messages.response.2023-06-01.core",
    "anthropic.messages.response.2026-10-21",
    "anthropic.messages.response.2026-10-21.core",
    "azure_di.analyze.request",
    "azure_di.analyze.response",
    "azure_di.error",
    "bedrock.converse.request",
    "bedrock.converse.response",
    "bedrock.error",
    "documentai.process.request",
    "documentai.process.response",
    "gemini.error",
    "gemini.generate_content.request",
    "gemini.generate_content.response",
    "mistral.chat.request",
    "mistral.chat.response",
    "mistral.error422",
    "mistral.ocr.error",
    "mistral.ocr.request",
    "mistral.ocr.response",
    "oauth.token.error",
    "oauth.token.response",
    "openai.chat.request",
    "openai.chat.response",
    "openai.error",
    "openai.responses.request",
    "openai.responses.response",
    "openai.transcription.response",
    "openai.transcription.response.verbose",
    "textract.analyze_document.request",
    "textract.analyze_document.response",
    "textract.analyze_expense.request",
    "textract.analyze_expense.response",
    "textract.detect_document_text.request",
    "textract.detect_document_text.response",
    "textract.error",
    "textract.get_expense_analysis.response",
    "textract.start_expense_analysis.request",
);

/// A vendor's schema of a request, a response or an error. Panics on a name that is not in [`SCHEMAS`].
pub fn schema(name: &str) -> Value {
    let text = text(name).unwrap_or_else(|| panic!("no schema `{name}` (known: {})", SCHEMAS.join(", ")));
    serde_json::from_str(text).expect("every schema in specs/ is JSON")
}

/// Checks `body` against the schema of that name and lists everything that is wrong with it.
pub fn validate(name: &str, body: &Value) -> Result<(), String> {
    let validator = validator(name);
    let mistakes: Vec<String> = validator
        .iter_errors(body)
        .map(|mistake| format!("{}: {}", mistake.instance_path(), shorten(mistake.to_string())))
        .collect();
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("\n")) }
}

/// Compiling a schema takes far longer than using it, so each is compiled once.
fn validator(name: &str) -> &'static Validator {
    static COMPILED: LazyLock<Mutex<HashMap<String, &'static Validator>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = compiled.get(name) {
        return validator;
    }
    let validator = jsonschema::draft202012::new(&schema(name)).expect("every schema in specs/ compiles");
    let validator: &'static Validator = Box::leak(Box::new(validator));
    compiled.insert(name.to_owned(), validator);
    validator
}

/// A mistake quotes the value it is about, and that may be an image.
fn shorten(mut text: String) -> String {
    const LONGEST: usize = 300;
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{SCHEMAS, schema, validate};

    fn examples() -> Value {
        serde_json::from_str(include_str!("../specs/examples/examples.json")).unwrap()
    }

    fn name(file: &str) -> &str {
        file.strip_suffix(".json").unwrap()
    }

    #[test]
    fn every_file_in_the_folder_has_a_name() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/specs")).unwrap();
        let files = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut known: Vec<String> =
            files.filter_map(|file| file.strip_suffix(".json").map(str::to_owned)).collect();
        known.sort();
        let mut names = SCHEMAS.to_vec();
        names.sort_unstable();
        assert_eq!(known, names);
        assert!(SCHEMAS.iter().all(|name| schema(name).is_object()));
    }

    #[test]
    fn takes_every_valid_example() {
        for (file, bodies) in examples()["valid"].as_object().unwrap() {
            for body in bodies.as_array().unwrap() {
                assert_eq!(validate(name(file), body), Ok(()), "{file}");
            }
        }
    }

    #[test]
    fn refuses_every_invalid_example() {
        for example in examples()["invalid"].as_array().unwrap() {
            let file = example["schema"].as_str().unwrap();
            assert!(validate(name(file), &example["body"]).is_err(), "{file}: {}", example["why"]);
        }
    }

    #[test]
    #[should_panic(expected = "no schema `openai`")]
    fn an_unknown_name_is_a_mistake_in_the_test() {
        schema("openai");
    }
}
