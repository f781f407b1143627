use eval_record::{BatchEvent, Record, RecordError};
use vision_core::{Error, ErrorKind, Result};

use crate::Prepared;

/// What came of asking for the end of a batch.
#[derive(Debug)]
pub struct Cancelled {
    /// The number of the batch within the run.
    pub batch: u32,
    /// Its candidate's label.
    pub provider: String,
    /// Whether its host has taken note of it, or why not.
    pub outcome: Result<()>,
}

/// Asks the hosts for the end of the open batches of a run, or of the one of this number. What was answered by then can
/// be collected, and is billed.
pub async fn cancel_batches(
    prepared: &Prepared,
    record: &Record,
    only: Option<u32>,
) -> std::result::Result<Vec<Cancelled>, RecordError> {
    let mut cancelled = Vec::new();
    let is_wanted = |batch: &eval_record::RecordedBatch| {
        batch.stage.is_open() && only.is_none_or(|number| number == batch.intent.batch)
    };
    for batch in record.batches()?.into_iter().filter(is_wanted) {
        let (number, provider) = (batch.intent.batch, batch.intent.provider);
        let outcome = cancel(prepared, &provider, batch.id.as_deref()).await;
        if outcome.is_ok() {
            let event = BatchEvent::Cancelled { batch: number };
            record.append("batches.jsonl")?.write(&event).map_err(|source| RecordError {
                path: record.path("batches.jsonl"),
                message: "cannot be written".to_owned(),
                source: Some(source),
            })?;
        }
        cancelled.push(Cancelled { batch: number, provider, outcome });
    }
    Ok(cancelled)
}

async fn cancel(prepared: &Prepared, label: &str, id: Option<&str>) -> Result<()> {
    let unknown = |message: &str| Error::new(ErrorKind::Config, message);
    let id = id.ok_or_else(|| unknown("it is not known whether it was submitted; resuming looks for it"))?;
    let candidate = prepared.candidates.iter().find(|candidate| candidate.planned.label == label);
    let batching = candidate.and_then(|candidate| candidate.batching());
    let batching = batching.ok_or_else(|| unknown("its provider is no longer asked in batches"))?;
    batching.host().await?.cancel(id).await
}
