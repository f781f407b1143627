//! What a provider is asked when there is a key: once, for a fraction of a cent.

use std::num::NonZeroU32;
use std::sync::Arc;

use vision_core::{Part, Provider, Request, Result, Stop, Task};
use vision_http::{HttpSettings, HttpTransport, Transport};

use crate::media;

/// Shows a small image to the service itself, and panics unless it is seen and counted.
pub async fn sees_an_image(build: impl FnOnce(Arc<dyn Transport>) -> Result<Provider>) {
    let transport = HttpTransport::new(HttpSettings::default()).expect("the usual settings are fine");
    let provider = build(Arc::new(transport)).expect("the provider can be built");
    let image = media::png("noise.png", 64, 64, 1);
    let parts = vec![Part::Media(image), Part::Text("Is this an image? Answer yes or no.".to_owned())];
    let request = Request::new(Task::Text, parts, NonZeroU32::new(512).expect("not zero"));
    let response = provider.analyze(&request).await.expect("the service answers");
    assert!(response.text.to_lowercase().contains("yes"), "{response:?}");
    assert_eq!(response.stop, Stop::Complete);
    assert!(response.usage.input.is_some(), "{response:?}");
}
