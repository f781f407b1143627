//! Replies of document engines, decoded as in a run, from the first call of a job to its last.

use std::sync::Arc;
use std::time::Duration;

use provider_documentai::Kind;
use serde_json::json;
use vision_core::{Facts, Media, Output, Part, Provider, Request, Schema, Secret, Task};
use vision_document::Patience;
use vision_http::{Auth, Pause, Transport};

use crate::reply::KEY;
use crate::script::{Script, run};

/// So many engines there are.
pub const ENGINES: u8 = 15;

const PAGE: &[u8] = include_bytes!("../../crates/vision-media/tests/corpus/one_pixel.png");

/// The first byte chooses the engine, the second what it is asked; then come the replies to its calls.
///
/// # Panics
/// If an engine does, or if its words hold the key.
pub fn documents(bytes: &[u8]) {
    let [which, how, rest @ ..] = bytes else { return };
    let engines = engines(&(Arc::new(Script::of(rest)) as Arc<dyn Transport>));
    let engine = &engines[usize::from(*which) % engines.len()];
    if let Err(error) = run(engine.analyze(&request(engine, *how))) {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(KEY), "the key is in {shown}");
    }
}

/// One of its tasks, by schema where it takes one, unless a high byte says otherwise.
fn request(engine: &Provider, how: u8) -> Request {
    let capabilities = engine.capabilities();
    let tasks = &capabilities.tasks;
    let task = tasks.get(usize::from(how) % tasks.len().max(1)).copied().unwrap_or(Task::Receipt);
    let schema = || Schema { name: "receipt".into(), schema: Arc::new(schema()), strict: true };
    let output = match how >> 6 {
        0 | 1 if capabilities.json_schema => Output::Schema(schema()),
        2 => Output::Json,
        _ => Output::Text,
    };
    let page = Media::new("page.png", PAGE, Facts::default()).expect("it is a picture");
    let parts = vec![Part::Media(page), Part::Text("What is the total?".to_owned())];
    Request { output, ..Request::new(task, parts, 100.try_into().expect("not zero")) }
}

fn schema() -> serde_json::Value {
    let (text, number) = (json!({"type": ["string", "null"]}), json!({"type": ["number", "null"]}));
    json!({"type": "object", "additionalProperties": false, "required": ["store", "date", "items", "total"],
        "properties": {"store": text, "date": text, "total": number, "items": {"type": "array", "items": {
            "type": "object", "properties": {"name": text, "quantity": number, "price": number}}}}})
}

fn engines(transport: &Arc<dyn Transport>) -> Vec<Provider> {
    let auth = || Auth::bearer(Secret::new(KEY));
    let pause = || Pause::new(tokio::time::sleep);
    let patience = || Patience { pause: pause(), longest: Duration::from_secs(5) };
    let to = || transport.clone();
    let amazon = |model| provider_textract::Config::new("eu-west-1", model, auth());
    let bucket = || provider_textract::Bucket {
        single_pages: true,
        patience: patience(),
        ..provider_textract::Bucket::new("eu-west-1", "documents", auth(), pause())
    };
    let azure = |model| provider_azure_di::Config {
        patience: patience(),
        ..provider_azure_di::Config::new("https://fuzz.test", model, auth(), pause())
    };
    let google = |kind| provider_documentai::Config::new("project", "eu", kind, "p1", auth());
    let llama = provider_llamaextract::Config {
        patience: patience(),
        ..provider_llamaextract::Config::new("agentic", Secret::new(KEY), pause())
    };
    let built = [
        provider_textract::provider(amazon("expense"), to()),
        provider_textract::provider(amazon("tables"), to()),
        provider_textract::provider(amazon("forms"), to()),
        provider_textract::provider(amazon("queries"), to()),
        provider_textract::provider(
            provider_textract::Config { bucket: Some(bucket()), ..amazon("expense") },
            to(),
        ),
        provider_azure_di::provider(azure("prebuilt-receipt"), to()),
        provider_azure_di::provider(azure("prebuilt-layout"), to()),
        provider_azure_di::provider(azure("own"), to()),
        provider_documentai::provider(google(Kind::Expense), to()),
        provider_documentai::provider(google(Kind::Form), to()),
        provider_documentai::provider(google(Kind::Ocr), to()),
        provider_documentai::provider(google(Kind::Custom), to()),
        provider_mistral_ocr::provider(
            provider_mistral_ocr::Config::new("mistral-ocr-4-1", Secret::new(KEY)),
            to(),
        ),
        provider_llamaextract::provider(llama, to()),
        provider_bedrock::provider(
            provider_bedrock::Config::new("eu-west-1", "amazon.nova-lite-v1:0", auth()),
            to(),
        ),
    ];
    let engines: Vec<Provider> =
        built.into_iter().map(|engine| engine.expect("the settings are whole")).collect();
    debug_assert_eq!(engines.len(), usize::from(ENGINES));
    engines
}
