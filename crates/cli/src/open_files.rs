//! How many files and connections this process may have open.

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
