use std::collections::BTreeMap;

use serde::Deserialize;
use vision_core::{Detail, Estimate, Facts, Modality, Output, Request};

/// How a model family turns an image into tokens, as its vendor publishes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum ImageTokens {
    /// The same for every image.
    Fixed {
        /// Tokens an image.
        tokens: u64,
    },
    /// Squares of 512 pixels after scaling to at most 2048, then 768 on the short side.
    Tiles {
        /// Tokens an image.
        base: u64,
        /// Tokens a square.
        tile: u64,
    },
    /// Squares of 32 pixels after scaling into a budget that depends on the detail asked for.
    Patches {
        /// Tokens of a hundred squares.
        #[serde(default = "hundred")]
        percent: u64,
        /// What `auto`, or no detail at all, stands for.
        auto: Level,
        /// The budgets by level; a level that is missing is not published.
        budgets: BTreeMap<Level, Budget>,
    },
}

/// A detail that has a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the detail of that name")]
pub enum Level {
    Low,
    High,
    Original,
}

/// How far an image is scaled down. Nothing stated means not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The longest side, in pixels.
    pub side: Option<u32>,
    /// The most squares.
    pub patches: Option<u64>,
}

impl ImageTokens {
    /// Tokens of one image, or `None` where its size or the rule for this detail is not known.
    pub fn of(&self, facts: Facts, detail: Option<Detail>) -> Option<u64> {
        match self {
            Self::Fixed { tokens } => Some(*tokens),
            Self::Tiles { base, .. } if detail == Some(Detail::Low) => Some(*base),
            Self::Tiles { base, tile } => {
                let (width, height) = size(facts)?;
                Some(base + tile * tiles(width, height))
            }
            Self::Patches { percent, auto, budgets } => {
                let (width, height) = size(facts)?;
                let budget = budgets.get(&Level::of(detail, *auto)?)?;
                Some((budget.patches(width, height) * percent).div_ceil(100))
            }
        }
    }
}

/// Tokens of `request`: its text by the usual guess, its images by `rule`.
pub fn estimate(rule: Option<&ImageTokens>, request: &Request) -> Estimate {
    let mut words: u64 = request.texts().chain(request.system.as_deref()).map(Estimate::text_tokens).sum();
    if let Output::Schema(schema) = &request.output {
        words += Estimate::text_tokens(&schema.schema.to_string());
    }
    let mut images = request.media_of(Modality::Image);
    let image = images.try_fold(0, |sum, media| Some(sum + rule?.of(media.facts(), request.detail)?));
    // No vendor of this dialect publishes what a page or a second is; none at all is nothing, though.
    let none_of = |modality| request.media_of(modality).next().is_none().then_some(0);
    let audio = none_of(Modality::Audio).and(none_of(Modality::Video));
    Estimate { text: words, image, pdf: none_of(Modality::Pdf), audio, ..Estimate::default() }
}

impl Level {
    fn of(detail: Option<Detail>, auto: Self) -> Option<Self> {
        match detail {
            None | Some(Detail::Auto) => Some(auto),
            Some(Detail::Low) => Some(Self::Low),
            Some(Detail::High) => Some(Self::High),
            Some(Detail::Original) => Some(Self::Original),
            Some(Detail::Medium) => None,
        }
    }
}

impl Budget {
    fn patches(self, width: f64, height: f64) -> u64 {
        let (width, height) = fit(width, height, self.side.map_or(f64::INFINITY, f64::from));
        let whole = squares(width, PATCH) * squares(height, PATCH);
        match self.patches {
            Some(most) if whole > most => {
                let scale = (PATCH * PATCH * most as f64 / (width * height)).sqrt();
                let (across, down) = (width * scale / PATCH, height * scale / PATCH);
                let scale = (across.floor() / across).min(down.floor() / down);
                squares(across * scale, 1.0) * squares(down * scale, 1.0)
            }
            _ => whole,
        }
    }
}

fn tiles(width: f64, height: f64) -> u64 {
    let (width, height) = fit(width, height, 2048.0);
    let scale = (768.0 / width.min(height)).min(1.0);
    squares(width * scale, 512.0) * squares(height * scale, 512.0)
}

/// Scales down, never up, so that the long side is at most `side`.
fn fit(width: f64, height: f64, side: f64) -> (f64, f64) {
    let scale = (side / width.max(height)).min(1.0);
    (width * scale, height * scale)
}

/// Squares along a side. A side that is whole but for rounding is whole.
fn squares(side: f64, square: f64) -> u64 {
    (side / square - 1e-9).ceil() as u64
}

fn size(facts: Facts) -> Option<(f64, f64)> {
    Some((f64::from(facts.width?), f64::from(facts.height?)))
}

fn hundred() -> u64 {
    100
}

const PATCH: f64 = 32.0;

#[cfg(test)]
mod tests {
    use vision_core::{Detail, Facts};

    use super::{Budget, ImageTokens, Level};

    fn patches(percent: u64, side: Option<u32>, most: Option<u64>) -> ImageTokens {
        let budgets = [(Level::High, Budget { side, patches: most })].into();
        ImageTokens::Patches { percent, auto: Level::High, budgets }
    }

    #[track_caller]
    fn check(rule: &ImageTokens, width: u32, height: u32, detail: Option<Detail>, tokens: Option<u64>) {
        let facts = Facts { width: Some(width), height: Some(height), ..Facts::default() };
        assert_eq!(rule.of(facts, detail), tokens);
    }

    #[test]
    fn patches_are_squares_of_32_pixels() {
        check(&patches(100, None, None), 1024, 1024, None, Some(1024));
        check(&patches(100, Some(2048), Some(1536)), 1024, 1024, None, Some(1024));
        check(&patches(100, None, None), 33, 1, None, Some(2));
    }

    #[test]
    fn an_image_over_the_budget_is_scaled_to_whole_squares() {
        check(&patches(100, Some(2048), Some(1536)), 1800, 2400, None, Some(1452));
    }

    #[test]
    fn the_budget_is_never_exceeded() {
        for (width, height) in [(1, 20_000), (4000, 3000), (4032, 3024), (2049, 2047), (9999, 17)] {
            let facts = Facts { width: Some(width), height: Some(height), ..Facts::default() };
            assert!(patches(100, Some(2048), Some(1536)).of(facts, None).unwrap() <= 1536);
        }
    }

    #[test]
    fn multipliers_round_up_without_rounding_errors() {
        check(&patches(162, None, None), 320, 320, None, Some(162));
        check(&patches(246, None, None), 32, 32, None, Some(3));
    }

    #[test]
    fn a_detail_without_a_published_rule_is_unknown() {
        check(&patches(100, None, None), 64, 64, Some(Detail::Original), None);
        check(&patches(100, None, None), 64, 64, Some(Detail::Auto), Some(4));
    }

    #[test]
    fn tiles_follow_the_published_examples() {
        let rule = ImageTokens::Tiles { base: 85, tile: 170 };
        check(&rule, 1024, 1024, Some(Detail::High), Some(765));
        check(&rule, 2048, 4096, Some(Detail::High), Some(1105));
        check(&rule, 4096, 8192, Some(Detail::Low), Some(85));
        check(&rule, 512, 512, None, Some(255));
    }

    #[test]
    fn an_image_of_unknown_size_has_an_unknown_price() {
        let tiles = ImageTokens::Tiles { base: 85, tile: 170 };
        assert_eq!(tiles.of(Facts::default(), None), None);
        assert_eq!(ImageTokens::Fixed { tokens: 256 }.of(Facts::default(), None), Some(256));
    }
}
