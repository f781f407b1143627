use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vision_core::Task;

use crate::{Generation, MediaPolicy, OutputMode, Plan, PlannedProvider};

/// A way of asking that is tried: what one candidate of a plan does not share with the others of its model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// The label of its model, without what is tried.
    pub of: String,
    /// What is tried, by factor, as labels show it: `detail` → `low`.
    pub factors: BTreeMap<String, String>,
    /// In the place of the plan's parameters of generation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Generation>,
    /// In the place of how the plan prepares media.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaPolicy>,
    /// How firmly the form of the answer is asked for, if not as firmly as the provider can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<OutputMode>,
    /// In the place of the datasets' prompts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<PlannedPrompt>,
}

/// What a candidate is asked by one task of one dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPrompt {
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// What it is called.
    pub name: String,
    /// The system prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The question, with places for a case's fields.
    pub prompt: String,
}

impl Variant {
    /// The prompt of a task, if it is not the plan's.
    pub fn prompt(&self, dataset: &str, task: Task) -> Option<&PlannedPrompt> {
        self.prompts.iter().find(|prompt| prompt.dataset == dataset && prompt.task == task)
    }
}

impl PlannedProvider {
    /// The label of its model, which all its variants share.
    pub fn model_label(&self) -> &str {
        self.variant.as_ref().map_or(&self.label, |variant| &variant.of)
    }
}

impl Plan {
    /// How media are prepared for this candidate. Those of one policy get the same.
    pub fn media_for<'a>(&'a self, provider: &'a PlannedProvider) -> &'a MediaPolicy {
        provider.variant.as_ref().and_then(|variant| variant.media.as_ref()).unwrap_or(&self.media)
    }
}
