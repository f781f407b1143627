use vision_http::{Chunk, Chunks, Folded};

/// Each piece is an answer of its own, and a list of them is read as one. Without a reason for its end it is cut.
pub(crate) fn fold(chunks: &Chunks) -> Folded {
    let (mut folded, mut is_ended) = (Folded::default(), false);
    for Chunk { event, value } in chunks.iter() {
        let candidate = &value["candidates"][0];
        let parts = candidate["content"]["parts"].as_array().map(Vec::as_slice).unwrap_or_default();
        for part in parts.iter().filter(|part| part["text"].as_str().is_some_and(|text| !text.is_empty())) {
            folded.saw(event, part["thought"] != true);
        }
        let is_blocked = value["promptFeedback"]["blockReason"].is_string();
        is_ended |= is_blocked || candidate["finishReason"].is_string();
    }
    folded.whole = is_ended.then(|| chunks.listed());
    folded
}
