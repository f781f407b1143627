//! Datasets and runs in object storage: S3 by PyPI's moto, Azure's by Azurite, Google's by fake-gcs-server, and a plain web
//! server. Ignored where nothing has installed those: `.ci/storage/run` does, and names these tests.
#![cfg(all(unix, feature = "cloud-storage"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

#[cfg(feature = "workers")]
#[path = "../workers/broker.rs"]
#[allow(dead_code, reason = "the tests of workers use all of it")]
mod broker;
mod bucket;
mod datasets;
mod elsewhere;
mod runs;
#[path = "../run/support.rs"]
#[allow(dead_code, reason = "the tests of plain runs use all of it")]
mod support;
#[cfg(feature = "workers")]
mod workers;
