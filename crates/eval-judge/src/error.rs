use std::fmt;
use std::io;
use std::path::Path;

use eval_record::RecordError;

/// Why answers cannot be put before a judge, or what a judge said not be read.
#[derive(Debug)]
pub struct JudgeError {
    message: String,
    /// Whether a file cannot be written, as on a full disk; otherwise something in one is wrong.
    pub is_unwritable: bool,
}

impl JudgeError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_unwritable: false }
    }

    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self { is_unwritable: true, ..Self::new(format!("{} cannot be written: {error}", path.display())) }
    }
}

impl From<RecordError> for JudgeError {
    fn from(error: RecordError) -> Self {
        Self::new(error.to_string())
    }
}

impl fmt::Display for JudgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for JudgeError {}
