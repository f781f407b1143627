#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod answer;
mod form;
mod inspect;
mod lmms_eval;
mod predictions;
mod promptfoo;
mod table;

pub use answer::{Answer, NO_ANSWER};
pub use form::{Form, read};
