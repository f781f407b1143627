use vision_core::{Detail, Facts as Size, Media, Modality, Request};

use crate::models::{Facts, ImageTokens, Resolution};

/// Tokens of a second of sound.
const SOUND: f64 = 32.0;

/// Tokens of all media of one modality; `None` where the rule or a size is not known.
pub(crate) fn media_tokens(facts: &Facts, request: &Request, modality: Modality) -> Option<u64> {
    let detail = request.detail.filter(|&detail| is_said(facts, detail));
    let tokens = |media: &Media| {
        let size = media.facts();
        match modality {
            Modality::Image => image(facts.image_tokens?, detail, size),
            Modality::Pdf => Some(u64::from(size.pages?) * page(facts, detail)?),
            Modality::Audio => Some(seconds(size.seconds?, SOUND)),
            Modality::Video => Some(seconds(size.seconds?, film(facts, detail)?)),
        }
    };
    request.media_of(modality).map(tokens).sum()
}

/// Whether this model is told of this detail at all.
pub(crate) fn is_said(facts: &Facts, detail: Detail) -> bool {
    match facts.resolution {
        Resolution::Part => true,
        Resolution::Request => detail != Detail::Original,
        Resolution::None => false,
    }
}

fn image(rule: ImageTokens, detail: Option<Detail>, size: Size) -> Option<u64> {
    match (rule, detail) {
        (ImageTokens::Fixed(tokens), _) => Some(tokens),
        (ImageTokens::Tiles, Some(Detail::Low)) => Some(64),
        (ImageTokens::Tiles, Some(Detail::Medium)) => Some(256),
        (ImageTokens::Tiles, _) => tiles(size.width?, size.height?).map(|tiles| tiles * TILE),
        (ImageTokens::Levels, Some(Detail::Low)) => Some(280),
        (ImageTokens::Levels, Some(Detail::Medium)) => Some(560),
        (ImageTokens::Levels, Some(Detail::Original)) => Some(2240),
        (ImageTokens::Levels, _) => Some(1120),
    }
}

const TILE: u64 = 258;

/// How many tiles an image is cut into. The unit is two thirds of its shorter side.
fn tiles(width: u32, height: u32) -> Option<u64> {
    const WHOLE: u32 = 384;
    if width <= WHOLE && height <= WHOLE {
        return Some(1);
    }
    // Half of three is 1.5, without fractions.
    let unit = u64::from(width.min(height)) * 2 / 3;
    (unit > 0).then(|| u64::from(width).div_ceil(unit) * u64::from(height).div_ceil(unit))
}

/// Tokens of a page's picture. Its text, where it has some, comes on top and is not known beforehand.
fn page(facts: &Facts, detail: Option<Detail>) -> Option<u64> {
    match (facts.image_tokens?, detail) {
        (ImageTokens::Levels, Some(Detail::Low)) => Some(280),
        (ImageTokens::Levels, Some(Detail::High)) => Some(1120),
        // The highest is for images alone: pages keep their own resolution.
        (ImageTokens::Levels, _) => Some(560),
        (ImageTokens::Tiles, None | Some(Detail::Auto | Detail::High)) => Some(TILE),
        (ImageTokens::Tiles | ImageTokens::Fixed(_), _) => None,
    }
}

/// Tokens of a second of film: one frame and its sound.
fn film(facts: &Facts, detail: Option<Detail>) -> Option<f64> {
    match (facts.image_tokens?, detail) {
        (ImageTokens::Levels, _) => Some(70.0 + SOUND),
        (ImageTokens::Tiles, None | Some(Detail::Auto | Detail::High)) => Some(263.0),
        (ImageTokens::Tiles | ImageTokens::Fixed(_), _) => None,
    }
}

