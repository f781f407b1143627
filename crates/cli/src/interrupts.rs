//! Ctrl-C, and the signal with which systems end a process.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use eval::Stop;
use tokio::sync::watch;

use crate::exit::Exit;

/// How long an interrupted run waits for what is on its way.
const GRACE: Duration = Duration::from_secs(5);

/// What the process is doing, for whoever interrupts it.
enum Doing {
    /// Nothing that needs an orderly end.
    Anything,
    /// A run, which ends in good order if it is asked to.
    Run { ask_to_stop: watch::Sender<bool>, dir: PathBuf },
    /// Work for the runs of others, which ends with what is on its way.
    #[cfg(feature = "workers")]
    Work { leave: watch::Sender<bool> },
    /// What follows a run, or a run that was asked already: everything that counts is recorded.
    Recorded { dir: PathBuf },
}

/// A signal is for the whole process, and so is this.
static DOING: Mutex<Doing> = Mutex::new(Doing::Anything);

/// Listens from now on: the process ends at once when it is told to, unless a run is under way.
///
/// On a thread of its own, so that it is heard whatever the others are busy with.
pub fn listen() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    // Without them, signals do what they do by themselves.
    let Ok(runtime) = runtime else { return };
    let signals = {
        let _guard = runtime.enter();
        Signals::new()
    };
    let Ok(mut signals) = signals else { return };
    std::thread::spawn(move || {
        while runtime.block_on(signals.next()).is_some() {
            heard();
        }
    });
}

/// A run begins. It is over when what is returned is dropped.
pub fn run_begins(dir: &Path) -> (Stop, Running) {
    let (ask_to_stop, stop) = Stop::new(GRACE);
    *doing() = Doing::Run { ask_to_stop, dir: dir.to_owned() };
    (stop, Running(dir.to_owned()))
}

/// A worker begins. What is returned becomes `true` when it is to finish what it has begun, and go.
#[cfg(feature = "workers")]
pub fn work_begins() -> watch::Receiver<bool> {
    let (leave, asked) = watch::channel(false);
    *doing() = Doing::Work { leave };
    asked
}

/// What was recorded is of no more concern: from now on the process simply ends when it is told to.
#[cfg(feature = "studio")]
pub fn run_is_over() {
    *doing() = Doing::Anything;
}

/// While this lives, a run is under way.
pub struct Running(PathBuf);

impl Drop for Running {
    fn drop(&mut self) {
        *doing() = Doing::Recorded { dir: std::mem::take(&mut self.0) };
    }
}

/// The run is to end, for whoever watches it or whatever it is written to: as with the first Ctrl-C. Nothing happens if it is ending already.
pub fn end_run() {
    let is_run = matches!(*doing(), Doing::Run { .. });
    if is_run {
        heard();
    }
}

/// The first Ctrl-C, or a CI job that is canceled, ends a run in good order; any other ends the process at once.
fn heard() {
    let mut doing = doing();
    match std::mem::replace(&mut *doing, Doing::Anything) {
        Doing::Run { ask_to_stop, dir } => {
            eprintln!(
                "\nfinishing what is on its way (at most {} s); Ctrl-C again leaves at once",
                GRACE.as_secs()
            );
            ask_to_stop.send(true).ok();
            *doing = Doing::Recorded { dir };
        }
        #[cfg(feature = "workers")]
        Doing::Work { leave } => {
            eprintln!("\nfinishing what is on its way; Ctrl-C again leaves at once");
            leave.send(true).ok();
        }
        Doing::Recorded { dir } => {
            eprintln!(
                "\nleft at once; every trial that ended is recorded. Go on with: vision-eval resume {}",
                dir.display()
            );
            std::process::exit(Exit::Interrupted as i32);
        }
        Doing::Anything => std::process::exit(Exit::Interrupted as i32),
    }
}

fn doing() -> MutexGuard<'static, Doing> {
    DOING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ctrl-C, and the signal with which systems end a process. Listened to all the time, so that none is missed between
/// two others.
#[cfg(unix)]
struct Signals {
    pressed: tokio::signal::unix::Signal,
    terminated: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { pressed: signal(SignalKind::interrupt())?, terminated: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Option<()> {
        tokio::select! {
            pressed = self.pressed.recv() => pressed,
            terminated = self.terminated.recv() => terminated,
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self(tokio::signal::windows::ctrl_c()?))
    }

    async fn next(&mut self) -> Option<()> {
        self.0.recv().await
    }
}
