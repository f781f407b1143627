//! A server on this machine that takes whatever it is sent, as a collector of telemetry does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A request that a [`Collector`] was sent.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its path.
    pub path: String,
    /// Its headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// A collector, until the process ends.
#[derive(Debug)]
pub struct Collector {
    /// Its address, without a path.
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Collector {
    /// One that answers each request with this status after a while.
    #[must_use]
    pub fn start(status: u16, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine is free");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let taken = received.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = taken.clone();
                // Whoever goes away in the middle is of no interest.
                std::thread::spawn(move || serve(&stream, status, delay, &taken));
            }
        });
        Self { url, received }
    }

    /// What it has been sent so far.
    pub fn received(&self) -> MutexGuard<'_, Vec<Received>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn serve(
    stream: &TcpStream,
    status: u16,
    delay: Duration,
    taken: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim().split_once(':') else { break };
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let mut body = vec![0; length.and_then(|(_, length)| length.parse().ok()).unwrap_or(0)];
        reader.read_exact(&mut body)?;
        std::thread::sleep(delay);
        let path = first.split_whitespace().nth(1).unwrap_or_default().to_owned();
        taken.lock().unwrap_or_else(PoisonError::into_inner).push(Received { path, headers, body });
        write!(
            &mut &*stream,
            "HTTP/1.1 {status} X\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n"
        )?;
    }
}
