use super::{Structure, array, be16, be64, size};

/// The first block says how many samples there are, and how small a frame can be.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let mut at = 4;
    loop {
        let [flags, a, b, c] = array(bytes, at)?;
        at = at.checked_add(4)?.checked_add(size(u32::from_be_bytes([0, a, b, c])))?;
        if at > bytes.len() {
            return None;
        }
        if flags & 0x80 != 0 {
            break;
        }
    }
    let block = u64::from(be16(bytes, 10)?).max(1);
    let [a, b, c] = array(bytes, 12)?;
    let smallest_frame = u64::from(u32::from_be_bytes([0, a, b, c]));
    // 20 bits of rate, 8 of other things, 36 of samples.
    let packed = be64(bytes, 18)?;
    let (rate, samples) = (packed >> 44, packed & 0xF_FFFF_FFFF);
    let least = (samples / block).saturating_mul(smallest_frame);
    if least > (bytes.len() - at) as u64 {
        return None;
    }
    let known = rate > 0 && samples > 0;
    Some(Structure::lasting(known.then(|| samples as f64 / rate as f64)))
}
