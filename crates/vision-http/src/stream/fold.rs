use bytes::Bytes;
use serde_json::{Value, json};
use vision_core::{Error, ErrorKind, Response, Result, Timing};

use super::{Event, EventKind, Events};
use crate::Reply;

/// The pieces of a streamed answer, as their host wrote them.
///
/// They are kept as text: a million pieces of a few bytes would take gigabytes once they are taken apart.
#[derive(Debug, Default)]
pub struct Chunks {
    /// One after another.
    text: String,
    /// The number of each one's event, and where its text ends.
    pieces: Vec<(usize, usize)>,
    /// What the host says about its failure, if it does: the body that such a reply would have had.
    failure: Option<Value>,
    /// Whether the host said `[DONE]`.
    pub done: bool,
}

/// One piece.
#[derive(Debug)]
pub struct Chunk {
    /// The number of its event, by which its moment is known.
    pub event: usize,
    /// What it says.
    pub value: Value,
}

/// What the pieces of a streamed answer add up to.
#[derive(Debug, Default)]
pub struct Folded {
    /// The body that would have come in one piece; none if the stream never came to its end.
    pub whole: Option<String>,
    /// The event that brought the first token of any kind, reasoning included.
    pub first_token: Option<usize>,
    /// The event that brought the first token of the answer itself.
    pub first_text: Option<usize>,
}

impl Folded {
    /// The event brought something: a token of the answer, or one of the reasoning before it.
    pub fn saw(&mut self, event: usize, is_text: bool) {
        self.first_token.get_or_insert(event);
        if is_text {
            self.first_text.get_or_insert(event);
        }
    }
}

impl Chunks {
    /// Every piece, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = Chunk> + '_ {
        self.texts().map(|(event, text)| Chunk {
            event,
            value: serde_json::from_str(text).expect("it was read before it was kept"),
        })
    }

    /// The pieces as one list of JSON.
    pub fn listed(&self) -> String {
        let mut list = String::with_capacity(self.text.len() + self.pieces.len() + 2);
        for (_, text) in self.texts() {
            list.push(if list.is_empty() { '[' } else { ',' });
            list += text;
        }
        if list.is_empty() { "[]".to_owned() } else { list + "]" }
    }

    fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut begin = 0;
        self.pieces.iter().map(move |(event, end)| {
            let text = &self.text[begin..*end];
            begin = *end;
            (*event, text)
        })
    }

    fn push(&mut self, event: usize, text: &str, value: &Value) {
        self.text += text;
        self.pieces.push((event, self.text.len()));
        if self.failure.is_none() {
            self.failure = failure(value);
        }
    }
}

