use vision_chat::{
    AudioShape, AuthStyle, Help, Host, PdfShape, SchemaShape, Seed, SeedField, StreamOptions, Temperature,
    TokenCap,
};
use vision_core::ErrorKind::{InvalidRequest, TooLarge};
use vision_core::{Detail, Effort, MediaKind};

mod more;

/// What is known of a kind of server.
#[derive(Debug)]
pub struct Preset {
    /// How it speaks the dialect; its name is the preset's.
    pub host: Host,
    /// Whether it wants a key.
    pub key_need: KeyNeed,
    /// Variables that may hold the key, best first.
    pub key_variables: &'static [&'static str],
    /// Where to get a key.
    pub key_page: &'static str,
    /// The variable that may hold the base URL.
    pub base_url_variable: &'static str,
    /// A model to start with.
    pub example: &'static str,
    /// Requests in flight that the host takes without complaint.
    pub concurrency: usize,
    /// What a base URL looks like, where the preset has none.
    pub base_url_hint: &'static str,
    /// What to do if nothing answers; `{model}` stands for the model's name.
    pub offline: Option<&'static str>,
}

/// Whether a server wants a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyNeed {
    /// Nothing goes without one.
    Required,
    /// Only if whoever runs it says so.
    Optional,
}

/// The preset of this name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.host.name == name)
}

/// Every preset. The first is for servers that none of the others is for.
pub const PRESETS: &[Preset] = &[
    COMPATIBLE,
    OLLAMA,
    LLAMA_CPP,
    VLLM,
    OPENROUTER,
    MISTRAL,
    GROQ,
    TOGETHER,
    FIREWORKS,
    AZURE,
    more::XAI,
    more::QWEN,
    more::NVIDIA,
    more::HUGGINGFACE,
    more::MOONSHOT,
    more::ZAI,
    more::NOVITA,
    more::NEBIUS,
    more::SAMBANOVA,
    more::CLOUDFLARE,
    more::COHERE,
    more::CEREBRAS,
    more::BASETEN,
];

const HERE: Preset = Preset {
    host: Host::PLAIN,
    key_need: KeyNeed::Optional,
    key_variables: crate::KEY_VARIABLES,
    key_page: crate::KEY_PAGE,
    base_url_variable: "COMPATIBLE_BASE_URL",
    example: "a-model",
    concurrency: 4,
    base_url_hint: "it looks like http://localhost:8000/v1",
    offline: None,
};

const THERE: Preset = Preset { key_need: KeyNeed::Required, ..HERE };

const COMPATIBLE: Preset = Preset {
    host: Host {
        formats: &[
            MediaKind::Png,
            MediaKind::Jpeg,
            MediaKind::Webp,
            MediaKind::Gif,
            MediaKind::Pdf,
            MediaKind::Wav,
            MediaKind::Mp3,
        ],
        url_input: true,
        schema: Some(SchemaShape::Named),
        details: OPENAI_DETAILS,
        efforts: OPENAI_EFFORTS,
        ..Host::PLAIN
    },
    ..HERE
};

const OLLAMA: Preset = Preset {
    host: Host {
        name: "ollama",
        base_url: "http://localhost:11434/v1",
        schema: Some(SchemaShape::Named),
        efforts: &[Effort::None, Effort::Low, Effort::Medium, Effort::High, Effort::Max],
        help: &[
            advice(404, "", "model not pulled: ollama pull {model}"),
            advice(400, "does not support thinking", "leave the effort unset for {model}"),
            advice(400, "invalid image input", "it takes JPEG, PNG and WebP only"),
            Help {
                status: Some(500),
                words: "image input",
                kind: Some(InvalidRequest),
                advice: "{model} does not look at images: pull one that does",
            },
        ],
        ..Host::PLAIN
    },
    offline: Some("is Ollama running? start it with: ollama serve"),
    base_url_variable: "OLLAMA_BASE_URL",
    example: "qwen3-vl",
    concurrency: 1,
    ..HERE
};

