use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use vision_core::Usd;

use crate::record::read_line;
use crate::{Record, RecordError};

/// The most that one attempt can cost, written down right before it is sent: a line of `reservations.jsonl`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reservation {
    /// Its number; the recorded attempt names it.
    pub n: u64,
    /// Dollars; nothing if the number was given up, as another one counts for the same attempt.
    pub usd: Usd,
}

/// Attempts that were sent and of which nobody knows how they ended: the process was interrupted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LostAttempts {
    /// How many.
    pub attempts: u64,
    /// The most that they can have cost.
    pub usd: Usd,
    /// The greatest number of all reservations.
    pub last: u64,
}

/// What is looked at in a line of `trials.jsonl`.
#[derive(Deserialize)]
struct Ended {
    response: Option<Attempts>,
    failure: Option<Attempts>,
}

#[derive(Deserialize)]
struct Attempts {
    #[serde(default)]
    attempts: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Attempt {
    reservation: Option<u64>,
}

impl Record {
    /// Every reservation that can be read.
    pub fn reservations(&self, mut each: impl FnMut(Reservation)) -> Result<(), RecordError> {
        let path = self.path("reservations.jsonl");
        if !path.exists() {
            return Ok(());
        }
        let mut reader = self.open_lines("reservations.jsonl")?;
        while let Some(line) = read_line::<Reservation>(&mut reader, &path)? {
            // A line that cannot be read is one that nobody can have waited for.
            if let Ok(reservation) = line.value {
                each(reservation);
            }
        }
        Ok(())
    }

    /// The reservations without a recorded attempt. They count as spent, as the host may have billed them.
    pub fn lost(&self) -> Result<LostAttempts, RecordError> {
        let mut lost = LostAttempts::default();
        let mut reserved: HashMap<u64, Usd> = HashMap::new();
        self.reservations(|Reservation { n, usd }| {
            lost.last = lost.last.max(n);
            // Nothing is reserved for what is free: the number was given up for another one.
            match usd.is_zero() {
                true => reserved.remove(&n),
                false => reserved.insert(n, usd),
            };
        })?;
        if reserved.is_empty() {
            return Ok(lost);
        }
        self.lines(|ended: Ended, _| {
            let attempts = [ended.response, ended.failure].into_iter().flatten().flat_map(|it| it.attempts);
            for number in attempts.filter_map(|attempt| attempt.reservation) {
                reserved.remove(&number);
            }
        })?;
        lost.attempts = reserved.len() as u64;
        // Whoever edits the file cannot make money of it.
        lost.usd = reserved.values().copied().filter(|usd| usd.0 > 0.0).sum();
        Ok(lost)
    }
}
