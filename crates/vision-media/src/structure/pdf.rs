use super::Structure;

/// A document ends with `%%EOF`, and perhaps some blanks or other words.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    const TAIL: usize = 2048;
    let end = bytes.iter().rposition(|byte| !byte.is_ascii_whitespace() && *byte != 0)?;
    let tail = &bytes[end.saturating_sub(TAIL)..=end];
    tail.windows(5).any(|window| window == b"%%EOF").then(Structure::default)
}
