//! Asks a server on this machine, once.
#![allow(clippy::unwrap_used, reason = "a test may")]

use provider_compatible::{Config, preset, provider};
use vision_testkit::live;

#[tokio::test]
#[ignore = "needs Ollama on this machine, with gemma3:4b pulled"]
async fn sees_an_image() {
    let config = Config::new(preset("ollama").unwrap(), "gemma3:4b", None);
    live::sees_an_image(|transport| provider(config, transport)).await;
}
