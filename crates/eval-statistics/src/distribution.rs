use libm::erfc;
use statrs::function::beta::beta_reg;
use statrs::function::erf::erfc_inv;
use statrs::function::gamma::ln_gamma;

/// Beyond this many degrees of freedom Student's t is expanded around the
/// normal: `beta_reg` stops after 140 terms and would be short of digits.
const MANY_DEGREES: f64 = 20_000.0;

/// P(Z > z) of the standard normal. NaN stays NaN.
///
/// By `libm`, good to the last digit; the complementary error function of `statrs`
/// is good to ten (its inverse is good to the last).
#[must_use]
pub fn normal_tail(z: f64) -> f64 {
    0.5 * erfc(z / std::f64::consts::SQRT_2)
}

/// P(Z ≤ z) of the standard normal.
pub(crate) fn normal_cumulative(z: f64) -> f64 {
    normal_tail(-z)
}

/// The z with P(Z ≤ z) = p. NaN outside [0, 1].
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p)
}

/// P(T > t) of Student's t. NaN unless `degrees` is positive and `t` a number.
#[must_use]
pub fn student_tail(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || degrees.is_nan() || degrees <= 0.0 {
        return f64::NAN;
    }
    if t < 0.0 {
        return 1.0 - student_tail(-t, degrees);
    }
    if degrees > MANY_DEGREES {
        return normal_tail(normal_equivalent(t, degrees));
    }
    let share = degrees / (degrees + t * t);
    // The two forms are equal; each keeps its digits where the other loses them.
    if share < 0.5 {
        0.5 * beta_reg(degrees / 2.0, 0.5, share)
    } else {
        let other = t * t / (degrees + t * t);
        0.5 * (1.0 - beta_reg(0.5, degrees / 2.0, other))
    }
}

/// The z that leaves the same tail as this t, to order 1/degrees².
fn normal_equivalent(t: f64, degrees: f64) -> f64 {
    let square = t * t;
    if square > degrees.sqrt() {
        // The expansion is for the middle; out here both tails are zero in print.
        return (degrees * (square / degrees).ln_1p()).sqrt() * (1.0 - 0.75 / degrees);
    }
    t - t * (square + 1.0) / (4.0 * degrees)
        + t * (13.0 * square * square + 8.0 * square + 3.0) / (96.0 * degrees * degrees)
}

/// The t with P(T ≤ t) = p. NaN outside (0, 1) or without degrees of freedom.
///
/// Solved here on the tail: the inverse incomplete beta function of `statrs` is as
/// precise, but panics or never returns at levels such as 1e-300, which anyone may type.
#[must_use]
pub fn student_quantile(p: f64, degrees: f64) -> f64 {
    if !(p > 0.0 && p < 1.0 && degrees > 0.0) {
        return f64::NAN;
    }
    if p < 0.5 {
        return -student_quantile(1.0 - p, degrees);
    }
    if degrees.is_infinite() {
        return normal_quantile(p);
    }
    let tail = 1.0 - p;
    // Right of the middle the tail is convex, so Newton's steps from the left, where
    // the normal quantile lies, only ever climb towards the root and never pass it.
    let mut t = normal_quantile(p);
    for _ in 0..200 {
        let step = (student_tail(t, degrees) - tail) / student_density(t, degrees);
        t += step.max(0.0);
        if step.is_nan() || step <= 1e-15 * t {
            break;
        }
    }
    t
}

fn student_density(t: f64, degrees: f64) -> f64 {
    let half = degrees / 2.0;
    let scale = ln_gamma(half + 0.5) - ln_gamma(half) - 0.5 * (degrees * std::f64::consts::PI).ln();
    (scale - (half + 0.5) * (t * t / degrees).ln_1p()).exp()
}

/// The x with I_x(a, b) = p, for a and b of a Clopper–Pearson bound.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    bisect(0.0, 1.0, |x| beta_reg(a, b, x) < p)
}

/// The point where `below` turns false, to the last bit.
///
/// Halving takes some sixty steps and cannot miss; it is not on any hot path.
pub(crate) fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if below(middle) { low = middle } else { high = middle }
    }
}

/// P(X > x) of chi-square with one degree of freedom.
pub(crate) fn chi_square_tail(x: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { erfc((x / 2.0).sqrt()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs().max(1.0), "{got} is not {want}");
    }

    #[test]
    fn inverts_the_normal_in_both_tails() {
        close(normal_quantile(0.975), 1.959_963_984_540_054);
        close(normal_quantile(1e-10), -6.361_340_902_404_056);
        close(normal_quantile(0.5), 0.0);
        assert!(normal_quantile(f64::NAN).is_nan());
    }

    #[test]
    fn inverts_student_where_closed_forms_exist() {
        close(student_quantile(0.975, 1.0), 12.706_204_736_174_7);
        close(student_quantile(0.975, 2.0), 4.302_652_729_749_464);
        close(student_quantile(0.025, 9.0), -2.262_157_162_798_2);
        close(student_quantile(0.9995, 1.0), 636.619_248_768_7);
        close(student_quantile(0.5, 3.0), 0.0);
    }

    #[test]
    fn joins_the_expansion_to_the_exact_tail_without_a_step() {
        for t in [0.3, 1.0, 2.0, 4.0] {
            let exact = student_tail(t, MANY_DEGREES);
            let expanded = normal_tail(normal_equivalent(t, MANY_DEGREES));
            assert!((exact - expanded).abs() < 1e-11, "t {t}: {exact} and {expanded}");
        }
    }
}
