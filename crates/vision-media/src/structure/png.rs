use super::{Structure, be32, size};

/// Chunks, up to the one that ends the file.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let mut at = 8;
    let mut frames = 1;
    loop {
        let length = size(be32(bytes, at)?);
        let name = bytes.get(at + 4..at + 8)?;
        let end = length.checked_add(12)?.checked_add(at)?;
        if end > bytes.len() {
            return None;
        }
        match name {
            b"IEND" => return Some(Structure::still(frames)),
            b"acTL" => frames = be32(bytes, at + 8)?.max(1),
            _ => {}
        }
        at = end;
    }
}
