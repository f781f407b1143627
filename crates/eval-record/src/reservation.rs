use std::collections::{HashMap, HashSet};

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
    /// Requests in batches whose answers are not recorded yet.
    pub waiting: u64,
    /// The most that all of them can have cost.
    pub usd: Usd,
    /// The part of it that is put aside for batches.
    pub waiting_usd: Usd,
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
        let Unsettled { sent, waiting, last } = self.unsettled()?;
        // Whoever edits the file cannot make money of it.
        let sum = |all: &HashMap<u64, Usd>| all.values().copied().filter(|usd| usd.0 > 0.0).sum::<Usd>();
        let waiting_usd = sum(&waiting);
        Ok(LostAttempts {
            attempts: sent.len() as u64,
            waiting: waiting.len() as u64,
            usd: sum(&sent) + waiting_usd,
            waiting_usd,
            last,
        })
    }

    /// What was reserved for requests, those of batches apart, of which no attempt is recorded, by the numbers.
    pub fn interrupted(&self) -> Result<HashMap<u64, Usd>, RecordError> {
        Ok(self.unsettled()?.sent)
    }

    /// The reservations of requests in batches of which no attempt is recorded, by their numbers.
    pub fn waiting(&self) -> Result<HashSet<u64>, RecordError> {
        Ok(self.unsettled()?.waiting.into_keys().collect())
    }

    fn unsettled(&self) -> Result<Unsettled, RecordError> {
        let (waiting, last) = self.batched()?;
        let mut left = Unsettled { sent: HashMap::new(), waiting, last };
        self.reservations(|Reservation { n, usd }| {
            left.last = left.last.max(n);
            // Nothing is reserved for what is free: the number was given up for another one.
            match usd.is_zero() {
                true => left.sent.remove(&n),
                false => left.sent.insert(n, usd),
            };
        })?;
        if left.sent.is_empty() && left.waiting.is_empty() {
            return Ok(left);
        }
        self.lines(|ended: Ended, _| {
            let attempts = [ended.response, ended.failure].into_iter().flatten().flat_map(|it| it.attempts);
            for number in attempts.filter_map(|attempt| attempt.reservation) {
                left.sent.remove(&number);
                left.waiting.remove(&number);
            }
        })?;
        Ok(left)
    }
}

/// What is put aside for requests of which no attempt is recorded, by the numbers of the reservations.
struct Unsettled {
    sent: HashMap<u64, Usd>,
    /// In batches.
    waiting: HashMap<u64, Usd>,
    last: u64,
}
