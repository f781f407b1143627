//! Hosts that differ from the plain dialect in little: collected 2026-11-28 from the vendors' documentation and libraries.

use vision_chat::{Help, Host, SchemaShape, TokenCap};
use vision_core::{Detail, Effort, ErrorKind, MediaKind};

use super::{OPENAI_DETAILS, Preset, THERE, advice};

const MIB: usize = 1 << 20;

const PICTURES: &[MediaKind] = &[MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp, MediaKind::Gif];
const PNG_AND_JPEG: &[MediaKind] = &[MediaKind::Png, MediaKind::Jpeg];

pub(super) const XAI: Preset = Preset {
    host: Host {
        name: "xai",
        base_url: "https://api.x.ai/v1",
        formats: PNG_AND_JPEG,
        url_input: true,
        max_image_bytes: Some(20 * MIB),
        schema: Some(SchemaShape::Named),
        details: OPENAI_DETAILS,
        // The status of a key without rights, and so are its other words.
        help: &[Help {
            status: Some(403),
            words: "violates usage guidelines",
            kind: Some(ErrorKind::Refused),
            advice: "",
        }],
        ..Host::PLAIN
    },
    key_variables: &["XAI_API_KEY"],
    key_page: "https://console.x.ai",
    base_url_variable: "XAI_BASE_URL",
    example: "grok-4.3",
    ..THERE
};

/// Keys belong to a region. A workspace has an address of its own.
pub(super) const QWEN: Preset = Preset {
    host: Host {
        name: "qwen",
        base_url: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        formats: &[
            MediaKind::Png,
            MediaKind::Jpeg,
            MediaKind::Webp,
            MediaKind::Bmp,
            MediaKind::Tiff,
            MediaKind::Heic,
        ],
        url_input: true,
        max_image_bytes: Some(10 * MIB / 4 * 3),
        schema: Some(SchemaShape::Named),
        help: &[advice(
            401,
            "",
            "keys belong to a region: set the base URL of the key's own workspace or region",
        )],
        ..Host::PLAIN
    },
    key_variables: &["DASHSCOPE_API_KEY"],
    key_page: "https://modelstudio.console.alibabacloud.com",
    base_url_variable: "QWEN_BASE_URL",
    example: "qwen3-vl-plus",
    ..THERE
};

/// Larger images would have to be uploaded first.
pub(super) const NVIDIA: Preset = Preset {
    host: Host {
        name: "nvidia",
        base_url: "https://integrate.api.nvidia.com/v1",
        max_image_bytes: Some(180_000 / 4 * 3),
        ..Host::PLAIN
    },
    key_variables: &["NVIDIA_API_KEY"],
    key_page: "https://build.nvidia.com",
    base_url_variable: "NVIDIA_BASE_URL",
    example: "meta/llama-4-maverick-17b-128e-instruct",
    ..THERE
};

/// A gateway: `org/model:provider` keeps to one of the hosts behind it.
pub(super) const HUGGINGFACE: Preset = Preset {
    host: Host {
        name: "huggingface",
        base_url: "https://router.huggingface.co/v1",
        url_input: true,
        schema: Some(SchemaShape::Named),
        help: &[advice(402, "", "the credits of this month are used up")],
        ..Host::PLAIN
    },
    key_variables: &["HF_TOKEN"],
    key_page: "https://huggingface.co/settings/tokens",
    base_url_variable: "HUGGINGFACE_BASE_URL",
    example: "google/gemma-4-31b-it:fastest",
    ..THERE
};

pub(super) const MOONSHOT: Preset = Preset {
    host: Host {
        name: "moonshot",
        base_url: "https://api.moonshot.ai/v1",
        formats: PICTURES,
        efforts: &[Effort::Low, Effort::High, Effort::Max],
        ..Host::PLAIN
    },
    key_variables: &["MOONSHOT_API_KEY"],
    key_page: "https://platform.moonshot.ai/console/api-keys",
    base_url_variable: "MOONSHOT_BASE_URL",
    example: "kimi-k2.6",
    ..THERE
};

