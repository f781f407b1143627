use image::ImageError;
use vision_core::{Error, ErrorKind, MediaKind, Result};

use crate::needs::Needs;
use crate::picture::{self, Picture};
use crate::{Limits, Original, Pixels, Settings, Step};

/// An image that was changed.
pub(crate) struct Changed {
    pub bytes: Vec<u8>,
    pub pixels: Pixels,
    pub steps: Vec<Step>,
}

/// Changes an image as little as its targets ask for; `None` if they ask for nothing.
///
/// Formats that cannot be decoded here are left alone: the provider's capabilities have the last word.
pub(crate) fn fit(
    original: &Original,
    needs: &Needs,
    settings: &Settings,
    limits: &Limits,
) -> Result<Option<Changed>> {
    let kind = original.kind();
    let (Some(header), Some(format), Some(bytes)) =
        (original.header, picture::format(kind), original.bytes())
    else {
        return Ok(None);
    };
    let size = header.seen();
    let animated = original.structure.frames > 1;
    let fits = header.is_upright()
        && !animated
        && needs.take(kind)
        && !(settings.recode && needs.take(MediaKind::Jpeg))
        && needs.within(size) == size
        && needs.bytes.is_none_or(|most| bytes.len() <= most);
    if fits || !needs.take_images() {
        return Ok(None);
    }
    let name = original.name();
    let mut picture = picture::decode(format, bytes, limits).map_err(|cause| broken(name, kind, cause))?;
    let mut steps = Vec::new();
    if animated {
        steps.push(Step::FirstFrame { frames: original.structure.frames });
    }
    if !header.is_upright() {
        picture.image.apply_orientation(header.orientation);
        steps.push(Step::Oriented { exif: header.orientation.to_exif() });
    }
    written(name, picture, kind, steps, needs, settings).map(Some)
}

/// Writes the picture within the limits of `needs`.
pub(crate) fn written(
    name: &str,
    picture: Picture,
    from: MediaKind,
    steps: Vec<Step>,
    needs: &Needs,
    settings: &Settings,
) -> Result<Changed> {
    let unwritten = |cause: ImageError| {
        Error::new(ErrorKind::InvalidRequest, format!("{name} cannot be written anew")).with_source(cause)
    };
    let whole = picture.pixels();
    let mut to = needs.within(whole);
    let recoded = settings.recode && needs.take(MediaKind::Jpeg);
    let mut kind = if recoded { MediaKind::Jpeg } else { format_for(from, needs) };
    loop {
        let smaller = (to != whole).then(|| picture.resized(to));
        let picture = smaller.as_ref().unwrap_or(&picture);
        let bytes = match kind {
            MediaKind::Jpeg => picture.jpeg(settings.jpeg_quality),
            _ => picture.png(),
        };
        let bytes = bytes.map_err(unwritten)?;
        if needs.bytes.is_none_or(|most| bytes.len() <= most) || to.count() == 1 {
            let steps = all_steps(steps, picture, (whole, to), (from, kind), settings);
            return Ok(Changed { bytes, pixels: to, steps });
        }
        // Too many bytes: first another format, then fewer pixels.
        if kind == MediaKind::Png && needs.take(MediaKind::Jpeg) {
            kind = MediaKind::Jpeg;
        } else {
            to = to.shrunk((to.long_side() / 10 * 9).max(1));
        }
    }
}

fn all_steps(
    mut steps: Vec<Step>,
    picture: &Picture,
    (whole, to): (Pixels, Pixels),
    (from, kind): (MediaKind, MediaKind),
    settings: &Settings,
) -> Vec<Step> {
    if to != whole {
        steps.push(Step::Resized { from: whole, to });
    }
    let jpeg = kind == MediaKind::Jpeg;
    if jpeg && picture.has_alpha() {
        steps.push(Step::Flattened);
    }
    steps.push(Step::Encoded { from, to: kind, quality: jpeg.then_some(settings.jpeg_quality) });
    steps
}

/// What was lossy stays so, and what was exact stays exact, where the targets take it.
fn format_for(from: MediaKind, needs: &Needs) -> MediaKind {
    let lossy = matches!(from, MediaKind::Jpeg | MediaKind::Webp);
    let (first, second) =
        if lossy { (MediaKind::Jpeg, MediaKind::Png) } else { (MediaKind::Png, MediaKind::Jpeg) };
    if needs.take(first) { first } else { second }
}

pub(crate) fn broken(name: &str, kind: MediaKind, cause: ImageError) -> Error {
    if let ImageError::Limits(_) = cause {
        let message = format!("{name} needs more memory than an image may have here");
        return Error::new(ErrorKind::TooLarge, message).with_source(cause);
    }
    Error::new(ErrorKind::InvalidRequest, format!("{name} cannot be read as {kind}")).with_source(cause)
}
