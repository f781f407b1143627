use super::{Structure, le32, size};

/// The header says how long the file is; some writers leave it at zero.
pub(super) fn read(bytes: &[u8]) -> Option<Structure> {
    let (length, pixels) = (size(le32(bytes, 2)?), size(le32(bytes, 10)?));
    (length <= bytes.len() && pixels < bytes.len()).then(|| Structure::still(1))
}
