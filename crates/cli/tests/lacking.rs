//! What a build lacks is said with the command that installs a build that has it.
#![cfg(all(unix, not(all(feature = "cloud-storage", feature = "parquet"))))]
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "run/support.rs"]
#[allow(dead_code, reason = "the tests of plain runs use all of it")]
mod support;

use support::Project;

#[cfg(not(feature = "cloud-storage"))]
#[test]
fn a_build_without_object_storage_says_how_to_get_one() {
    let project = Project::offline(2);
    project.expect(0, "run -q --run-dir run");
    for words in [
        "run --dataset s3://bucket/data",
        "run --run-dir gs://bucket/run",
        "resume az://container/run",
        "report https://example.test/run",
        "score s3://bucket/run",
        "compare run s3://bucket/run",
        "gate s3://bucket/run --cutoff failures<=0.1",
        "datasets check s3://bucket/data",
    ] {
        let ended = project.expect(96, words);
        let said = ended.err + &ended.out;
        assert!(said.contains("cargo install --path crates/cli --features cloud-storage"), "{words}: {said}");
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_how_to_get_one_before_anything_is_sent() {
    let project = Project::offline(2);
    let ended = project.expect(96, "run -q --run-dir run -o trials.parquet");
    assert!(ended.err.contains("cargo install --path crates/cli --features parquet"), "{}", ended.err);
    assert!(!project.path("run").exists());
}
