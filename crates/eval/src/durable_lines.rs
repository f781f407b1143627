use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use eval_record::{LineWriter, Record, RecordError};
use serde::Serialize;
use tokio::task::AbortHandle;

/// A file of a record to which lines are written as they come.
///
/// A line is with the operating system when the call returns, so that a killed process loses none. The disk is told
/// to keep them once a second and nobody waits for it, so that a power cut loses at most the last second.
#[derive(Debug)]
pub(crate) struct DurableLines {
    file: Arc<Lines>,
    syncing: AbortHandle,
}

#[derive(Debug)]
struct Lines {
    writer: Mutex<LineWriter>,
    path: PathBuf,
    /// The same file, for a disk that is told to keep it while lines are written.
    on_disk: File,
    /// Whether there are lines that the disk was not told to keep.
    fresh: AtomicBool,
    /// No line is taken any more: the run has ended, or the disk has refused one, which may stand there in half,
    /// or the file is gone.
    closed: AtomicBool,
    refusal: Mutex<Option<io::Error>>,
}

const SYNC_EVERY: Duration = Duration::from_secs(1);

impl DurableLines {
    /// Appends to a file of the record.
    pub fn open(record: &Record, name: &str) -> Result<Self, RecordError> {
        let (writer, path) = (record.append(name)?, record.path(name));
        let failed = |source| RecordError {
            path: path.clone(),
            message: "cannot be written".to_owned(),
            source: Some(source),
        };
        let file = Arc::new(Lines {
            on_disk: writer.handle().map_err(failed)?,
            writer: Mutex::new(writer),
            path,
            fresh: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            refusal: Mutex::default(),
        });
        let syncing = tokio::spawn(file.clone().sync_often()).abort_handle();
        Ok(Self { file, syncing })
    }

    /// Writes a line, unless no more are taken.
    pub fn write(&self, line: &impl Serialize) {
        let mut writer = lock(&self.file.writer);
        // Asked under the lock: no line follows one that was refused.
        if !self.is_closed() {
            self.file.check(writer.write(line));
            self.file.fresh.store(true, Ordering::Relaxed);
        }
    }

    /// Waits until every line is on the disk. Returns whether it is.
    pub fn sync(&self) -> bool {
        self.file.check(lock(&self.file.writer).sync());
        !self.is_closed()
    }

    /// Whether no more lines are taken.
    pub fn is_closed(&self) -> bool {
        self.file.closed.load(Ordering::Relaxed)
    }

    /// Closes if the lines do not go where somebody will look for them: a file that was deleted takes them all, and
    /// keeps none.
    pub fn check_place(&self) {
        self.file.check(match is_same_file(&self.file.on_disk, &self.file.path) {
            Ok(true) => Ok(()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the file was deleted, moved or replaced while the run was going on",
            )),
        });
    }

    /// Takes no more lines and waits until all are on disk. What the disk refused is the error.
    pub fn finish(&self) -> Result<(), RecordError> {
        self.syncing.abort();
        self.file.closed.store(true, Ordering::Relaxed);
        let synced = lock(&self.file.writer).sync();
        self.file.check(synced);
        let Some(source) = lock(&self.file.refusal).take() else { return Ok(()) };
        let message = match source.kind() {
            io::ErrorKind::NotFound => "no longer exists, so that answers could not be recorded",
            _ => "cannot be written; what stands in it is safe, and the run can be resumed",
        };
        Err(RecordError { path: self.file.path.clone(), message: message.to_owned(), source: Some(source) })
    }
}

impl Drop for DurableLines {
    fn drop(&mut self) {
        self.syncing.abort();
    }
}

impl Lines {
    async fn sync_often(self: Arc<Self>) {
        loop {
            tokio::time::sleep(SYNC_EVERY).await;
            if self.fresh.swap(false, Ordering::Relaxed) {
                let file = self.clone();
                // The disk may take its time: meanwhile lines are written.
                let sync = move || file.check(file.on_disk.sync_data());
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

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