pub(super) const ZAI: Preset = Preset {
    host: Host {
        name: "zai",
        base_url: "https://api.z.ai/api/paas/v4",
        formats: PNG_AND_JPEG,
        url_input: true,
        max_image_bytes: Some(5 * MIB),
        max_image_pixels: Some(36_000_000),
        // "Insufficient balance or no resource package", with the status of a limit that passes.
        help: &[Help { status: Some(429), words: "1113", kind: Some(ErrorKind::QuotaExhausted), advice: "" }],
        ..Host::PLAIN
    },
    key_variables: &["ZAI_API_KEY"],
    key_page: "https://z.ai/manage-apikey/apikey-list",
    base_url_variable: "ZAI_BASE_URL",
    example: "glm-5v-turbo",
    ..THERE
};

pub(super) const NOVITA: Preset = Preset {
    host: Host {
        name: "novita",
        base_url: "https://api.novita.ai/openai/v1",
        url_input: true,
        schema: Some(SchemaShape::Named),
        ..Host::PLAIN
    },
    key_variables: &["NOVITA_API_KEY"],
    key_page: "https://novita.ai/settings/key-management",
    base_url_variable: "NOVITA_BASE_URL",
    example: "google/gemma-4-31b-it",
    ..THERE
};

pub(super) const NEBIUS: Preset = Preset {
    host: Host {
        name: "nebius",
        base_url: "https://api.tokenfactory.nebius.com/v1",
        url_input: true,
        schema: Some(SchemaShape::Named),
        ..Host::PLAIN
    },
    key_variables: &["NEBIUS_API_KEY"],
    key_page: "https://tokenfactory.nebius.com",
    base_url_variable: "NEBIUS_BASE_URL",
    example: "google/gemma-3-27b-it",
    ..THERE
};

pub(super) const SAMBANOVA: Preset = Preset {
    host: Host {
        name: "sambanova",
        base_url: "https://api.sambanova.ai/v1",
        max_images: Some(1),
        seed: None,
        ..Host::PLAIN
    },
    key_variables: &["SAMBANOVA_API_KEY"],
    key_page: "https://cloud.sambanova.ai/apis",
    base_url_variable: "SAMBANOVA_BASE_URL",
    example: "gemma-4-31B-it",
    ..THERE
};

/// The account is part of the address.
pub(super) const CLOUDFLARE: Preset = Preset {
    host: Host { name: "cloudflare", ..Host::PLAIN },
    key_variables: &["CLOUDFLARE_API_KEY"],
    key_page: "https://dash.cloudflare.com/profile/api-tokens",
    base_url_hint: "it looks like https://api.cloudflare.com/client/v4/accounts/ACCOUNT/ai/v1",
    base_url_variable: "CLOUDFLARE_BASE_URL",
    example: "@cf/meta/llama-3.2-11b-vision-instruct",
    ..THERE
};

pub(super) const COHERE: Preset = Preset {
    host: Host {
        name: "cohere",
        base_url: "https://api.cohere.ai/compatibility/v1",
        formats: PICTURES,
        url_input: true,
        max_images: Some(20),
        max_request_bytes: Some(20 * MIB),
        schema: Some(SchemaShape::Named),
        details: OPENAI_DETAILS,
        ..Host::PLAIN
    },
    key_variables: &["COHERE_API_KEY", "CO_API_KEY"],
    key_page: "https://dashboard.cohere.com/api-keys",
    base_url_variable: "COHERE_BASE_URL",
    example: "command-a-vision-07-2025",
    ..THERE
};

pub(super) const CEREBRAS: Preset = Preset {
    host: Host {
        name: "cerebras",
        base_url: "https://api.cerebras.ai/v1",
        formats: PNG_AND_JPEG,
        cap: TokenCap::MaxCompletionTokens,
        schema: Some(SchemaShape::Named),
        ..Host::PLAIN
    },
    key_variables: &["CEREBRAS_API_KEY"],
    key_page: "https://cloud.cerebras.ai",
    base_url_variable: "CEREBRAS_BASE_URL",
    example: "gemma-4-31b",
    ..THERE
};

pub(super) const BASETEN: Preset = Preset {
    host: Host {
        name: "baseten",
        base_url: "https://inference.baseten.co/v1",
        url_input: true,
        schema: Some(SchemaShape::Named),
        details: &[Detail::Auto, Detail::Low, Detail::High, Detail::Original],
        ..Host::PLAIN
    },
    key_variables: &["BASETEN_API_KEY"],
    key_page: "https://app.baseten.co/settings/api_keys",
    base_url_variable: "BASETEN_BASE_URL",
    example: "zai-org/GLM-5.3-Flash",
    ..THERE
};
