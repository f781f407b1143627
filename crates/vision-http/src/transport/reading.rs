use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use tokio::time::timeout;
use vision_core::{Error, ErrorKind, Result};

use super::HttpSettings;
use super::failure::{self, Progress, failed};
use super::room::{self, Place, Room};
use crate::{Broken, Events, Reply, Stream};

/// How the body of a reply is read.
pub(super) struct Reading<'a> {
    pub host: &'a str,
    /// When the call was begun.
    pub start: Instant,
    /// When the call was sent.
    pub begun: Instant,
    pub room: &'a Room,
    pub settings: &'a HttpSettings,
}

/// More events than any model has tokens.
const MOST_EVENTS: usize = 1 << 18;

impl Reading<'_> {
    /// Reads a body to its end.
    pub async fn whole(&self, response: &mut Response) -> Result<Bytes> {
        let mut body = Body::default();
        while let Some(chunk) = self.next(response).await? {
            self.add(&chunk, &mut body).await?;
        }
        Ok(body.held())
    }

    /// Reads events as they come. One that breaks off leaves what had come, and why there is no more.
    pub async fn stream(&self, response: &mut Response, reply: &mut Reply) {
        let (mut body, mut events, mut stream) = (Body::default(), Events::default(), Stream::default());
        loop {
            let patience = self
                .left()
                .map_or(self.settings.stream_timeout, |left| left.min(self.settings.stream_timeout));
            let next = match timeout(patience, self.next(response)).await {
                Ok(next) => next,
                Err(_) if self.left().is_some_and(|left| left.is_zero()) => Err(self.unfinished()),
                Err(_) => Err(self.silent()),
            };
            let more = match next {
                Ok(Some(chunk)) => self.add(&chunk, &mut body).await.map(|()| Some(chunk)),
                other => other,
            };
            let now = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            match more {
                Ok(Some(chunk)) => events.push(&chunk, |_| stream.arrivals.push(now)),
                Ok(None) => break events.end(|_| stream.arrivals.push(now)),
                Err(error) => {
                    stream.broken = Some(Broken { kind: error.kind(), message: error.chain() });
                    break;
                }
            }
            if stream.arrivals.len() > MOST_EVENTS {
                let message = format!("the stream of {} has no end", self.host);
                stream.broken = Some(Broken { kind: ErrorKind::Malformed, message });
                break;
            }
        }
        (reply.body, reply.stream) = (body.held(), Some(stream));
    }

    async fn next(&self, response: &mut Response) -> Result<Option<Bytes>> {
        response.chunk().await.map_err(|error| failed(self.host, Progress::Reading, error))
    }

    async fn add(&self, chunk: &[u8], body: &mut Body) -> Result<()> {
        let length = body.bytes.len() + chunk.len();
        if length > self.settings.max_reply_bytes {
            return Err(failure::too_long(self.host, self.settings.max_reply_bytes));
        }
        if body.place.is_none() && self.room.is_needed_for(length) {
            body.place = Some(self.room.take().await);
        }
        body.bytes.extend_from_slice(chunk);
        Ok(())
    }

    /// What is left of the time for the whole answer.
    fn left(&self) -> Option<Duration> {
        self.settings.stream_limit.map(|limit| limit.saturating_sub(self.start.elapsed()))
    }

    fn unfinished(&self) -> Error {
        let seconds = self.start.elapsed().as_secs_f64();
        let message = format!("the stream of {} had not ended after {seconds:.1} s", self.host);
        Error::new(ErrorKind::Timeout, message)
    }

    fn silent(&self) -> Error {
        let seconds = self.settings.stream_timeout.as_secs_f64();
        let message = format!("{} sent nothing for {seconds} s in the middle of its stream", self.host);
        Error::new(ErrorKind::Timeout, message)
    }
}

#[derive(Default)]
struct Body {
    bytes: BytesMut,
    place: Option<Place>,
}

impl Body {
    fn held(self) -> Bytes {
        room::held(self.bytes.freeze(), self.place)
    }
}
