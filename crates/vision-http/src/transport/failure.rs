use std::error::Error as StdError;
use std::io;

use vision_core::{Error, ErrorKind};

/// How far an exchange had come when it failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Connecting,
    Sent,
    Reading,
}

/// The error for an exchange that broke off.
pub(super) fn failed(host: &str, progress: Progress, error: reqwest::Error) -> Error {
    let (kind, message) = sort(host, progress, &error);
    // The address is in our message as far as a person needs it.
    let mut failure = Error::new(kind, message).with_source(error.without_url());
    failure.details.maybe_billed = progress != Progress::Connecting;
    failure
}

/// The error for a reply without end.
pub(super) fn too_long(host: &str, most: usize) -> Error {
    let message = format!("the reply of {host} is longer than {} MiB", most >> 20);
    let mut failure = Error::new(ErrorKind::Malformed, message);
    failure.details.maybe_billed = true;
    failure
}

fn sort(host: &str, progress: Progress, error: &reqwest::Error) -> (ErrorKind, String) {
    if progress == Progress::Connecting {
        return match tls_failure(error) {
            Some(rustls::Error::InvalidCertificate(_)) => (
                ErrorKind::Config,
                format!(
                    "the certificate of {host} is not trusted; if a proxy of your company stands between, give its CA certificate (--ca-certificate FILE)"
                ),
            ),
            _ if error.is_dns() => (ErrorKind::Unavailable, format!("{host} cannot be found")),
            _ if error.is_timeout() => (ErrorKind::Timeout, format!("{host} cannot be reached in time")),
            _ => (ErrorKind::Unavailable, format!("{host} cannot be reached")),
        };
    }
    match progress {
        _ if error.is_timeout() => (ErrorKind::Timeout, format!("{host} fell silent")),
        Progress::Reading if is_corrupt(error) => {
            (ErrorKind::Malformed, format!("the reply of {host} cannot be decompressed"))
        }
        Progress::Reading => (ErrorKind::Unavailable, format!("{host} broke off in the middle of its reply")),
        _ => (ErrorKind::Unavailable, format!("{host} closed the connection without an answer")),
    }
}

/// Whether the content and not the connection was at fault.
fn is_corrupt(error: &reqwest::Error) -> bool {
    // What breaks the rules of HTTP, such as a chunk without its size, comes from below the decompression.
    let broke = causes(error).any(|cause| cause.is::<hyper::Error>());
    !broke
        && causes(error).any(|cause| {
            let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
            matches!(kind, Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput))
        })
}

fn tls_failure(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref().or_else(|| wrapped(cause)))
}

/// An I/O error skips what it wraps when asked for its source, so that has to be asked for, layer by layer.
fn wrapped<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let inner: &(dyn StdError + 'static) = cause.downcast_ref::<io::Error>()?.get_ref()?;
    inner.downcast_ref().or_else(|| wrapped(inner))
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn StdError + 'static)| (*cause).source())
}
