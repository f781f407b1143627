//! The pieces of a streamed answer, added up to the answer that would have come at once.

use serde_json::{Map, Value, json};
use vision_http::{Chunk, Chunks, Folded};

/// What has come so far.
#[derive(Default)]
struct Answer {
    /// What every chunk repeats: id, model and the like.
    head: Map<String, Value>,
    text: String,
    tokens: Vec<Value>,
    refusal: String,
    /// The last word on each.
    finish_reason: Value,
    content_filter_results: Value,
    error: Value,
    usage: Value,
    has_choice: bool,
}

/// Adds up what came of the first choice. Without a reason for its end and without `[DONE]` the answer is cut.
pub fn fold(chunks: &Chunks) -> Folded {
    let (mut answer, mut folded) = (Answer::default(), Folded::default());
    for chunk in chunks.iter() {
        answer.add(&chunk, &mut folded);
    }
    let is_ended = chunks.done || answer.finish_reason.is_string();
    folded.whole = is_ended.then(|| answer.whole().to_string());
    folded
}

impl Answer {
    fn add(&mut self, Chunk { event, value }: &Chunk, folded: &mut Folded) {
        for name in ["id", "model", "system_fingerprint", "service_tier"] {
            if !value[name].is_null() {
                self.head.insert(name.to_owned(), value[name].clone());
            }
        }
        // Some count on every chunk, some on the last, and one vendor under a name of its own.
        for usage in [&value["x_groq"]["usage"], &value["usage"]] {
            keep(&mut self.usage, usage);
        }
        let Some(choice) = value["choices"].get(0) else { return };
        self.has_choice = true;
        keep(&mut self.finish_reason, &choice["finish_reason"]);
        keep(&mut self.content_filter_results, &choice["content_filter_results"]);
        keep(&mut self.error, &choice["error"]);
        self.tokens.extend(choice["logprobs"]["content"].as_array().into_iter().flatten().cloned());
        let delta = &choice["delta"];
        let (text, thought) = words(&delta["content"]);
        let refusal = delta["refusal"].as_str().unwrap_or_default();
        let reasoning =
            ["reasoning_content", "reasoning"].map(|name| delta[name].as_str().unwrap_or_default());
        let is_text = !text.is_empty() || !refusal.is_empty();
        if is_text || thought || reasoning.iter().any(|words| !words.is_empty()) {
            folded.saw(*event, is_text);
        }
        self.text += &text;
        self.refusal += refusal;
    }

    fn whole(self) -> Value {
        let words = |text: String| if text.is_empty() { Value::Null } else { Value::String(text) };
        let mut choice = json!({
            "index": 0,
            "message": {"role": "assistant", "content": words(self.text), "refusal": words(self.refusal)},
            "finish_reason": self.finish_reason,
            "content_filter_results": self.content_filter_results,
        });
        if !self.tokens.is_empty() {
            choice["logprobs"] = json!({"content": self.tokens});
        }
        if !self.error.is_null() {
            choice["error"] = self.error;
        }
        let mut whole = self.head;
        let choices = if self.has_choice { json!([choice]) } else { json!([]) };
        whole.insert("choices".to_owned(), choices);
        whole.insert("usage".to_owned(), self.usage);
        Value::Object(whole)
    }
}

fn keep(last: &mut Value, value: &Value) {
    if !value.is_null() {
        *last = value.clone();
    }
}

/// The text in a delta, and whether there is thinking in it: some models send lists of parts.
fn words(content: &Value) -> (String, bool) {
    match content {
        Value::String(text) => (text.clone(), false),
        Value::Array(parts) => {
            let texts =
                parts.iter().filter(|part| part["type"] == "text").filter_map(|part| part["text"].as_str());
            (texts.collect(), parts.iter().any(|part| part["type"] == "thinking"))
        }
        _ => (String::new(), false),
    }
}
