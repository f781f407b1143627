use std::io;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::filter::LevelFilter;

/// Everything that any crate has logged since [`listen`].
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Listens to every log line of this process, down to the finest level.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let listener = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false);
        listener.with_writer(|| Sink).try_init().expect("nobody else listens in a conformance test");
    });
}

/// What has been logged so far.
pub(crate) fn text() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

struct Sink;

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
