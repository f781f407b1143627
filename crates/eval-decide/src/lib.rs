#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod agreement;
mod answered;
mod automation;
pub mod betting;
pub mod calibration;
pub mod cascade;
pub mod chain;
pub mod drift;
pub mod evalues;
pub mod labels;
pub mod learned;
mod logistic;
mod named;
pub mod planning;
pub mod promise;
pub mod reading;
pub mod rules;
pub mod selective;
mod signal;
mod study;

pub use eval_statistics::{ppi, preference};

pub use automation::{
    AUTOMATION_VERSION, Automation, AutomationLine, Line, People, Recommended, RecommendedToday,
    TaskAutomation, Total, Wanted, automation, lines,
};
pub use logistic::Logistic;
pub use named::{DecideError, NAMED, NamedDecision};
pub use signal::{Signal, Signals};
pub use study::{Question, SecondReading, Study, StudyAnswer, StudyCase, studies};
