//! Datasets and runs in object storage: S3 by PyPI's moto, and a plain web server. Ignored where nothing has installed moto:
//! `.ci/storage/run` does, and names these tests.
#![cfg(all(unix, feature = "cloud-storage"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod bucket;
mod datasets;
mod runs;
#[path = "../run/support.rs"]
#[allow(dead_code, reason = "the tests of plain runs use all of it")]
mod support;
