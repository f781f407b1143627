//! Requests as bytes on a socket, so that a test can send what no browser would.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A studio that listens.
#[derive(Debug, Clone)]
pub struct Place {
    pub port: u16,
    pub token: String,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Place {
    /// Out of the address that a studio prints.
    pub fn of(address: &str) -> Self {
        let (host, token) = address.trim().rsplit_once("/#").expect("a token");
        let port = host.rsplit_once(':').expect("a port").1.parse().expect("a number");
        Self { port, token: token.to_owned() }
    }

    /// Sends bytes as they are; nothing if the connection breaks.
    pub fn send(&self, request: &[u8]) -> Option<Reply> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        stream.write_all(request).ok()?;
        let mut whole = Vec::new();
        stream.read_to_end(&mut whole).ok()?;
        let end = whole.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&whole[..end]).to_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let body = whole[end + 4..].to_vec();
        // A body that was cut off is no answer.
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let is_whole = length.is_none_or(|length| length.parse() == Ok(body.len()));
        is_whole.then_some(Reply { status, head, body })
    }

    /// A request as the page makes it, with these headers in place of its own or beside them.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Reply> {
        let host = format!("127.0.0.1:{}", self.port);
        let mut all = vec![("host", host.as_str()), ("x-studio-token", &self.token), ("connection", "close")];
        if !body.is_empty() {
            all.push(("content-type", "application/json"));
        }
        all.retain(|(name, _)| !headers.iter().any(|(other, _)| other == name));
        all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
        let lines: String = all.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request =
            format!("{method} {path} HTTP/1.1\r\n{lines}content-length: {}\r\n\r\n{body}", body.len());
        self.send(request.as_bytes())
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], "").expect("an answer")
    }

    pub fn try_post(&self, path: &str, body: &Value) -> Option<Reply> {
        self.ask("POST", path, &[], &body.to_string())
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.try_post(path, body).expect("an answer")
    }
}
