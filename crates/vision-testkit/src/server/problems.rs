//! What the server complains of, in no dialect yet.

use super::dialect::Dialect;
use super::draft::{Draft, Problem, ProblemKind};
use super::fault::FaultKind;

/// What a fault has the server complain of, if it does.
pub(super) fn problem_of(fault: &FaultKind) -> Option<Problem> {
    match fault {
        FaultKind::Quota => Some(Problem::new(ProblemKind::Quota, "You exceeded your current quota.")),
        FaultKind::Status(401, _) => Some(bad_key()),
        FaultKind::Status(status, delay) => {
            let problem = Problem::new(ProblemKind::Status(*status), format!("status {status} on purpose"));
            Some(Problem { delay: *delay, ..problem })
        }
        _ => None,
    }
}

/// A failure inside a success.
pub(super) fn broken(dialect: Dialect, echo: &str) -> Draft {
    let broken = Problem::new(ProblemKind::Status(500), "upstream broke").quoting(echo);
    Draft { status: 200, ..dialect.problem(&broken) }
}

/// A vendor does not repeat the key, and neither does this one.
pub(super) fn bad_key() -> Problem {
    Problem::new(ProblemKind::BadKey, "Incorrect API key provided.")
}
