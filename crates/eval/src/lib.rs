#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod asked;
mod candidate;
mod capabilities;
mod case_list;
mod changed;
mod changes;
mod config;
mod control;
mod descriptors;
mod durable_lines;
mod ended_trials;
mod equip;
mod error;
mod executor;
mod health;
mod hosts;
mod import;
mod jobs;
mod lane;
mod long_answer;
mod media;
mod observer;
mod opened;
mod places;
mod plan;
mod pricing;
mod prompts;
mod question;
mod quote;
mod reasons;
mod recorder;
mod referee;
mod registry;
mod reservations;
mod resume;
mod run;
mod run_settings;
mod schedule;
mod sequence;
mod stages;
mod stop;
mod variants;

pub use capabilities::CAPABILITIES;
pub use changed::changed_datasets;
pub use changes::{differences, repriced};
pub use config::{
    Config, DatasetConfig, Decide, GateConfig, Prefer, PriceConfig, PromptConfig, ProviderConfig, Try,
    check_margin, check_share,
};
pub use config::{MOST_AT_ONCE, MOST_REPEATS, check_count};
pub use control::{CONTROLS, is_control};
pub use ended_trials::{EndedTrials, Rerun};
pub use equip::{Prepared, equip};
pub use error::SetupError;
pub use import::write_answers;
pub use observer::{Event, Observer};
pub use opened::CasePlace;
pub use places::located;
pub use plan::{IMPORTED, Matched, Planned, Setup, plan, plan_answers};
pub use pricing::BookPricing;
pub use quote::{EarlierRuns, Experience};
pub use reasons::{Reason, Reasons};
pub use referee::Referee;
pub use registry::{Built, Chained, Registry, Stage};
pub use resume::reopen;
pub use run::{RunOutcome, run};
pub use run_settings::{OuterLayer, RunSettings};
pub use schedule::Unfinished;
pub use sequence::Document;
pub use stop::Stop;
