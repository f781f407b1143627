//! Why a picture could not be read or a task not be done.

use std::fmt;

use vision_core::{Error, ErrorKind};

/// A sentence for the person behind each kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The picture has more pixels than this reader takes.
    TooLarge(String),
    /// The bytes are not a picture this reader can decode.
    Unreadable(String),
    /// The reader has no rules for this task.
    Unsupported(String),
    /// The reader has rules for the task, but found no answer to this question.
    Unanswered(String),
    /// A program this reader needs is not installed.
    Absent(String),
    /// An engine did not run.
    Engine(String),
}

impl Failure {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::TooLarge(_) => ErrorKind::TooLarge,
            Self::Unreadable(_) => ErrorKind::InvalidRequest,
            Self::Unsupported(_) => ErrorKind::Unsupported,
            Self::Unanswered(_) => ErrorKind::Refused,
            Self::Absent(_) => ErrorKind::Config,
            Self::Engine(_) => ErrorKind::Malformed,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(message)
            | Self::Unreadable(message)
            | Self::Unsupported(message)
            | Self::Unanswered(message)
            | Self::Absent(message)
            | Self::Engine(message) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::new(failure.kind(), failure.to_string())
    }
}
