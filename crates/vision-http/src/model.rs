use serde::Serialize;
use vision_core::Modality;

/// A model as its provider's own list describes it. What the list does not say is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ModelInfo {
    /// The name to ask for.
    pub id: String,
    /// The day from which it no longer answers, as the provider writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_of_life: Option<String>,
    /// What it takes beside text; `None` if the list does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modalities: Option<Vec<Modality>>,
    /// The most tokens of input and output together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<u64>,
}
