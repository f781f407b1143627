//! Sends exports from the exporter's own threads, which know no runtime.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;

/// A client that works on the program's runtime and remembers the first complaint.
#[derive(Debug, Clone)]
pub struct Client {
    client: reqwest::Client,
    runtime: Handle,
    complaint: Arc<Mutex<Option<String>>>,
}

/// A collector that takes longer is not waited for.
const TIMEOUT: Duration = Duration::from_secs(5);

impl Client {
    /// Within a runtime.
    pub fn new(certificates: &[Vec<u8>]) -> Result<Self, String> {
        // Whoever came first has chosen; both choices work.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("vision-eval/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT);
        for pem in certificates {
            let certificates =
                reqwest::Certificate::from_pem_bundle(pem).map_err(|error| error.to_string())?;
            builder = builder.tls_certs_merge(certificates);
        }
        let client = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { client, runtime: Handle::current(), complaint: Arc::default() })
    }

    /// The first thing that went wrong.
    pub fn complaint(&self) -> Option<String> {
        self.complaint.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, complaint: String) {
        self.complaint.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(complaint);
    }

    async fn send(self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = request.map(reqwest::Body::from);
        let mut reply = self.client.execute(request.try_into()?).await?;
        let mut response = Response::builder().status(reply.status());
        if let Some(headers) = response.headers_mut() {
            *headers = std::mem::take(reply.headers_mut());
        }
        let mut body = Vec::new();
        while let Some(piece) = reply.chunk().await? {
            body.extend_from_slice(&piece);
            if body.len() > MOST_REPLY {
                return Err("the collector's reply is too long".into());
            }
        }
        Ok(response.body(body.into())?)
    }
}

/// Collectors answer with a line.
const MOST_REPLY: usize = 1 << 20;

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let sent = self.runtime.spawn(self.clone().send(request)).await;
        let outcome = sent.unwrap_or_else(|error| Err(error.into()));
        match &outcome {
            Ok(reply) if !reply.status().is_success() => {
                self.note(format!("{host} answers with status {}", reply.status().as_u16()));
            }
            Ok(_) => {}
            // Its words may hold the address with whatever stands in it.
            Err(_) => self.note(format!("{host} cannot be reached")),
        }
        outcome
    }
}
