use std::sync::atomic::{AtomicU64, Ordering};

use eval_record::{Record, RecordError, Reservation};
use vision_core::{Error, ErrorKind, Result, Usd};
use vision_layers::Ledger;

use crate::durable_lines::DurableLines;

/// Writes down what each attempt may cost, before its request is sent, so that an interrupted run forgets no money.
#[derive(Debug)]
pub(crate) struct Reservations {
    lines: DurableLines,
    next: AtomicU64,
}

impl Reservations {
    /// Goes on after the last number of the record.
    pub fn start(record: &Record) -> std::result::Result<Self, RecordError> {
        let last = record.lost()?.last;
        let lines = DurableLines::open(record, "reservations.jsonl")?;
        Ok(Self { lines, next: AtomicU64::new(last.saturating_add(1)) })
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
            false => Ok(number),
            true => {
                Err(Error::new(ErrorKind::Budget, "reservations.jsonl cannot be written, so nothing is sent"))
            }
        }
    }
}
