#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod asked;
mod assignment;
mod batch;
mod candidate;
mod capabilities;
mod case_list;
mod changed;
mod changes;
mod config;
mod control;
mod descriptors;
mod durable_lines;
mod elsewhere;
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
pub mod messages;
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
mod steering;
mod stop;
mod variants;
mod workbench;

pub use assignment::{Assignment, Report, Reported};
pub use batch::{BatchSettings, Cancelled, cancel_batches};
pub use capabilities::CAPABILITIES;
pub use changed::changed_datasets;
pub use changes::{differences, repriced};
pub use config::{
    Config, DatasetConfig, GateConfig, JudgeConfig, PriceConfig, PromptConfig, ProviderConfig, Try,
    check_margin, check_share,
};
pub use config::{MOST_AT_ONCE, MOST_REPEATS, check_count};
pub use control::{CONTROLS, is_control};
pub use elsewhere::Workers;
pub use ended_trials::{EndedTrials, Rerun};
pub use equip::{Prepared, equip};
pub use error::SetupError;
pub use eval_record::{Decide, Prefer};
pub use import::write_answers;
#[doc(hidden)]
pub use messages::check_messages;
pub use observer::{Event, Observer};
pub use opened::CasePlace;
pub use places::located;
pub use plan::{IMPORTED, Matched, Planned, Setup, Unheld, plan, plan_answers};
pub use pricing::BookPricing;
pub use quote::{EarlierRuns, Experience};
pub use reasons::{Reason, Reasons};
pub use referee::Referee;
pub use registry::{Built, Chained, Registry, Stage};
pub use resume::{distrust, reopen};
pub use run::{RunOutcome, run};
pub use run_settings::{OuterLayer, RunSettings};
pub use schedule::Unfinished;
pub use sequence::Document;
pub use steering::Steering;
pub use stop::Stop;
pub use workbench::{Served, Workbench};
