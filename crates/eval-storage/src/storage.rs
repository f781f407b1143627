use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use vision_files::Refused;

use crate::amazon::FindAmazon;
use crate::dataset::RemoteDataset;
use crate::run;

/// How stores are reached.
#[derive(Clone)]
pub struct Settings {
    /// The folder for doubles.
    pub cache: PathBuf,
    /// Variables of the environment that say where and by which key: `AWS_…`, `AZURE_…`, `GOOGLE_…`.
    pub variables: Vec<(String, String)>,
    /// Certificates (PEM) to trust beside those of the system.
    pub certificates: Vec<Vec<u8>>,
    /// Whether plain `http` to other machines is allowed.
    pub allow_plain_http: bool,
    /// Who finds Amazon's keys; without anybody, only the variables count.
    pub amazon: Option<FindAmazon>,
}

impl fmt::Debug for Settings {
    /// Without values, which are keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.variables.iter().map(|(name, _)| name).collect();
        f.debug_struct("Settings")
            .field("cache", &self.cache)
            .field("variables", &names)
            .finish_non_exhaustive()
    }
}

/// Brings datasets and runs from object storage to this disk.
pub struct CloudStorage {
    settings: Settings,
    /// By the folders of their doubles.
    datasets: Mutex<HashMap<PathBuf, Arc<RemoteDataset>>>,
}

impl CloudStorage {
    /// With these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, datasets: Mutex::default() }
    }

    fn of(&self, folder: &Path) -> Option<Arc<RemoteDataset>> {
        self.datasets.lock().unwrap_or_else(PoisonError::into_inner).get(folder).cloned()
    }
}

impl vision_files::storage::Storage for CloudStorage {
    fn dataset(&self, address: &str) -> Result<PathBuf, Refused> {
        let place = self.settings.place(address)?;
        let folder = self.settings.cache.join("datasets").join(&place.double);
        if self.of(&folder).is_none() {
            let opened = Arc::new(RemoteDataset::open(place, &folder, &self.settings.cache)?);
            self.datasets.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.clone(), opened);
        }
        Ok(folder)
    }

    fn run(&self, address: &str) -> Result<PathBuf, Refused> {
        run::bring(&self.settings, address)
    }

    fn fetch(&self, folder: &Path, name: &str) -> Option<Result<(), Refused>> {
        self.of(folder).map(|dataset| dataset.fetch(name))
    }

    fn contains(&self, folder: &Path, name: &str) -> Option<bool> {
        self.of(folder).map(|dataset| dataset.contains(name))
    }

    fn names(&self, folder: &Path) -> Option<Result<Vec<String>, Refused>> {
        self.of(folder).map(|dataset| dataset.names())
    }
}
