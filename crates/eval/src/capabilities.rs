use vision_core::{Capabilities, Modality};

/// The names that `[decide] require` knows.
pub const CAPABILITIES: [&str; 11] = [
    "prompt",
    "image",
    "pdf",
    "audio",
    "video",
    "url",
    "json",
    "json_schema",
    "temperature",
    "seed",
    "usage",
];

/// Those that a provider has.
pub(crate) fn names(capabilities: &Capabilities) -> Vec<String> {
    let has = [
        capabilities.prompt,
        capabilities.takes(Modality::Image),
        capabilities.takes(Modality::Pdf),
        capabilities.takes(Modality::Audio),
        capabilities.takes(Modality::Video),
        capabilities.url_input,
        capabilities.json,
        capabilities.json_schema,
        capabilities.temperature,
        capabilities.seed,
        capabilities.usage,
    ];
    CAPABILITIES.into_iter().zip(has).filter(|(_, has)| *has).map(|(name, _)| name.to_owned()).collect()
}
