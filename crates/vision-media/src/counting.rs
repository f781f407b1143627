//! Pages counted by processes of their own, which go on with the next document: thousands are counted for a plan.

use std::io::{self, Read, Write};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use hayro_syntax::{LoadPdfError, Pdf};
use vision_core::Result;
use vision_core::panics::caught;

use crate::program::{self, Apart};

/// The first argument by which the program knows that it is to count.
pub const COUNT_PAGES: &str = "count-pages";

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    Pages(u32),
    Encrypted,
    Unreadable,
}

/// Processes that wait for another document.
static IDLE: Mutex<Vec<Apart>> = Mutex::new(Vec::new());

/// Counts the pages of a document.
pub(crate) fn count(bytes: &Bytes) -> Result<Counted> {
    let Some(program) = program::known() else { return Ok(count_here(bytes)) };
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    // One that has counted others may have no time left.
    if let Some(counted) = idle.and_then(|counter| count_by(counter, bytes)) {
        return Ok(counted);
    }
    let fresh = Apart::start(program, COUNT_PAGES, &[])?;
    Ok(count_by(fresh, bytes).unwrap_or(Counted::Unreadable))
}

/// `None` if the process ended over it.
fn count_by(mut counter: Apart, bytes: &Bytes) -> Option<Counted> {
    counter.tell(&(bytes.len() as u64).to_le_bytes()).and_then(|()| counter.tell(bytes)).ok()?;
    let mut answer = [0; 5];
    counter.output().read_exact(&mut answer).ok()?;
    let [kind, pages @ ..] = answer;
    IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(counter);
    Some(match kind {
        0 => Counted::Pages(u32::from_le_bytes(pages)),
        1 => Counted::Encrypted,
        _ => Counted::Unreadable,
    })
}

/// Counts the pages of the documents on `input`, each with its length before it, until there are no more.
pub fn serve_counts(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut length = [0; 8];
    while input.read_exact(&mut length).is_ok() {
        let mut bytes = Vec::new();
        (&mut input).take(u64::from_le_bytes(length)).read_to_end(&mut bytes)?;
        let (kind, pages) = match count_here(&bytes.into()) {
            Counted::Pages(pages) => (0, pages),
            Counted::Encrypted => (1, 0),
            Counted::Unreadable => (2, 0),
        };
        output.write_all(&[kind])?;
        output.write_all(&u32::to_le_bytes(pages))?;
        output.flush()?;
    }
    Ok(())
}

fn count_here(bytes: &Bytes) -> Counted {
    let data = std::sync::Arc::new(bytes.clone());
    match caught(|| Pdf::new(data).map(|pdf| pdf.pages().len())) {
        Some(Ok(pages)) => Counted::Pages(u32::try_from(pages).unwrap_or(u32::MAX)),
        Some(Err(LoadPdfError::Decryption(_))) => Counted::Encrypted,
        Some(Err(LoadPdfError::Invalid)) | None => Counted::Unreadable,
    }
}
