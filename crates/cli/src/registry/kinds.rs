//! Every kind of provider. What is known of each stands in its own crate.

use std::sync::LazyLock;

use provider_compatible::{KeyNeed, PRESETS, Preset};
use vision_http::Descriptor;

use super::Kind;
use super::clouds::{
    azure, azure_di, bedrock, command, documentai, llamaextract, mistral_ocr, textract, vertex,
};
use super::hosts::{aimlapi, anthropic, compatible, deepinfra, gemini, local, openai, tsystems, yandex};

/// Every kind there is, in the order of `providers list`.
pub static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let own = [
        Kind::of(here("local", "accurate", 1), local),
        Kind::of(provider_openai::DESCRIPTOR, openai).with_batches(provider_openai::batches),
        Kind::of(provider_anthropic::DESCRIPTOR, anthropic).with_batches(provider_anthropic::batches),
        Kind::of(provider_gemini::DESCRIPTOR, gemini).with_batches(provider_gemini::batches),
        Kind::of(provider_gemini::vertex::DESCRIPTOR, vertex),
        Kind::of(provider_bedrock::DESCRIPTOR, bedrock),
        Kind::of(provider_textract::DESCRIPTOR, textract),
        Kind::of(provider_documentai::DESCRIPTOR, documentai),
        Kind::of(provider_azure_di::DESCRIPTOR, azure_di),
        Kind::of(provider_mistral_ocr::DESCRIPTOR, mistral_ocr),
        Kind::of(provider_llamaextract::DESCRIPTOR, llamaextract),
        Kind::of(provider_deepinfra::DESCRIPTOR, deepinfra),
        Kind::of(provider_aimlapi::DESCRIPTOR, aimlapi),
        Kind::of(provider_yandex::DESCRIPTOR, yandex),
        Kind::of(provider_tsystems::DESCRIPTOR, tsystems),
        Kind::of(here(provider_command::NAME, "my-extractor", 2), command),
    ];
    own.into_iter().chain(PRESETS.iter().map(of_preset)).collect()
});

/// What runs on this machine and needs no key.
fn here(name: &'static str, example: &'static str, concurrency: usize) -> Descriptor {
    Descriptor { name, keys: &[], sources: "", key_page: "", base_url_variable: "", example, concurrency }
}

fn of_preset(preset: &Preset) -> Kind {
    let descriptor = Descriptor {
        name: preset.host.name,
        keys: preset.key_variables,
        // The only one of them that also takes tokens.
        sources: if preset.host.name == "azure" { "Entra" } else { "" },
        key_page: preset.key_page,
        base_url_variable: preset.base_url_variable,
        example: preset.example,
        concurrency: preset.concurrency,
    };
    let build = if preset.host.name == "azure" { azure } else { compatible };
    let kind = Kind { keyless: preset.key_need == KeyNeed::Optional, ..Kind::of(descriptor, build) };
    match preset.host.name {
        "azure" => kind.with_batches(provider_compatible::azure_batches),
        "mistral" => kind.with_batches(provider_compatible::mistral_batches),
        _ => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn the_published_schema_lists_every_kind() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../../../schemas/eval.schema.json"))
                .expect("the schema is JSON");
        let listed = schema["properties"]["provider"]["items"]["properties"]["kind"]["examples"].clone();
        let listed: Vec<String> = serde_json::from_value(listed).expect("a list of names");
        for kind in KINDS.iter() {
            assert!(listed.iter().any(|name| name == kind.descriptor.name), "{}", kind.descriptor.name);
        }
    }
}
