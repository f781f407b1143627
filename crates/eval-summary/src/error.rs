use std::fmt;
use std::path::{Path, PathBuf};

use eval_record::RecordError;

/// Why a record cannot be summarised, or a baseline not be read.
#[derive(Debug)]
pub enum SummaryError {
    /// The record cannot be read.
    Record(RecordError),
    /// The metric of a task cannot be set up.
    Metric {
        /// `dataset/task`.
        of: String,
        /// What is wrong.
        message: String,
    },
    /// A file cannot be read.
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A file cannot be written.
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A setting makes no sense.
    Setting(String),
    /// A price for mistakes in a field that no task has.
    LossField {
        /// The field.
        field: String,
        /// The fields there are.
        known: Vec<String>,
    },
}

impl SummaryError {
    pub(crate) fn file(path: &Path, message: impl fmt::Display) -> Self {
        Self::File { path: path.to_owned(), message: message.to_string() }
    }
}

impl From<RecordError> for SummaryError {
    fn from(error: RecordError) -> Self {
        Self::Record(error)
    }
}

impl fmt::Display for SummaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(error) => error.fmt(f),
            Self::Metric { of, message } => write!(f, "{of} cannot be scored: {message}"),
            Self::File { path, message } => write!(f, "{}: {message}", path.display()),
            Self::Unwritable { path, source } => write!(f, "{}: cannot be written: {source}", path.display()),
            Self::Setting(message) => f.write_str(message),
            Self::LossField { field, known } => {
                write!(f, "[loss]: no task has a field `{field}` (there are {})", known.join(", "))
            }
        }
    }
}

impl std::error::Error for SummaryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Record(error) => error.source.as_ref().map(|source| source as _),
            Self::Unwritable { source, .. } => Some(source),
            _ => None,
        }
    }
}
