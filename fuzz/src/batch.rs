//! What hosts say of batches, and the lines of their results, each read as in a run.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use provider_gemini::Pause;
use vision_batch::{BatchHost, Batching, Item, LineOutcome, Parcel, Relay, Sought};
use vision_core::{Part, Provider, Request, Result, Secret, Task};
use vision_http::{Pieces, Transport};

use crate::reply::KEY;
use crate::script::{Script, run};

/// The first byte chooses the host, the second what is asked of it; then come its replies.
///
/// # Panics
/// If a host's reader does, or if its words hold the key.
pub fn batch(bytes: &[u8]) {
    let [which, what, rest @ ..] = bytes else { return };
    let hosts = hosts(&(Arc::new(Script::of(rest)) as Arc<dyn Transport>));
    let batching = &hosts[usize::from(*which) % hosts.len()];
    if let Err(error) = run(ask(batching, *what)) {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(KEY), "the key is in {shown}");
    }
}

async fn ask(batching: &Batching, what: u8) -> Result<()> {
    let host = batching.host().await?;
    let parcel = Parcel {
        name: "run-1".to_owned(),
        model: "m".to_owned(),
        items: vec![Item { id: "run-1-0".to_owned(), body: Pieces::from("{}") }],
    };
    let known = HashSet::new();
    let sought =
        Sought { name: "run-1", requests: 1, file: Some("files/1"), since: 1_795_881_600, known: &known };
    match what % 5 {
        0 => collect(batching, host.as_ref()).await,
        1 => host.create(&parcel, Some("files/1")).await.map(drop),
        2 => host.find(&sought).await.map(drop),
        3 => host.upload(&parcel).await.map(drop),
        _ => host.tidy(&host.look("batches/1").await?).await,
    }
}

/// Looks, fetches the lines, and has each of them read by the provider.
async fn collect(batching: &Batching, host: &dyn BatchHost) -> Result<()> {
    let status = host.look("batches/1").await?;
    let parts = vec![Part::Text("What is the total?".to_owned())];
    let request = Request::new(Task::Receipt, parts, 100.try_into().expect("not zero"));
    for line in host.results(&status).await? {
        if let LineOutcome::Replied(reply) | LineOutcome::Unreadable(reply) = line.outcome {
            // One that cannot be read spoils none of the others.
            let _ = batching.read(&request, reply).await;
        }
    }
    Ok(())
}

fn hosts(transport: &Arc<dyn Transport>) -> [Batching; 5] {
    let key = || Secret::new(KEY);
    let patience = Duration::from_secs(30);
    let preset = |name| {
        let preset = provider_compatible::preset(name).expect("the preset is known");
        provider_compatible::Config::new(preset, "vision-1", Some(key()))
    };
    let open = provider_openai::Config {
        api: Some(provider_openai::Api::Chat),
        ..provider_openai::Config::new("gpt-5.6-luna", key())
    };
    let gemini = provider_gemini::Config::new("gemini-3.7-flash", key(), Pause::new(|_| async {}));
    let over = |build: &dyn Fn(Arc<dyn Transport>) -> Result<Provider>, host| {
        let relay = Arc::new(Relay::default());
        let provider = build(relay.clone()).expect("the settings are whole");
        Batching::new(provider, relay, transport.clone(), patience, host)
    };
    [
        over(&|to| provider_openai::provider(open.clone(), to), provider_openai::batches),
        over(
            &|to| {
                provider_anthropic::provider(provider_anthropic::Config::new("claude-haiku-5-5", key()), to)
            },
            provider_anthropic::batches,
        ),
        over(&|to| provider_gemini::provider(gemini.clone(), to), provider_gemini::batches),
        over(
            &|to| provider_compatible::provider(preset("mistral"), to),
            provider_compatible::mistral_batches,
        ),
        over(&|to| provider_compatible::provider(preset("groq"), to), provider_compatible::azure_batches),
    ]
}
