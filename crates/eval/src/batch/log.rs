use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use eval_record::{BatchEvent, Record, RecordError, RecordedBatch};

use crate::durable_lines::DurableLines;

/// `batches.jsonl` of a run that goes on, shared by all its candidates.
#[derive(Debug)]
pub(crate) struct BatchLog {
    lines: DurableLines,
    next: AtomicU32,
    /// What the names of this run's batches begin with: 64 bits of chance.
    mark: String,
    known: HashSet<String>,
    /// Reservations of requests whose answers are not recorded.
    waiting: HashSet<u64>,
    open: HashMap<String, Vec<RecordedBatch>>,
    /// What was cancelled last, by candidate: dataset, case and repeat.
    cancelled: HashMap<String, HashSet<Asked>>,
}

/// Dataset, case and repeat of a request.
pub(super) type Asked = (String, String, u32);

impl BatchLog {
    /// Goes on with what earlier parts of the run have left.
    pub fn start(record: &Record) -> Result<Self, RecordError> {
        let batches = record.batches()?;
        let last = batches.iter().map(|batch| batch.intent.batch).max().unwrap_or(0);
        let mark = batches.first().and_then(|batch| batch.intent.name.split('-').next()).map(str::to_owned);
        let fresh = || format!("ve{:016x}", RandomState::new().hash_one(&record.dir));
        let known = batches.iter().filter_map(|batch| batch.id.clone()).collect();
        let mut open: HashMap<String, Vec<RecordedBatch>> = HashMap::new();
        let cancelled = cancelled(&batches);
        for batch in batches.into_iter().filter(|batch| batch.stage.is_open()) {
            open.entry(batch.intent.provider.clone()).or_default().push(batch);
        }
        Ok(Self {
            lines: DurableLines::open(record, "batches.jsonl")?,
            next: AtomicU32::new(last + 1),
            mark: mark.unwrap_or_else(fresh),
            known,
            waiting: record.waiting()?,
            open,
            cancelled,
        })
    }

    /// What an earlier part of the run left open of this candidate.
    pub fn left_open(&self, label: &str) -> Vec<RecordedBatch> {
        self.open.get(label).cloned().unwrap_or_default()
    }

    /// What somebody has cancelled of this candidate's requests, and not submitted again since.
    pub fn cancelled(&self, label: &str) -> HashSet<Asked> {
        self.cancelled.get(label).cloned().unwrap_or_default()
    }

    /// The host's names of batches that an earlier part of the run knew.
    pub fn known(&self) -> &HashSet<String> {
        &self.known
    }

    /// Whether the answer to a request of an earlier part of the run is recorded.
    pub fn is_settled(&self, reservation: u64) -> bool {
        !self.waiting.contains(&reservation)
    }

    /// The number and the name of the next batch.
    pub fn number(&self) -> (u32, String) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number, format!("{}-{number}", self.mark))
    }

    /// Writes what happens. Returns whether it is written.
    pub fn write(&self, event: &BatchEvent) -> bool {
        self.lines.write(event);
        !self.lines.is_closed()
    }

    /// The same, and it is on the disk: a power cut does not undo it.
    pub fn write_through(&self, event: &BatchEvent) -> bool {
        self.write(event) && self.lines.sync()
    }

    /// What the disk refused is the error.
    pub fn finish(&self) -> Result<(), RecordError> {
        self.lines.finish()
    }
}

/// A request that was submitted again counts by its last batch.
fn cancelled(batches: &[RecordedBatch]) -> HashMap<String, HashSet<Asked>> {
    let mut cancelled: HashMap<String, HashSet<Asked>> = HashMap::new();
    for batch in batches {
        let of_candidate = cancelled.entry(batch.intent.provider.clone()).or_default();
        for ask in &batch.intent.asks {
            let asked = (ask.dataset.clone(), ask.case.clone(), ask.repeat);
            match batch.is_cancelled {
                true => _ = of_candidate.insert(asked),
                false => _ = of_candidate.remove(&asked),
            }
        }
    }
    cancelled
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
