use super::{Structure, array, be32, be64, size};

/// Boxes at the top of a file, each with its length. One of them holds the length in time.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let mut at = 0;
    let mut seconds = None;
    while at < bytes.len() {
        let (name, content, end) = one(bytes, at)?;
        if end > bytes.len() {
            return None;
        }
        if name == *b"moov" {
            seconds = length(&bytes[content..end]);
        }
        at = end;
    }
    Some(Structure::lasting(seconds))
}

/// A box: its name, where its content begins, and where it ends.
fn one(bytes: &[u8], at: usize) -> Option<([u8; 4], usize, usize)> {
    let name = array(bytes, at.checked_add(4)?)?;
    let (header, length) = match be32(bytes, at)? {
        // Up to the end of the file.
        0 => (8, bytes.len() - at),
        1 => (16, usize::try_from(be64(bytes, at + 8)?).ok()?),
        length => (8, size(length)),
    };
    (length >= header).then_some(())?;
    Some((name, at + header, at.checked_add(length)?))
}

/// Duration divided by its unit, out of the header inside.
fn length(movie: &[u8]) -> Option<f64> {
    let mut at = 0;
    loop {
        let (name, content, end) = one(movie, at)?;
        if name == *b"mvhd" {
            let long = movie.get(content)? == &1;
            let (unit, duration) = if long {
                (be32(movie, content + 20)?, be64(movie, content + 24)?)
            } else {
                (be32(movie, content + 12)?, u64::from(be32(movie, content + 16)?))
            };
            return (unit > 0).then(|| duration as f64 / f64::from(unit));
        }
        at = end;
    }
}
