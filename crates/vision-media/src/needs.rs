use vision_core::{Capabilities, MediaKind};

use crate::Settings;

/// What all targets together take.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Needs {
    formats: Vec<MediaKind>,
    /// The longest side of an image.
    pub side: Option<u32>,
    /// The most bytes of an image.
    pub bytes: Option<usize>,
}

impl Needs {
    /// Without targets everything is taken, so that only the settings count.
    pub(crate) fn of(targets: &[&Capabilities], settings: &Settings) -> Self {
        let all = |kind: &MediaKind| targets.iter().all(|target| target.accepts(*kind));
        let sides = targets.iter().filter_map(|target| target.max_image_side);
        let bytes = targets.iter().filter_map(|target| largest_image(target));
        Self {
            formats: MediaKind::ALL.into_iter().filter(all).collect(),
            side: sides.chain(settings.long_side).min(),
            bytes: bytes.min(),
        }
    }

    pub(crate) fn take(&self, kind: MediaKind) -> bool {
        self.formats.contains(&kind)
    }

    /// Whether there is a format here in which any image can be written.
    pub(crate) fn take_images(&self) -> bool {
        self.take(MediaKind::Png) || self.take(MediaKind::Jpeg)
    }
}

/// The most bytes of one image: by its own limit and by that of the request, which counts Base64.
fn largest_image(target: &Capabilities) -> Option<usize> {
    let whole = target.max_request_bytes.map(|bytes| bytes / 4 * 3);
    target.max_image_bytes.into_iter().chain(whole).min()
}
