//! Other labels than those of a record, so that old answers can be scored against corrected ones.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

/// Labels by dataset and case; those of the record hold for all others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Labels(Arc<HashMap<(String, String), Label>>);

/// What is known anew of a case; what is not stays as the record has it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Label {
    expected: Option<Value>,
    /// Where its values stand, and how else they may read.
    evidence: Option<Value>,
}

impl Labels {
    /// Of these cases.
    pub fn new(labels: impl IntoIterator<Item = ((String, String), Value)>) -> Self {
        let label = |(key, value)| (key, Label { expected: Some(value), evidence: None });
        Self(Arc::new(labels.into_iter().map(label).collect()))
    }

    /// The same, with the evidence of these cases, which may hold other readings that are right.
    #[must_use]
    pub fn with_evidence(self, evidence: impl IntoIterator<Item = ((String, String), Value)>) -> Self {
        let mut labels = Arc::unwrap_or_clone(self.0);
        for (key, value) in evidence {
            labels.entry(key).or_default().evidence = Some(value);
        }
        Self(Arc::new(labels))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts the label of a case and its evidence in the place of the record's, if there are others.
    pub(crate) fn replace(&self, dataset: &str, case: &str, expected: &mut Value, evidence: &mut Value) {
        if self.is_empty() {
            return;
        }
        if let Some(other) = self.0.get(&(dataset.to_owned(), case.to_owned())) {
            if let Some(other) = &other.expected {
                expected.clone_from(other);
            }
            if let Some(other) = &other.evidence {
                evidence.clone_from(other);
            }
        }
    }
}
