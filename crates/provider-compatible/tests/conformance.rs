//! The shared suite for every preset.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_compatible::{Config, preset, provider};
use vision_core::ErrorKind::{
    Auth, InvalidRequest, QuotaExhausted, RateLimited, Refused, TooLarge, Unavailable,
};
use vision_core::{Provider, Response, Secret, Stop, Usage, Usd};
use vision_http::{Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Places, Subject, completions};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

const MODEL: &str = "vision-1";

vision_testkit::conformance!(
    compatible,
    subject(
        |key, transport| build("compatible", "vision-1", key, transport),
        fixture!("success"),
        success("vision-1"),
        vec![],
    )
);

vision_testkit::conformance!(ollama, ollama_subject());
vision_testkit::conformance!(llama_cpp, llama_cpp_subject());
vision_testkit::conformance!(vllm, vllm_subject());
vision_testkit::conformance!(openrouter, openrouter_subject());
vision_testkit::conformance!(mistral, mistral_subject());
vision_testkit::conformance!(groq, groq_subject());
vision_testkit::conformance!(azure, azure_subject());

vision_testkit::conformance!(
    together,
    subject(
        |key, transport| build("together", "vision-1", key, transport),
        fixture!("success"),
        success("vision-1"),
        vec![Failure::new(404, fixture!("error_together_model"), InvalidRequest).says("retire every month")],
    )
);

vision_testkit::conformance!(
    fireworks,
    subject(
        |key, transport| build("fireworks", "vision-1", key, transport),
        fixture!("success"),
        success("vision-1"),
        vec![
            Failure::new(404, fixture!("error_fireworks_model"), InvalidRequest)
                .says("accounts/fireworks/models/NAME"),
        ],
    )
);

/// Hosts that differ from the plain dialect in little.
macro_rules! plain {
    ($($module:ident)*) => {
        $(
            vision_testkit::conformance!(
                $module,
                subject(
                    |key, transport| build(stringify!($module), "vision-1", key, transport),
                    fixture!("success"),
                    success("vision-1"),
                    vec![],
                )
            );
        )*
    };
}

plain!(xai qwen nvidia huggingface moonshot zai novita nebius sambanova cloudflare cohere baseten);

vision_testkit::conformance!(cerebras, {
    let plain = subject(
        |key, transport| build("cerebras", "vision-1", key, transport),
        fixture!("success"),
        success("vision-1"),
        vec![],
    );
    Subject { places: Places { cap: Some("/max_completion_tokens"), ..plain.places }, ..plain }
});

fn build(name: &str, model: &str, key: Secret, transport: Arc<dyn Transport>) -> Provider {
    let mut config = Config::new(preset(name).unwrap(), model, Some(key));
    if config.base_url.is_empty() {
        config.base_url = "https://vision.example.test/v1".to_owned();
    }
    provider(config, transport).unwrap()
}

fn subject(
    build: fn(Secret, Arc<dyn Transport>) -> Provider,
    body: &'static str,
    response: Response,
    failures: Vec<Failure>,
) -> Subject {
    let everywhere = [
        Failure::new(400, fixture!("error"), InvalidRequest),
        Failure::new(401, fixture!("error"), Auth),
        Failure::new(429, fixture!("error_rate"), RateLimited),
        Failure::new(429, fixture!("error_quota"), QuotaExhausted),
        Failure::new(500, fixture!("error"), Unavailable),
    ];
    Subject {
        places: Places {
            pdf: Some("/messages/0/content/*/file/file_data"),
            audio: Some("/messages/0/content/*/input_audio/data"),
            detail: completions::DETAIL,
            ..completions::places()
        },
        answers: completions::answers(MODEL, MODEL, vec![]),
        failures: everywhere.into_iter().chain(failures).collect(),
        ..Subject::new(build, Reply::json_text(200, body).with_header("x-request-id", "req_hand1"), response)
    }
}

fn success(model: &str) -> Response {
    Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: completions::usage(1310, 48),
        model: Some(model.to_owned()),
        request_id: Some("req_hand1".to_owned()),
        ..completions::answer(MODEL, Stop::Complete)
    }
}

fn ollama_subject() -> Subject {
    let response = Response { fingerprint: Some("fp_ollama".to_owned()), ..success("gemma3:12b") };
    let failures = vec![
        Failure::new(404, fixture!("error_ollama_missing"), InvalidRequest).says("ollama pull gemma3:12b"),
        Failure::new(404, fixture!("error_ollama_native"), InvalidRequest).says("ollama pull gemma3:12b"),
        Failure::new(400, fixture!("error_ollama_image"), InvalidRequest).says("JPEG, PNG and WebP only"),
        Failure::new(500, fixture!("error_ollama_blind"), InvalidRequest).says("does not look at images"),
    ];
    subject(
        |key, transport| build("ollama", "gemma3:12b", key, transport),
        fixture!("success_ollama"),
        response,
        failures,
    )
}

fn llama_cpp_subject() -> Subject {
    let response = Response {
        fingerprint: Some("b6000-abc".to_owned()),
        usage: Usage { cached: Some(1000), ..completions::usage(1310, 48) },
        ..success("gemma-3-12b-it-Q4_K_M.gguf")
    };
    let failures = vec![
        Failure::new(500, fixture!("error_llama_cpp_mmproj"), InvalidRequest)
            .says("llama-server with --mmproj"),
        Failure::new(503, fixture!("error_llama_cpp_loading"), Unavailable).says("still reading the model"),
        Failure::new(400, fixture!("error_llama_cpp_context"), TooLarge),
    ];
    subject(
        |key, transport| build("llama.cpp", "gemma-3-12b-it", key, transport),
        fixture!("success_llama_cpp"),
        response,
        failures,
    )
}

