//! Servers that do exactly what a test says, byte by byte.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, ServerConfig};

/// What to do once a request has been read.
#[derive(Debug, Clone)]
pub enum Act {
    Send(Vec<u8>),
    /// Sends this over and over.
    Forever(Vec<u8>),
    /// Breaks the connection as a crashed program does.
    Reset,
    /// Waits.
    Pause(Duration),
    /// Says nothing more, and stays.
    Hang,
}

/// A server of plain HTTP. It closes each connection after its last act.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    pub async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let seen = requests.clone();
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                seen.lock().unwrap().push(request);
                perform(stream, &acts).await;
            }
        });
        Self { url, requests, task }
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The only request there was.
    pub fn request(&self) -> String {
        let [request] = &self.requests()[..] else { panic!("{:?}", self.requests()) };
        request.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text;
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return text;
        }
    }
}

async fn perform(mut stream: TcpStream, acts: &[Act]) {
    for act in acts {
        match act {
            Act::Send(bytes) => stream.write_all(bytes).await.unwrap(),
            Act::Forever(bytes) => while stream.write_all(bytes).await.is_ok() {},
            Act::Reset => stream.set_zero_linger().unwrap(),
            Act::Pause(time) => tokio::time::sleep(*time).await,
            Act::Hang => std::future::pending().await,
        }
    }
}

/// A server of HTTP/2 over TLS, and the authority that vouches for it.
pub struct TlsServer {
    pub url: String,
    pub ca: Vec<u8>,
}

/// Answers every request with what it got, and is slow to shake hands.
pub async fn tls(handshake: Duration) -> TlsServer {
    let (config, ca) = certified();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            tokio::time::sleep(handshake).await;
            // A client that does not trust us goes away, and another may come.
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let service = hyper::service::service_fn(echo);
            let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection);
        }
    });
    TlsServer { url, ca: ca.into_bytes() }
}

async fn echo(request: hyper::Request<Incoming>) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let version = request.version();
    let promised = request.headers()["content-length"].to_str().unwrap().to_owned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let text = format!("{version:?} got {} of {promised} bytes", body.len());
    Ok(hyper::Response::new(Full::from(text)))
}

fn certified() -> (ServerConfig, String) {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    (config, authority.pem())
}