/// What a piece says about a failure, if it does.
fn failure(value: &Value) -> Option<Value> {
    let is_named = match &value["error"] {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    // One dialect has an event for it, without a table around what it says.
    let is_event = value["type"] == "error";
    is_named.then(|| value.clone()).or_else(|| is_event.then(|| json!({"error": value})))
}

impl Reply {
    /// Whether it came as server-sent events: its content type decides, whatever was asked for.
    pub fn is_stream(&self) -> bool {
        let is_events = |value: &str| {
            let kind = value.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("text/event-stream")
        };
        self.is_success() && self.header("content-type").is_some_and(is_events)
    }

    /// Decodes a reply that may have come in pieces, by way of the body that it would have been in one piece.
    ///
    /// `fold` adds the pieces up; `decode` reads the whole, or what the host says about its failure. A stream that broke
    /// off, ended too early, or held anything else than pieces is a failure that keeps what had come, and may be billed.
    pub fn decode_whole(
        &self,
        host: &str,
        fold: impl FnOnce(&Chunks) -> Folded,
        decode: impl FnOnce(&Self) -> Result<Response>,
    ) -> Result<Response> {
        if !self.is_stream() {
            return decode(self);
        }
        self.folded(host, fold, decode).map_err(|mut error| {
            error.details.body = Some(self.kept());
            error
        })
    }

    fn folded(
        &self,
        host: &str,
        fold: impl FnOnce(&Chunks) -> Folded,
        decode: impl FnOnce(&Self) -> Result<Response>,
    ) -> Result<Response> {
        let chunks = self.chunks(host)?;
        if let Some(failure) = &chunks.failure {
            let unnamed = |_| {
                Err(self.error(ErrorKind::Unavailable, format!("{host} failed in the middle of its stream")))
            };
            return decode(&self.with_body(failure.to_string())).and_then(unnamed);
        }
        let Folded { whole, first_token, first_text } = fold(&chunks);
        let Some(whole) = whole else { return Err(self.unended(host)) };
        let response = decode(&self.with_body(whole))?;
        let moment = |event: Option<usize>| self.stream.as_ref()?.arrival(event?);
        let timing =
            Timing { first_token: moment(first_token), first_text: moment(first_text), ..response.timing };
        Ok(Response { timing, ..response })
    }

    fn chunks(&self, host: &str) -> Result<Chunks> {
        let (mut chunks, mut number, mut is_garbled) = (Chunks::default(), 0, false);
        Events::each(&self.body, |Event { data, kind, .. }| {
            match (data.trim(), kind) {
                ("", _) => {}
                ("[DONE]", _) => chunks.done = true,
                (data, kind) => match serde_json::from_str::<Value>(data) {
                    Ok(value @ Value::Object(_)) => chunks.push(number, data, &value),
                    // The stream ended within it, which whoever misses its end will say.
                    _ if kind == EventKind::Cut => {}
                    _ => is_garbled = true,
                },
            }
            number += 1;
        });
        if is_garbled { Err(self.garbled(host)) } else { Ok(chunks) }
    }

    fn garbled(&self, host: &str) -> Error {
        let message =
            format!("{host} sent something in the middle of its stream that is no part of an answer");
        self.error(ErrorKind::Malformed, message)
    }

    fn unended(&self, host: &str) -> Error {
        match self.stream.as_ref().and_then(|stream| stream.broken.as_ref()) {
            Some(broken) => self.error(broken.kind, broken.message.clone()),
            None => self.error(
                ErrorKind::Malformed,
                format!("{host} ended its stream before the answer was complete"),
            ),
        }
    }

    fn with_body(&self, body: String) -> Self {
        Self { body: Bytes::from(body), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use vision_core::{ErrorKind, Response, Result};

    use super::{Chunks, Folded};
    use crate::Reply;
    use crate::stream::{Broken, Stream};

    fn stream(body: &str) -> Reply {
        let headers = vec![("content-type".to_owned(), "text/event-stream; charset=utf-8".to_owned())];
        let arrivals = (1..=9).map(|number| number * 1_000).collect();
        let stream = Some(Stream { arrivals, broken: None });
        Reply { status: 200, headers, body: body.to_owned().into(), stream, ..Reply::default() }
    }

    /// Adds texts up until one says that it is the last.
    fn fold(chunks: &Chunks) -> Folded {
        let (mut folded, mut text) = (Folded::default(), String::new());
        for chunk in chunks.iter() {
            text += chunk.value["t"].as_str().unwrap_or_default();
            folded.saw(chunk.event, chunk.value["t"].is_string());
        }
        let ended = chunks.done || chunks.iter().any(|chunk| chunk.value["end"] == true);
        Folded { whole: ended.then(|| json!({"text": text}).to_string()), ..folded }
    }

    fn decode(reply: &Reply) -> Result<Response> {
        let body: serde_json::Value = reply.json()?;
        match body["text"].as_str() {
            Some(text) => Ok(Response { text: text.to_owned(), ..Response::default() }),
            None => Err(reply.error(ErrorKind::Unavailable, format!("it says {}", body["error"]))),
        }
    }

    fn read(reply: &Reply) -> Result<Response> {
        reply.decode_whole("a.test", fold, decode)
    }

    #[test]
    fn pieces_add_up_and_the_first_of_each_kind_is_timed() {
        let body =
            ": hello\n\ndata: {\"r\":1}\n\ndata: {\"t\":\"a\"}\n\ndata: {\"t\":\"b\"}\n\ndata: [DONE]\n\n";
        let response = read(&stream(body)).unwrap();
        assert_eq!(response.text, "ab");
        let millis = |number| Some(Duration::from_millis(number));
        assert_eq!((response.timing.first_token, response.timing.first_text), (millis(1), millis(2)));
    }

    #[track_caller]
    fn fails(reply: &Reply, kind: ErrorKind, words: &str) {
        let error = read(reply).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().contains(words), "{error}");
        assert!(error.details.maybe_billed && !error.details.usage.is_known());
        assert_eq!(error.details.body.as_deref(), Some(&*reply.text()), "what had come is kept");
    }

    #[test]
    fn a_stream_without_its_end_is_no_short_answer() {
        fails(&stream("data: {\"t\":\"a\"}\n\n"), ErrorKind::Malformed, "before the answer was complete");
        fails(&stream("data: {\"t\":\"a\"}\n\ndata: {\"t\""), ErrorKind::Malformed, "before the answer");
        fails(&stream(": alive\n\n: alive\n\n"), ErrorKind::Malformed, "before the answer");
        let broken = Broken { kind: ErrorKind::Timeout, message: "a.test fell silent".to_owned() };
        let broken = Stream { broken: Some(broken), ..Stream::default() };
        let reply = Reply { stream: Some(broken), ..stream("data: {\"t\":\"a\"}\n\n") };
        fails(&reply, ErrorKind::Timeout, "fell silent");
    }

    #[test]
    fn a_stream_that_breaks_after_its_end_is_an_answer() {
        let broken = Broken { kind: ErrorKind::Timeout, message: "a.test fell silent".to_owned() };
        let broken = Stream { broken: Some(broken), ..Stream::default() };
        let reply = Reply { stream: Some(broken), ..stream("data: {\"t\":\"a\",\"end\":true}\n\n") };
        assert_eq!(read(&reply).unwrap().text, "a");
    }

    #[test]
    fn garbage_in_the_middle_is_a_failure() {
        for garbage in ["data: {\"t\":", "<html>", "data: 7"] {
            let body = format!("data: {{\"t\":\"a\"}}\n\n{garbage}\n\ndata: {{\"end\":true}}\n\n");
            fails(&stream(&body), ErrorKind::Malformed, "no part of an answer");
        }
    }

    #[test]
    fn a_failure_after_text_is_a_failure() {
        for failure in ["data: {\"error\":{\"message\":\"x\"}}", "{\"error\":\n{\"message\":\"x\"}}"] {
            let body = format!("data: {{\"t\":\"a\"}}\n\n{failure}\n\n");
            fails(&stream(&body), ErrorKind::Unavailable, r#"it says {"message":"x"}"#);
        }
    }

    #[test]
    fn a_reply_of_another_type_is_read_as_it_is() {
        assert_eq!(read(&Reply::json_text(200, r#"{"text":"whole"}"#)).unwrap().text, "whole");
    }
}
