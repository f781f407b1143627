//! From readers that wait to a client that does not: files are read in many places, and none of them is asynchronous.

use std::sync::OnceLock;
use std::sync::mpsc;

use tokio::runtime::{Builder, Runtime};
use vision_files::Refused;

/// Never dropped: a runtime must not end within another one.
static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// Waits for something that goes on in threads of its own. May be called from anywhere but from there.
pub fn wait<T: Send + 'static>(
    doing: impl Future<Output = Result<T, Refused>> + Send + 'static,
) -> Result<T, Refused> {
    let runtime = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread().worker_threads(2).thread_name("storage").enable_all().build().ok()
    });
    let Some(runtime) = runtime else {
        return Err(Refused::Elsewhere("is not opened: no thread can be started".to_owned()));
    };
    let (done, is_done) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        done.send(doing.await).ok();
    });
    is_done.recv().unwrap_or_else(|_| Err(Refused::Elsewhere("was given up".to_owned())))
}
