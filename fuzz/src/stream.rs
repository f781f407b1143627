//! Streams of any host, cut anywhere, decoded by every provider as in a run.

use std::sync::Arc;

use vision_core::{Part, Request, Task};
use vision_http::{Event, Events, Reply, Stream, Transport};

use crate::reply::{Echo, KEY, analyze, providers};

/// The first byte chooses the provider, the second where the stream is cut in two; then comes the stream.
///
/// # Panics
/// If a parser or provider does, if the cut changes what is read, or if the words of an error hold the key.
pub fn stream(bytes: &[u8]) {
    let [which, cut, rest @ ..] = bytes else { return };
    let (first, second) = rest.split_at(usize::from(*cut).min(rest.len()));
    let (mut parser, mut events): (_, Vec<Event>) = (Events::default(), Vec::new());
    parser.push(first, |event| events.push(event));
    parser.push(second, |event| events.push(event));
    parser.end(|event| events.push(event));
    assert_eq!(events, Events::all(rest), "where a stream is cut says nothing");

    let reply = Reply {
        status: 200,
        headers: vec![("content-type".to_owned(), "text/event-stream".to_owned())],
        body: rest.to_vec().into(),
        stream: Some(Stream { arrivals: vec![1; events.len()], broken: None }),
        ..Reply::default()
    };
    let transport: Arc<dyn Transport> = Arc::new(Echo(reply));
    let providers = providers(&transport);
    let provider = &providers[usize::from(*which) % providers.len()];
    let parts = vec![Part::Text("What is the total?".to_owned())];
    let request =
        Request { stream: true, ..Request::new(Task::Receipt, parts, 100.try_into().expect("not zero")) };
    match analyze(provider, &request) {
        Ok(response) => assert!(!response.text.contains(KEY), "the key is in {}", response.text),
        Err(error) => {
            assert!(error.details.maybe_billed, "whoever began to answer may bill it: {error}");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(KEY), "the key is in {shown}");
        }
    }
}
