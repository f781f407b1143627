//! The events of a streamed message, added up to the message that would have come at once.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use vision_http::{Chunk, Chunks, Folded};

/// What has come so far.
#[derive(Default)]
struct Message {
    id: Value,
    model: Value,
    usage: Map<String, Value>,
    /// By their places: the text of a block, or the input of a tool.
    blocks: BTreeMap<u64, Block>,
    /// The end as `message_delta` has it.
    end: Map<String, Value>,
    stopped: bool,
}

#[derive(Default)]
struct Block {
    kind: String,
    words: String,
}

/// Adds a message up. Without `message_stop` or a reason to stop it is cut.
pub(crate) fn fold(chunks: &Chunks) -> Folded {
    let (mut message, mut folded) = (Message::default(), Folded::default());
    for chunk in chunks.iter() {
        message.add(&chunk, &mut folded);
    }
    let is_ended = message.stopped || message.end.get("stop_reason").is_some_and(Value::is_string);
    folded.whole = is_ended.then(|| message.whole());
    folded
}

impl Message {
    fn add(&mut self, Chunk { event, value }: &Chunk, folded: &mut Folded) {
        match value["type"].as_str().unwrap_or_default() {
            "message_start" => {
                let start = &value["message"];
                (self.id, self.model) = (start["id"].clone(), start["model"].clone());
                merge(&mut self.usage, &start["usage"]);
                // A placeholder: what was written is counted at the end.
                self.usage.remove("output_tokens");
            }
            "content_block_start" => {
                let begun = &value["content_block"];
                let block = self.blocks.entry(value["index"].as_u64().unwrap_or_default()).or_default();
                block.kind = begun["type"].as_str().unwrap_or_default().to_owned();
                block.words += begun["text"].as_str().unwrap_or_default();
            }
            "content_block_delta" => self.add_delta(*event, value, folded),
            "message_delta" => {
                merge(&mut self.end, &value["delta"]);
                merge(&mut self.usage, &value["usage"]);
            }
            "message_stop" => self.stopped = true,
            _ => {}
        }
    }

    fn add_delta(&mut self, event: usize, value: &Value, folded: &mut Folded) {
        let delta = &value["delta"];
        let block = self.blocks.entry(value["index"].as_u64().unwrap_or_default()).or_default();
        let (name, is_text) = match delta["type"].as_str().unwrap_or_default() {
            "text_delta" => ("text", true),
            "input_json_delta" => ("partial_json", true),
            "thinking_delta" => ("thinking", false),
            _ => return,
        };
        let words = delta[name].as_str().unwrap_or_default();
        if words.is_empty() {
            return;
        }
        folded.saw(event, is_text);
        if is_text {
            block.words += words;
        }
    }

    /// Written by hand, because the input of a tool is the answer, to the last digit.
    fn whole(self) -> String {
        let blocks: Vec<String> = self.blocks.into_values().map(Block::whole).collect();
        let mut rest = self.end;
        rest.extend([
            ("id".to_owned(), self.id),
            ("model".to_owned(), self.model),
            ("usage".to_owned(), Value::Object(self.usage)),
        ]);
        let rest = Value::Object(rest).to_string();
        format!("{{\"content\":[{}],{}", blocks.join(","), rest.trim_start_matches('{'))
    }
}

impl Block {
    fn whole(self) -> String {
        let Self { kind, words } = self;
        match kind.as_str() {
            "tool_use" => match RawValue::from_string(words) {
                Ok(input) => format!("{{\"type\":\"tool_use\",\"input\":{input}}}"),
                // The cap on tokens has cut it.
                Err(_) => json!({"type": "tool_use"}).to_string(),
            },
            kind => json!({"type": kind, "text": words}).to_string(),
        }
    }
}

/// The later word counts, where there is one.
fn merge(fields: &mut Map<String, Value>, later: &Value) {
    for (name, value) in later.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        fields.insert(name.clone(), value.clone());
    }
}
