//! Asks the service itself, once, for a fraction of a cent.
#![allow(clippy::unwrap_used, reason = "a test may")]

use provider_yandex::{Config, DEFAULT_MODEL, FOLDER_VARIABLES, KEY_VARIABLES, provider};
use vision_core::Secret;
use vision_testkit::live;

#[tokio::test]
#[ignore = "needs YANDEX_API_KEY and YANDEX_FOLDER_ID, and spends a little"]
async fn sees_an_image() {
    let variable = |name| Secret::new(std::env::var(name).unwrap());
    let config = Config::new(DEFAULT_MODEL, variable(KEY_VARIABLES[0]), variable(FOLDER_VARIABLES[0]));
    live::sees_an_image(|transport| provider(config, transport)).await;
}
