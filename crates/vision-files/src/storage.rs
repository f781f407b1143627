//! Folders that are elsewhere: an address such as `s3://bucket/receipts` in the place of a path.
//!
//! Such a folder has a double on this disk, whose files come when they are named. So the one rule for named files is all
//! that readers of datasets and records need to know of it. What brings the files is installed once, by whoever has a
//! network; nothing here has one.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::Refused;

/// Brings files from where they are.
pub trait Storage: Send + Sync {
    /// The double of a dataset's folder. Its files come when they are named.
    fn dataset(&self, address: &str) -> Result<PathBuf, Refused>;

    /// The double of a run's folder, with all of its files.
    fn run(&self, address: &str) -> Result<PathBuf, Refused>;

    /// Brings a file of a dataset's double here; `None` if the folder is none.
    fn fetch(&self, folder: &Path, name: &str) -> Option<Result<(), Refused>>;

    /// Whether there is such a file, here or there; `None` if the folder is no double.
    fn contains(&self, folder: &Path, name: &str) -> Option<bool>;

    /// The names of all files below a double, with `/`; `None` if the folder is none.
    fn names(&self, folder: &Path) -> Option<Result<Vec<String>, Refused>>;
}

/// A file system is the whole process's, and so is this.
static STORAGE: OnceLock<Box<dyn Storage>> = OnceLock::new();

/// The datasets that somebody has named who may: a plan or a record may come from a stranger.
static ALLOWED: Mutex<Option<HashSet<String>>> = Mutex::new(None);

/// From now on addresses are served by this. The first one stays.
pub fn install(storage: Box<dyn Storage>) {
    STORAGE.set(storage).ok();
}

/// Whether this is an address and no path.
#[must_use]
pub fn is_address(path: &Path) -> bool {
    let text = path.to_str().unwrap_or_default();
    ["s3://", "gs://", "az://", "https://", "http://"].iter().any(|scheme| text.starts_with(scheme))
}

/// What `name` means below `root`: an address means itself.
#[must_use]
pub fn within(root: &Path, name: &str) -> PathBuf {
    if is_address(Path::new(name)) { PathBuf::from(name) } else { root.join(name) }
}

/// The dataset at this address may be opened: the user has named it.
pub fn allow(address: &str) {
    let mut allowed = ALLOWED.lock().unwrap_or_else(PoisonError::into_inner);
    allowed.get_or_insert_default().insert(plain(address).to_owned());
}

/// The folder of a dataset on this disk. An address that only a plan or a record names is not opened.
pub fn dataset(folder: &Path) -> Result<Cow<'_, Path>, Refused> {
    let Some(address) = address(folder) else { return Ok(Cow::Borrowed(folder)) };
    let allowed = ALLOWED.lock().unwrap_or_else(PoisonError::into_inner);
    if !allowed.as_ref().is_some_and(|allowed| allowed.contains(address)) {
        return Err(Refused::Elsewhere(
            "is not opened: neither the configuration nor the command line names it".to_owned(),
        ));
    }
    drop(allowed);
    storage()?.dataset(address).map(Cow::Owned)
}

/// The folder of a run on this disk.
pub fn run(folder: &Path) -> Result<Cow<'_, Path>, Refused> {
    match address(folder) {
        Some(address) => storage()?.run(address).map(Cow::Owned),
        None => Ok(Cow::Borrowed(folder)),
    }
}

/// Whether a file is there, without bringing it here.
#[must_use]
pub fn exists(folder: &Path, name: &str) -> bool {
    let there = STORAGE.get().and_then(|storage| storage.contains(folder, name));
    there.unwrap_or_else(|| folder.join(name).is_file())
}

/// Whether this folder is the double of one that is elsewhere.
#[must_use]
pub fn is_double(folder: &Path) -> bool {
    STORAGE.get().is_some_and(|storage| storage.contains(folder, "dataset.toml").is_some())
}

/// The names of all files below a folder that is elsewhere; `None` for one that is here.
#[must_use]
pub fn names(folder: &Path) -> Option<Result<Vec<String>, Refused>> {
    STORAGE.get()?.names(folder)
}

/// Whether a file cannot be had now, and might be later: why.
#[must_use]
pub fn is_unreachable(folder: &Path, name: &str) -> Option<Refused> {
    fetch(folder, name).err().filter(|refused| matches!(refused, Refused::Unreachable(_)))
}

/// Brings a file here, if it is elsewhere.
pub(crate) fn fetch(folder: &Path, name: &str) -> Result<(), Refused> {
    STORAGE.get().and_then(|storage| storage.fetch(folder, name)).unwrap_or(Ok(()))
}

fn storage() -> Result<&'static dyn Storage, Refused> {
    let none = || Refused::Elsewhere("is not opened: nothing here reads object storage".to_owned());
    STORAGE.get().map(AsRef::as_ref).ok_or_else(none)
}

fn address(path: &Path) -> Option<&str> {
    is_address(path).then(|| path.to_str().map(plain))?
}

fn plain(address: &str) -> &str {
    address.trim_end_matches('/')
}