fn vllm_subject() -> Subject {
    let failures = vec![
        Failure::new(400, fixture!("error_vllm_images"), InvalidRequest).says("--limit-mm-per-prompt"),
        Failure::new(404, fixture!("error_vllm_flat"), InvalidRequest).says("--served-model-name"),
        Failure::new(400, fixture!("error_vllm_length"), TooLarge).says("--max-model-len"),
    ];
    subject(
        |key, transport| build("vllm", "Qwen/Qwen3-VL-8B-Instruct", key, transport),
        fixture!("success_vllm"),
        success("Qwen/Qwen3-VL-8B-Instruct"),
        failures,
    )
}

fn openrouter_subject() -> Subject {
    let response = Response {
        usage: Usage { cached: Some(0), reasoning: Some(16), ..completions::usage(1310, 48) },
        cost: Some(Usd(0.00042)),
        ..success("qwen/qwen3-vl-30b-a3b-instruct")
    };
    let failures = vec![
        Failure::new(402, fixture!("error_openrouter_credit"), QuotaExhausted).says("settings/credits"),
        Failure::new(200, fixture!("error_openrouter_credit"), QuotaExhausted).says("settings/credits"),
        Failure::new(200, fixture!("error_openrouter_inside"), Unavailable).says("model is busy"),
        Failure::new(200, fixture!("error_openrouter_choice"), Unavailable).says("Upstream error"),
        Failure::new(403, fixture!("error_openrouter_moderated"), Refused).says("flagged"),
        Failure::new(404, fixture!("error_openrouter_image"), InvalidRequest).says("try another model"),
    ];
    subject(
        |key, transport| build("openrouter", "qwen/qwen3-vl-30b-a3b-instruct", key, transport),
        fixture!("success_openrouter"),
        response,
        failures,
    )
}

fn mistral_subject() -> Subject {
    let response = Response {
        usage: Usage { cached: Some(64), ..completions::usage(1310, 48) },
        ..success("mistral-small-2603")
    };
    let thought = Response {
        text: "4".to_owned(),
        usage: completions::usage(20, 9),
        model: Some("magistral-medium".to_owned()),
        ..completions::answer(MODEL, Stop::Complete)
    };
    let failures = vec![
        Failure::new(422, fixture!("error_mistral_validation"), InvalidRequest).says("body.temperature: "),
        Failure::new(400, fixture!("error_mistral_flat"), InvalidRequest).says("mistral-huge"),
    ];
    let subject = subject(
        |key, transport| build("mistral", "mistral-small-latest", key, transport),
        fixture!("success_mistral"),
        response,
        failures,
    );
    Subject {
        request_schema: Some("mistral.chat.request"),
        places: Places {
            pdf: Some("/messages/0/content/*/document_url"),
            seed: Some("/random_seed"),
            effort: None,
            ..subject.places
        },
        answers: Answers {
            more: vec![Answer::new(fixture!("thinking_mistral"), thought)],
            ..completions::answers(MODEL, MODEL, vec![])
        },
        ..subject
    }
}

fn groq_subject() -> Subject {
    let response = Response {
        fingerprint: Some("fp_groq".to_owned()),
        service_tier: Some("on_demand".to_owned()),
        ..success("qwen/qwen3.8-27b")
    };
    let failures = vec![
        Failure::new(413, fixture!("error_groq_large"), TooLarge).says("4 MB as Base64"),
        Failure::new(404, fixture!("error_groq_model"), InvalidRequest).says("one vision model at a time"),
    ];
    let subject = subject(
        |key, transport| build("groq", "qwen/qwen3.8-27b", key, transport),
        fixture!("success_groq"),
        response,
        failures,
    );
    Subject {
        places: Places { cap: Some("/max_completion_tokens"), effort: None, ..subject.places },
        ..subject
    }
}

fn azure_subject() -> Subject {
    let response = Response {
        usage: Usage { cached: Some(0), audio: Some(0), ..completions::usage(1310, 48) },
        fingerprint: Some("fp_az".to_owned()),
        ..success("gpt-5.6-sol-2026-07-09")
    };
    let filtered = Response {
        usage: completions::usage(180, 1),
        ..completions::answer(MODEL, Stop::Filtered(Some("violence".to_owned())))
    };
    let failures = vec![
        Failure::new(400, fixture!("error_azure_filter"), Refused).says("because of its content"),
        Failure::new(404, fixture!("error_azure_deployment"), InvalidRequest).says("one called gpt-4o-eu?"),
        Failure::new(429, fixture!("error_azure_rate"), RateLimited)
            .header("retry-after-ms", "1200")
            .after(std::time::Duration::from_millis(1200)),
    ];
    let subject = subject(
        |key, transport| build("azure", "gpt-4o-eu", key, transport),
        fixture!("success_azure"),
        response,
        failures,
    );
    Subject {
        request_schema: Some("openai.chat.request"),
        places: Places { cap: Some("/max_completion_tokens"), ..subject.places },
        answers: Answers {
            filtered: Some(Answer::new(fixture!("filtered_azure"), filtered)),
            ..completions::answers(MODEL, MODEL, vec![])
        },
        ..subject
    }
}
