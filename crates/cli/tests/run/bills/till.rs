//! A host that counts what it will bill.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::Project;

/// A host that answers every question with the same body, and counts what it will bill.
pub struct Till {
    pub port: u16,
    pub asked: Arc<AtomicUsize>,
    pub outage: Arc<Outage>,
}

/// While it lasts, every connection is cut.
#[derive(Default)]
pub struct Outage {
    pub lasts: AtomicBool,
    /// How many requests it has cut.
    pub cut: AtomicUsize,
}

impl Till {
    pub fn new(body: &str, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let (count, body) = (asked.clone(), body.to_owned());
        let outage = Arc::new(Outage::default());
        let outages = outage.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (count, body, outage) = (count.clone(), body.clone(), outages.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &count, &outage, &body, delay));
            }
        });
        Self { port, asked, outage }
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub fn wait_for(&self, asked: usize) {
        let patience = Instant::now() + Duration::from_secs(60);
        while self.asked() < asked {
            assert!(Instant::now() < patience, "{asked} requests never came");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Of this kind, with a dollar for a thousand tokens, at most fifty of which come out.
    pub fn project(&self, kind: &str, cases: usize, at_once: usize) -> Project {
        let path = if kind == "anthropic" { "" } else { "/v1" };
        let project = Project::new(cases, "");
        project.configure(&format!(
            "[[provider]]\nkind = \"{kind}\"\nmodel = \"m\"\nbase_url = \"http://127.0.0.1:{}{path}\"\n\
             limits = {{ concurrency = {at_once} }}\n\
             price = {{ input_per_mtok = 1000.0, output_per_mtok = 1000.0 }}\n",
            self.port
        ));
        let config = project.read("eval.toml");
        project.write("eval.toml", &format!("max_concurrency = {at_once}\n{config}"));
        project.write(".env", "ANTHROPIC_API_KEY=sk-ant-made-up\nOPENROUTER_API_KEY=sk-or-made-up\n");
        project
    }
}

/// Answers until the other side has gone.
fn serve(stream: TcpStream, asked: &AtomicUsize, outage: &Outage, body: &str, delay: Duration) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut question = vec![0; length];
        reader.read_exact(&mut question).ok()?;
        if outage.lasts.load(Ordering::SeqCst) {
            outage.cut.fetch_add(1, Ordering::SeqCst);
            return None;
        }
        asked.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(delay);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
    }
}
