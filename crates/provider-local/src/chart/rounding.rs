//! Rounds measured values: to the grid all of them lie on, if they do, else to what a pixel is worth.

use super::scale::Scale;

/// Rounds values measured on one axis.
pub fn tidy(values: &mut [f64], scale: &Scale) {
    if scale.log {
        for value in values {
            *value = to_digits(*value, 2);
        }
        return;
    }
    let pixel = scale.step();
    let unit = grid(values, pixel).unwrap_or_else(|| power_of_ten(0.8 * pixel));
    for value in values {
        *value = to_multiple(*value, unit);
    }
}

/// The coarsest of 1, 2, 2.5 and 5 times a power of ten of which all values are multiples, unless that
/// may well be chance.
fn grid(values: &[f64], pixel: f64) -> Option<f64> {
    const REACH: f64 = 1.3;
    let off = |value: f64, unit: f64| (value - (value / unit).round() * unit).abs();
    let fine = power_of_ten(pixel);
    let units =
        (0..4).rev().flat_map(|power| [5.0, 2.5, 2.0, 1.0].map(|step| step * fine * 10f64.powi(power)));
    units.into_iter().filter(|unit| *unit > 3.0 * pixel).find(|unit| {
        let chance =
            (2.0 * REACH * pixel / unit).min(1.0).powi(i32::try_from(values.len()).unwrap_or(i32::MAX));
        chance < 0.02 && values.iter().all(|value| off(*value, *unit) <= REACH * pixel)
    })
}

fn power_of_ten(value: f64) -> f64 {
    10f64.powf(value.log10().floor())
}

/// The nearest multiple, without the noise of binary fractions.
fn to_multiple(value: f64, unit: f64) -> f64 {
    if !(unit.is_finite() && unit > 0.0) {
        return value;
    }
    let decimals = (-(unit.log10().floor() as i32) + 1).clamp(0, 9);
    let scale = 10f64.powi(decimals);
    let rounded = ((value / unit).round() * unit * scale).round() / scale;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// So many significant digits.
pub fn to_digits(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    to_multiple(value, power_of_ten(value.abs()) * 10f64.powi(1 - digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f64], pixel: f64, wanted: &[f64]) {
        let unit = grid(values, pixel).unwrap_or_else(|| power_of_ten(0.8 * pixel));
        let tidied: Vec<f64> = values.iter().map(|value| to_multiple(*value, unit)).collect();
        assert_eq!(tidied, wanted);
    }

    #[test]
    fn values_on_a_grid_go_to_it() {
        check(&[4.56, 6.55, 7.55, 10.03, 11.52], 0.05, &[4.5, 6.5, 7.5, 10.0, 11.5]);
        check(&[849.0, 799.0, 724.0, 524.0], 1.6, &[850.0, 800.0, 725.0, 525.0]);
    }

    #[test]
    fn values_off_every_grid_are_as_fine_as_a_pixel() {
        check(&[418.3, 511.2, 477.7], 1.4, &[418.0, 511.0, 478.0]);
        check(&[0.4183, 0.5112], 0.0014, &[0.418, 0.511]);
    }

    #[test]
    fn significant_digits_on_a_logarithmic_axis() {
        assert_eq!(to_digits(101.6, 2), 100.0);
        assert_eq!(to_digits(0.0123, 2), 0.012);
        assert_eq!(to_digits(0.0, 2), 0.0);
    }
}
