//! Asks the service itself, once, for a fraction of a cent.
#![allow(clippy::unwrap_used, reason = "a test may")]

use provider_deepinfra::{Config, DEFAULT_MODEL, KEY_VARIABLES, provider};
use vision_core::Secret;
use vision_testkit::live;

#[tokio::test]
#[ignore = "needs a key in DEEPINFRA_API_KEY, and spends a little"]
async fn sees_an_image() {
    let key = std::env::var(KEY_VARIABLES[0]).unwrap();
    let config = Config::new(DEFAULT_MODEL, Secret::new(key));
    live::sees_an_image(|transport| provider(config, transport)).await;
}
