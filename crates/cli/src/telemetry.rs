//! Traces and metrics of a run for a collector: where this build can, and somebody names one.

#[cfg(not(feature = "otel"))]
mod absent;
#[cfg(feature = "otel")]
mod otel;

#[cfg(not(feature = "otel"))]
pub use absent::Watched;
#[cfg(feature = "otel")]
pub use otel::Watched;

/// Variables in which the keys of collectors are.
pub const SECRET_VARIABLES: [&str; 3] =
    ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"];
