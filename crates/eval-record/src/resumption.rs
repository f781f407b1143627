use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vision_core::Usd;

use crate::{Record, RecordError};

const FILE: &str = "resumptions.jsonl";

const TRIALS: &str = "trials.jsonl";

/// That a run went on, and what was different: a line of `resumptions.jsonl`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Resumption {
    /// Providers whose price was another by then, by their labels. The run keeps the prices of its plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repriced: Vec<String>,
    /// The budget of the whole run from then on, if another was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<Usd>,
    /// Where in `trials.jsonl` the trials of this part begin, in bytes. Their times are counted from its own start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
}

impl Record {
    /// Where the next trial will stand in `trials.jsonl`; a torn last line is cut off.
    pub fn end_of_trials(&self) -> Result<u64, RecordError> {
        self.append(TRIALS)?;
        let failed = |source| self.failed(TRIALS, "cannot be read", source);
        self.path(TRIALS).metadata().map(|file| file.len()).map_err(failed)
    }

    /// Where the trials of each later part of the run begin, in bytes of `trials.jsonl`.
    pub fn parts(&self) -> Result<Vec<u64>, RecordError> {
        let mut parts = Vec::new();
        self.read_all(FILE, |_, resumption: Resumption| parts.extend(resumption.from))?;
        Ok(parts)
    }

    /// Notes that a run went on, or what is different in the whole of several.
    pub fn note_resumption(&self, resumption: &Resumption) -> Result<(), RecordError> {
        if resumption == &Resumption::default() {
            return Ok(());
        }
        let failed = |source| self.failed(FILE, "cannot be written", source);
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

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{Record, Resumption};

    #[test]
    fn where_a_run_went_on_is_known_and_no_torn_line_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let plan = include_str!("../../../reports/record/plan.json");
        fs::write(folder.path().join("plan.json"), plan).unwrap();
        let record = Record::open(folder.path()).unwrap();
        fs::write(record.path("trials.jsonl"), "{}\n{\"torn").unwrap();
        let from = record.end_of_trials().unwrap();
        assert_eq!((from, record.parts().unwrap()), (3, Vec::new()));
        let resumption = Resumption { from: Some(from), ..Resumption::default() };
        record.note_resumption(&resumption).unwrap();
        record.note_resumption(&Resumption::default()).unwrap();
        assert_eq!(record.parts().unwrap(), [3]);
        assert_eq!(fs::read_to_string(record.path("trials.jsonl")).unwrap(), "{}\n");
    }
}
