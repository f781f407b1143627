use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use vision_core::{Error, ErrorKind, Result};
use vision_http::{Body, Call, Method, Reply, Transport, exchange, host};

use crate::{BatchLine, LineOutcome};

/// The way to a host's batches: opened by what opens it for a single request.
#[derive(Debug, Clone)]
pub struct Door {
    /// A single request without its body.
    sample: Call,
    transport: Arc<dyn Transport>,
    /// How long the host may take to answer, beside the time for what is sent to it.
    patience: Duration,
}

impl Door {
    /// The door that this call goes through. The host may take so long to answer, and longer for what is large.
    pub fn new(sample: Call, transport: Arc<dyn Transport>, patience: Duration) -> Self {
        let sample = Call { body: Body::Empty, dropped: Vec::new(), ..sample };
        Self { sample, transport, patience: patience.min(LONGEST) }
    }

    /// Where single requests go.
    pub fn url(&self) -> &str {
        &self.sample.url
    }

    /// The address up to what follows the root of the API for single requests.
    pub fn root(&self, path: &str) -> Result<&str> {
        self.sample.url.strip_suffix(path).ok_or_else(|| {
            let message =
                format!("requests do not go to `…{path}`, so that it is not known where batches go");
            Error::new(ErrorKind::Config, message)
        })
    }

    /// Sends a call. Any status is a reply, without the secrets that opened the door.
    pub async fn send(&self, method: Method, url: String, body: Body) -> Result<Reply> {
        self.exchange(Call { method, url, body, ..self.sample.clone() }, self.patience).await
    }

