//! Chains of candidates: a cheap one first, a dearer one where its answer is not trusted, a person at the end.
//!
//! A chain is chosen on other documents than it is judged on. What it shows on the documents it was chosen on is never
//! given out: it is too good. It decides by signals that are there while it is carried out, and none that is learned, so
//! that the chain that is exported is the one that was judged.

mod judged;
mod kept;
mod model;
mod options;
mod rule;
mod search;

pub use judged::chains;
pub use kept::{Promise, kept};
pub use model::{
    Accept, AgainstSingle, CASCADE_VERSION, ChainBill, ChainFigures, ChainReport, ChainSignal, ChainStage,
    ChainTask, FrontierPoint, Goal, Single,
};
pub use rule::{ChainRule, Said};
