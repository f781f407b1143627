//! Documents are read and drawn by this program, started once more: a stranger's document may take all memory, or years.

use std::io::{stdin, stdout};
use std::process::ExitCode;

use vision_media::{COUNT_PAGES, DRAW_PAGES, seconds_to_draw, serve_counts, serve_pages, work_apart};

/// The most memory that one document takes.
#[cfg(unix)]
const MEMORY: u64 = 2 << 30;

/// The most seconds of a core that a process counts pages. The next documents are another one's.
const SECONDS_TO_COUNT: u64 = 20;

/// Does what this process was started for, and says how that ended, if it is work on a document. Else others will be
/// started for it.
pub fn asked_for() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1).map_while(|word| word.into_string().ok());
    let done = match words.next().as_deref() {
        Some(DRAW_PAGES) => {
            let words: Vec<String> = words.collect();
            bound(seconds_to_draw(&words));
            serve_pages(&words, stdin().lock(), stdout().lock()).is_ok()
        }
        Some(COUNT_PAGES) => {
            bound(SECONDS_TO_COUNT);
            serve_counts(stdin().lock(), stdout().lock()).is_ok()
        }
        _ => {
            // Where the program cannot be found, documents are read here.
            std::env::current_exe().map(work_apart).ok();
            return None;
        }
    };
    Some(if done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sets bounds that the system keeps: it ends the process where they are passed.
#[cfg(unix)]
fn bound(seconds: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    for (resource, most) in [(Resource::As, MEMORY), (Resource::Cpu, seconds), (Resource::Core, 0)] {
        let maximum = getrlimit(resource).maximum.map_or(most, |hard| hard.min(most));
        setrlimit(resource, Rlimit { current: Some(maximum), maximum: Some(maximum) }).ok();
    }
}

/// Other systems have no such bounds.
#[cfg(not(unix))]
fn bound(_: u64) {}
