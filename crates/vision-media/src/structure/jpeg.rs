use super::{Structure, be16};

/// Segments and scans, up to the marker that ends the image. What follows it (cameras put previews there) is
/// not looked at.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    const END: u8 = 0xD9;
    const SCAN: u8 = 0xDA;
    let (mut at, mut head) = (2, None);
    loop {
        let marker = *bytes.get(at + 1)?;
        match (bytes[at], marker) {
            (0xFF, END) => return Some(Structure { head, ..Structure::still(1) }),
            // A marker may be preceded by any number of these.
            (0xFF, 0xFF) => at += 1,
            (0xFF, 0x01 | 0xD0..=0xD8) => at += 2,
            (0xFF, _) => {
                at += 2 + usize::from(be16(bytes, at + 2)?.max(2));
                if marker == SCAN {
                    head.get_or_insert(at);
                    at = end_of_scan(bytes, at)?;
                }
            }
            _ => at += 1,
        }
    }
}

/// The place of the next marker. In a scan, 0xFF stands for itself before a zero and before restarts.
fn end_of_scan(bytes: &[u8], from: usize) -> Option<usize> {
    let scan = bytes.get(from..)?;
    // Nearly all of a file is scan, so looking for the byte alone, many at once, is worth its while.
    let is_marker = |at: &usize| !matches!(scan.get(at + 1), None | Some(0 | 0xFF | 0xD0..=0xD7));
    memchr::memchr_iter(0xFF, scan).find(is_marker).map(|offset| from + offset)
}