const LLAMA_CPP: Preset = Preset {
    host: Host {
        name: "llama.cpp",
        base_url: "http://localhost:8080/v1",
        formats: &[
            MediaKind::Png,
            MediaKind::Jpeg,
            MediaKind::Gif,
            MediaKind::Bmp,
            MediaKind::Wav,
            MediaKind::Mp3,
            MediaKind::Flac,
        ],
        url_input: true,
        schema: Some(SchemaShape::Named),
        help: &[
            Help { status: None, words: "mmproj", kind: Some(InvalidRequest), advice: MMPROJ },
            Help {
                status: None,
                words: "input is not supported",
                kind: Some(InvalidRequest),
                advice: MMPROJ,
            },
            advice(503, "loading model", "it is still reading the model into memory: try again in a minute"),
        ],
        ..Host::PLAIN
    },
    offline: Some("is the server running? start it with: llama-server -m MODEL.gguf --mmproj PROJECTOR.gguf"),
    base_url_variable: "LLAMA_CPP_BASE_URL",
    example: "default",
    concurrency: 1,
    ..HERE
};

const MMPROJ: &str = "the server was started without the model's eyes and ears: start llama-server with --mmproj PROJECTOR.gguf";

const VLLM: Preset = Preset {
    host: Host {
        name: "vllm",
        base_url: "http://localhost:8000/v1",
        formats: &[MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp, MediaKind::Wav, MediaKind::Mp3],
        url_input: true,
        schema: Some(SchemaShape::Named),
        efforts: &[Effort::Low, Effort::Medium, Effort::High],
        help: &[
            Help { status: None, words: "limit-mm-per-prompt", kind: None, advice: MORE_IMAGES },
            Help { status: None, words: "may be provided in one prompt", kind: None, advice: MORE_IMAGES },
            advice(404, "", "it serves its models under the names of --served-model-name: list them"),
            advice(400, "multimodal", "{model} does not look at images: serve one that does"),
            Help {
                status: Some(400),
                words: "maximum context length",
                kind: Some(TooLarge),
                advice: "start vLLM with a larger --max-model-len",
            },
        ],
        ..Host::PLAIN
    },
    offline: Some("is the server running? start it with: vllm serve {model}"),
    base_url_variable: "VLLM_BASE_URL",
    example: "Qwen/Qwen3-VL-30B-A3B-Instruct",
    concurrency: 16,
    ..HERE
};

const MORE_IMAGES: &str = "start vLLM with --limit-mm-per-prompt '{\"image\":N}' for N images in a request";

const OPENROUTER: Preset = Preset {
    host: Host {
        name: "openrouter",
        base_url: "https://openrouter.ai/api/v1",
        headers: &[("x-title", "vision-eval")],
        formats: &[
            MediaKind::Png,
            MediaKind::Jpeg,
            MediaKind::Webp,
            MediaKind::Gif,
            MediaKind::Pdf,
            MediaKind::Wav,
            MediaKind::Mp3,
        ],
        url_input: true,
        schema: Some(SchemaShape::Named),
        details: OPENAI_DETAILS,
        efforts: OPENAI_EFFORTS,
        cost: Some("cost"),
        help: &[
            advice(402, "", "add credit at https://openrouter.ai/settings/credits"),
            advice(
                404,
                "no endpoints",
                "no provider of {model} takes this kind of request: try another model",
            ),
        ],
        ..Host::PLAIN
    },
    key_variables: &["OPENROUTER_API_KEY"],
    key_page: "https://openrouter.ai/settings/keys",
    base_url_variable: "OPENROUTER_BASE_URL",
    example: "google/gemma-4-31b-it",
    concurrency: 8,
    ..THERE
};

const MISTRAL: Preset = Preset {
    host: Host {
        name: "mistral",
        base_url: "https://api.mistral.ai/v1",
        formats: &[
            MediaKind::Png,
            MediaKind::Jpeg,
            MediaKind::Webp,
            MediaKind::Gif,
            MediaKind::Pdf,
            MediaKind::Wav,
            MediaKind::Mp3,
        ],
        url_input: true,
        pdf: PdfShape::DocumentUrl,
        audio: AudioShape::Text,
        schema: Some(SchemaShape::Named),
        details: &[Detail::Low, Detail::Auto, Detail::High],
        efforts: &[Effort::None, Effort::High],
        temperature: Temperature::UpTo(1.5),
        seed: Some(Seed { field: SeedField::RandomSeed, least: 0 }),
        // It knows no such parameter.
        logprobs: false,
        stream: StreamOptions::None,
        help: &[advice(
            429,
            "",
            "the limits of a workspace are at https://admin.mistral.ai/plateforme/limits",
        )],
        ..Host::PLAIN
    },
    key_variables: &["MISTRAL_API_KEY"],
    key_page: "https://console.mistral.ai/api-keys",
    base_url_variable: "MISTRAL_BASE_URL",
    example: "mistral-small-latest",
    ..THERE
};

