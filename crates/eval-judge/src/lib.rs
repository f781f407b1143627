#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod canary;
mod collect;
mod data;
mod draft;
mod error;
mod item;
mod pair;
mod prompt;
mod reply;
mod sample;
mod sheet;

pub use canary::canaries;
pub use collect::collect;
pub use data::as_data;
pub use draft::{DATASET, Draft, RUN, draft, unjudged};
pub use error::JudgeError;
pub use item::{AskedCheck, Item, Rival, open_answers};
pub use pair::pairs;
pub use prompt::Prompt;
pub use sample::{PersonAnswer, add_people, sample};
pub use sheet::{read_sheet, sheet};
