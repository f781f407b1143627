use std::collections::BTreeSet;
use std::io;

use serde::{Deserialize, Serialize};

use crate::{Record, RecordError};

const FILE: &str = "resumptions.jsonl";

/// What was different when a run went on: a line of `resumptions.jsonl`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumption {
    /// Providers whose price was another by then, by their labels. The run keeps the prices of its plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repriced: Vec<String>,
}

impl Record {
    /// Notes what was different, if anything was.
    pub fn note_resumption(&self, resumption: &Resumption) -> Result<(), RecordError> {
        if resumption == &Resumption::default() {
            return Ok(());
        }
        let failed = |source: io::Error| RecordError {
            path: self.path(FILE),
            message: "cannot be written".to_owned(),
            source: Some(source),
        };
        self.append(FILE)?.write(resumption).map_err(failed)
    }

    /// Providers whose price was another when the run went on, by their labels.
    pub fn repriced(&self) -> Result<Vec<String>, RecordError> {
        let mut labels = BTreeSet::new();
        self.read_all(FILE, |_, resumption: Resumption| labels.extend(resumption.repriced))?;
        Ok(labels.into_iter().collect())
    }
}
