#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod model;
mod view;

pub use model::*;
pub use view::{AnswerView, CaseView};

/// The version of the scoring. It changes whenever the same answers may get other scores than before.
pub const SCORER: &str = "1";
