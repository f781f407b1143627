//! The little that must be known of a model to ask it. The service publishes no table of it: collected 2026-11-29 from
//! botocore 1.44.8 and litellm 1.110.2 (MIT).

use serde_json::{Value, json};
use vision_core::Effort;

/// Claude models that refuse sampling parameters, by a piece of their id.
const NO_TEMPERATURE: [&str; 7] = [
    "claude-fable-",
    "claude-mythos-",
    "claude-opus-5",
    "claude-sonnet-5",
    "claude-haiku-5",
    "claude-opus-4-7",
    "claude-opus-4-8",
];

/// Claude models that cannot be told not to think.
const ALWAYS_THINK: [&str; 4] = ["claude-fable-", "claude-mythos-", "claude-opus-5-5", "claude-sonnet-5-5"];

/// Claude models that think only if they are told to; without it they take no effort above `high`.
const THINK_IF_TOLD: [&str; 4] =
    ["claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-7", "claude-opus-4-8"];

/// GPT models that cannot be told not to think.
const GPT_ALWAYS_THINKS: [&str; 2] = ["openai.gpt-6-astra", "openai.gpt-6.1-sol"];

/// GPT models that know no effort above `xhigh`.
const GPT_WITHOUT_MAX: [&str; 2] = ["openai.gpt-5.4", "openai.gpt-5.5"];

/// Families that OpenAI's dialect reaches below `/openai/v1`; all others are below `/v1`.
const BELOW_OPENAI: [&str; 3] = ["openai.gpt-", "google.gemma-4-", "xai.grok-"];

const GPT_OSS: &str = "openai.gpt-oss-";

/// What follows the host, below which a model is reached in OpenAI's dialect.
pub fn openai_path(model: &str) -> &'static str {
    let below = BELOW_OPENAI.iter().any(|piece| model.contains(piece)) && !model.contains(GPT_OSS);
    if below { "openai/v1" } else { "v1" }
}

/// Whether it is one of OpenAI's models that reason, which have names of their own for some parameters.
pub fn is_gpt(model: &str) -> bool {
    model.contains("openai.gpt-") && !model.contains(GPT_OSS)
}

/// Whether the model holds answers to a part of JSON Schema only.
pub(crate) fn is_claude(model: &str) -> bool {
    model.contains("anthropic.claude-")
}

pub(crate) fn takes_temperature(model: &str) -> bool {
    !is_gpt(model) && !NO_TEMPERATURE.iter().any(|piece| model.contains(piece))
}

/// Where an effort is said to a model. Nowhere, if it cannot be said.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    /// In the service's own field, which knows `low` to `max`.
    pub output: Option<&'static str>,
    /// In a field of the maker's.
    pub fields: Option<Value>,
}

impl Said {
    fn field(fields: Value) -> Self {
        Self { output: None, fields: Some(fields) }
    }

    /// Whether the model thinks because it is told to here.
    pub fn turns_thinking_on(&self) -> bool {
        let kind = self.fields.as_ref().and_then(|fields| fields.pointer("/thinking/type"));
        kind.is_some_and(|kind| kind == "adaptive")
    }
}

pub(crate) fn said(model: &str, effort: Effort) -> Said {
    let is = |pieces: &[&str]| pieces.iter().any(|piece| model.contains(piece));
    match effort {
        _ if is_gpt(model) => match effort {
            Effort::Minimal => Said::default(),
            Effort::None if is(&GPT_ALWAYS_THINKS) => Said::default(),
            Effort::Max if is(&GPT_WITHOUT_MAX) => Said::default(),
            effort => Said::field(json!({"reasoning": {"effort": effort.name()}})),
        },
        Effort::Low | Effort::Medium | Effort::High if model.contains(GPT_OSS) => {
            Said::field(json!({"reasoning_effort": effort.name()}))
        }
        // At `high` it takes no `maxTokens`, which the budget relies on.
        Effort::Low | Effort::Medium if model.contains("amazon.nova-2-") => {
            let config = json!({"type": "enabled", "maxReasoningEffort": effort.name()});
            Said::field(json!({"reasoningConfig": config}))
        }
        _ if is(&[GPT_OSS, "amazon.nova-"]) => Said::default(),
        Effort::None if is_claude(model) && !is(&ALWAYS_THINK) => {
            Said::field(json!({"thinking": {"type": "disabled"}}))
        }
        Effort::None | Effort::Minimal => Said::default(),
        Effort::Xhigh | Effort::Max if is(&THINK_IF_TOLD) => {
            let fields = Some(json!({"thinking": {"type": "adaptive"}}));
            Said { output: Some(effort.name()), fields }
        }
        effort => Said { output: Some(effort.name()), fields: None },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vision_core::Effort;

    use super::{Said, openai_path, said, takes_temperature};

    #[test]
    fn each_family_stands_below_its_path() {
        for model in ["openai.gpt-6-luna", "google.gemma-4-31b", "xai.grok-4.7", "openai.gpt-5.6-sol"] {
            assert_eq!(openai_path(model), "openai/v1", "{model}");
        }
        for model in ["openai.gpt-oss-120b", "qwen.qwen3-vl-235b-a22b-instruct", "google.gemma-3-27b-it"] {
            assert_eq!(openai_path(model), "v1", "{model}");
        }
    }

    #[test]
    fn an_effort_is_said_where_the_model_reads_it() {
        let output = |name| Said { output: Some(name), fields: None };
        for (model, effort, expected) in [
            ("us.anthropic.claude-haiku-5-5", Effort::Minimal, Said::default()),
            ("us.anthropic.claude-haiku-5-5", Effort::Max, output("max")),
            ("anthropic.claude-opus-4-6-v1", Effort::High, output("high")),
            ("us.openai.gpt-6-luna", Effort::Low, Said::field(json!({"reasoning": {"effort": "low"}}))),
            ("us.openai.gpt-6-luna", Effort::None, Said::field(json!({"reasoning": {"effort": "none"}}))),
            ("us.openai.gpt-6-astra", Effort::None, Said::default()),
            ("us.openai.gpt-6-luna", Effort::Minimal, Said::default()),
            ("us.openai.gpt-5.5", Effort::Max, Said::default()),
            ("openai.gpt-oss-120b-1:0", Effort::High, Said::field(json!({"reasoning_effort": "high"}))),
            ("openai.gpt-oss-120b-1:0", Effort::Max, Said::default()),
            ("amazon.nova-lite-v1:0", Effort::Low, Said::default()),
            ("global.amazon.nova-2-lite-v1:0", Effort::High, Said::default()),
        ] {
            assert_eq!(said(model, effort), expected, "{model} {effort:?}");
        }
        let nova = said("global.amazon.nova-2-lite-v1:0", Effort::Low).fields.unwrap();
        assert_eq!(nova["reasoningConfig"]["maxReasoningEffort"], "low");
        assert!(said("anthropic.claude-opus-4-6-v1", Effort::Max).turns_thinking_on());
        assert!(!takes_temperature("us.openai.gpt-6-luna") && takes_temperature("openai.gpt-oss-20b-1:0"));
    }
}
