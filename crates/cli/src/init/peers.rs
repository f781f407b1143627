//! Models that the configuration of another tool names: promptfoo and Inspect.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use vision_core::panics::caught;
use vision_files::TEXT;

use super::folder::Folder;
use crate::environment::Environment;
use crate::registry::KINDS;

/// Python files that are looked into.
const FILES: usize = 100;

/// Letters of a problem that are shown.
const SHOWN: usize = 120;

/// Models that another tool is set up for.
#[derive(Debug, Default)]
pub struct Peer {
    /// The file or variable that names them.
    pub origin: String,
    /// Kinds and models of ours.
    pub models: Vec<(&'static str, String)>,
    /// Names that mean nothing here.
    pub unknown: Vec<String>,
    /// Why nothing could be read.
    pub problem: Option<String>,
}

/// Everything that other tools are set up for in this folder.
pub fn find(root: &Path, folder: &Folder, environment: &Environment) -> Vec<Peer> {
    let promptfoo = folder.promptfoo.as_ref().map(|path| promptfoo(root, path));
    let variable = "INSPECT_EVAL_MODEL";
    let inspect = environment.get(variable).map(|names| {
        let mut peer = Peer { origin: environment.origin(variable), ..Peer::default() };
        names.split(',').for_each(|name| peer.take(name, inspect_model(name)));
        peer
    });
    let python = folder.python.iter().take(FILES).filter_map(|path| inspect_file(root, path));
    promptfoo.into_iter().chain(inspect).chain(python).collect()
}

impl Peer {
    fn take(&mut self, name: &str, model: Option<(&'static str, String)>) {
        match model {
            Some(model) if self.models.contains(&model) => {}
            Some(model) => self.models.push(model),
            None => self.unknown.push(name.trim().to_owned()),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Promptfoo {
    #[serde(default, alias = "targets")]
    providers: Value,
}

fn promptfoo(root: &Path, path: &Path) -> Peer {
    let mut peer = Peer { origin: path.display().to_string(), ..Peer::default() };
    let text = vision_files::read_text(&root.join(path), TEXT).map_err(|refused| refused.to_string());
    let read = text.and_then(|text| {
        let read = caught(|| serde_saphyr::from_str(&text).map_err(|error| error.to_string()));
        read.unwrap_or_else(|| Err("it is not YAML".to_owned()))
    });
    let config: Promptfoo = match read {
        Ok(config) => config,
        Err(problem) => {
            let first = problem.lines().next().unwrap_or_default();
            peer.problem = Some(first.trim_start_matches("error: ").chars().take(SHOWN).collect());
            return peer;
        }
    };
    for name in provider_ids(&config.providers) {
        peer.take(&name, promptfoo_model(&name));
    }
    peer
}

/// A name, a list of names, objects with an `id`, or objects whose only key is the name.
fn provider_ids(providers: &Value) -> Vec<String> {
    match providers {
        Value::String(name) => vec![name.clone()],
        Value::Array(list) => list.iter().flat_map(provider_ids).collect(),
        Value::Object(entry) => match &entry.get("id") {
            Some(Value::String(name)) => vec![name.clone()],
            _ => entry.keys().cloned().collect(),
        },
        _ => Vec::new(),
    }
}

/// `openai:chat:gpt-5`, `anthropic:messages:claude-…`, `google:gemini-…`
fn promptfoo_model(name: &str) -> Option<(&'static str, String)> {
    let (kind, rest) = name.split_once(':')?;
    let ways = ["chat", "responses", "messages", "completion", "converse"];
    let model = match rest.split_once(':') {
        Some((way, model)) if ways.contains(&way) => model,
        // Images are made, texts embedded, agents started: nothing that answers about a picture.
        Some((other, _)) if matches!(kind, "openai" | "google" | "anthropic") && !other.contains('/') => {
            return None;
        }
        _ => rest,
    };
    model_of(kind, model)
}

/// `google/gemini-…`, `openai-api/PROVIDER/MODEL`
fn inspect_model(name: &str) -> Option<(&'static str, String)> {
    let name = name.trim();
    let (kind, model) = name.strip_prefix("openai-api/").unwrap_or(name).split_once('/')?;
    // `anthropic/bedrock/…` and `google/vertex/…` go through a cloud.
    match (kind, model.split_once('/')) {
        ("anthropic", Some(("bedrock", model))) => model_of("bedrock", model),
        ("google", Some(("vertex", model))) => model_of("vertex", model),
        ("openai", Some(("azure", model))) => model_of("azure", model),
        _ => model_of(kind, model),
    }
}

fn model_of(kind: &str, model: &str) -> Option<(&'static str, String)> {
    let kind = match kind {
        "google" => "gemini",
        "azureai" | "azureopenai" => "azure",
        "togetherai" => "together",
        "grok" => "xai",
        "cloudflare-ai" => "cloudflare",
        other => other,
    };
    let known = KINDS.iter().find(|it| it.name == kind)?;
    let model = model.trim();
    (!model.is_empty() && !model.contains("{{")).then(|| (known.name, model.to_owned()))
}

/// A Python file that uses Inspect and names models in quotes behind `model=` or `get_model(`.
fn inspect_file(root: &Path, path: &Path) -> Option<Peer> {
    let text = vision_files::read_text(&root.join(path), TEXT).ok()?;
    if !text.contains("inspect_ai") {
        return None;
    }
    let mut peer = Peer { origin: path.display().to_string(), ..Peer::default() };
    for marker in ["model=", "model =", "get_model("] {
        for (at, _) in text.match_indices(marker) {
            let rest = text[at + marker.len()..].trim_start();
            let Some(quote) = rest.chars().next().filter(|sign| ['"', '\''].contains(sign)) else { continue };
            if let Some(name) = rest[1..].split(quote).next().filter(|name| name.contains('/')) {
                peer.take(name, inspect_model(name));
            }
        }
    }
    (!peer.models.is_empty() || !peer.unknown.is_empty()).then_some(peer)
}

#[cfg(test)]
mod tests {
    use super::{inspect_model, promptfoo_model, provider_ids};

    #[track_caller]
    fn check(found: Option<(&'static str, String)>, wanted: Option<&str>) {
        assert_eq!(found.map(|(kind, model)| format!("{kind}/{model}")).as_deref(), wanted);
    }

    #[test]
    fn names_of_promptfoo_become_kinds_and_models() {
        for (name, wanted) in [
            ("openai:gpt-5-mini", Some("openai/gpt-5-mini")),
            ("openai:chat:gpt-5", Some("openai/gpt-5")),
            ("openai:responses:gpt-5", Some("openai/gpt-5")),
            ("anthropic:messages:claude-opus-4-6", Some("anthropic/claude-opus-4-6")),
            ("google:gemini-2.5-pro", Some("gemini/gemini-2.5-pro")),
            ("vertex:gemini-2.5-pro", Some("vertex/gemini-2.5-pro")),
            ("openrouter:qwen/qwen3-vl:free", Some("openrouter/qwen/qwen3-vl:free")),
            ("ollama:chat:qwen3-vl:8b", Some("ollama/qwen3-vl:8b")),
            ("openai:image:dall-e-3", None),
            ("file://custom.py", None),
            ("exec: python chain.py", None),
            ("openai:{{ env.MODEL }}", None),
            ("echo", None),
        ] {
            check(promptfoo_model(name), wanted);
        }
    }

    #[test]
    fn names_of_inspect_become_kinds_and_models() {
        for (name, wanted) in [
            ("openai/gpt-5-mini", Some("openai/gpt-5-mini")),
            ("google/gemini-2.5-pro", Some("gemini/gemini-2.5-pro")),
            ("google/vertex/gemini-2.5-pro", Some("vertex/gemini-2.5-pro")),
            ("anthropic/bedrock/anthropic.claude-x", Some("bedrock/anthropic.claude-x")),
            ("grok/grok-4", Some("xai/grok-4")),
            ("openai-api/nebius/qwen", Some("nebius/qwen")),
            ("hf/microsoft/phi", None),
            ("mockllm", None),
        ] {
            check(inspect_model(name), wanted);
        }
    }

    #[test]
    fn providers_are_listed_in_each_form() {
        for (text, wanted) in [
            ("providers: openai:gpt-5", vec!["openai:gpt-5"]),
            (
                "targets:\n  - id: openai:gpt-5\n    config: {temperature: 0}\n  - google:g",
                vec!["openai:gpt-5", "google:g"],
            ),
            ("providers:\n  - openai:gpt-5:\n      config: {}", vec!["openai:gpt-5"]),
            ("prompts: [a]", vec![]),
        ] {
            let config: super::Promptfoo = serde_saphyr::from_str(text).expect("it is YAML");
            assert_eq!(provider_ids(&config.providers), wanted, "{text}");
        }
    }
}