    /// The same with further headers.
    pub async fn send_with(
        &self,
        method: Method,
        url: String,
        headers: &[(&'static str, String)],
        body: Body,
    ) -> Result<Reply> {
        let mut call = Call { method, url, body, ..self.sample.clone() };
        call.headers.extend(headers.iter().cloned());
        self.exchange(call, self.patience).await
    }

    /// The same to an address that is opened by itself: what opens the door stays here.
    pub async fn send_openly(
        &self,
        method: Method,
        url: String,
        headers: &[(&'static str, String)],
        body: Body,
    ) -> Result<Reply> {
        let mut call = Call::new(method, url, body);
        call.headers.extend(headers.iter().cloned());
        self.exchange(call, self.patience).await
    }

    /// One that gets no answer may have been carried out.
    async fn exchange(&self, call: Call, patience: Duration) -> Result<Reply> {
        let limit = patience + Duration::from_secs((call.body.len() / SLOWEST) as u64);
        let name = host(&call.url).to_owned();
        match tokio::time::timeout(limit, exchange(self.transport.as_ref(), call)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let message = format!("{name} did not answer within {} s", limit.as_secs_f64());
                let mut error = Error::new(ErrorKind::Timeout, message);
                error.details.maybe_billed = true;
                Err(error)
            }
        }
    }

    /// What a call brings; a status that is no success is an error.
    pub async fn ask(&self, method: Method, url: String, body: Body) -> Result<Value> {
        let reply = self.send(method, url, body).await?;
        self.success(&reply)?;
        reply.json()
    }

    /// The lines of a file of results, each read by `read`. One that is not JSON, or nothing that `read` knows, spoils
    /// itself and none of the others: all of them are paid for.
    pub async fn lines(&self, url: String, read: fn(&Value) -> Option<BatchLine>) -> Result<Vec<BatchLine>> {
        let call = Call { method: Method::Get, url, ..self.sample.clone() };
        let reply = self.exchange(call, self.patience * FOR_RESULTS).await?;
        self.success(&reply)?;
        let lines = reply.body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let read = |line: &[u8]| {
            let known = serde_json::from_slice(line).ok().and_then(|line: Value| read(&line));
            known.unwrap_or_else(|| {
                let start = line[..line.len().min(KEPT)].to_vec();
                let outcome = LineOutcome::Unreadable(Reply::json_text(200, start));
                BatchLine { id: String::new(), outcome }
            })
        };
        Ok(lines.map(read).collect())
    }

    /// Waits for a file that a host is still looking over.
    pub async fn wait(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// Deletes what is at an address. What is gone already is deleted.
    pub async fn delete(&self, url: String) -> Result<()> {
        let reply = self.send(Method::Delete, url, Body::Empty).await?;
        if reply.status == 404 { Ok(()) } else { self.success(&reply) }
    }

    /// The failure that a reply says, if it is one.
    pub fn success(&self, reply: &Reply) -> Result<()> {
        if reply.is_success() {
            return Ok(());
        }
        let host = host(&self.sample.url);
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let places = ["/error/message", "/message", "/detail"];
        match places.iter().find_map(|place| body.pointer(place)?.as_str()) {
            Some(words) => Err(reply.error(reply.kind(), format!("{host}: {words}"))),
            None => Err(reply.bare_error(host)),
        }
    }
}

/// No answer is worth a longer wait.
const LONGEST: Duration = Duration::from_secs(600);

/// A file of results takes so many times as long as any other answer.
const FOR_RESULTS: u32 = 10;

/// Bytes that a slow connection sends in a second.
const SLOWEST: usize = 128 << 10;

/// What is kept of a line that cannot be read.
const KEPT: usize = 64 << 10;

/// The most pages of a list of batches that are read.
const MOST_PAGES: usize = 1_000;

/// Counts the pages of a host's list of batches, which some host might go on with for ever.
#[derive(Debug, Default)]
pub struct Pages(usize);

impl Pages {
    /// Another page is to be read.
    ///
    /// # Errors
    /// If it is one too many: whether a batch is in the list is not known then.
    pub fn turn(&mut self) -> Result<()> {
        self.0 += 1;
        let endless = || Error::new(ErrorKind::Malformed, "the host lists batches without an end");
        if self.0 > MOST_PAGES { Err(endless()) } else { Ok(()) }
    }
}

/// A name that a host gave to something, if it can stand in an address: it comes from a reply, or from a record that a
/// stranger may have written.
pub fn checked(name: &str) -> Result<&str> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    let is_name = !name.is_empty() && name.len() <= 256 && !name.contains("..") && name.bytes().all(known);
    let message = || format!("`{}` is no name of a batch or a file", name.escape_debug());
    if is_name { Ok(name) } else { Err(Error::new(ErrorKind::Malformed, message())) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use async_trait::async_trait;
    use vision_core::{ErrorKind, Result};
    use vision_http::{Body, Call, Method, Pieces, Reply, Transport};

    use super::{Door, MOST_PAGES, Pages, checked};

    #[derive(Debug)]
    struct Silent;

    #[async_trait]
    impl Transport for Silent {
        async fn send(&self, _: Call) -> Result<Reply> {
            std::future::pending().await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever_for_a_host_and_what_is_large_may_take_longer() {
        let door = Door::new(Call::get("https://a.test/ask"), Arc::new(Silent), Duration::from_secs(30));
        for (bytes, seconds) in [(10, 30), (128 << 20, 30 + 1024)] {
            let begun = tokio::time::Instant::now();
            let body = Body::Json(Pieces::from(vec![b'x'; bytes]));
            let error = door.send(Method::Post, "https://a.test/batches".to_owned(), body).await.unwrap_err();
            assert_eq!(begun.elapsed(), Duration::from_secs(seconds));
            assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Timeout, true));
            assert_eq!(error.message(), format!("a.test did not answer within {seconds} s"));
        }
        let begun = tokio::time::Instant::now();
        door.lines("https://a.test/results".to_owned(), |_| None).await.unwrap_err();
        assert_eq!(begun.elapsed(), Duration::from_secs(300));
    }

    #[test]
    fn no_list_is_read_for_ever() {
        let mut pages = Pages::default();
        assert!((0..MOST_PAGES).all(|_| pages.turn().is_ok()));
        assert_eq!(pages.turn().unwrap_err().kind(), ErrorKind::Malformed);
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        for name in ["batch_67a", "files/abc-1", "msgbatch_01"] {
            assert_eq!(checked(name).unwrap(), name);
        }
        for name in ["", "../files", "a?b=c", "a#b", "a b", "a\nb", "http://b.test"] {
            assert!(checked(name).is_err(), "{name}");
        }
    }
}
