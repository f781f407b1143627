//! Too few file descriptors are a shortage of this machine and say nothing about a provider.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use vision_core::Error;

/// Whether a file or a connection could not be opened because too many are.
pub(crate) fn is_out_of_descriptors(error: &Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(is_shortage) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// An I/O error skips what it wraps when asked for its source, so that has to be asked for.
fn is_shortage(error: &io::Error) -> bool {
    // Of the process, and of the whole system: the same numbers on every Unix.
    const EMFILE: i32 = 24;
    const ENFILE: i32 = 23;
    let own = cfg!(unix) && matches!(error.raw_os_error(), Some(EMFILE | ENFILE));
    let inner = || error.get_ref()?.downcast_ref::<io::Error>().map(is_shortage);
    own || inner().unwrap_or(false)
}

/// The waits between attempts to open a file: others close theirs meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Waits(u32);

/// Attempts: some twenty seconds in all.
const MOST_ATTEMPTS: u32 = 24;

impl Iterator for Waits {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        self.0 += 1;
        (self.0 < MOST_ATTEMPTS).then(|| Duration::from_secs(1).min(Duration::from_millis(50) * self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use vision_core::{Error, ErrorKind};

    use super::{Waits, is_out_of_descriptors};

    #[test]
    fn a_shortage_is_found_however_deep_it_is_wrapped() {
        let plain = || io::Error::from_raw_os_error(24);
        let wrapped = io::Error::other(io::Error::other(plain()));
        for cause in [plain(), io::Error::from_raw_os_error(23), wrapped] {
            let error = Error::new(ErrorKind::Config, "cannot read a.png").with_source(cause);
            assert!(is_out_of_descriptors(&error), "{error:?}");
        }
        let missing =
            Error::new(ErrorKind::Config, "cannot read").with_source(io::Error::from_raw_os_error(2));
        assert!(!is_out_of_descriptors(&missing));
        assert!(!is_out_of_descriptors(&Error::new(ErrorKind::Unavailable, "no")));
    }

    #[test]
    fn waits_end() {
        let all: Vec<_> = Waits::default().collect();
        assert!(all.is_sorted() && (10..60).contains(&all.iter().sum::<std::time::Duration>().as_secs()));
    }
}
