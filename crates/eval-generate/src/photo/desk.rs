//! What a sheet lies on while it is photographed.

use super::field::{Field, Rough, ease, mix, narrow};
use crate::rng::Rng;

/// A table top, seen from above.
#[derive(Debug)]
pub(super) enum Desk {
    /// Planks with grain.
    Wood { light: [f32; 3], dark: [f32; 3], grain: Rough, rings: Field, plank: f32 },
    /// A plain surface with faint stains.
    Plain { colour: [f32; 3], stains: Rough },
    /// Marble or granite.
    Stone { light: [f32; 3], dark: [f32; 3], veins: Rough, speckles: Field },
    /// Woven cloth.
    Cloth { colour: [f32; 3], threads: f32, folds: Rough },
}

impl Desk {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        match rng.below(10) {
            0..5 => {
                let (light, dark) = *rng.pick(&[
                    ([0.62, 0.45, 0.29], [0.42, 0.27, 0.15]),
                    ([0.74, 0.60, 0.43], [0.58, 0.43, 0.28]),
                    ([0.36, 0.25, 0.18], [0.21, 0.14, 0.10]),
                    ([0.55, 0.52, 0.48], [0.40, 0.37, 0.34]),
                ]);
                let (grain, rings) = (Rough::new(rng, 2, 40, 4), Field::new(rng, 3, 6));
                Self::Wood { light, dark, grain, rings, plank: narrow(rng.between(0.28, 0.6)) }
            }
            5..7 => {
                let colour = *rng.pick(&[
                    [0.20, 0.21, 0.24],
                    [0.78, 0.77, 0.74],
                    [0.34, 0.40, 0.44],
                    [0.52, 0.20, 0.17],
                ]);
                Self::Plain { colour, stains: Rough::new(rng, 4, 4, 5) }
            }
            7..9 => {
                let (light, dark) = *rng.pick(&[
                    ([0.80, 0.79, 0.77], [0.52, 0.52, 0.54]),
                    ([0.34, 0.34, 0.36], [0.15, 0.15, 0.17]),
                ]);
                Self::Stone {
                    light,
                    dark,
                    veins: Rough::new(rng, 3, 3, 5),
                    speckles: Field::new(rng, 180, 180),
                }
            }
            _ => {
                let colour = *rng.pick(&[[0.27, 0.33, 0.45], [0.58, 0.53, 0.45], [0.30, 0.31, 0.30]]);
                Self::Cloth {
                    colour,
                    threads: narrow(rng.between(150.0, 230.0)),
                    folds: Rough::new(rng, 2, 2, 4),
                }
            }
        }
    }

    /// The colour at a point, in units of the picture's width.
    pub(super) fn colour(&self, x: f32, y: f32) -> [f32; 3] {
        match self {
            Self::Wood { light, dark, grain, rings, plank } => {
                let board = (y / plank).floor();
                let shift = board * 0.37;
                let bend = rings.at(x * 0.5 + shift, y * 0.8) * 0.03;
                let lines = grain.at(x * 0.35 + shift, y + bend);
                let tone = (0.5 + 0.75 * lines + 0.16 * rings.at(shift, board * 0.29)).clamp(0.0, 1.0);
                let gap = (y / plank - board) * plank;
                let seam = 1.0 - 0.6 * (1.0 - ease(0.0, 0.004, gap));
                blend(*dark, *light, tone).map(|value| value * seam)
            }
            Self::Plain { colour, stains } => colour.map(|value| value * (1.0 + 0.10 * stains.at(x, y))),
            Self::Stone { light, dark, veins, speckles } => {
                let vein = ease(0.0, 0.30, (veins.at(x, y) + 0.05).abs());
                let grain = 0.05 * speckles.at(x, y);
                blend(*dark, *light, (vein + grain).clamp(0.0, 1.0)).map(|value| value * (1.0 + grain))
            }
            Self::Cloth { colour, threads, folds } => {
                let wave = |at: f32| (at - at.floor() - 0.5).abs() * 4.0 - 1.0;
                let weave = 0.06 * wave(x * threads) + 0.06 * wave(y * threads);
                colour.map(|value| value * (1.0 + weave + 0.22 * folds.at(x, y)))
            }
        }
    }
}

fn blend(from: [f32; 3], to: [f32; 3], way: f32) -> [f32; 3] {
    [mix(from[0], to[0], way), mix(from[1], to[1], way), mix(from[2], to[2], way)]
}
