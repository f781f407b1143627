//! Names of the semantic conventions for generative AI.

use eval_record::{OutputMode, PlannedProvider};
use opentelemetry::KeyValue;
use serde_json::Value;
use vision_core::ErrorKind;

pub const OPERATION: &str = "gen_ai.operation.name";
pub const PROVIDER: &str = "gen_ai.provider.name";
pub const REQUEST_MODEL: &str = "gen_ai.request.model";
pub const RESPONSE_MODEL: &str = "gen_ai.response.model";
pub const ERROR_TYPE: &str = "error.type";

/// The one operation that there is.
pub const CHAT: &str = "chat";

/// What is the same for all trials of a candidate.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The provider in the convention's words, where it has one.
    pub provider: String,
    pub model: String,
    pub is_control: bool,
}

impl Candidate {
    pub fn of(planned: &PlannedProvider) -> Self {
        Self {
            provider: provider_name(&planned.kind).to_owned(),
            model: planned.model.clone(),
            is_control: planned.control,
        }
    }

    /// What spans and metrics share.
    pub fn attributes(&self) -> Vec<KeyValue> {
        vec![
            KeyValue::new(OPERATION, CHAT),
            KeyValue::new(PROVIDER, self.provider.clone()),
            KeyValue::new(REQUEST_MODEL, self.model.clone()),
        ]
    }
}

/// The convention's well-known names; other kinds keep their own.
fn provider_name(kind: &str) -> &str {
    match kind {
        "gemini" => "gcp.gemini",
        "vertex" => "gcp.vertex_ai",
        "bedrock" => "aws.bedrock",
        "azure" => "azure.ai.openai",
        "mistral" => "mistral_ai",
        "xai" => "x_ai",
        other => other,
    }
}

/// How an answer's form was asked for.
pub fn output_type(output: OutputMode) -> &'static str {
    match output {
        OutputMode::Text => "text",
        OutputMode::Json | OutputMode::Schema => "json",
    }
}

/// The record's word for a kind of failure.
pub fn error_type(kind: ErrorKind) -> String {
    match serde_json::to_value(kind) {
        Ok(Value::String(name)) => name,
        _ => "_OTHER".to_owned(),
    }
}
