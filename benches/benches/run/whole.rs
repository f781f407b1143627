//! The command as it is installed: plan, run, record, summary and every report that a run writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::measure::{Measured, cpu_of_children, peak_of};

/// Builds the command, and returns where it is.
pub fn program() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let words = ["build", "--quiet", "--release", "--package", "vision-eval"];
    let status = Command::new(cargo).args(words).status().expect("cargo");
    assert!(status.success(), "the command is built");
    // target/tmp stands beside target/release.
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("release").join("vision-eval")
}

/// A project with this dataset and this host in a new folder, where nothing is remembered from an earlier run.
pub fn project(url: &str, dataset: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("room for a project");
    let config = format!(
        "[[dataset]]\npath = {dataset:?}\n[[provider]]\nkind = \"compatible\"\nmodel = \"m\"\n\
         price = {{ input_per_mtok = 0.0, output_per_mtok = 0.0 }}\nbase_url = {url:?}\n\
         limits = {{ concurrency = 128 }}\n"
    );
    fs::write(folder.path().join("eval.toml"), config).expect("room for a configuration");
    folder
}

/// A role: runs the command in a project, and measures it.
pub fn run(program: &Path, project: &Path, words: &[&str]) {
    let begun = Instant::now();
    let child = Command::new(program)
        .args(words)
        .current_dir(project)
        .env("XDG_CACHE_HOME", project.join("cache"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the command");
    let peak = watched(child);
    Measured { wall: begun.elapsed().as_secs_f64(), cpu: cpu_of_children(), planning: 0.0, peak, files: 0.0 }
        .tell();
}

/// The words of a run of so many cases.
pub fn words(cases: usize, at_once: usize) -> Vec<String> {
    let text =
        format!("run --quiet --yes --no-progress --run-dir run --limit {cases} --max-concurrency {at_once}");
    text.split(' ').map(str::to_owned).collect()
}

/// Waits until it has ended, and returns the most memory that was seen: it only grows, and the end is the peak of few.
fn watched(mut child: Child) -> f64 {
    let mut peak = 0.0_f64;
    loop {
        peak = peak.max(peak_of(child.id()));
        if let Some(status) = child.try_wait().expect("a child") {
            assert!(status.success(), "the command ended with {status}");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
