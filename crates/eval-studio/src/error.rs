use std::fmt;
use std::path::Path;

/// The result of what a person asked for.
pub type Result<T> = std::result::Result<T, StudioError>;

/// What went wrong, for the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request makes no sense.
    Invalid,
    /// There is no such document, field or file.
    NotFound,
    /// Somebody changed the value since it was shown.
    Conflict,
    /// A file cannot be read, or is not what it should be.
    Files,
    /// A file cannot be written, as on a full disk.
    Unwritable,
}

/// What went wrong, with a sentence for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudioError {
    /// For the program.
    pub kind: Kind,
    /// For the person.
    pub message: String,
}

impl StudioError {
    /// The request makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self { kind: Kind::Invalid, message: message.into() }
    }

    /// There is no such document, field or file.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { kind: Kind::NotFound, message: message.into() }
    }

    /// Somebody changed the value since it was shown.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self { kind: Kind::Conflict, message: message.into() }
    }

    /// A file cannot be written.
    pub fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self { kind: Kind::Unwritable, ..Self::files(path, format!("cannot be written: {error}")) }
    }

    /// A file cannot be read, or is not what it should be.
    pub fn files(path: &Path, what: impl fmt::Display) -> Self {
        Self { kind: Kind::Files, message: format!("{} {what}", path.display()) }
    }
}

impl fmt::Display for StudioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StudioError {}

impl From<eval_record::RecordError> for StudioError {
    fn from(error: eval_record::RecordError) -> Self {
        Self { kind: Kind::Files, message: error.to_string() }
    }
}

impl From<eval_summary::SummaryError> for StudioError {
    fn from(error: eval_summary::SummaryError) -> Self {
        Self { kind: Kind::Files, message: error.to_string() }
    }
}
