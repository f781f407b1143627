use std::fmt;

use eval_datasets::Problem;
use eval_record::RecordError;

/// Why a run cannot start or cannot go on.
#[derive(Debug)]
pub enum SetupError {
    /// A file that a person wrote is wrong.
    File(Problem),
    /// A provider cannot be built: a key, a setting, an unknown name.
    Provider {
        /// Its label.
        label: String,
        /// What is missing, and what to do.
        message: String,
    },
    /// A dataset is not where the configuration says, or not as it says.
    Dataset {
        /// Its folder, as the configuration writes it.
        path: String,
        /// What is wrong, and what to do.
        message: String,
    },
    /// The record cannot be read or written.
    Record(RecordError),
    /// The selection leaves no case, or no provider.
    NothingSelected(String),
    /// What is tried makes more candidates than anybody can read a report of.
    TooManyCandidates {
        /// How many.
        count: u64,
        /// What all of them are expected to cost.
        money: String,
    },
    /// What a run was recorded with is not what is there now.
    Changed(Vec<String>),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(problem) => problem.fmt(f),
            Self::Provider { label, message } => write!(f, "{label}: {message}"),
            Self::Dataset { message, .. } => f.write_str(message),
            Self::Record(error) => error.fmt(f),
            Self::NothingSelected(message) => f.write_str(message),
            Self::TooManyCandidates { count, money } => write!(
                f,
                "what is tried makes {count} candidates, {money}, and at most 64 are possible: try fewer values or fewer \
                 factors at once"
            ),
            Self::Changed(changes) => {
                write!(f, "the run cannot go on: since its start, {}", changes.join("; "))
            }
        }
    }
}

impl std::error::Error for SetupError {}

impl From<Problem> for SetupError {
    fn from(problem: Problem) -> Self {
        Self::File(problem)
    }
}

impl From<RecordError> for SetupError {
    fn from(error: RecordError) -> Self {
        Self::Record(error)
    }
}
