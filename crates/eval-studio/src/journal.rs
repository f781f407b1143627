//! The file with everything that people did. Events are only ever added.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::event::{Batch, Event};
use crate::{Result, StudioError};

/// The most bytes of a journal, some million labels.
const MOST: u64 = 1 << 30;

/// The most bytes of one line, which may be an import of many labels.
const LONGEST: u64 = 64 << 20;

/// The journal, open for appending: of labels, unless said otherwise.
#[derive(Debug)]
pub struct Journal<E = Event> {
    path: PathBuf,
    file: File,
    /// Where the next line begins.
    end: u64,
    /// The number of the next line.
    next: u64,
    /// What was not written could not be taken back: nothing may follow it.
    broken: bool,
    events: PhantomData<E>,
}

impl<E: Serialize + DeserializeOwned> Journal<E> {
    /// Opens the journal and reads what is in it.
    ///
    /// A last line without an end was being written when the process was killed: nobody was told that it was kept, and it
    /// is cut off.
    ///
    /// # Errors
    /// If it cannot be read, or a line is damaged or numbered wrongly.
    pub fn open(path: &Path) -> Result<(Self, Vec<Batch<E>>)> {
        let failed = |error: std::io::Error| StudioError::files(path, format!("cannot be read: {error}"));
        let is_new = !path.exists();
        let file = File::options().read(true).append(true).create(true).open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        if length > MOST {
            return Err(StudioError::files(path, format!("has {length} bytes, and at most {MOST} are read")));
        }
        let mut journal =
            Self { path: path.to_owned(), file, end: 0, next: 1, broken: false, events: PhantomData };
        let batches = journal.read()?;
        if journal.end < length {
            journal.file.set_len(journal.end).map_err(failed)?;
        }
        if is_new && let Some(folder) = path.parent() {
            // Without this the file's name may be lost with the power.
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Ok((journal, batches))
    }

    fn read(&mut self) -> Result<Vec<Batch<E>>> {
        let wrong = |line: u64, what: String| StudioError::files(&self.path, format!("line {line} {what}"));
        let mut reader = BufReader::new(&self.file);
        let (mut batches, mut line) = (Vec::new(), Vec::new());
        loop {
            line.clear();
            let read = reader.by_ref().take(LONGEST).read_until(b'\n', &mut line);
            let read = read.map_err(|error| wrong(self.next, format!("cannot be read: {error}")))?;
            if line.last() != Some(&b'\n') {
                if read as u64 == LONGEST {
                    return Err(wrong(self.next, format!("is longer than {LONGEST} bytes")));
                }
                return Ok(batches);
            }
            let batch: Batch<E> = serde_json::from_slice(&line)
                .map_err(|error| wrong(self.next, format!("is damaged: {error}")))?;
            if batch.n != self.next {
                return Err(wrong(self.next, format!("has the number {}", batch.n)));
            }
            batches.push(batch);
            self.next += 1;
            self.end += read as u64;
        }
    }

    /// Adds events as one line: all of them, or none and an error. They are on the disk when this returns.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn append(&mut self, at: &str, by: &str, events: Vec<E>) -> Result<Batch<E>> {
        if self.broken {
            return Err(StudioError::files(&self.path, "cannot be written: start the studio again"));
        }
        let batch = Batch { n: self.next, at: at.to_owned(), by: by.to_owned(), events };
        let mut line = serde_json::to_vec(&batch).expect("events are plain data");
        line.push(b'\n');
        let length = line.len() as u64;
        if length > LONGEST || self.end + length > MOST {
            return Err(StudioError::invalid("too much to be kept at once"));
        }
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.take_back();
            return Err(StudioError::files(
                &self.path,
                format!("cannot be written: {error}; nothing was saved"),
            ));
        }
        self.end += length;
        self.next += 1;
        Ok(batch)
    }

    /// The number of the last line: 0 if there is none.
    pub fn last(&self) -> u64 {
        self.next - 1
    }

    /// Cuts off what was written in part, so that no later line follows it.
    fn take_back(&mut self) {
        self.broken = self.file.set_len(self.end).is_err();
    }
}

#[cfg(test)]
mod tests;
