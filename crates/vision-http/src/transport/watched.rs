use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::Pieces;

/// The moment at which a request body was first asked for: a connection stands, and sending begins.
///
/// Nothing else tells the time of a provider from the time of finding, reaching and queueing for it, nor a
/// request that may have been answered from one that never left.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent(Arc<OnceLock<Instant>>);

impl Sent {
    pub(super) fn moment(&self) -> Option<Instant> {
        self.0.get().copied()
    }
}

/// A request body that notes when it is first asked for.
pub(super) struct Watched {
    pieces: std::vec::IntoIter<Bytes>,
    sent: Sent,
}

impl Watched {
    pub(super) fn body(pieces: Pieces, sent: Sent) -> reqwest::Body {
        reqwest::Body::wrap(Self { pieces: pieces.into_iter(), sent })
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.sent.0.get_or_init(Instant::now);
        Poll::Ready(self.pieces.next().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.len() == 0
    }

    // With an exact size the body is sent with its length and not in chunks, which some hosts refuse.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.pieces.as_slice().iter().map(|piece| piece.len() as u64).sum())
    }
}
