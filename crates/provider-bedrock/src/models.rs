//! The little that must be known of a model to ask it. The service publishes no table of it.

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

pub(crate) fn takes_temperature(model: &str) -> bool {
    !NO_TEMPERATURE.iter().any(|piece| model.contains(piece))
}

/// Whether `thinking: disabled` means anything to it.
pub(crate) fn can_be_told_not_to_think(model: &str) -> bool {
    model.contains("anthropic.claude-") && !ALWAYS_THINK.iter().any(|piece| model.contains(piece))
}
