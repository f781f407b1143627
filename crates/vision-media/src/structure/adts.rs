use super::{Structure, array};

const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// Frames of 1,024 samples, each with its length.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let mut at = 0;
    let mut seconds = 0.0;
    while at < bytes.len() {
        let header: [u8; 7] = array(bytes, at)?;
        if header[0] != 0xFF || header[1] & 0xF6 != 0xF0 {
            // Not a frame: a tag at the end, say.
            break;
        }
        let rate = RATES.get(usize::from(header[2] >> 2 & 0xF))?;
        let length =
            usize::from(header[3] & 3) << 11 | usize::from(header[4]) << 3 | usize::from(header[5]) >> 5;
        if length < 7 {
            break;
        }
        if at + length > bytes.len() {
            return None;
        }
        let blocks = f64::from(header[6] & 3) + 1.0;
        seconds += 1024.0 * blocks / f64::from(*rate);
        at += length;
    }
    Some(Structure::lasting((seconds > 0.0).then_some(seconds)))
}
