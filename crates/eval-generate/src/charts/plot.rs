//! Where marks stand, and how ordinary text looks.

use super::chart::Chart;
use crate::svg::TextStyle;

/// The rectangle in which marks stand.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Plot {
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// The style of ordinary text.
pub fn text(chart: &Chart) -> TextStyle<'static> {
    TextStyle::new(chart.look.family, chart.font_size, chart.look.muted)
}
