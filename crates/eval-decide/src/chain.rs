//! Chains of candidates: a cheap one first, a dearer one where its answer is not trusted, a person at the end.
//!
//! A chain is chosen on other documents than it is judged on. What it shows on the documents it was chosen on is never
//! given out: it is too good. It decides by signals that are there while it is carried out; what is learned from them is
//! judged on documents that it was not learned from, and its weights are exported with the chain.

mod held_out;
mod judged;
mod kept;
mod learned;
mod model;
mod options;
mod promised;
mod rule;
mod search;
mod signal;

pub use judged::chains;
pub use kept::{Promise, kept};
pub use model::{
    Accept, AgainstSingle, CASCADE_VERSION, ChainFigures, ChainPromise, ChainReport, ChainStage, ChainTask,
    FrontierPoint, Goal, Single,
};
pub use rule::{ChainRule, Said};
pub use signal::{ChainModel, ChainSignal, ChainWeight};
