use std::sync::LazyLock;

use vision_core::{ErrorKind, Media, MediaKind, Part};

use super::requests::{capabilities, takes_two_images, text};
use crate::{Scripted, Subject, canonical, media};

/// Making it takes longer than testing with it.
static LARGE: LazyLock<Media> = LazyLock::new(|| media::png("large.png", 2_000, 3_500, 1));

/// A large image is sent whole, or refused before anything is sent because it is over a known limit.
pub fn carries_a_large_image_whole(subject: &Subject) {
    let capabilities = capabilities(subject);
    if !capabilities.accepts(MediaKind::Png) || !capabilities.prompt {
        return;
    }
    let image = LARGE.clone();
    let bytes = image.bytes().map_or(0, |bytes| bytes.len());
    assert!(bytes > 20 << 20, "{bytes}");
    let base64_len = image.base64_len();
    let over = capabilities.max_image_bytes.is_some_and(|most| bytes > most)
        || capabilities.max_image_side.is_some_and(|most| 3_500 > most)
        || capabilities.max_image_pixels.is_some_and(|most| 2_000 * 3_500 > most)
        || capabilities.max_request_bytes.is_some_and(|most| base64_len > most);
    let parts = vec![Part::Media(image.clone()), canonical::prompt()];
    let request = canonical::ask(&capabilities, parts);
    if over {
        let transport = Scripted::always(subject.success.clone());
        let result = crate::block_on(subject.provider(transport.clone()).analyze(&request));
        assert_eq!(result.expect_err("over the limit").kind(), ErrorKind::Unsupported);
        assert!(transport.calls().is_empty());
        return;
    }
    let body = text(&subject.call(&request));
    assert!(body.contains(image.base64()), "the image did not arrive whole");
    let room = body.len() - base64_len;
    assert!(room < 10_000, "the body is {room} bytes longer than the image: is it in there twice?");
}

/// Ten images are sent, each once and in order, or refused because that is over a known limit.
pub fn carries_ten_images(subject: &Subject) {
    let capabilities = capabilities(subject);
    if !takes_two_images(&capabilities) || capabilities.max_images.is_some_and(|most| most < 10) {
        return;
    }
    let images: Vec<_> = (0..10).map(|n| media::png(&format!("{n}.png"), 3, 3, n + 1)).collect();
    let mut parts: Vec<Part> = images.iter().cloned().map(Part::Media).collect();
    parts.push(canonical::prompt());
    let body = text(&subject.call(&canonical::ask(&capabilities, parts)));
    let positions: Vec<_> = images.iter().map(|image| body.find(image.base64())).collect();
    assert!(positions.iter().all(Option::is_some), "not all images are in the body");
    assert!(positions.is_sorted(), "the images are out of order");
}
