#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod batch;
mod case;
mod changed;
mod control;
mod decide;
mod judgement;
mod lines;
mod look;
mod plan;
mod prices;
mod quote;
mod record;
mod reservation;
mod resumption;
mod trial;
mod variant;
mod workers;

pub use batch::{BatchAsk, BatchEvent, BatchIntent, BatchStage, RecordedBatch};
pub use case::{CaseLine, MediaEntry};
pub use changed::ChangedDataset;
pub use control::{Asking, Now, Steer, Wish};
pub use decide::{Decide, Prefer};
pub use judgement::{
    Better, Canary, JudgeName, JudgedAnswer, JudgedCheck, JudgedPair, PersonCheck, PersonJudgement, answer_id,
};
pub use lines::{Line, LineReader, LineWriter};
pub use look::{About, Look, LookGap, Sequential};
pub use plan::{
    Degraded, Execution, Generation, HostLimits, MediaMode, MediaPolicy, Plan, PlannedDataset,
    PlannedProvider, PlannedTask, STREAM_TIMEOUT_SECONDS, Skipped, VERSION,
};
pub use prices::{
    Amounts, PRICES_GROW_OLD_AFTER, Price, PriceBook, RangeEnd, Sent, Tier, Unit, UnitPrice, dollars,
};
pub use quote::{Money, OutputFrom, Quote, QuoteLine, SkipReason};
pub use record::{Damage, OTHER_PARTS, Record, RecordError};
pub use reservation::{LostAttempts, Reservation};
pub use resumption::Resumption;
pub use trial::{Failure, Outcome, OutputMode, Trial, TrialKey};
pub use variant::{PlannedPrompt, Variant};
