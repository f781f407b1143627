//! Other labels than those of a record, so that old answers can be scored against corrected ones.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

/// Labels by dataset and case; those of the record hold for all others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Labels(Arc<HashMap<(String, String), Value>>);

impl Labels {
    /// Of these cases.
    pub fn new(labels: impl IntoIterator<Item = ((String, String), Value)>) -> Self {
        Self(Arc::new(labels.into_iter().collect()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts the label of a case in the place of the record's, if there is one.
    pub(crate) fn replace(&self, dataset: &str, case: &str, label: &mut Value) {
        if self.is_empty() {
            return;
        }
        if let Some(other) = self.0.get(&(dataset.to_owned(), case.to_owned())) {
            label.clone_from(other);
        }
    }
}
