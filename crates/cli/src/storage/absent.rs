use std::path::{Path, PathBuf};

use vision_files::Refused;
use vision_files::storage::{Storage, is_address};

use super::Place;
use crate::app::App;
use crate::exit::Failure;

const LACKING: &str = "this build reads no object storage; install one that does with: cargo install --path crates/cli \
                       --features cloud-storage";

/// This build has none.
struct Absent;

impl Storage for Absent {
    fn dataset(&self, _: &str) -> Result<PathBuf, Refused> {
        Err(Refused::Elsewhere(format!("is not opened: {LACKING}")))
    }

    fn run(&self, address: &str) -> Result<PathBuf, Refused> {
        self.dataset(address)
    }

    fn fetch(&self, _: &Path, _: &str) -> Option<Result<(), Refused>> {
        None
    }

    fn contains(&self, _: &Path, _: &str) -> Option<bool> {
        None
    }

    fn names(&self, _: &Path) -> Option<Result<Vec<String>, Refused>> {
        None
    }
}

/// Whoever names an address is told what this build lacks.
pub fn install(_: &App) {
    vision_files::storage::install(Box::new(Absent));
}

/// The place of a new run.
pub fn begin(dir: PathBuf, app: &App) -> Result<Place, Failure> {
    go_on(dir, app)
}

/// The place of a run that goes on.
pub fn go_on(dir: PathBuf, _: &App) -> Result<Place, Failure> {
    match is_address(&dir) {
        true => Err(Failure::setup(format!("{}: {LACKING}", dir.display()))),
        false => Ok(Place::here(dir)),
    }
}
