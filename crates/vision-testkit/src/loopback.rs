use std::sync::Arc;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vision_core::Result;
use vision_http::{Call, HttpSettings, HttpTransport, Reply, Transport};

/// What a socket does after it has read a request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Sends these bytes and closes.
    Send(Vec<u8>),
    /// Breaks the connection.
    Reset,
    /// Sends a head and then the same bytes for ever.
    Forever,
}

/// The real transport, led to a socket of this machine whatever the address says.
#[derive(Debug)]
pub(crate) struct Detour {
    origin: String,
    inner: HttpTransport,
}

impl Detour {
    /// Starts a socket that does this to every request.
    pub async fn to(act: Act) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port of this machine is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, act.clone()));
            }
        });
        let settings = HttpSettings { max_reply_bytes: 1 << 20, ..HttpSettings::default() };
        let inner = HttpTransport::new(settings).expect("no certificates to get wrong");
        Arc::new(Self { origin: format!("http://{address}"), inner })
    }
}

#[async_trait]
impl Transport for Detour {
    async fn send(&self, call: Call) -> Result<Reply> {
        let rest = call.url.split_once("://").map_or("", |(_, rest)| rest);
        let path = rest.find('/').map_or("/", |slash| &rest[slash..]);
        let url = format!("{}{path}", self.origin);
        self.inner.send(Call { url, ..call }).await
    }
}

/// A reply as it travels.
pub(crate) fn wire(reply: &Reply) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {} Anything\r\n", reply.status).into_bytes();
    for (name, value) in &reply.headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", reply.body.len()).as_bytes());
    bytes.extend_from_slice(&reply.body);
    bytes
}

async fn serve(mut stream: TcpStream, act: Act) {
    if !read_request(&mut stream).await {
        return;
    }
    // The client may have gone away, and that is no business of this socket.
    match act {
        Act::Send(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Act::Reset => {
            let _ = stream.set_zero_linger();
        }
        Act::Forever => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n").await;
            while stream.write_all(&[b' '; 8192]).await.is_ok() {}
        }
    }
}

/// Reads a request to its end; `false` if it never comes.
async fn read_request(stream: &mut TcpStream) -> bool {
    let mut bytes = Vec::new();
    loop {
        if let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let lines = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let length =
                lines.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if bytes.len() >= head + 4 + length.unwrap_or(0usize) {
                return true;
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return false;
        }
    }
}
