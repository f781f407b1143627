#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod candidate;
mod changes;
mod config;
mod control;
mod descriptors;
mod equip;
mod error;
mod health;
mod lane;
mod long_answer;
mod media;
mod observer;
mod opened;
mod ordering;
mod places;
mod plan;
mod pricing;
mod question;
mod quote;
mod reasons;
mod registry;
mod reservations;
mod resume;
mod run;
mod writer;

pub use changes::{differences, repriced};
pub use config::{
    Config, DatasetConfig, Decide, GateConfig, Prefer, PriceConfig, PromptConfig, ProviderConfig,
    check_margin, check_share,
};
pub use config::{MOST_AT_ONCE, MOST_REPEATS, check_count};
pub use control::{CONTROLS, is_control};
pub use equip::{Prepared, equip};
pub use error::SetupError;
pub use observer::{Event, Observer};
pub use opened::At;
pub use places::located;
pub use plan::{CAPABILITIES, Planned, Setup, plan};
pub use pricing::BookPricing;
pub use quote::{Experience, Past};
pub use reasons::{Reason, Reasons};
pub use registry::{Built, Registry};
pub use resume::{Done, Rerun, reopen};
pub use run::{Around, Outcome, RunSettings, Stop, Unfinished, run};
