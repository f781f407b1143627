//! Why a picture could not be read or a task not be done.

use std::fmt;

/// A sentence for the person behind each kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The picture has more pixels than this reader takes.
    TooLarge(String),
    /// The bytes are not a picture this reader can decode.
    Unreadable(String),
    /// The reader has no rules for this task.
    Unsupported(String),
    /// An engine did not run: the tesseract program is absent, or the network refused its input.
    Engine(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(message)
            | Self::Unreadable(message)
            | Self::Unsupported(message)
            | Self::Engine(message) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for Failure {}
