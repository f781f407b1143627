use std::fmt;
use std::process::ExitCode;

use eval::SetupError;
use eval_datasets::Problem;
use eval_record::RecordError;
use eval_summary::SummaryError;

/// How a command ended, as the shell and CI see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Pass = 0,
    /// Something that should not happen.
    Unexpected = 1,
    /// The command was not understood.
    Usage = 2,
    /// The gate cannot tell.
    Inconclusive = 3,
    /// The selection leaves nothing to do.
    NothingSelected = 4,
    /// The run has gaps.
    Incomplete = 5,
    /// A key, the configuration or a dataset is wrong.
    Setup = 96,
    /// The gate or a cutoff says no.
    GateFailed = 100,
    /// The output cannot be written.
    Output = 110,
    /// Somebody pressed Ctrl-C.
    Interrupted = 130,
}

impl Exit {
    /// For `main`.
    pub fn code(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
    /// Printed as it is, by clap.
    usage: Option<clap::Error>,
}

impl Failure {
    /// A failure with a sentence for the person.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), usage: None }
    }

    /// How the command ends.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// A key, the configuration or a file is wrong.
    pub fn setup(message: impl Into<String>) -> Self {
        Self::new(Exit::Setup, message)
    }

    /// Something that should not happen.
    pub fn unexpected(message: impl Into<String>) -> Self {
        Self::new(Exit::Unexpected, message)
    }

    /// The command was not understood, or asked for help.
    pub fn usage(error: clap::Error) -> Self {
        Self { exit: Exit::Usage, message: String::new(), usage: Some(error) }
    }

    /// Whoever reads only the first lines wants no more of them; what the command finds is still its exit code.
    pub fn unless_closed(printed: std::io::Result<()>) -> Result<(), Self> {
        match printed {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            printed => printed.map_err(Self::output),
        }
    }

    /// What was to be printed cannot be.
    pub fn output(error: std::io::Error) -> Self {
        match error.kind() {
            // Whoever reads only the first lines knows why there are no more.
            std::io::ErrorKind::BrokenPipe => Self::new(Exit::Pass, String::new()),
            _ => Self::new(Exit::Output, format!("cannot write: {error}")),
        }
    }

    /// Tells the person, and gives the exit code.
    pub fn report(self) -> ExitCode {
        match self.usage {
            Some(error) => {
                let code = if error.use_stderr() { Exit::Usage } else { Exit::Pass };
                // A closed pipe is no reason to complain.
                error.print().ok();
                code.code()
            }
            None if self.message.is_empty() => self.exit.code(),
            None => {
                // A host's own words may be in it.
                eprintln!("error: {}", eval_report::escape::lines(&self.message));
                self.exit.code()
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        let exit = match &error {
            SetupError::NothingSelected(_) => Exit::NothingSelected,
            SetupError::Record(_) => Exit::Output,
            _ => Exit::Setup,
        };
        Self::new(exit, error.to_string())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let exit = if problem.is_unwritable { Exit::Output } else { Exit::Setup };
        Self::new(exit, problem.to_string())
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        Self::new(Exit::Output, error.to_string())
    }
}

impl From<SummaryError> for Failure {
    fn from(error: SummaryError) -> Self {
        let exit = if matches!(error, SummaryError::Unwritable { .. }) { Exit::Output } else { Exit::Setup };
        let hint = match &error {
            SummaryError::LossField { field, known } => {
                eval_datasets::nearest(field, known.iter().map(String::as_str))
            }
            _ => None,
        };
        let hint = hint.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Self::new(exit, format!("{error}{hint}"))
    }
}
