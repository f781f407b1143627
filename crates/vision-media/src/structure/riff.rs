use super::{Structure, le32, size};

/// The header says how long the file is.
pub(super) fn webp(bytes: &[u8]) -> Option<Structure> {
    let end = size(le32(bytes, 4)?).checked_add(8)?;
    let bytes = bytes.get(..end)?;
    let frames = chunks(bytes).filter(|chunk| chunk.name == *b"ANMF").count();
    Some(Structure::still(u32::try_from(frames).unwrap_or(u32::MAX).max(1)))
}

/// Sound lasts as long as its bytes divided by its bytes a second.
pub(super) fn wav(bytes: &[u8]) -> Option<Structure> {
    let rate = chunks(bytes).find(|chunk| chunk.name == *b"fmt ").and_then(|chunk| le32(bytes, chunk.at + 8));
    let data = chunks(bytes).find(|chunk| chunk.name == *b"data")?;
    let there = bytes.len() - data.at;
    let length = match data.length {
        // Written to a pipe: the length was not known when the header was.
        0 | 0x7FFF_0000.. => there,
        length if size(length) > there => return None,
        length => size(length),
    };
    Some(Structure::lasting(rate.filter(|rate| *rate > 0).map(|rate| length as f64 / f64::from(rate))))
}

struct Chunk {
    name: [u8; 4],
    /// Where its content begins.
    at: usize,
    length: u32,
}

/// The chunks of a file, the last one perhaps cut.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk> {
    let mut at = 12usize;
    std::iter::from_fn(move || {
        let name = super::array(bytes, at)?;
        let length = le32(bytes, at + 4)?;
        let chunk = Chunk { name, at: at + 8, length };
        // Chunks begin at even places.
        at = chunk.at.checked_add(size(length))?.checked_add(size(length & 1))?;
        Some(chunk)
    })
}
