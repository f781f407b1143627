use std::collections::HashMap;

use eval_record::{BatchAsk, RecordedBatch};
use vision_batch::BatchStatus;
use vision_layers::Held;

use super::log::BatchLog;
use crate::jobs::Job;

/// A batch that the host has and that is not collected yet.
#[derive(Debug)]
pub(super) struct OpenBatch {
    /// Its number within the run.
    pub number: u32,
    /// What the host last said of it.
    pub status: BatchStatus,
    /// The file of its requests, if one was uploaded: not every host names it again.
    pub file: Option<String>,
    /// Whether somebody has asked for its end.
    pub is_cancelled: bool,
    /// Its requests by their ids.
    pub asks: HashMap<String, OpenAsk>,
}

/// One request of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenAsk {
    /// What it asks; nothing if the run does not ask that any more.
    pub job: Option<Job>,
    pub held: Held,
    /// Whether an earlier part of the run recorded its answer, and died before it noted that all are.
    pub is_settled: bool,
}

impl OpenBatch {
    /// As a record tells it.
    pub fn recorded(batch: &RecordedBatch, id: String, log: &BatchLog) -> Self {
        let status =
            BatchStatus { id, word: batch.state.clone().unwrap_or_default(), ..BatchStatus::default() };
        let ask = |ask: &BatchAsk| {
            let is_settled = ask.reservation.is_some_and(|number| log.is_settled(number));
            (ask.id.clone(), OpenAsk { job: None, held: held(ask), is_settled })
        };
        let asks = batch.intent.asks.iter().map(ask);
        Self {
            number: batch.intent.batch,
            status,
            file: batch.file.clone(),
            is_cancelled: batch.is_cancelled,
            asks: asks.collect(),
        }
    }
}

impl OpenBatch {
    /// What the host keeps of it.
    pub fn kept(&self) -> BatchStatus {
        let input = self.status.input.clone().or_else(|| self.file.clone());
        BatchStatus { input, ..self.status.clone() }
    }
}

/// What is put aside for a recorded request.
pub(super) fn held(ask: &BatchAsk) -> Held {
    Held { number: ask.reservation, amount: ask.usd }
}
