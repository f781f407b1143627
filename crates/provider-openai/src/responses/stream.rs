use vision_http::{Chunk, Chunks, Folded};

/// The last event holds the whole answer, so that the pieces before it only tell the time.
pub fn fold(chunks: &Chunks) -> Folded {
    let mut folded = Folded::default();
    for Chunk { event, value } in chunks.iter() {
        let kind = value["type"].as_str().unwrap_or_default();
        let says = value["delta"].as_str().is_some_and(|delta| !delta.is_empty());
        match kind {
            "response.output_text.delta" | "response.refusal.delta" if says => folded.saw(event, true),
            _ if kind.starts_with("response.reasoning") && says => folded.saw(event, false),
            "response.completed" | "response.incomplete" | "response.failed" => {
                folded.whole = Some(value["response"].to_string());
            }
            _ => {}
        }
    }
    folded
}
