//! Every provider that speaks to a host, with what the command line needs to reach it here.

use super::shell::{Host, Shell};

/// One way to a model.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    /// PROVIDER/MODEL.
    pub name: &'static str,
    /// The variables of key and address.
    pub key: &'static str,
    pub base_url: &'static str,
    /// What follows the host in the address.
    pub path: &'static str,
    /// Whether it takes PDF as it is.
    pub pdf: bool,
    /// Whether it takes WAV beside a question.
    pub wav: bool,
    /// Whether it can be held to JSON of any shape.
    pub json: bool,
}

const CHAT: Door = Door { name: "", key: "", base_url: "", path: "/v1", pdf: false, wav: false, json: true };

pub const DOORS: [Door; 18] = [
    Door {
        name: "openai/gpt-5.6-luna",
        key: "OPENAI_API_KEY",
        base_url: "OPENAI_BASE_URL",
        pdf: true,
        ..CHAT
    },
    // Stands behind the Responses API only.
    Door { name: "openai/gpt-5-pro", key: "OPENAI_API_KEY", base_url: "OPENAI_BASE_URL", pdf: true, ..CHAT },
    Door {
        name: "anthropic/claude-haiku-5-5",
        key: "ANTHROPIC_API_KEY",
        base_url: "ANTHROPIC_BASE_URL",
        path: "",
        pdf: true,
        json: false,
        ..CHAT
    },
    Door {
        name: "gemini/gemini-3.7-flash",
        key: "GEMINI_API_KEY",
        base_url: "GEMINI_BASE_URL",
        path: "",
        pdf: true,
        wav: true,
        ..CHAT
    },
    Door {
        name: "deepinfra/Qwen/Qwen3-VL-30B-A3B-Instruct",
        key: "DEEPINFRA_API_KEY",
        base_url: "DEEPINFRA_BASE_URL",
        path: "/v1/openai",
        ..CHAT
    },
    Door {
        name: "aimlapi/google/gemma-3-27b-it",
        key: "AIMLAPI_API_KEY",
        base_url: "AIMLAPI_BASE_URL",
        path: "",
        ..CHAT
    },
    Door { name: "yandex/gemma-3-27b-it", key: "YANDEX_API_KEY", base_url: "YANDEX_BASE_URL", ..CHAT },
    Door {
        name: "tsystems/Qwen3-VL-30B-A3B-Instruct-FP8",
        key: "TSYSTEMS_API_KEY",
        base_url: "TSYSTEMS_BASE_URL",
        path: "/v2",
        ..CHAT
    },
    Door {
        name: "compatible/a-model",
        key: "COMPATIBLE_API_KEY",
        base_url: "COMPATIBLE_BASE_URL",
        pdf: true,
        wav: true,
        ..CHAT
    },
    Door { name: "ollama/qwen3-vl", key: "COMPATIBLE_API_KEY", base_url: "OLLAMA_BASE_URL", ..CHAT },
    Door {
        name: "llama.cpp/default",
        key: "COMPATIBLE_API_KEY",
        base_url: "LLAMA_CPP_BASE_URL",
        wav: true,
        ..CHAT
    },
    Door {
        name: "vllm/Qwen/Qwen3-VL",
        key: "COMPATIBLE_API_KEY",
        base_url: "VLLM_BASE_URL",
        wav: true,
        ..CHAT
    },
    Door {
        name: "openrouter/google/gemma-4-31b-it",
        key: "OPENROUTER_API_KEY",
        base_url: "OPENROUTER_BASE_URL",
        path: "/api/v1",
        pdf: true,
        wav: true,
        ..CHAT
    },
    Door {
        name: "groq/qwen/qwen3.8-27b",
        key: "GROQ_API_KEY",
        base_url: "GROQ_BASE_URL",
        path: "/openai/v1",
        ..CHAT
    },
    Door { name: "together/Qwen/Qwen3.5-9B", key: "TOGETHER_API_KEY", base_url: "TOGETHER_BASE_URL", ..CHAT },
    Door {
        name: "fireworks/accounts/fireworks/models/qwen3p7-plus",
        key: "FIREWORKS_API_KEY",
        base_url: "FIREWORKS_BASE_URL",
        path: "/inference/v1",
        ..CHAT
    },
    Door {
        name: "bedrock/amazon.nova-lite-v1:0",
        key: "AWS_BEARER_TOKEN_BEDROCK",
        base_url: "BEDROCK_BASE_URL",
        path: "",
        pdf: true,
        json: false,
        ..CHAT
    },
    Door {
        name: "azure/my-deployment",
        key: "AZURE_OPENAI_API_KEY",
        base_url: "AZURE_OPENAI_BASE_URL",
        path: "/openai/v1",
        pdf: true,
        ..CHAT
    },
];

/// Mistral's documents and sounds have a shape of their own, which the strict schema of the dialect does not know.
pub const MISTRAL: Door = Door {
    name: "mistral/mistral-small-latest",
    key: "MISTRAL_API_KEY",
    base_url: "MISTRAL_BASE_URL",
    ..CHAT
};

pub const KEY: &str = "sk-Qz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf0";
pub const FOLDER: &str = "b1gq8w7e6r5t4y3u2i1o";

pub fn every() -> impl Iterator<Item = Door> {
    DOORS.into_iter().chain([MISTRAL])
}

/// Does the same through every door, all at once: most of it is waiting.
pub fn all(check: impl Fn(Door) + Sync) {
    std::thread::scope(|scope| {
        let check = &check;
        for door in every() {
            scope.spawn(move || check(door));
        }
    });
}

impl Door {
    /// Opens it in `shell`; `fault` is asked for in the address.
    pub fn open(&self, shell: &mut Shell, host: &Host, fault: Option<&str>) {
        let fault = fault.map(|fault| format!("/__fault/{fault}")).unwrap_or_default();
        shell.set(self.key, KEY).set("YANDEX_FOLDER_ID", FOLDER).set("AWS_REGION", "us-east-1");
        shell.set(self.base_url, format!("{}{fault}{}", host.url(), self.path));
    }

    /// A shell in which it is open.
    pub fn shell(&self, host: &Host, fault: Option<&str>) -> Shell {
        let mut shell = Shell::new();
        self.open(&mut shell, host, fault);
        shell
    }
}
