use super::Structure;

/// Blocks, up to the one that ends the file.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let mut at = 13 + table(*bytes.get(10)?);
    let mut frames = 0;
    loop {
        match bytes.get(at)? {
            b';' => return Some(Structure::still(frames)),
            b'!' => at = end_of_blocks(bytes, at + 2)?,
            b',' => {
                frames += 1;
                at = end_of_blocks(bytes, at + 11 + table(*bytes.get(at + 9)?))?;
            }
            _ => at += 1,
        }
    }
}

/// The length of the colour table that these flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// What follows a run of blocks that ends with an empty one.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
