use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use eval_record::{LineWriter, Record, RecordError, Reservation};
use tokio::task::AbortHandle;
use vision_core::{Error, ErrorKind, Result, Usd};
use vision_layers::Ledger;

/// Writes down what each attempt may cost, so that an interrupted run forgets no money.
///
/// A line is with the operating system before its request is sent, so that a killed process loses none. The disk is
/// told to keep them once a second, as with trials.
#[derive(Debug)]
pub(crate) struct Reservations {
    file: Mutex<LineWriter>,
    on_disk: File,
    next: AtomicU64,
    fresh: AtomicBool,
    /// What the disk refused. No line follows one that may stand there in half.
    refusal: Mutex<Option<io::Error>>,
    closed: AtomicBool,
}

const SYNC_EVERY: Duration = Duration::from_secs(1);

impl Reservations {
    /// Goes on after the last number of the record. Syncs until the handle is aborted.
    pub fn start(record: &Record) -> Result<(Arc<Self>, AbortHandle), RecordError> {
        let last = record.lost()?.last;
        let file = record.append("reservations.jsonl")?;
        let on_disk = file.handle().map_err(|error| failed(record, error))?;
        let reservations = Arc::new(Self {
            file: Mutex::new(file),
            on_disk,
            next: AtomicU64::new(last.saturating_add(1)),
            fresh: AtomicBool::new(false),
            refusal: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        let syncing = tokio::spawn(reservations.clone().sync_often()).abort_handle();
        Ok((reservations, syncing))
    }

    /// What the disk refused is the error.
    pub fn finish(&self, record: &Record) -> Result<(), RecordError> {
        let synced = lock(&self.file).sync();
        self.check(synced);
        lock(&self.refusal).take().map_or(Ok(()), |error| Err(failed(record, error)))
    }

    async fn sync_often(self: Arc<Self>) {
        loop {
            tokio::time::sleep(SYNC_EVERY).await;
            if self.fresh.swap(false, Ordering::Relaxed) {
                let this = self.clone();
                tokio::task::spawn_blocking(move || this.check(this.on_disk.sync_data())).await.ok();
            }
        }
    }

    fn check(&self, outcome: io::Result<()>) {
        if let Err(error) = outcome {
            self.closed.store(true, Ordering::Relaxed);
            lock(&self.refusal).get_or_insert(error);
        }
    }
}

impl Ledger for Reservations {
    fn reserve(&self, amount: Usd) -> Result<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut file = lock(&self.file);
        // Asked under the lock: no line follows one that was refused.
        if !self.closed.load(Ordering::Relaxed) {
            self.check(file.write(&Reservation { n: number, usd: amount }));
        }
        drop(file);
        self.fresh.store(true, Ordering::Relaxed);
        match self.closed.load(Ordering::Relaxed) {
            false => Ok(number),
            true => {
                Err(Error::new(ErrorKind::Budget, "reservations.jsonl cannot be written, so nothing is sent"))
            }
        }
    }
}

fn failed(record: &Record, error: io::Error) -> RecordError {
    RecordError {
        path: record.path("reservations.jsonl"),
        message: "cannot be written; what stands in it is safe, and the run can be resumed".to_owned(),
        source: Some(error),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
