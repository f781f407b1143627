//! A host that costs as little as one can, so that what is measured is not the host: it reads whole requests, waits, and
//! answers each question of a project with its label.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct LeanHost {
    port: u16,
    count: Arc<AtomicU64>,
    _runtime: tokio::runtime::Runtime,
}

impl LeanHost {
    pub fn new(delay: Duration) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let (port, count) = (listener.local_addr().unwrap().port(), Arc::<AtomicU64>::default());
        let counting = count.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, delay, counting.clone()));
            }
        });
        Self { port, count, _runtime: runtime }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// The requests that have come.
    pub fn requests(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

/// One connection, with one request at a time.
async fn serve(mut stream: TcpStream, delay: Duration, count: Arc<AtomicU64>) {
    stream.set_nodelay(true).ok();
    let mut bytes = Vec::with_capacity(1 << 14);
    loop {
        let Some(end) = whole(&bytes) else {
            match stream.read_buf(&mut bytes).await {
                Ok(1..) => continue,
                _ => return,
            }
        };
        let label = if find(&bytes[..end], b"is odd.").is_some() { "chart" } else { "photo" };
        bytes.drain(..end);
        count.fetch_add(1, Ordering::Relaxed);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if stream.write_all(answer(label).as_bytes()).await.is_err() {
            return;
        }
    }
}

/// How long the request is that is there, if it is whole.
fn whole(bytes: &[u8]) -> Option<usize> {
    let head = find(bytes, b"\r\n\r\n")? + 4;
    let fields = std::str::from_utf8(&bytes[..head]).ok()?;
    let length = fields.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let end = head + length.unwrap_or(0);
    (bytes.len() >= end).then_some(end)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn answer(label: &str) -> String {
    let body = format!(
        r#"{{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{{"index":0,"message":{{"role":"assistant","content":"{{\"label\":\"{label}\"}}"}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":100,"completion_tokens":9,"total_tokens":109}}}}"#
    );
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}
