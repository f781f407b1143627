//! How many files and connections this process may have open.

use crate::exit::Failure;

/// Connections that fit into the files that this process may open; says so if they are fewer than were asked for.
pub fn connections(wanted: usize) -> usize {
    let Some(most) = most() else { return usize::MAX };
    let room = most.saturating_sub(RESERVE).max(1);
    if room < wanted {
        eprintln!(
            "warning: only {room} of {wanted} requests can be in flight at once, because this process may open \
             {most} files; raise the limit with `ulimit -n`"
        );
    }
    room
}

/// Refuses to start where the first files that are opened would already be too many.
pub fn check() -> Result<(), Failure> {
    match most() {
        Some(most) if most < LEAST => Err(Failure::setup(format!(
            "this process may open only {most} files: raise the limit with `ulimit -n 1024`"
        ))),
        _ => Ok(()),
    }
}

/// The runtime, the three streams, and a file or two.
const LEAST: usize = 32;

/// Files beside connections: the record, the datasets, media that are being read, the cache.
const RESERVE: usize = 64;

/// The most that the system allows; nothing where it sets no limit. The soft limit is raised as far as it may be.
#[cfg(unix)]
fn most() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    /// More than any run needs, and less than what some systems refuse.
    const ENOUGH: u64 = 10_240;
    let limit = getrlimit(Resource::Nofile);
    let soft = limit.current?;
    let wanted = limit.maximum.map_or(ENOUGH, |hard| hard.min(ENOUGH));
    let raised = soft < wanted
        && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum }).is_ok();
    usize::try_from(if raised { wanted } else { soft }).ok()
}

/// Other systems have no such limit.
#[cfg(not(unix))]
fn most() -> Option<usize> {
    None
}
