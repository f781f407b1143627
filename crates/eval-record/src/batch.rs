use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use vision_core::Usd;

use crate::{Record, RecordError};

const FILE: &str = "batches.jsonl";

/// What happened to a batch of requests: a line of `batches.jsonl`.
///
/// The line that says what is to be done stands before anything is sent, so that a process that dies forgets neither a
/// request nor its money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum BatchEvent {
    /// It is to be submitted; nothing was sent yet.
    Intended(BatchIntent),
    /// It is about to be created: from here on the host may have it.
    Creating {
        /// Its number.
        batch: u32,
        /// The file of its requests, if one was uploaded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<String>,
    },
    /// The host has it.
    Submitted {
        /// Its number.
        batch: u32,
        /// The host's name for it.
        id: String,
    },
    /// The host says something new of it.
    State {
        /// Its number.
        batch: u32,
        /// In the host's word.
        state: String,
        /// Requests that are through.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        done: Option<u64>,
    },
    /// Somebody has asked for its end: what it does not answer is not wanted any more.
    Cancelled {
        /// Its number.
        batch: u32,
    },
    /// It will bring nothing, and nothing of it is billed: it was never created, or the host carried none of it out.
    Dropped {
        /// Its number.
        batch: u32,
        /// Why.
        reason: String,
    },
    /// Every answer of it is recorded.
    Collected {
        /// Its number.
        batch: u32,
        /// Reservations of requests that were not carried out, so that nothing was spent on them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        released: Vec<u64>,
        /// How many requests were not carried out.
        #[serde(default, skip_serializing_if = "is_zero")]
        undone: u64,
    },
}

/// A batch that is to be submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchIntent {
    /// Its number within the run, from 1.
    pub batch: u32,
    /// What tells it from all other batches at the host. The ids of its requests begin so.
    pub name: String,
    /// The candidate's label.
    pub provider: String,
    /// Seconds since 1970.
    pub at: u64,
    /// Its requests.
    pub asks: Vec<BatchAsk>,
}

/// One request of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchAsk {
    /// The id under which its answer comes back.
    pub id: String,
    /// The dataset's name.
    pub dataset: String,
    /// The case's id.
    pub case: String,
    /// From 0.
    #[serde(default)]
    pub repeat: u32,
    /// The number of what is put aside for it; the recorded attempt names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<u64>,
    /// The most that it can cost, as the budget counts it.
    #[serde(default, skip_serializing_if = "Usd::is_zero")]
    pub usd: Usd,
}

/// A batch as its lines tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedBatch {
    /// What was to be done.
    pub intent: BatchIntent,
    /// How far that came.
    pub stage: BatchStage,
    /// The file of its requests, if one was uploaded.
    pub file: Option<String>,
    /// The host's name for it, once that is known.
    pub id: Option<String>,
    /// The host's last word.
    pub state: Option<String>,
    /// Requests that are through, where the host says so.
    pub done: Option<u64>,
    /// Requests that came back undone.
    pub undone: u64,
    /// Whether somebody has asked for its end.
    pub is_cancelled: bool,
}

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchStage {
    /// Nothing was created yet.
    Intended,
    /// The host may have it, under a name that is not known.
    Creating,
    /// The host has it.
    Open,
    /// Its answers are recorded.
    Collected,
    /// It brought nothing and cost nothing.
    Dropped,
}

impl BatchStage {
    /// Whether its money is still put aside.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Intended | Self::Creating | Self::Open)
    }
}

impl Record {
    /// Every batch of the run, in the order of their numbers.
    pub fn batches(&self) -> Result<Vec<RecordedBatch>, RecordError> {
        let (mut batches, _) = self.read_batches()?;
        batches.sort_by_key(|batch| batch.intent.batch);
        Ok(batches)
    }

    fn read_batches(&self) -> Result<(Vec<RecordedBatch>, HashSet<u64>), RecordError> {
        let (mut batches, mut released) = (BTreeMap::new(), HashSet::new());
        self.read_all(FILE, |_, event: BatchEvent| apply(&mut batches, &mut released, event))?;
        Ok((batches.into_values().collect(), released))
    }

    /// What is put aside for requests in batches whose answers are not recorded: by the number of each reservation. All
    /// numbers that batches have used are below the second figure.
    pub(crate) fn batched(&self) -> Result<(HashMap<u64, Usd>, u64), RecordError> {
        let (batches, released) = self.read_batches()?;
        let (mut reserved, mut last) = (HashMap::new(), 0);
        for batch in batches {
            for ask in &batch.intent.asks {
                let Some(number) = ask.reservation else { continue };
                last = last.max(number);
                if batch.stage != BatchStage::Dropped && !released.contains(&number) {
                    reserved.insert(number, ask.usd);
                }
            }
        }
        Ok((reserved, last))
    }
}

