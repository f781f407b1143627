//! The media of a run, as far as they may be opened and are still what was sent.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use bytes::Bytes;
use eval_datasets::MediaRef;
use eval_record::Record;
use sha2::{Digest, Sha256};

use super::Review;
use super::event::CaseName;
use crate::{Result, StudioError};

/// Where media are, and the hashes of what was sent.
#[derive(Debug, Default)]
pub struct Pictures {
    folders: HashMap<String, PathBuf>,
    /// By dataset and name. A run that goes on has not noted all of them.
    sent: HashMap<(String, String), HashSet<String>>,
}

impl Pictures {
    /// Those of a record whose datasets are in these folders.
    pub fn of(record: &Record, folders: &HashMap<String, PathBuf>) -> Self {
        let mut sent: HashMap<_, HashSet<String>> = HashMap::new();
        for entry in record.media().unwrap_or_default() {
            sent.entry((entry.dataset, entry.name)).or_default().insert(entry.source_hash);
        }
        Self { folders: folders.clone(), sent }
    }

    fn bytes(&self, dataset: &str, name: &str) -> Result<Bytes> {
        let folder = self.folders.get(dataset).ok_or_else(|| {
            StudioError::not_found(format!(
                "the run names a folder for `{dataset}` that is neither in the configuration nor inside the record: \
                 start the studio with --dataset FOLDER to see its media"
            ))
        })?;
        let refused = |what: String| StudioError::not_found(format!("{name} {what}"));
        let path = MediaRef::resolve(name, folder).map_err(refused)?;
        let bytes =
            vision_files::read(&path, vision_files::MEDIUM).map_err(|what| refused(what.to_string()))?;
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let known = self.sent.get(&(dataset.to_owned(), name.to_owned()));
        match known.is_some_and(|hashes| !hashes.contains(&hash)) {
            true => Err(refused("has changed since the run and is not shown".to_owned())),
            false => Ok(bytes.into()),
        }
    }
}

impl Review {
    /// A medium of a case, by its place from 0, with its name.
    ///
    /// # Errors
    /// If it may not be opened, is gone, or has changed since the run.
    pub fn medium(&self, of: &CaseName, at: usize) -> Result<(String, Bytes)> {
        let cases = self.cases()?;
        let case = cases.get(of)?;
        let name = case.media.get(at).ok_or_else(|| StudioError::not_found("the case has no such medium"))?;
        let shown = format!("{}/{name}", of.dataset);
        self.pictures.bytes(&of.dataset, name).map(|bytes| (shown, bytes))
    }
}
