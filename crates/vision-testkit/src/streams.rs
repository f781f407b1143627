//! What must hold for a streamed answer, wherever its stream breaks.

use std::num::NonZeroU32;
use std::sync::Arc;

use vision_core::{ErrorKind, Part, Provider, Request, Response, Result, Task, Timing, Usage};
use vision_http::{Events, Reply, Stream, Transport};

use crate::{Scripted, block_on};

/// Builds a provider over a transport.
pub type Build = fn(Arc<dyn Transport>) -> Provider;

/// Holds a provider against the stream of a whole answer, which means `wanted`.
///
/// # Panics
/// If the whole stream is not read so, with LF and with CRLF; if a stream that ends anywhere is another answer, or a
/// failure that forgets what had come; or if an answer or a failure counts what was not counted.
pub fn check(build: Build, body: &str, wanted: &Response) {
    for body in [body.to_owned(), body.replace('\n', "\r\n"), format!("\u{feff}: hello\n\n{body}")] {
        let response = ask(build, body.as_bytes()).unwrap_or_else(|error| panic!("{}", error.chain()));
        assert!(response.timing.first_token <= response.timing.first_text, "{response:?}");
        assert!(response.timing.first_text.is_some(), "{response:?}");
        assert_eq!(&Response { timing: Timing::default(), ..response }, wanted);
    }
    let mut answers = 0;
    for end in 0..body.len() {
        // In the middle of a letter, too.
        let cut = &body.as_bytes()[..end];
        match ask(build, cut) {
            Ok(response) => {
                answers += 1;
                assert_eq!(response.text, wanted.text, "cut at {end}, it is another answer");
                let uncounted = response.usage == Usage::default() || response.usage.output.is_none();
                assert!(uncounted || response.usage == wanted.usage, "cut at {end}: {:?}", response.usage);
            }
            Err(error) => {
                let details = &error.details;
                assert!(details.maybe_billed && !details.usage.is_known(), "cut at {end}: {error}");
                let kept = details.body.as_deref();
                assert_eq!(kept, Some(&*String::from_utf8_lossy(cut)), "cut at {end}: {error}");
            }
        }
    }
    assert!(answers < body.len() / 2, "an answer without its end is none");
}

/// Holds a provider against a stream that is a failure of this kind, and begins with text.
///
/// # Panics
/// If it is an answer or another failure, or one that forgets what had come or that it may be billed.
pub fn fails(build: Build, body: &str, kind: ErrorKind) {
    let error = ask(build, body.as_bytes()).expect_err(body);
    assert_eq!(error.kind(), kind, "{body}: {error}");
    assert!(error.details.maybe_billed, "{body}: {error}");
    assert_eq!(error.details.body.as_deref(), Some(body));
}

/// What a provider makes of this stream, of which each event came a millisecond after the last.
pub fn ask(build: Build, body: &[u8]) -> Result<Response> {
    let arrivals = (1..=Events::all(body).len() as u64).map(|number| number * 1_000).collect();
    let reply = Reply {
        status: 200,
        headers: vec![("content-type".to_owned(), "text/event-stream; charset=utf-8".to_owned())],
        body: body.to_vec().into(),
        stream: Some(Stream { arrivals, broken: None }),
        ..Reply::default()
    };
    let parts = vec![Part::Text("What is the total?".to_owned())];
    let request = Request { stream: true, ..Request::new(Task::Receipt, parts, NonZeroU32::MIN) };
    block_on(build(Scripted::always(reply)).analyze(&request))
}