fn seconds(seconds: f64, tokens: f64) -> u64 {
    (seconds * tokens).ceil() as u64
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use vision_core::{Detail, Facts, Media, MediaKind, Modality, Part, Request, Task};

    use super::media_tokens;
    use crate::models::facts;

    const TILES: &str = "gemini-2.5-flash";
    const LEVELS: &str = "gemini-3.7-flash";

    #[track_caller]
    fn check(model: &str, detail: Option<Detail>, kind: MediaKind, size: Facts, tokens: Option<u64>) {
        let media = Media::from_url("https://example.com/a", kind, size);
        let request = Request::new(Task::Text, vec![Part::Media(media)], NonZeroU32::MIN);
        let request = Request { detail, ..request };
        assert_eq!(media_tokens(facts(model), &request, kind.modality()), tokens, "{model} {detail:?}");
    }

    #[track_caller]
    fn image(model: &str, detail: Option<Detail>, width: u32, height: u32, tokens: u64) {
        let size = Facts { width: Some(width), height: Some(height), ..Facts::default() };
        check(model, detail, MediaKind::Png, size, Some(tokens));
    }

    #[test]
    fn up_to_2_5_an_image_is_cut_into_tiles() {
        image(TILES, None, 384, 384, 258);
        image(TILES, None, 960, 540, 1548);
        image(TILES, None, 540, 960, 1548);
        image(TILES, None, 385, 384, 4 * 258);
        image(TILES, Some(Detail::High), 960, 540, 1548);
        image(TILES, Some(Detail::Original), 960, 540, 1548);
        image(TILES, Some(Detail::Low), 960, 540, 64);
        image(TILES, Some(Detail::Medium), 960, 540, 256);
    }

    #[test]
    fn from_3_on_only_the_resolution_counts() {
        image(LEVELS, None, 4000, 3000, 1120);
        image(LEVELS, Some(Detail::Auto), 10, 10, 1120);
        image(LEVELS, Some(Detail::Low), 4000, 3000, 280);
        image(LEVELS, Some(Detail::Medium), 4000, 3000, 560);
        image(LEVELS, Some(Detail::High), 4000, 3000, 1120);
        image(LEVELS, Some(Detail::Original), 4000, 3000, 2240);
    }

    #[test]
    fn an_open_model_has_one_number() {
        image("gemma-3-27b-it", Some(Detail::Low), 4000, 3000, 256);
    }

    #[test]
    fn pages_have_their_own_number() {
        let pages = Facts { pages: Some(3), ..Facts::default() };
        check(LEVELS, None, MediaKind::Pdf, pages, Some(3 * 560));
        check(LEVELS, Some(Detail::Low), MediaKind::Pdf, pages, Some(3 * 280));
        check(LEVELS, Some(Detail::High), MediaKind::Pdf, pages, Some(3 * 1120));
        check(LEVELS, Some(Detail::Original), MediaKind::Pdf, pages, Some(3 * 560));
        check(TILES, None, MediaKind::Pdf, pages, Some(3 * 258));
        check(TILES, Some(Detail::Low), MediaKind::Pdf, pages, None);
    }

    #[test]
    fn sound_and_film_go_by_the_second() {
        let seconds = Facts { seconds: Some(10.01), ..Facts::default() };
        check(LEVELS, None, MediaKind::Wav, seconds, Some(321));
        check(TILES, None, MediaKind::Mp3, seconds, Some(321));
        check(TILES, None, MediaKind::Mp4, seconds, Some(2633));
        check(LEVELS, None, MediaKind::Mp4, seconds, Some(1022));
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        check(TILES, None, MediaKind::Png, Facts::default(), None);
        check(LEVELS, None, MediaKind::Pdf, Facts::default(), None);
        check("gemini-9", None, MediaKind::Wav, Facts::default(), None);
        let line = Facts { width: Some(4000), height: Some(1), ..Facts::default() };
        check(TILES, None, MediaKind::Png, line, None);
        check("gemini-9", None, MediaKind::Png, line, None);
        let nothing = Request::new(Task::Text, vec![], NonZeroU32::MIN);
        assert_eq!(media_tokens(facts("gemini-9"), &nothing, Modality::Image), Some(0));
    }
}
