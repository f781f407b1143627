use super::{Structure, array, be16, be32, size};

/// Frames divided by the rate, which is an 80-bit number.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let end = size(be32(bytes, 4)?).checked_add(8)?;
    if end > bytes.len() {
        return None;
    }
    let mut at = 12usize;
    while let Some(name) = array::<4>(bytes, at) {
        let length = size(be32(bytes, at + 4)?);
        if name == *b"COMM" {
            let frames = f64::from(be32(bytes, at + 10)?);
            return Some(Structure::lasting(Some(frames / extended(bytes, at + 16)?)));
        }
        at = at.checked_add(8)?.checked_add(length)?.checked_add(length & 1)?;
    }
    Some(Structure::default())
}

/// A sign and an exponent of 15 bits, and a fraction of 64 that shows its leading one.
fn extended(bytes: &[u8], at: usize) -> Option<f64> {
    let exponent = i32::from(be16(bytes, at)? & 0x7FFF) - 16_383 - 63;
    let fraction = super::be64(bytes, at + 2)? as f64;
    Some(fraction * 2f64.powi(exponent))
}
