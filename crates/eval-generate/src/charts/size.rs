//! How large a chart is, and how fine its values.

use super::{axis::tidy, chart::Form};
use crate::{recipe::Difficulty, rng::Rng};

/// A size that suits the form.
pub fn size(form: Form, difficulty: Difficulty, rng: &mut Rng) -> (f64, f64) {
    let sizes: &[(f64, f64)] = match (form, difficulty) {
        (Form::Pie | Form::Donut, _) => &[(700.0, 520.0), (640.0, 480.0), (560.0, 600.0), (820.0, 480.0)],
        (Form::Horizontal, _) => &[(800.0, 520.0), (680.0, 640.0), (760.0, 460.0)],
        (_, Difficulty::Easy) => &[(800.0, 520.0), (760.0, 500.0)],
        _ => &[(800.0, 520.0), (860.0, 480.0), (640.0, 480.0), (980.0, 460.0), (700.0, 640.0)],
    };
    *rng.pick(sizes)
}

/// The nearest place that can be read off an axis.
pub fn snapped(value: f64, resolution: f64) -> f64 {
    // Zero would be invisible, and a relative tolerance around it would be nothing.
    let steps = (value / resolution).round();
    tidy(if steps == 0.0 { resolution.copysign(value) } else { steps * resolution })
}
