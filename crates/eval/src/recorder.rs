//! Writes a run: the only one who touches its files while it goes on.
//!
//! Trials write their own lines through it, from many tasks at once. It knows neither why they were asked nor what
//! comes next; once the disk refuses a line it takes no more, and says so to whoever asks.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;

use eval_record::{MediaEntry, Record, RecordError, Trial};

use crate::durable_lines::{DurableLines, lock};

/// Writes how trials ended, and what became of their media.
#[derive(Debug)]
pub(crate) struct Recorder {
    trials: DurableLines,
    media: DurableLines,
    /// Hashes of dataset, name and hash of what was sent: eight bytes each.
    noted: Mutex<HashSet<u64>>,
    hasher: RandomState,
}

impl Recorder {
    pub fn start(record: &Record) -> Result<Self, RecordError> {
        Ok(Self {
            trials: DurableLines::open(record, "trials.jsonl")?,
            media: DurableLines::open(record, "media.jsonl")?,
            noted: Mutex::default(),
            hasher: RandomState::new(),
        })
    }

    /// Writes a trial. What was sent is noted before it, once in each of its forms.
    pub fn trial(&self, trial: &Trial, media: &[MediaEntry]) {
        // Kept while it is written: whoever finds an entry noted relies on its line.
        let mut noted = lock(&self.noted);
        for entry in media {
            if noted.insert(self.hasher.hash_one((
                &entry.dataset,
                &entry.name,
                &entry.sent_hash,
                &entry.setting,
            ))) {
                self.media.write(entry);
            }
        }
        drop(noted);
        if !self.media.is_closed() {
            self.trials.write(trial);
        }
    }

    /// Whether there is no sense in going on, as nothing could be kept.
    pub fn is_closed(&self) -> bool {
        self.trials.check_place();
        self.trials.is_closed() || self.media.is_closed()
    }

    /// Waits until everything is on disk that was written. Returns whether it is.
    pub fn sync(&self) -> bool {
        self.media.sync() && self.trials.sync()
    }

    /// Takes no more lines and waits until everything is on disk. What the disk refused is the error.
    pub fn finish(&self) -> Result<(), RecordError> {
        self.trials.check_place();
        self.media.finish().and(self.trials.finish())
    }
}
