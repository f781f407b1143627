/// Takes a stream of server-sent events apart, however its bytes are cut.
///
/// Lines end with LF, CR or both; comments, `id`, `retry` and fields that nobody knows are passed over, as the standard
/// asks for. Lines that are no fields at all are kept as a [`EventKind::Stray`] event instead: one host writes its errors
/// like that, and whatever else they are, the stream is not what it should be.
#[derive(Debug, Default)]
pub struct Events {
    line: Vec<u8>,
    name: String,
    data: Option<Vec<u8>>,
    stray: Option<Vec<u8>>,
    /// The last byte was a CR, so that an LF ends no other line.
    after_return: bool,
    /// The first line was seen, which may begin with a byte order mark.
    begun: bool,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The name of its kind; empty where it has none.
    pub name: String,
    /// What it says. Bytes that are not UTF-8 are replaced.
    pub data: String,
    /// What it is.
    pub kind: EventKind,
}

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// An event as it should be.
    Whole,
    /// The last one, and the stream ended before it did.
    Cut,
    /// Lines that are no event.
    Stray,
}

impl Events {
    /// All events of a whole stream.
    pub fn all(bytes: &[u8]) -> Vec<Event> {
        let mut all = Vec::new();
        Self::each(bytes, |event| all.push(event));
        all
    }

    /// Tells of each event of a whole stream, and holds no more than one of them.
    pub fn each(bytes: &[u8], mut tell: impl FnMut(Event)) {
        let mut events = Self::default();
        events.push(bytes, &mut tell);
        events.end(tell);
    }

    /// Takes the next bytes, and tells of each event that they end.
    pub fn push(&mut self, bytes: &[u8], mut tell: impl FnMut(Event)) {
        let mut rest = bytes;
        if self.after_return && !rest.is_empty() {
            self.after_return = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.extend_from_slice(&rest[..end]);
            let is_return = rest[end] == b'\r';
            rest = &rest[end + 1..];
            match (is_return, rest.first()) {
                (true, Some(b'\n')) => rest = &rest[1..],
                (true, None) => self.after_return = true,
                _ => {}
            }
            self.end_line(&mut tell);
        }
        self.line.extend_from_slice(rest);
    }

    /// The stream is over: tells what has no end.
    pub fn end(&mut self, mut tell: impl FnMut(Event)) {
        if !self.line.is_empty() {
            self.end_line(&mut tell);
        }
        self.end_stray(&mut tell);
        self.end_event(EventKind::Cut, &mut tell);
    }

    fn end_line(&mut self, tell: &mut impl FnMut(Event)) {
        let whole = std::mem::take(&mut self.line);
        let mut line = whole.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"" if line.is_empty() => {
                self.end_stray(tell);
                self.end_event(EventKind::Whole, tell);
            }
            // A comment, which keeps the connection alive.
            b"" => {}
            b"data" => {
                self.end_stray(tell);
                add_line(&mut self.data, value);
            }
            b"event" => self.name = String::from_utf8_lossy(value).into_owned(),
            field if is_name(field) => {}
            _ => add_line(&mut self.stray, line),
        }
    }

    fn end_event(&mut self, kind: EventKind, tell: &mut impl FnMut(Event)) {
        let name = std::mem::take(&mut self.name);
        if let Some(data) = self.data.take() {
            tell(Event { name, data: text(&data), kind });
        }
    }

    fn end_stray(&mut self, tell: &mut impl FnMut(Event)) {
        if let Some(stray) = self.stray.take() {
            tell(Event { name: String::new(), data: text(&stray), kind: EventKind::Stray });
        }
    }
}

/// Lines of one event are joined.
fn add_line(lines: &mut Option<Vec<u8>>, line: &[u8]) {
    match lines {
        Some(lines) => {
            lines.push(b'\n');
            lines.extend_from_slice(line);
        }
        None => *lines = Some(line.to_vec()),
    }
}

/// Whether this could be a field of a later standard.
fn is_name(field: &[u8]) -> bool {
    field.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Event, EventKind, Events};

    #[track_caller]
    fn check(bytes: &str, wanted: &[(&str, &str, EventKind)]) {
        let events = Events::all(bytes.as_bytes());
        let found: Vec<_> = events.iter().map(|it| (it.name.as_str(), it.data.as_str(), it.kind)).collect();
        assert_eq!(found, wanted, "{bytes:?}");
    }

    const WHOLE: EventKind = EventKind::Whole;

    #[test]
    fn lines_end_in_three_ways() {
        for end in ["\n", "\r\n", "\r"] {
            let stream = "event: a\ndata: 1\ndata:2\n\n: alive\n\ndata: 3\n\n".replace('\n', end);
            check(&stream, &[("a", "1\n2", WHOLE), ("", "3", WHOLE)]);
        }
    }

    #[test]
    fn what_nobody_knows_is_passed_over() {
        check("\u{feff}id: 7\nretry: 10\nnew-field: x\nping\ndata\n\n", &[("", "", WHOLE)]);
        check("event: only a name\n\ndata: 1\n\n", &[("", "1", WHOLE)]);
    }

    #[test]
    fn an_event_without_its_end_is_told_as_cut() {
        check("data: {\"a\"", &[("", "{\"a\"", EventKind::Cut)]);
        check("data: 1\n\nevent: x\ndata: 2\n", &[("", "1", WHOLE), ("x", "2", EventKind::Cut)]);
    }

    #[test]
    fn lines_that_are_no_fields_are_kept() {
        let error = "{\n  \"error\": {\n    \"code\": 503\n  }\n}";
        check(
            &format!("data: 1\n\n{error}\n\n<html>\ndata: 2\n\n"),
            &[
                ("", "1", WHOLE),
                ("", error, EventKind::Stray),
                ("", "<html>", EventKind::Stray),
                ("", "2", WHOLE),
            ],
        );
    }

    fn in_pieces(bytes: &[u8], cuts: &[usize]) -> Vec<Event> {
        let (mut events, mut all, mut rest) = (Events::default(), Vec::new(), bytes);
        for cut in cuts {
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            events.push(piece, |event| all.push(event));
            rest = after;
        }
        events.push(rest, |event| all.push(event));
        events.end(|event| all.push(event));
        all
    }

    proptest! {
        #[test]
        fn however_the_bytes_are_cut(
            lines in r"((data|event|id|x y|\{|é|)(:| |)[a-zé:]{0,3}(\n|\r\n|\r)){0,12}",
            noise: Vec<u8>,
            cuts in proptest::collection::vec(0_usize..6, 0..40),
        ) {
            for bytes in [lines.as_bytes(), &noise] {
                prop_assert_eq!(in_pieces(bytes, &cuts), Events::all(bytes));
            }
        }

        #[test]
        fn what_was_written_is_read(data in proptest::collection::vec("[^\r\n]{0,20}", 1..6)) {
            let stream: String = data.iter().map(|data| format!("data: {data}\n\n")).collect();
            let read: Vec<String> = Events::all(stream.as_bytes()).into_iter().map(|it| it.data).collect();
            prop_assert_eq!(read, data);
        }
    }
}
