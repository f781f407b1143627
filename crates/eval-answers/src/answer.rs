use serde_json::Value;

/// What one candidate said about one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What may name the case, the surest first: ids, names of files, values of variables.
    pub keys: Vec<String>,
    /// Who answered; empty if the file does not say.
    pub candidate: String,
    /// As the file numbers repeats, from 0 or 1: without it, a case is answered once.
    pub repeat: Option<u32>,
    /// Where it stands: the file and its line.
    pub place: String,
    /// The answer, or why there is none.
    pub outcome: Result<String, String>,
    /// The model that answered, in its host's words.
    pub model: Option<String>,
    /// Dollars.
    pub usd: Option<f64>,
    /// Seconds.
    pub seconds: Option<f64>,
    /// Input tokens.
    pub input_tokens: Option<u64>,
    /// Output tokens.
    pub output_tokens: Option<u64>,
}

impl Default for Answer {
    /// An empty answer of which nothing is known.
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            candidate: String::new(),
            repeat: None,
            place: String::new(),
            outcome: Ok(String::new()),
            model: None,
            usd: None,
            seconds: None,
            input_tokens: None,
            output_tokens: None,
        }
    }
}

/// Why there is none, where a place for an answer is empty.
pub const NO_ANSWER: &str = "no answer: its place in the file is empty";

/// A text as it is, anything else as JSON.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A text or a number, as something that can name a case.
pub(crate) fn key(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() && text.len() <= LONGEST_KEY => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The keys of an object whose names look like ids first, then all others.
pub(crate) fn keys(object: &Value) -> Vec<String> {
    let entries = || object.as_object().into_iter().flatten();
    let named = ID_NAMES.iter().filter_map(|name| object.get(*name)).filter_map(key);
    let mut keys: Vec<String> = named.collect();
    for value in entries().filter_map(|(_, value)| key(value)) {
        if !keys.contains(&value) {
            keys.push(value);
        }
    }
    keys
}

/// An amount that can be one.
pub(crate) fn amount(value: &Value) -> Option<f64> {
    value.as_f64().filter(|amount| *amount >= 0.0 && amount.is_finite())
}

/// Names under which ids are kept.
pub(crate) const ID_NAMES: [&str; 9] =
    ["case", "case_id", "id", "doc_id", "question_id", "sample_id", "document", "image", "file"];

/// Longer texts name nothing.
const LONGEST_KEY: usize = 400;
