//! Writes a run: the only one who touches its files while it goes on.
//!
//! Trials write their own lines through it, from many tasks at once. It knows neither why they were asked nor what
//! comes next; once the disk refuses a line it takes no more, and says so to whoever asks.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use eval_record::{LineWriter, MediaEntry, Record, RecordError, Trial};
use serde::Serialize;
use tokio::task::AbortHandle;

/// Writes how trials ended, and what became of their media.
///
/// A line is with the operating system when the call returns, so that a killed process loses none. The disk is told
/// to keep them once a second and nobody waits for it, so that a power cut loses at most the last second.
#[derive(Debug)]
pub(crate) struct Recorder {
    files: Arc<Files>,
    syncing: AbortHandle,
}

#[derive(Debug)]
struct Files {
    trials: Mutex<LineWriter>,
    path: PathBuf,
    /// The same file, for a disk that is told to keep it while lines are written.
    trials_on_disk: File,
    media: Mutex<LineWriter>,
    /// Hashes of dataset, name and hash of what was sent: eight bytes each.
    noted: Mutex<HashSet<u64>>,
    hasher: RandomState,
    /// Whether there are trials that the disk was not told to keep.
    fresh: AtomicBool,
    /// No line is taken any more: the run has ended, or the disk has refused one, which may stand there in half,
    /// or the file is gone.
    closed: AtomicBool,
    refusal: Mutex<Option<io::Error>>,
}

const SYNC_EVERY: Duration = Duration::from_secs(1);

impl Recorder {
    pub fn start(record: &Record) -> Result<Self, RecordError> {
        let trials = record.append("trials.jsonl")?;
        let trials_on_disk = trials.handle().map_err(|source| RecordError {
            path: record.path("trials.jsonl"),
            message: "cannot be written".to_owned(),
            source: Some(source),
        })?;
        let files = Arc::new(Files {
            trials: Mutex::new(trials),
            path: record.path("trials.jsonl"),
            trials_on_disk,
            media: Mutex::new(record.append("media.jsonl")?),
            noted: Mutex::default(),
            hasher: RandomState::new(),
            fresh: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            refusal: Mutex::default(),
        });
        let syncing = tokio::spawn(files.clone().sync_often()).abort_handle();
        Ok(Self { files, syncing })
    }

    /// Writes a trial. What was sent is noted before it, once in each of its forms.
    pub fn trial(&self, trial: &Trial, media: &[MediaEntry]) {
        let Files { noted, hasher, .. } = self.files.as_ref();
        // Kept while it is written: whoever finds an entry noted relies on its line.
        let mut noted = lock(noted);
        for entry in media {
            if noted.insert(hasher.hash_one((&entry.dataset, &entry.name, &entry.sent_hash))) {
                self.files.write(&self.files.media, entry);
            }
        }
        drop(noted);
        self.files.write(&self.files.trials, trial);
        self.files.fresh.store(true, Ordering::Relaxed);
    }

    /// Whether there is no sense in going on, as nothing could be kept.
    pub fn is_closed(&self) -> bool {
        self.files.check(self.files.is_in_place());
        self.files.closed.load(Ordering::Relaxed)
    }

    /// Takes no more lines and waits until everything is on disk. What the disk refused is the error.
    pub fn finish(&self) -> io::Result<()> {
        self.syncing.abort();
        self.files.check(self.files.is_in_place());
        self.files.closed.store(true, Ordering::Relaxed);
        for file in [&self.files.media, &self.files.trials] {
            let synced = lock(file).sync();
            self.files.check(synced);
        }
        lock(&self.files.refusal).take().map_or(Ok(()), Err)
    }
}

impl Files {
    fn write(&self, file: &Mutex<LineWriter>, line: &impl Serialize) {
        let mut file = lock(file);
        // Asked under the lock: no line follows one that was refused.
        if !self.closed.load(Ordering::Relaxed) {
            self.check(file.write(line));
        }
    }

    /// Whether the lines go where somebody will look for them: a file that was deleted takes them all, and keeps none.
    fn is_in_place(&self) -> io::Result<()> {
        match is_same_file(&self.trials_on_disk, &self.path) {
            Ok(true) => Ok(()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the file was deleted, moved or replaced while the run was going on",
            )),
        }
    }

    async fn sync_often(self: Arc<Self>) {
        loop {
            tokio::time::sleep(SYNC_EVERY).await;
            if self.fresh.swap(false, Ordering::Relaxed) {
                let files = self.clone();
                // The disk may take its time: meanwhile lines are written.
                let sync = move || files.check(files.trials_on_disk.sync_data());
                tokio::task::spawn_blocking(sync).await.ok();
            }
        }
    }

    /// Keeps the first refusal and closes.
    fn check(&self, outcome: io::Result<()>) {
        if let Err(error) = outcome {
            self.closed.store(true, Ordering::Relaxed);
            lock(&self.refusal).get_or_insert(error);
        }
    }
}

#[cfg(unix)]
fn is_same_file(open: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (open, named) = (open.metadata()?, std::fs::metadata(path)?);
    Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
}

/// Elsewhere an open file cannot be deleted, or only its name can be looked for.
#[cfg(not(unix))]
fn is_same_file(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
