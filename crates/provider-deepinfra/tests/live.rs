//! Asks the service itself, once, for a fraction of a cent.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_deepinfra::{Config, DEFAULT_MODEL, KEY_VARIABLES, provider};
use vision_core::{Part, Request, Secret, Stop, Task};
use vision_http::{HttpSettings, HttpTransport};
use vision_testkit::media;

#[tokio::test]
#[ignore = "needs a key in DEEPINFRA_API_KEY, and spends a little"]
async fn sees_an_image() {
    let key = std::env::var(KEY_VARIABLES[0]).unwrap();
    let config = Config::new(DEFAULT_MODEL, Secret::new(key));
    let transport = HttpTransport::new(HttpSettings::default()).unwrap();
    let provider = provider(config, Arc::new(transport)).unwrap();
    let image = media::png("noise.png", 64, 64, 1);
    let parts = vec![Part::Media(image), Part::Text("Is this an image? Answer yes or no.".to_owned())];
    let request = Request::new(Task::Text, parts, NonZeroU32::new(512).unwrap());
    let response = provider.analyze(&request).await.unwrap();
    assert!(response.text.to_lowercase().contains("yes"), "{response:?}");
    assert_eq!(response.stop, Stop::Complete);
    assert!(response.usage.input.is_some(), "{response:?}");
}