const GROQ: Preset = Preset {
    host: Host {
        name: "groq",
        base_url: "https://api.groq.com/openai/v1",
        formats: &[MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp],
        url_input: true,
        max_images: Some(5),
        max_image_pixels: Some(33_000_000),
        max_request_bytes: Some(4 << 20),
        cap: TokenCap::MaxCompletionTokens,
        schema: Some(SchemaShape::Named),
        efforts: &[Effort::None, Effort::Low, Effort::Medium, Effort::High],
        // A request with it is refused.
        logprobs: false,
        help: &[
            advice(413, PER_MINUTE, "the whole request must fit into the tokens per minute of your tier"),
            advice(413, "", "images of a request may have 4 MB as Base64: make them smaller, or send links"),
            advice(404, "", "it offers one vision model at a time: list its models"),
        ],
        ..Host::PLAIN
    },
    key_variables: &["GROQ_API_KEY"],
    key_page: "https://console.groq.com/keys",
    base_url_variable: "GROQ_BASE_URL",
    example: "qwen/qwen3.8-27b",
    ..THERE
};

const PER_MINUTE: &str = "tokens per minute";

const TOGETHER: Preset = Preset {
    host: Host {
        name: "together",
        base_url: "https://api.together.xyz/v1",
        url_input: true,
        schema: Some(SchemaShape::Named),
        efforts: &[Effort::Low, Effort::Medium, Effort::High],
        help: &[advice(404, "", "models retire every month here: list them")],
        ..Host::PLAIN
    },
    key_variables: &["TOGETHER_API_KEY"],
    key_page: "https://api.together.ai/settings/api-keys",
    base_url_variable: "TOGETHER_BASE_URL",
    example: "Qwen/Qwen3.5-9B",
    concurrency: 8,
    ..THERE
};

const FIREWORKS: Preset = Preset {
    host: Host {
        name: "fireworks",
        base_url: "https://api.fireworks.ai/inference/v1",
        url_input: true,
        max_images: Some(30),
        max_request_bytes: Some(10_000_000),
        schema: Some(SchemaShape::Named),
        efforts: &[Effort::None, Effort::Low, Effort::Medium, Effort::High],
        help: &[advice(
            404,
            "",
            "models are called accounts/fireworks/models/NAME, and retire every month: list them",
        )],
        ..Host::PLAIN
    },
    key_variables: &["FIREWORKS_API_KEY"],
    key_page: "https://app.fireworks.ai/settings/users/api-keys",
    base_url_variable: "FIREWORKS_BASE_URL",
    example: "accounts/fireworks/models/qwen3p7-plus",
    concurrency: 8,
    ..THERE
};

/// Models are called by the names of their deployments.
const AZURE: Preset = Preset {
    host: Host {
        name: "azure",
        auth: AuthStyle::Header("api-key"),
        formats: &[MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp, MediaKind::Gif, MediaKind::Pdf],
        url_input: true,
        max_images: Some(50),
        max_image_bytes: Some(20 << 20),
        cap: TokenCap::MaxCompletionTokens,
        schema: Some(SchemaShape::Named),
        details: OPENAI_DETAILS,
        efforts: OPENAI_EFFORTS,
        help: &[
            advice(
                404,
                "",
                "on Azure the model is the name of your deployment: is there one called {model}?",
            ),
            advice(401, "", "key and resource must belong together; a token of Entra wants Bearer"),
        ],
        ..Host::PLAIN
    },
    key_variables: &["AZURE_OPENAI_API_KEY"],
    key_page: "https://ai.azure.com, at your resource under \"Keys and Endpoint\"",
    base_url_hint: "it looks like https://RESOURCE.openai.azure.com/openai/v1",
    base_url_variable: "AZURE_OPENAI_BASE_URL",
    example: "my-deployment",
    concurrency: 8,
    ..THERE
};

const OPENAI_DETAILS: &[Detail] = &[Detail::Auto, Detail::Low, Detail::High];

const OPENAI_EFFORTS: &[Effort] =
    &[Effort::None, Effort::Minimal, Effort::Low, Effort::Medium, Effort::High, Effort::Xhigh, Effort::Max];

const fn advice(status: u16, words: &'static str, advice: &'static str) -> Help {
    Help { status: Some(status), words, kind: None, advice }
}
