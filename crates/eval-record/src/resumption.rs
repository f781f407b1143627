use std::collections::BTreeSet;
use std::io;

use serde::{Deserialize, Serialize};
use vision_core::Usd;

use crate::{Record, RecordError};

const FILE: &str = "resumptions.jsonl";

/// What was different when a run went on: a line of `resumptions.jsonl`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Resumption {
    /// Providers whose price was another by then, by their labels. The run keeps the prices of its plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repriced: Vec<String>,
    /// The budget of the whole run from then on, if another was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<Usd>,
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

    /// What the run may spend: what its plan says, unless another budget was given when it went on.
    pub fn budget(&self) -> Result<Option<Usd>, RecordError> {
        let mut budget = self.plan.budget_usd;
        self.read_all(FILE, |_, resumption: Resumption| budget = resumption.budget_usd.or(budget))?;
        Ok(budget)
    }

    /// Providers whose price was another when the run went on, by their labels.
    pub fn repriced(&self) -> Result<Vec<String>, RecordError> {
        let mut labels = BTreeSet::new();
        self.read_all(FILE, |_, resumption: Resumption| labels.extend(resumption.repriced))?;
        Ok(labels.into_iter().collect())
    }
}
