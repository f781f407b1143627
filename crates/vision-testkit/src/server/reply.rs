use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::Response;
use serde_json::Value;
use tokio::time::Sleep;

use super::draft::Draft;
use super::fault::FaultKind;

/// A body that can do everything a body should not.
#[derive(Debug)]
pub(super) struct Script {
    pieces: VecDeque<Bytes>,
    /// Waited for before each piece.
    pause: Option<Duration>,
    sleep: Option<Pin<Box<Sleep>>>,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Proper,
    Broken,
    Never,
    /// Nothing more comes, and the connection stays.
    Silent,
}

/// The connection shall be closed without a reply.
#[derive(Debug)]
pub(super) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

impl From<Infallible> for Cut {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// `retry-after` in whole seconds, or in milliseconds where seconds are too coarse.
pub(super) fn wait(delay: Option<Duration>) -> Option<(&'static str, String)> {
    let delay = delay?;
    Some(match delay.subsec_millis() {
        0 => ("retry-after", delay.as_secs().to_string()),
        _ => ("retry-after-ms", delay.as_millis().to_string()),
    })
}

/// Sends a draft as it is, or spoils it.
pub(super) fn send(draft: &Draft, fault: Option<&FaultKind>) -> Result<Response<Script>, Cut> {
    send_quoting(draft, fault, "")
}

/// The same, with what a careless host puts into its web pages.
pub(super) fn send_quoting(
    draft: &Draft,
    fault: Option<&FaultKind>,
    echo: &str,
) -> Result<Response<Script>, Cut> {
    // What is text and no tree is sent as it is.
    let (whole, mut content_type) = match &draft.body {
        Value::String(text) => (Bytes::from(text.clone()), "application/xml"),
        tree => (Bytes::from(tree.to_string()), "application/json"),
    };
    let mut status = draft.status;
    let body = match fault {
        Some(FaultKind::Cut) => return Err(Cut),
        Some(FaultKind::Half) => {
            let middle = whole.len() / 2;
            Script { pieces: [whole.slice(..middle)].into(), end: End::Broken, ..Script::whole(Bytes::new()) }
        }
        Some(FaultKind::BadJson | FaultKind::NoEnd) => Script::whole(whole.slice(..whole.len() / 2)),
        Some(FaultKind::Stall) => {
            Script { end: End::Silent, ..Script::whole(whole.slice(..whole.len() / 2)) }
        }
        Some(FaultKind::Garbage) => {
            let (before, after) = whole.split_at(whole.len() / 2);
            Script::whole([before, GARBAGE, after].concat().into())
        }
        Some(FaultKind::Empty) => Script::whole(Bytes::new()),
        Some(FaultKind::Trickle(pause)) => {
            let pieces = whole.chunks(whole.len().div_ceil(8).max(1)).map(Bytes::copy_from_slice).collect();
            Script { pieces, pause: Some(*pause), ..Script::whole(Bytes::new()) }
        }
        Some(FaultKind::Endless) => Script { end: End::Never, ..Script::whole(whole) },
        Some(FaultKind::Html(code)) => {
            (status, content_type) = (*code, "text/html");
            let escaped = echo.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            Script::whole(Bytes::from(PAGE.replace("</h1>", &format!(" {escaped}</h1>"))))
        }
        Some(FaultKind::Redirect(_)) => {
            status = 307;
            Script::whole(Bytes::new())
        }
        _ => Script::whole(whole),
    };
    let mut response = Response::builder().status(status).header("content-type", content_type);
    // A gateway's page knows nothing of where a result will be.
    let is_page = matches!(fault, Some(FaultKind::Html(_)));
    for (name, value) in draft.headers.iter().filter(|(name, _)| !is_page || *name != "operation-location") {
        response = response.header(*name, value);
    }
    if let Some(FaultKind::Redirect(target)) = fault {
        response = response.header("location", target);
    }
    Ok(response.body(body).unwrap_or_else(|error| {
        // A fault can name anything as a target of a redirect, even what no header can hold.
        Response::new(Script::whole(Bytes::from(error.to_string())))
    }))
}

/// Sends the events of an answer, or spoils them. A failure comes after the first half of them.
pub(super) fn send_events(
    draft: &Draft,
    mut events: Vec<String>,
    fault: Option<&FaultKind>,
    failure: String,
) -> Result<Response<Script>, Cut> {
    let middle = events.len() / 2;
    let (mut pause, mut end) = (None, End::Proper);
    match fault {
        Some(FaultKind::Cut) => return Err(Cut),
        Some(FaultKind::NoEnd) => events.truncate(middle),
        Some(FaultKind::Half) => {
            events.truncate(middle);
            (pause, end) = (Some(Duration::from_millis(1)), End::Broken);
        }
        Some(FaultKind::Stall) => {
            events.truncate(middle);
            end = End::Silent;
        }
        Some(FaultKind::BadJson) => {
            let begun: String = events.concat();
            events = vec![begun[..begun.floor_char_boundary(begun.len() / 2)].to_owned()];
        }
        Some(FaultKind::Garbage) => {
            events.insert(middle, format!("data: {}\n\n", String::from_utf8_lossy(GARBAGE)));
        }
        Some(FaultKind::ErrorInSuccess) => {
            events.truncate(middle);
            events.push(failure);
        }
        Some(FaultKind::Empty) => events.clear(),
        Some(FaultKind::Endless) => end = End::Never,
        Some(FaultKind::Trickle(wait)) => pause = Some(*wait),
        _ => {}
    }
    let pieces = events.into_iter().map(Bytes::from).collect();
    let body = Script { pieces, pause, sleep: None, end };
    let mut response =
        Response::builder().status(200).header("content-type", "text/event-stream; charset=utf-8");
    for (name, value) in &draft.headers {
        response = response.header(*name, value);
    }
    Ok(response
        .body(body)
        .unwrap_or_else(|error| Response::new(Script::whole(Bytes::from(error.to_string())))))
}

const GARBAGE: &[u8] = b"{\"upstream\": <html>";

const PAGE: &str = "<!DOCTYPE html><html><head><title>Bad Gateway</title></head>\
                    <body><h1>Bad Gateway</h1><script>document.write('x')</script></body></html>\n";

impl Script {
    pub fn whole(bytes: Bytes) -> Self {
        let pieces = if bytes.is_empty() { VecDeque::new() } else { [bytes].into() };
        Self { pieces, pause: None, sleep: None, end: End::Proper }
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        // Before it breaks, too: what was sent shall have left.
        let is_next = !self.pieces.is_empty() || self.end == End::Broken;
        if let Some(pause) = self.pause.filter(|_| is_next) {
            let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
            ready!(sleep.as_mut().poll(context));
            self.sleep = None;
        }
        Poll::Ready(match (self.pieces.pop_front(), self.end) {
            (Some(piece), _) => Some(Ok(Frame::data(piece))),
            (None, End::Proper) => None,
            (None, End::Broken) => Some(Err(io::Error::other("broken on purpose"))),
            // Whoever waits for it is the one to end it.
            (None, End::Silent) => return Poll::Pending,
            (None, End::Never) => Some(Ok(Frame::data(Bytes::from_static(&[b' '; 16 << 10])))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && self.end == End::Proper
    }

    fn size_hint(&self) -> SizeHint {
        let left: usize = self.pieces.iter().map(Bytes::len).sum();
        match self.end {
            End::Proper => SizeHint::with_exact(left as u64),
            // Twice what will come, so that the client waits for more when the connection closes.
            End::Broken => SizeHint::with_exact(left as u64 * 2 + 1),
            End::Never | End::Silent => SizeHint::default(),
        }
    }
}
