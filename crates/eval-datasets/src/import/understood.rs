//! What a table was understood to say: shown before anything is written.

use serde_json::Value;
use vision_core::Task;

use super::table::encoding::Encoding;
use super::table::kind::Reading;

/// What a table was understood to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// Rows that are not empty.
    pub rows: usize,
    /// The delimiter and the encoding of a CSV file.
    pub dialect: Option<(char, Encoding)>,
    /// What is asked.
    pub task: Task,
    /// Whether it was guessed from the columns.
    pub guessed: bool,
    /// In the order of the header.
    pub columns: Vec<Understanding>,
    /// Places inside of cells of JSON, or of lists.
    pub places: Vec<(String, Reading)>,
    /// The first cases as they were written.
    pub samples: Vec<Sample>,
}

/// What a column was understood to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Understanding {
    /// Its name.
    pub column: String,
    /// What it is for.
    pub purpose: Purpose,
    /// How its cells are read, if they are values of the label.
    pub reading: Option<Reading>,
    /// One of its cells, and what the label holds.
    pub example: Option<(String, Value)>,
}

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// It names media.
    File,
    /// The case's id.
    Id,
    /// The document behind the case.
    Source,
    /// A remark for people.
    Note,
    /// One tag, or many.
    Tag(Option<String>),
    /// One value for the prompt, or many.
    Field(Option<String>),
    /// The whole label.
    Expected,
    /// A field of the label, by its place.
    Label(String),
    /// Day, month or year of a date at a place of the label.
    DatePart(String),
    /// Left out, as was said.
    Ignored,
}

/// A case as it was written, to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The line it comes from; 0 if it comes from none.
    pub line: usize,
    /// Its id.
    pub id: String,
    /// Its media.
    pub media: Vec<String>,
    /// Its label.
    pub expected: Value,
}
