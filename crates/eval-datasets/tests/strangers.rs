//! A dataset from a stranger reads nothing outside its folder, and nothing that never ends.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use eval_datasets::{Dataset, Selection, check, write_sums};
use vision_core::Task;

const MANIFEST: &str = "name = \"demo\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
    [tasks.text]\nprompt = \"Read.\"\nschema = \"SCHEMA\"\nmetric = \"text\"\n";

struct Stranger(tempfile::TempDir);

impl Stranger {
    /// A sound dataset in `dataset/`, beside a private file that is JSON.
    fn new() -> Self {
        let stranger = Self(tempfile::tempdir().unwrap());
        fs::create_dir(stranger.path("dataset")).unwrap();
        stranger.write("secret.json", r#"{"private": true}"#);
        stranger.write("dataset/dataset.toml", &MANIFEST.replace("SCHEMA", "schema.json"));
        stranger.write("dataset/schema.json", "{}");
        stranger.write(
            "dataset/cases.jsonl",
            "{\"id\":\"a\",\"media\":[\"a.pdf\"],\"expected\":\"x\",\"task\":\"text\"}\n",
        );
        stranger.write("dataset/a.pdf", "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
        stranger
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Puts something else in the place of a file of the dataset.
    fn replace(&self, name: &str, make: impl Fn(&Path)) {
        let path = self.path("dataset").join(name);
        fs::remove_file(&path).unwrap();
        make(&path);
    }

    fn findings(&self) -> String {
        let report = check(&self.path("dataset"), &["text"]);
        report.findings.iter().map(|finding| format!("{finding}\n")).collect()
    }

    /// What is said when everything that a run reads is read.
    fn outcome(&self) -> Result<(), String> {
        let dataset = Dataset::open(&self.path("dataset")).map_err(|problem| problem.to_string())?;
        dataset.schema(Task::Text).map_err(|problem| problem.to_string())?;
        dataset.index(&Selection::default()).map_err(|problem| problem.to_string())?;
        dataset.content_hash(None).map_err(|problem| problem.to_string())?;
        Ok(())
    }

    #[track_caller]
    fn refuses(&self, words: &str) {
        let error = self.outcome().unwrap_err();
        assert!(error.contains(words), "{error}");
        assert!(!error.contains("private"), "{error}");
        let findings = self.findings();
        assert!(findings.contains("error") && !findings.contains("private"), "{findings}");
    }
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_sound_dataset_is_read() {
    Stranger::new().outcome().unwrap();
}

#[test]
fn a_schema_outside_the_folder_is_never_read() {
    let stranger = Stranger::new();
    let absolute = stranger.path("secret.json").display().to_string();
    for schema in ["../secret.json", &absolute, "./../dataset/../secret.json", ""] {
        stranger.write("dataset/dataset.toml", &MANIFEST.replace("SCHEMA", schema));
        stranger.refuses("leaves its folder");
    }
    let stranger = Stranger::new();
    symlink("../secret.json", stranger.path("dataset/one")).unwrap();
    stranger.replace("schema.json", |path| symlink("one", path).unwrap());
    stranger.refuses("is a link out of its folder");
}

#[test]
fn a_manifest_or_a_list_of_cases_that_is_a_link_shows_nothing_of_its_target() {
    for name in ["dataset.toml", "cases.jsonl"] {
        let stranger = Stranger::new();
        stranger.replace(name, |path| symlink("../secret.json", path).unwrap());
        stranger.refuses("is a link out of its folder");
    }
}

#[test]
fn pipes_and_devices_are_refused_before_they_are_opened() {
    for name in ["dataset.toml", "cases.jsonl", "schema.json"] {
        let stranger = Stranger::new();
        stranger.replace(name, pipe);
        stranger.refuses("is not a regular file");
        stranger.replace(name, |path| symlink("/dev/zero", path).unwrap());
        stranger.refuses("is a link out of its folder");
    }
    let stranger = Stranger::new();
    stranger.replace("a.pdf", pipe);
    assert!(stranger.findings().contains("`a.pdf` is not a regular file"), "{}", stranger.findings());
    pipe(&stranger.path("dataset/SHA256SUMS"));
    assert!(stranger.findings().contains("SHA256SUMS: is neither a file nor a folder"));
}

#[test]
fn huge_files_are_refused_by_their_size() {
    for name in ["dataset.toml", "schema.json"] {
        let stranger = Stranger::new();
        stranger.replace(name, |path| fs::File::create(path).unwrap().set_len(1 << 40).unwrap());
        stranger.refuses("bytes, and at most 16777216 are read");
    }
    for name in ["cases.jsonl", "SHA256SUMS"] {
        let stranger = Stranger::new();
        write_sums(&stranger.path("dataset")).unwrap();
        stranger.replace(name, |path| fs::File::create(path).unwrap().set_len(1 << 40).unwrap());
        stranger.refuses("bytes, and at most 17179869184 are read");
    }
    let stranger = Stranger::new();
    write_sums(&stranger.path("dataset")).unwrap();
    stranger.replace("a.pdf", |path| fs::File::create(path).unwrap().set_len(1 << 40).unwrap());
    assert!(stranger.findings().contains("`a.pdf` has 1099511627776 bytes"), "{}", stranger.findings());
}

#[test]
fn a_pdf_without_pages_is_found_by_the_check_and_not_only_by_a_run() {
    let stranger = Stranger::new();
    assert!(stranger.findings().contains("`a.pdf` is cut off"), "{}", stranger.findings());
    let empty = "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
        2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n\
        trailer\n<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n";
    stranger.write("dataset/a.pdf", empty);
    assert!(stranger.findings().contains("`a.pdf` is a PDF"), "{}", stranger.findings());
}
