use bytes::Bytes;
use vision_core::{Error, ErrorKind, Result};

use crate::counting::{Counted, count};

/// How many pages a document has. Encrypted and empty documents are refused.
pub(crate) fn pages(name: &str, bytes: &Bytes) -> Result<u32> {
    let refused = |why: &str| Err(Error::new(ErrorKind::InvalidRequest, format!("{name} is a PDF {why}")));
    match count(bytes)? {
        Counted::Encrypted => refused("that is encrypted"),
        Counted::Pages(_) if is_encrypted(bytes) => refused("that is encrypted"),
        Counted::Pages(0) => refused("without pages"),
        Counted::Pages(pages) => Ok(pages),
        Counted::Unreadable => refused("that cannot be read"),
    }
}

/// A document may be encrypted without needing a password, and providers refuse it all the same.
///
/// The entry stands in the trailer, which is never compressed.
fn is_encrypted(bytes: &[u8]) -> bool {
    const ENTRY: &[u8] = b"/Encrypt";
    bytes.windows(ENTRY.len() + 1).enumerate().any(|(at, window)| {
        window.starts_with(ENTRY) && {
            let rest = bytes[at + ENTRY.len()..].trim_ascii_start();
            rest.starts_with(b"<<") || reference(rest)
        }
    })
}

/// Whether `12 0 R` stands here.
fn reference(text: &[u8]) -> bool {
    let start = &text[..text.len().min(32)];
    let mut words = start.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut number = || words.next().is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    number() && number() && words.next().is_some_and(|word| word.starts_with(b"R"))
}
