#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod annotations;
mod columns;
mod contents;
mod document;
pub mod escape;
pub mod figures;
mod findings;
mod format;
mod html;
mod junit;
mod markdown;
mod media;
mod queue;
mod renderings;
mod terminal;
mod trials;

pub use annotations::annotations;
#[cfg(feature = "parquet")]
pub use columns::parquet;
pub use columns::{COLUMNS, Column, ColumnType};
pub use contents::{budget_exceeded, changed_during_run, copies, gate_headline, headline};
pub use findings::Finding;
pub use format::Format;
pub use html::{BASE_STYLE, EarlyMedia, Page, compare_html, gate_html, html};
pub use junit::{junit, junit_cases};
pub use media::{Embed, MediaSource, NoMedia};
pub use queue::{label_queue_csv, label_queue_jsonl};
pub use renderings::{Printed, comment, history_html, json, markdown, terminal, terminal_brief};
pub use terminal::Look;
pub use trials::{csv, jsonl};
