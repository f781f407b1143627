#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod case;
mod check;
mod dataset;
mod files;
mod identity;
mod import;
mod index;
mod lines;
mod manifest;
mod problem;
mod selection;
mod structured;
mod template;
mod toml_file;
mod version;

pub use case::{Case, LabelEvidence, MediaRef};
pub use check::{Finding, LabelCheck, Report, Severity, check, write_sums};
pub use dataset::{Dataset, answer_schema};
pub use identity::file_hash;
pub use import::{
    Choice, DateOrder, Decimals, Encoding, Import, Imported, KINDS, Mark, Purpose, Question, Reading, Sample,
    Sheet, Shelf, Understanding, Understood, decode, import, line_of, names_a_medium, names_files, questions,
    record_schema, task_template,
};
pub use index::{Entry, Index};
pub use manifest::{Manifest, Origin, TaskSpec};
pub use problem::{Problem, Result};
pub use selection::{Partition, Range, Selection};
pub use template::Template;
pub use toml_file::{nearest, parse_toml};