fn apply(batches: &mut BTreeMap<u32, RecordedBatch>, released: &mut HashSet<u64>, event: BatchEvent) {
    let number = match event {
        BatchEvent::Intended(intent) => {
            let batch = RecordedBatch {
                stage: BatchStage::Intended,
                file: None,
                id: None,
                state: None,
                done: None,
                undone: 0,
                is_cancelled: false,
                intent,
            };
            batches.insert(batch.intent.batch, batch);
            return;
        }
        BatchEvent::Creating { batch, .. }
        | BatchEvent::Submitted { batch, .. }
        | BatchEvent::State { batch, .. }
        | BatchEvent::Cancelled { batch }
        | BatchEvent::Dropped { batch, .. }
        | BatchEvent::Collected { batch, .. } => batch,
    };
    // A line about a batch that nobody intended was put there by somebody else.
    let Some(batch) = batches.get_mut(&number) else { return };
    match event {
        BatchEvent::Intended(_) => {}
        BatchEvent::Creating { file, .. } => (batch.stage, batch.file) = (BatchStage::Creating, file),
        BatchEvent::Submitted { id, .. } => (batch.stage, batch.id) = (BatchStage::Open, Some(id)),
        BatchEvent::State { state, done, .. } => {
            (batch.state, batch.done) = (Some(state), done.or(batch.done));
        }
        BatchEvent::Cancelled { .. } => {
            (batch.is_cancelled, batch.state) = (true, Some("cancelling".to_owned()));
        }
        BatchEvent::Dropped { reason, .. } => {
            (batch.stage, batch.state) = (BatchStage::Dropped, Some(reason));
        }
        BatchEvent::Collected { released: numbers, undone, .. } => {
            (batch.stage, batch.undone) = (BatchStage::Collected, undone);
            released.extend(numbers);
        }
    }
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use std::fs;

    use vision_core::Usd;

    use super::{BatchAsk, BatchEvent, BatchIntent, BatchStage};
    use crate::{Plan, Record};

    fn record(folder: &std::path::Path) -> Record {
        let plan: Plan = serde_json::from_str(
            r#"{"v":1,"name":"eval","started":"2026-11-28T10:00:00Z","tool":"1","command":"run","seed":1,"repeats":1,
            "datasets":[],"providers":[],"media":{},"generation":{},
            "execution":{"max_concurrency":1,"timeout_seconds":1.0,"max_retries":0},
            "quote":{"price_date":"2026-11-28","lines":[]}}"#,
        )
        .unwrap();
        Record::create(folder, plan).unwrap()
    }

    fn intent(batch: u32, numbers: std::ops::Range<u64>) -> BatchEvent {
        let ask = |number| BatchAsk {
            id: format!("r-{batch}-{number}"),
            dataset: "d".into(),
            case: format!("c{number}"),
            repeat: 0,
            reservation: Some(number),
            usd: Usd(0.5),
        };
        let asks = numbers.map(ask).collect();
        let name = format!("r-{batch}");
        BatchEvent::Intended(BatchIntent { batch, name, provider: "a/m".into(), at: 1, asks })
    }

    fn write(record: &Record, events: &[BatchEvent]) {
        let mut lines = record.append("batches.jsonl").unwrap();
        events.iter().for_each(|event| lines.write(event).unwrap());
    }

    #[test]
    fn what_is_in_batches_counts_as_spent_until_it_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(folder.path());
        write(&record, &[intent(1, 1..4), intent(2, 4..6)]);
        let lost = record.lost().unwrap();
        assert_eq!((lost.attempts, lost.waiting, lost.usd, lost.last), (0, 5, Usd(2.5), 5));
        write(&record, &[BatchEvent::Dropped { batch: 2, reason: "refused".into() }]);
        assert_eq!(record.lost().unwrap().usd, Usd(1.5));
        let trial = r#"{"response":{"attempts":[{"reservation":1}]}}"#;
        fs::write(record.path("trials.jsonl"), format!("{trial}\n")).unwrap();
        assert_eq!(record.lost().unwrap().usd, Usd(1.0), "what is recorded is known");
        write(&record, &[BatchEvent::Collected { batch: 1, released: vec![2], undone: 1 }]);
        let lost = record.lost().unwrap();
        assert_eq!((lost.usd, lost.last), (Usd(0.5), 5), "a request without a trial may have been billed");
    }

    #[test]
    fn a_batch_is_what_its_lines_say() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(folder.path());
        write(
            &record,
            &[
                intent(1, 1..2),
                BatchEvent::Creating { batch: 1, file: Some("file-1".into()) },
                BatchEvent::Submitted { batch: 1, id: "batch_1".into() },
                BatchEvent::State { batch: 1, state: "in_progress".into(), done: Some(3) },
                BatchEvent::State { batch: 1, state: "finalizing".into(), done: None },
                BatchEvent::Submitted { batch: 9, id: "another".into() },
            ],
        );
        let batches = record.batches().unwrap();
        assert_eq!(batches.len(), 1);
        let batch = &batches[0];
        assert!(!batch.is_cancelled);
        assert_eq!((batch.stage, batch.id.as_deref()), (BatchStage::Open, Some("batch_1")));
        assert_eq!((batch.state.as_deref(), batch.done), (Some("finalizing"), Some(3)));
        write(&record, &[BatchEvent::Cancelled { batch: 1 }]);
        let batch = record.batches().unwrap().remove(0);
        assert_eq!((batch.is_cancelled, batch.state.as_deref()), (true, Some("cancelling")));
    }
}
