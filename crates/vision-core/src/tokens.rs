use serde::{Deserialize, Serialize};

/// How sure a model was of the tokens that it wrote, as natural logarithms of their probabilities: 0 is certain.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenProbabilities {
    /// The tokens behind these figures; missing where a provider says no more than their mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    /// The mean over all tokens of the answer.
    pub mean: f64,
    /// The least sure token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// The values of an answer in JSON, where its tokens could be laid to them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueProbability>,
}

/// How sure a model was of one value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ValueProbability {
    /// Where it stands: `total`, `items[2].price`.
    pub path: String,
    /// The sum over its tokens: the logarithm of the probability of the whole value.
    pub sum: f64,
}
