#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod baseline;
mod cases;
mod compare;
mod cutoff;
pub mod decide;
mod error;
mod gate;
mod history;
mod judge;
mod judgements;
mod labels;
mod loss;
mod model;
mod options;
mod scored;
mod summarise;
#[cfg(feature = "testdata")]
pub mod testdata;
mod view;
mod views;

pub use baseline::{
    BASELINE_VERSION, Baseline, BaselineLine, BaselineProvider, BaselineTask, ByPeople, CaseScore,
    RunFigures, TaskJudge, list_baselines,
};
pub use compare::{ComparedCase, ComparedCases, SideAnswers, compare_runs, compared_cases};
pub use cutoff::Cutoff;
pub use error::SummaryError;
pub use gate::{GateRules, explain_gate, gate, loss_checks};
pub use history::{Experience, experience, history};
pub use judge::Scorable;
pub use labels::Labels;
pub use loss::{FieldLoss, LossTable, Price, ScaledPrice};
pub use model::*;
pub use options::{JudgeOptions, Options, Rescore};
pub use scored::{Scored, score};
pub use view::{AnswerView, CaseView, TrialStatus};
pub use views::{CaseViews, case_views};

/// The version of the scoring. It changes whenever the same answers may get other scores than before.
pub const SCORER: &str = "7";
