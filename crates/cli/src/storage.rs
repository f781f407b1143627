//! Datasets and runs in object storage: where this build can.

#[cfg(not(feature = "cloud-storage"))]
mod absent;
#[cfg(feature = "cloud-storage")]
mod cloud;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

#[cfg(not(feature = "cloud-storage"))]
pub use absent::{begin, go_on, install};
#[cfg(feature = "cloud-storage")]
pub use cloud::{begin, go_on, install};

use crate::exit::Failure;

/// Variables in which the keys of stores are.
pub const SECRET_VARIABLES: [&str; 12] = [
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AZURE_CLIENT_SECRET",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_MASTER_KEY",
    "AZURE_STORAGE_CLIENT_SECRET",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_TOKEN",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
];

/// Where a run is recorded, and who copies it from there.
pub struct Place {
    /// On this disk.
    pub dir: PathBuf,
    copying: Option<Box<dyn Copying>>,
}

/// Copies a run to where it belongs while it goes on.
pub trait Copying {
    /// Begins, once the plan is on this disk.
    fn start(&mut self, every: std::time::Duration) -> Result<(), Failure>;
    /// Copies all of it.
    fn finish(&mut self) -> Result<(), Failure>;
}

impl Place {
    /// A folder on this disk, which needs no copy.
    pub fn here(dir: PathBuf) -> Self {
        Self { dir, copying: None }
    }

    /// The plan is recorded: from now on it is copied every so often.
    pub fn start(&mut self, every: std::time::Duration) -> Result<(), Failure> {
        self.copying.as_mut().map_or(Ok(()), |copying| copying.start(every))
    }

    /// Everything is recorded: all of it is copied.
    pub fn finish(&mut self) -> Result<(), Failure> {
        self.copying.as_mut().map_or(Ok(()), |copying| copying.finish())
    }
}

/// The addresses of runs by their folders on this disk.
static ADDRESSES: Mutex<Vec<(PathBuf, PathBuf)>> = Mutex::new(Vec::new());

/// What to call a run's folder: its address, if it has one.
pub fn named(dir: &Path) -> PathBuf {
    let addresses = ADDRESSES.lock().unwrap_or_else(PoisonError::into_inner);
    let known = addresses.iter().find(|(folder, _)| folder == dir);
    known.map_or(dir, |(_, address)| address).to_owned()
}

#[cfg(feature = "cloud-storage")]
fn name(dir: &Path, address: &Path) {
    let mut addresses = ADDRESSES.lock().unwrap_or_else(PoisonError::into_inner);
    addresses.push((dir.to_owned(), address.to_owned()));
}
