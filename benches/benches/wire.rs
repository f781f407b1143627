//! What a request costs on its way out, and its reply on the way in: each dialect at 0.1, 1 and 10 MB of image.

use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use vision_core::{ErrorKind, Facts, Media, Part, Provider, Request, Result, Secret, Task, Timing};
use vision_http::{Call, Reply, Transport};

const SIZES: [(&str, usize); 3] = [("0.1 MB", 100_000), ("1 MB", 1_000_000), ("10 MB", 10_000_000)];

/// Takes everything and answers at once.
#[derive(Debug)]
struct Echo(&'static str);

#[async_trait]
impl Transport for Echo {
    async fn send(&self, call: Call) -> Result<Reply> {
        black_box(call);
        let timing = Timing::default();
        let body = Bytes::from_static(self.0.as_bytes());
        Ok(Reply { status: 200, body, timing, ..Reply::default() })
    }
}

const CHAT: &str = r#"{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"a chart"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":9,"total_tokens":1009}}"#;
const RESPONSES: &str = r#"{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"gpt-5-pro","output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"a chart","annotations":[]}]}],"usage":{"input_tokens":1000,"input_tokens_details":{"cached_tokens":0},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":1009}}"#;
const MESSAGES: &str = r#"{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-5-5","content":[{"type":"text","text":"a chart"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1000,"output_tokens":9}}"#;
const GENERATE: &str = r#"{"candidates":[{"content":{"parts":[{"text":"a chart"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":9,"totalTokenCount":1009},"modelVersion":"gemini-3.7-flash"}"#;

fn providers() -> Vec<(&'static str, Provider)> {
    let key = || Secret::new("a-key");
    let preset = provider_compatible::preset("compatible").expect("it is always there");
    let compatible = provider_compatible::Config {
        base_url: "http://localhost:1/v1".to_owned(),
        ..provider_compatible::Config::new(preset, "m", None)
    };
    let openai = provider_openai::Config::new("gpt-5-pro", key());
    let pause = provider_gemini::Pause::new(tokio::time::sleep);
    let anthropic = provider_anthropic::Config::new("claude-haiku-5-5", key());
    let gemini = provider_gemini::Config::new("gemini-3.7-flash", key(), pause);
    vec![
        ("chat", provider_compatible::provider(compatible, Arc::new(Echo(CHAT))).expect("a provider")),
        ("responses", provider_openai::provider(openai, Arc::new(Echo(RESPONSES))).expect("a provider")),
        ("messages", provider_anthropic::provider(anthropic, Arc::new(Echo(MESSAGES))).expect("a provider")),
        ("generate", provider_gemini::provider(gemini, Arc::new(Echo(GENERATE))).expect("a provider")),
    ]
}

fn image(size: usize) -> Vec<u8> {
    let mut bytes = vec![0x5A; size];
    bytes[..8].copy_from_slice(b"\x89PNG\r\n\x1a\n");
    bytes
}

fn request(bytes: &Bytes) -> Request {
    let facts = Facts { width: Some(1000), height: Some(1000), ..Facts::default() };
    let media = Media::new("a.png", bytes.clone(), facts).expect("it begins like a PNG");
    let parts = vec![Part::Media(media), Part::Text("What is it?".to_owned())];
    Request::new(Task::Classify, parts, NonZeroU32::new(50).expect("not zero"))
}

fn dialects(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for (name, provider) in providers() {
        let mut group = criterion.benchmark_group(format!("encode and decode, {name}"));
        for (size, bytes) in SIZES {
            let bytes = Bytes::from(image(bytes));
            // Some take no image this large inside a request; anything else must work before it is measured.
            match runtime.block_on(provider.analyze(&request(&bytes))) {
                Err(error) if error.kind() == ErrorKind::Unsupported => continue,
                outcome => assert_eq!(outcome.expect("the canned reply is an answer").text, "a chart"),
            }
            group.throughput(Throughput::Bytes(bytes.len() as u64));
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                bencher.iter_batched(
                    || request(&bytes),
                    |request| runtime.block_on(provider.analyze(&request)),
                    BatchSize::PerIteration,
                );
            });
        }
        group.finish();
    }
}

fn base64(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("base64 alone");
    for (size, bytes) in SIZES {
        let bytes = image(bytes);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| base64_simd::STANDARD.encode_to_string(black_box(&bytes)));
        });
    }
    group.finish();
}

criterion_group! {
    name = wire;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = dialects, base64
}
criterion_main!(wire);
