#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod amount;
mod date;
mod fields;
mod found;
mod job;
mod page;
mod payment;
mod receipt;
mod request;
mod table;

pub use amount::amount;
pub use date::{Order, date};
pub use fields::{Field, Pair, fields, fill, labelled, typed};
pub use found::Found;
pub use job::{Job, LOOK_EVERY, Look, Patience, next_look};
pub use page::{page, page_of};
pub use payment::payment;
pub use receipt::{Item, Receipt};
pub use request::{dropped, only_medium, schema};
pub use table::{Cell, Grid};
