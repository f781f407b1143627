//! Images for the HTML report, read from the datasets that a record names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use eval_datasets::MediaRef;
use eval_record::Record;
use eval_report::MediaSource;
use vision_core::MediaKind;

/// Reads media of a run's datasets, if they are still where they were.
pub struct Thumbnails {
    folders: HashMap<String, PathBuf>,
}

impl Thumbnails {
    /// The datasets of a record, relative to `root`.
    pub fn new(root: &Path, record: &Record) -> Self {
        let folder =
            |dataset: &eval_record::PlannedDataset| (dataset.name.clone(), root.join(&dataset.folder));
        Self { folders: record.plan.datasets.iter().map(folder).collect() }
    }
}

/// Larger files are linked and not embedded: a report must stay a file that can be mailed.
const MOST_BYTES: u64 = 400_000;

impl MediaSource for Thumbnails {
    fn media(&self, dataset: &str, name: &str) -> Option<(&'static str, Vec<u8>)> {
        let path = MediaRef::resolve(name, self.folders.get(dataset)?).ok()?;
        if path.metadata().ok()?.len() > MOST_BYTES {
            return None;
        }
        let bytes = std::fs::read(path).ok()?;
        let kind = MediaKind::sniff(&bytes)?;
        Some((kind.mime(), bytes))
    }
}
