//! The transport that all providers of one command share.

use std::sync::Arc;
use std::time::Duration;

use vision_http::{HttpSettings, HttpTransport, Record, Replay, Transport};

use crate::exit::Failure;
use crate::settings::Shared;

/// Where wire traffic is written to or read from, if anywhere.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Traffic {
    /// Record all requests and responses in DIR, without keys
    #[arg(long, value_name = "DIR", help_heading = "Traffic")]
    pub record: Option<std::path::PathBuf>,

    /// Replay recorded responses from DIR; send nothing
    #[arg(long, value_name = "DIR", conflicts_with = "record", help_heading = "Traffic")]
    pub replay: Option<std::path::PathBuf>,
}

/// How a certificate begins.
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Builds the transport of a verb that has no settings for it.
pub fn transport(shared: &Shared, traffic: &Traffic) -> Result<Arc<dyn Transport>, Failure> {
    build(shared, traffic, HttpSettings::default())
}

/// How long the answers of a run may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// The most seconds of an attempt.
    pub timeout_seconds: f64,
    /// The most seconds between two pieces of a stream.
    pub stream_timeout_seconds: f64,
}

/// A stream is ended so much before its attempt is given up, with which all that had come would be lost.
const BEFORE_THE_TIMEOUT: f64 = 0.02;

/// Builds the transport of a run.
pub fn transport_of_run(
    shared: &Shared,
    traffic: &Traffic,
    patience: Patience,
) -> Result<Arc<dyn Transport>, Failure> {
    let duration = |seconds: f64| Duration::try_from_secs_f64(seconds).ok();
    let stream_timeout = duration(patience.stream_timeout_seconds).unwrap_or(Duration::MAX);
    let stream_limit = duration(patience.timeout_seconds * (1.0 - BEFORE_THE_TIMEOUT));
    build(shared, traffic, HttpSettings { stream_timeout, stream_limit, ..HttpSettings::default() })
}

/// The transport for batches: all answers of one come in a single reply.
pub fn batch_transport(shared: &Shared, traffic: &Traffic) -> Result<Arc<dyn Transport>, Failure> {
    let most = 1 << 30;
    let own = HttpSettings { max_reply_bytes: most, max_bytes_under_way: most, ..HttpSettings::default() };
    build(shared, traffic, own)
}

fn build(shared: &Shared, traffic: &Traffic, own: HttpSettings) -> Result<Arc<dyn Transport>, Failure> {
    let broken = |error: vision_core::Error| Failure::setup(error.chain());
    if let Some(folder) = &traffic.replay {
        return Ok(Arc::new(Replay::new(folder).map_err(broken)?));
    }
    let mut certificates = Vec::new();
    for path in &shared.ca_certificate {
        let pem = std::fs::read(path)
            .map_err(|error| Failure::setup(format!("{} cannot be read: {error}", path.display())))?;
        if !pem.windows(BEGIN.len()).any(|window| window == BEGIN) {
            return Err(Failure::setup(format!("{} is no certificate in PEM", path.display())));
        }
        certificates.push(pem);
    }
    let settings =
        HttpSettings { ca_certificates: certificates, allow_plain_http: shared.allow_plain_http, ..own };
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(settings).map_err(broken)?);
    match &traffic.record {
        Some(folder) => Ok(Arc::new(Record::new(transport, folder).map_err(broken)?)),
        None => Ok(transport),
    }
}
