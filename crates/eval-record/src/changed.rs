use serde::{Deserialize, Serialize};

use crate::{Record, RecordError};

const FILE: &str = "changed-datasets.jsonl";

/// A dataset that was not the planned one any more when the run ended: a line of `changed-datasets.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedDataset {
    /// Its name.
    pub dataset: String,
    /// Media that were sent and are not the files of the dataset; 0 where something else was changed.
    #[serde(default)]
    pub media: u64,
}

impl Record {
    /// Notes which datasets were changed while the run was going on, in the place of what was noted before.
    pub fn note_changed_datasets(&self, changed: &[ChangedDataset]) -> Result<(), RecordError> {
        let path = self.path(FILE);
        let failed = |source: std::io::Error| RecordError {
            path: path.clone(),
            message: "cannot be written".to_owned(),
            source: Some(source),
        };
        if path.symlink_metadata().is_ok() {
            std::fs::remove_file(&path).map_err(failed)?;
        }
        if changed.is_empty() {
            return Ok(());
        }
        let mut lines = self.append(FILE)?;
        changed.iter().try_for_each(|one| lines.write(one)).map_err(failed)
    }

    /// Datasets that were changed while the run was going on.
    pub fn changed_datasets(&self) -> Result<Vec<ChangedDataset>, RecordError> {
        let mut changed = Vec::new();
        self.read_all(FILE, |_, one| changed.push(one))?;
        Ok(changed)
    }
}
