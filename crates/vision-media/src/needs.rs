use vision_core::{Capabilities, MediaKind, patches};

use crate::{Pixels, Settings};

/// What all targets together take.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Needs {
    formats: Vec<MediaKind>,
    /// The longest side of an image.
    side: Option<u32>,
    /// The most pixels of an image.
    pixels: Option<u64>,
    /// The most squares of 32 pixels of an image.
    patches: Option<u64>,
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
            pixels: targets.iter().filter_map(|target| target.max_image_pixels).min(),
            patches: targets.iter().filter_map(|target| target.max_image_patches).min(),
            bytes: bytes.min(),
        }
    }

    pub(crate) fn take(&self, kind: MediaKind) -> bool {
        self.formats.contains(&kind)
    }

    /// The size nearest to `size` that all take, of the same shape.
    pub(crate) fn within(&self, size: Pixels) -> Pixels {
        let size = self.side.map_or(size, |side| size.shrunk(side));
        if self.has_room_for(size) {
            return size;
        }
        let squares = self.patches.map(|most| most * 32 * 32);
        let most = self.pixels.into_iter().chain(squares).min().unwrap_or(u64::MAX);
        let scale = (most as f64 / size.count() as f64).sqrt().min(1.0);
        let mut side = (f64::from(size.long_side()) * scale) as u32;
        // The short side is rounded, perhaps up, and a square that is begun counts.
        while side > 1 && !self.has_room_for(size.shrunk(side)) {
            side -= 1;
        }
        size.shrunk(side.max(1))
    }

    fn has_room_for(&self, size: Pixels) -> bool {
        self.pixels.is_none_or(|most| size.count() <= most)
            && self.patches.is_none_or(|most| patches(size.width, size.height) <= most)
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
