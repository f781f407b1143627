use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use eval_record::{Record, RecordError, Reservation};
use vision_core::{Error, ErrorKind, Result, Usd};
use vision_layers::Ledger;

use crate::durable_lines::{DurableLines, lock};

/// Writes down what each attempt may cost, before its request is sent, so that an interrupted run forgets no money.
#[derive(Debug)]
pub(crate) struct Reservations {
    lines: DurableLines,
    next: AtomicU64,
    /// What earlier processes had reserved and never settled.
    interrupted: Mutex<HashMap<u64, Usd>>,
}

tokio::task_local! {
    /// The number that this task has reserved last.
    static RESERVED: Cell<Option<u64>>;
}

impl Reservations {
    /// Notes what is reserved while this goes on.
    pub async fn noting<T>(asking: impl Future<Output = T>) -> T {
        RESERVED.scope(Cell::default(), asking).await
    }

    /// What was reserved last, once.
    pub fn noted() -> Option<u64> {
        RESERVED.try_with(Cell::take).ok().flatten()
    }

    /// Goes on after the last number of the record.
    pub fn start(record: &Record) -> std::result::Result<Self, RecordError> {
        let last = record.lost()?.last;
        let interrupted = Mutex::new(record.interrupted()?);
        let lines = DurableLines::open(record, "reservations.jsonl")?;
        Ok(Self { lines, next: AtomicU64::new(last.saturating_add(1)), interrupted })
    }

    /// The money of a number is counted under another one, or was never in danger. Returns what this process has
    /// counted as spent since its start because an earlier one had left it open.
    pub fn release(&self, number: u64) -> Usd {
        self.lines.write(&Reservation { n: number, usd: Usd::ZERO });
        // As it was counted: nobody makes money of a line that he has written himself.
        lock(&self.interrupted).remove(&number).filter(|usd| usd.0 > 0.0).unwrap_or(Usd::ZERO)
    }

    /// What the disk refused is the error.
    pub fn finish(&self) -> std::result::Result<(), RecordError> {
        self.lines.finish()
    }
}

impl Ledger for Reservations {
    fn reserve(&self, amount: Usd) -> Result<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.lines.write(&Reservation { n: number, usd: amount });
        match self.lines.is_closed() {
            false => {
                RESERVED.try_with(|reserved| reserved.set(Some(number))).ok();
                Ok(number)
            }
            true => {
                Err(Error::new(ErrorKind::Budget, "reservations.jsonl cannot be written, so nothing is sent"))
            }
        }
    }

    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}
