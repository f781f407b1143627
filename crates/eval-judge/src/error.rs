use std::fmt;

use eval_record::RecordError;

/// Why answers cannot be put before a judge, or what a judge said not be read.
#[derive(Debug)]
pub struct JudgeError(String);

impl JudgeError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<RecordError> for JudgeError {
    fn from(error: RecordError) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for JudgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JudgeError {}
