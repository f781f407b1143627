#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod client;
mod convention;
mod metrics;
mod spans;

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use eval_record::{Plan, Trial};
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider};

use crate::client::Client;
use crate::convention::Candidate;
use crate::metrics::Instruments;

/// Where telemetry goes, and how much of it.
#[derive(Clone)]
pub struct Settings {
    /// Where spans go; nowhere without.
    pub traces: Option<String>,
    /// Where metrics go; nowhere without.
    pub metrics: Option<String>,
    /// Sent with each export: keys of the collector.
    pub headers: Vec<(String, String)>,
    /// The name of the service.
    pub service: String,
    /// Whether answers are part of spans.
    pub content: bool,
    /// Certificates (PEM) to trust beside those of the system.
    pub certificates: Vec<Vec<u8>>,
}

/// Tells a collector of a run.
pub struct Telemetry {
    /// When this part of the run began: trials say how long after that they did.
    begun: SystemTime,
    run: String,
    candidates: HashMap<String, Candidate>,
    content: bool,
    spans: Option<(SdkTracerProvider, SdkTracer)>,
    metrics: Option<(SdkMeterProvider, Instruments)>,
    client: Client,
}

/// So many spans may wait for a slow collector; others are left out.
const MOST_WAITING: usize = 1 << 16;

impl Telemetry {
    /// Begins with a run that begins now. Must be called within a Tokio runtime.
    pub fn start(settings: &Settings, plan: &Plan) -> Result<Self, String> {
        let client = Client::new(&settings.certificates)?;
        let resource = Resource::builder()
            .with_service_name(settings.service.clone())
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let headers: HashMap<String, String> = settings.headers.iter().cloned().collect();
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let spans = settings.traces.as_ref().map(|endpoint| {
            let exporter = opentelemetry_otlp::SpanExporter::builder()
                .with_http()
                .with_http_client(client.clone())
                .with_headers(headers.clone())
                .with_endpoint(endpoint)
                .build()
                .map_err(|error| said(&error))?;
            let waiting = BatchConfigBuilder::default().with_max_queue_size(MOST_WAITING).build();
            let processor = BatchSpanProcessor::builder(exporter).with_batch_config(waiting).build();
            let provider = SdkTracerProvider::builder()
                .with_span_processor(processor)
                .with_resource(resource.clone())
                .build();
            let tracer = provider.tracer("vision-eval");
            Ok::<_, String>((provider, tracer))
        });
        let metrics = settings.metrics.as_ref().map(|endpoint| {
            let exporter = opentelemetry_otlp::MetricExporter::builder()
                .with_http()
                .with_http_client(client.clone())
                .with_headers(headers)
                .with_endpoint(endpoint)
                .build()
                .map_err(|error| said(&error))?;
            let reader = PeriodicReader::builder(exporter).build();
            let provider =
                SdkMeterProvider::builder().with_reader(reader).with_resource(resource.clone()).build();
            let instruments = Instruments::new(&provider.meter("vision-eval"));
            Ok::<_, String>((provider, instruments))
        });
        Ok(Self {
            begun: SystemTime::now(),
            run: plan.name.clone(),
            candidates: plan.providers.iter().map(|it| (it.label.clone(), Candidate::of(it))).collect(),
            content: settings.content,
            spans: spans.transpose()?,
            metrics: metrics.transpose()?,
            client,
        })
    }

    /// A trial has ended. Quick: it is sent by somebody else.
    pub fn ended(&self, trial: &Trial) {
        // Constant answers and those of the cache asked nobody.
        let Some(candidate) = self.candidates.get(&trial.key.provider) else { return };
        if candidate.is_control || trial.response().is_some_and(|response| response.cached) {
            return;
        }
        if let Some((_, tracer)) = &self.spans {
            let begun = self.begun + Duration::from_millis(trial.at_ms);
            let seen = spans::Seen { run: &self.run, candidate, content: self.content, begun };
            spans::trace(tracer, &seen, trial);
        }
        if let Some((_, instruments)) = &self.metrics {
            instruments.count(candidate, trial);
        }
    }

    /// Sends what is left, for a few seconds at most. An error says what the collector did not take.
    pub fn finish(&self) -> Result<(), String> {
        let (spans, metrics) = (&self.spans, &self.metrics);
        if let Some((provider, _)) = spans {
            provider.shutdown_with_timeout(LAST_WORDS).ok();
        }
        if let Some((provider, _)) = metrics {
            provider.shutdown_with_timeout(LAST_WORDS).ok();
        }
        self.client.complaint().map_or(Ok(()), Err)
    }
}

const LAST_WORDS: Duration = Duration::from_secs(5);
