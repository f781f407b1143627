//! A server on this machine that speaks the vendors' dialects and misbehaves on demand.

use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vision_http::AwsKeys;

mod answer;
mod anthropic;
mod asked;
mod aws;
mod azure_di;
mod batches;
mod bedrock;
mod dialect;
mod documentai;
mod draft;
mod fault;
mod files;
mod form;
mod gemini;
mod handler;
mod jobs;
mod journal;
mod keys;
mod limits;
mod llamaextract;
mod metadata;
mod mistral_ocr;
mod oauth;
mod openai;
mod problems;
mod reply;
mod route;
mod serve;
mod sight;
mod storage;
mod stream;
mod textract;
mod tokens;
mod typed;

pub use answer::Answers;
pub use batches::{BatchEnd, BatchStep, Batches};
pub use fault::{Fault, FaultKind, FileStep};
pub use journal::{Entry, Journal};
pub use sight::{Seen, SeenMedium};

use handler::Handler;

/// How the server behaves.
#[derive(Debug)]
pub struct Settings {
    /// The key to ask for; `None` takes any and none.
    pub key: Option<String>,
    /// Keys that may sign; `None` takes any signature and none if no key is asked for either.
    pub signer: Option<AwsKeys>,
    /// The models there are; empty takes any.
    pub models: Vec<String>,
    /// Whether requests must satisfy the vendors' schemas.
    pub strict: bool,
    /// What to answer.
    pub answers: Answers,
    /// What goes wrong. The first that strikes counts.
    pub faults: Vec<Fault>,
    /// What goes wrong at a step of the Files API. Its requests are alike, so that `*TIMES` means the first ones of all.
    pub file_faults: Vec<(FileStep, Fault)>,
    /// How batches go.
    pub batches: Batches,
    /// How often an uploaded file is looked at until it can be used.
    pub looks: u32,
    /// Whether keys are quoted wherever they can be: in answers, errors, pages and headers, as careless hosts do.
    pub echo: bool,
    /// For faults that strike by chance.
    pub seed: u64,
    /// The most requests at the same time, for each key; more get 429.
    pub max_concurrency: Option<u64>,
    /// The most requests a minute, for each key; more get 429.
    pub requests_per_minute: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            key: None,
            signer: None,
            models: Vec::new(),
            strict: true,
            answers: Answers::default(),
            faults: Vec::new(),
            file_faults: Vec::new(),
            batches: Batches::default(),
            looks: 2,
            echo: false,
            seed: 1,
            max_concurrency: None,
            requests_per_minute: None,
        }
    }
}

/// A running server. It stops when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    handler: Arc<Handler>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts on a free port of this machine.
    pub async fn start(settings: Settings) -> std::io::Result<Self> {
        Self::bind(SocketAddr::from(([127, 0, 0, 1], 0)), settings).await
    }

    /// Starts on this address.
    pub async fn bind(address: SocketAddr, settings: Settings) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let handler = Arc::new(Handler::new(settings));
        let task = tokio::spawn(accept(listener, handler.clone()));
        Ok(Self { address, handler, task })
    }

    /// `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What has come so far.
    pub fn journal(&self) -> Journal {
        self.handler.journal()
    }

    /// Runs until the process ends.
    pub async fn forever(mut self) {
        // A task that is never told to stop ends only with its runtime.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, handler: Arc<Handler>) {
    loop {
        // Out of file descriptors for a moment: the next accept may work again.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let handler = handler.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let handler = handler.clone();
                async move { handler.handle(request).await }
            });
            // Connections break here on purpose, so their errors are no news.
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            let _ = connection.await;
        });
    }
}
