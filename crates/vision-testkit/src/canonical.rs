use std::num::NonZeroU32;
use std::sync::Arc;

use serde_json::json;
use vision_core::{
    Capabilities, Detail, Effort, Media, MediaKind, Modality, Output, Part, Request, Schema, Task,
};

use crate::media;

/// The requests that every provider is asked, as far as it can do them, each with its name.
pub fn requests(capabilities: &Capabilities) -> Vec<(&'static str, Request)> {
    let mut requests = vec![("plain", plain(capabilities)), ("full", full(capabilities))];
    let mut add = |name, parts: Vec<Part>| requests.push((name, ask(capabilities, parts)));
    if capabilities.takes(Modality::Image) && capabilities.max_images != Some(1) {
        add("images", interleaved());
    }
    if capabilities.takes(Modality::Image) && capabilities.url_input {
        add("link", vec![Part::Media(media::link(LINK)), prompt()]);
    }
    for (name, modality) in [("pdf", Modality::Pdf), ("audio", Modality::Audio), ("video", Modality::Video)] {
        if let Some(medium) = sample(capabilities, modality) {
            add(name, vec![Part::Media(medium), prompt()]);
        }
    }
    if capabilities.json {
        let request = ask(capabilities, vec![prompt()]);
        requests.push(("json", Request { output: Output::Json, ..request }));
    }
    requests
}

/// The shortest question: a prompt, or for an engine that follows none, one medium.
pub fn plain(capabilities: &Capabilities) -> Request {
    ask(capabilities, vec![prompt()])
}

/// Everything at once: system text, a medium, a schema and all parameters.
pub fn full(capabilities: &Capabilities) -> Request {
    let mut parts: Vec<Part> = first_sample(capabilities).map(Part::Media).into_iter().collect();
    parts.push(prompt());
    Request {
        system: Some(SYSTEM.to_owned()),
        output: if capabilities.json_schema { Output::Schema(receipt()) } else { Output::Text },
        temperature: Some(0.5),
        seed: Some(7),
        effort: Some(Effort::Low),
        detail: Some(Detail::High),
        ..ask(capabilities, parts)
    }
}

/// A request of these parts; an engine that follows no prompt gets its own task, and a medium at least.
pub(crate) fn ask(capabilities: &Capabilities, parts: Vec<Part>) -> Request {
    let cap = NonZeroU32::new(CAP).expect("not zero");
    if capabilities.prompt {
        return Request::new(Task::Receipt, parts, cap);
    }
    let task = *capabilities.tasks.first().expect("an engine without prompt has a task");
    let mut media: Vec<Part> = parts.into_iter().filter(|part| matches!(part, Part::Media(_))).collect();
    if media.is_empty() {
        media.extend(first_sample(capabilities).map(Part::Media));
    }
    Request::new(task, media, cap)
}

/// Texts and images by turns: their order is part of the question.
pub(crate) fn interleaved() -> Vec<Part> {
    vec![
        Part::Text("First picture:".to_owned()),
        Part::Media(media::png("a.png", 2, 1, 1)),
        Part::Text("Second picture:".to_owned()),
        Part::Media(media::png("b.png", 1, 2, 2)),
        Part::Text("What changed?".to_owned()),
    ]
}

/// A medium of the first modality that is taken.
pub(crate) fn first_sample(capabilities: &Capabilities) -> Option<Media> {
    [Modality::Image, Modality::Pdf, Modality::Audio, Modality::Video]
        .into_iter()
        .find_map(|modality| sample(capabilities, modality))
}

/// A small medium of this modality, if the provider takes its format.
pub(crate) fn sample(capabilities: &Capabilities, modality: Modality) -> Option<Media> {
    let (kind, medium) = match modality {
        Modality::Image => (MediaKind::Png, media::png("a.png", 2, 1, 1)),
        Modality::Pdf => (MediaKind::Pdf, media::pdf("a.pdf")),
        Modality::Audio => (MediaKind::Wav, media::wav("a.wav")),
        Modality::Video => (MediaKind::Mp4, media::mp4("a.mp4")),
    };
    capabilities.accepts(kind).then_some(medium)
}

pub(crate) fn prompt() -> Part {
    Part::Text(PROMPT.to_owned())
}

/// The strictest subset of JSON Schema: everything required, nothing else allowed, absence by null.
pub(crate) fn receipt() -> Schema {
    let schema = json!({
        "type": "object",
        "properties": {
            "store": {"type": ["string", "null"]},
            "total": {"type": ["number", "null"]},
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
                    "required": ["name", "price"],
                    "additionalProperties": false
                }
            }
        },
        "required": ["store", "total", "items"],
        "additionalProperties": false
    });
    Schema { name: "receipt".into(), schema: Arc::new(schema), strict: true }
}

pub(crate) const PROMPT: &str = "What does the receipt say?";
pub(crate) const SYSTEM: &str = "You read receipts to the cent.";
pub(crate) const CAP: u32 = 512;
pub(crate) const LINK: &str = "https://images.example.com/receipt.png";
