use eval_record::{BatchEvent, BatchStage, RecordedBatch};
use vision_batch::{BatchHost, Found, Sought};
use vision_core::Result;

use super::log::BatchLog;
use super::opening::OpenBatch;

/// What became of a batch that an earlier part of the run left.
#[derive(Debug)]
pub(super) enum Left {
    /// The host has it.
    Open(OpenBatch),
    /// It never came to the host.
    Never,
    /// Nobody knows, and why.
    Unknown(String),
}

/// Finds out what became of a batch.
pub(super) async fn search(
    batch: &RecordedBatch,
    host: &dyn BatchHost,
    log: &BatchLog,
    resubmit: bool,
) -> Result<Left> {
    match (batch.stage, &batch.id) {
        (BatchStage::Open, Some(id)) => return Ok(Left::Open(OpenBatch::recorded(batch, id.clone(), log))),
        (BatchStage::Creating, _) => {}
        _ => return Ok(Left::Never),
    }
    let intent = &batch.intent;
    let sought = Sought {
        name: &intent.name,
        requests: intent.asks.len(),
        file: batch.file.as_deref(),
        since: intent.at,
        known: log.known(),
    };
    Ok(match host.find(&sought).await? {
        Found::Batch(status) => {
            let id = status.id.clone();
            log.write(&BatchEvent::Submitted { batch: intent.batch, id: id.clone() });
            Left::Open(OpenBatch { status, ..OpenBatch::recorded(batch, id, log) })
        }
        _ if resubmit => Left::Never,
        Found::Nothing => Left::Unknown(format!(
            "it is not known whether batch {} was submitted before the run was interrupted: its host lists none that is \
             marked {}; if the host's own console shows none either, submit it again with --resubmit",
            intent.batch, intent.name
        )),
        Found::Perhaps(ids) => Left::Unknown(format!(
            "batch {} may be {} of its host, which shows only at its end what is in it; resume again then, or submit it \
             again with --resubmit",
            intent.batch,
            ids.join(" or ")
        )),
    })
}
