//! Decimal numbers: what is printed, not what a double holds.

use std::fmt;
use std::ops::Neg;

/// A decimal number of at most 30 digits, in lowest terms: 12.50 and 12.5 are one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i128,
    /// Digits after the point.
    scale: u32,
}

/// More digits are no amount, and sums of this many cannot overflow.
const MOST_DIGITS: usize = 30;

/// Digits that a double keeps of any decimal number; what it prints beyond them comes from arithmetic.
const DIGITS_OF_A_DOUBLE: u32 = 15;

/// Decimals of a label that is a rounded figure itself, such as 0.3333 for a third.
const DECIMALS_OF_A_ROUNDED_LABEL: u32 = 4;

impl Decimal {
    /// `units` / 10^`scale`.
    pub(crate) fn new(mut units: i128, mut scale: u32) -> Self {
        while scale > 0 && units % 10 == 0 {
            (units, scale) = (units / 10, scale - 1);
        }
        Self { units, scale }
    }

    /// From digits before and after the point.
    pub(super) fn from_digits(whole: &str, fraction: &str) -> Option<Self> {
        let whole = whole.trim_start_matches('0');
        if whole.len() + fraction.len() > MOST_DIGITS {
            return None;
        }
        let digits = format!("0{whole}{fraction}");
        Some(Self::new(digits.parse().ok()?, u32::try_from(fraction.len()).ok()?))
    }

    /// The shortest decimal text of a double, which is what was written in JSON.
    pub(crate) fn from_f64(number: f64) -> Option<Self> {
        let text = (number.is_finite() && number.abs() < 1e25).then(|| number.abs().to_string())?;
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let decimal = Self::from_digits(whole, &fraction[..fraction.len().min(18)])?;
        Some(if number < 0.0 { -decimal } else { decimal })
    }

    /// Without the digits that only arithmetic with doubles has added: 1613.8600000000001 is 1613.86.
    pub(super) fn without_noise(self) -> Self {
        let digits = self.units.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
        let noise = digits.saturating_sub(DIGITS_OF_A_DOUBLE).min(self.scale);
        self.rounded(self.scale - noise)
    }

    /// Whether this is `expected` but for how a number is represented: off by a billionth of it and by less than a
    /// hundredth, or spelled with more decimals than a label that was rounded to many itself.
    #[must_use]
    pub fn is_same_as(self, expected: Self) -> bool {
        if self == expected {
            return true;
        }
        let Some((got, wanted, _)) = self.aligned(expected) else { return false };
        let off = got.saturating_sub(wanted).unsigned_abs();
        let is_noise = off.saturating_mul(1_000_000_000) <= wanted.unsigned_abs();
        (is_noise || expected.scale >= DECIMALS_OF_A_ROUNDED_LABEL)
            && self.rounded(expected.scale.max(2)) == expected
    }

    /// Times ten to a power.
    pub(super) fn shifted(self, power: i32) -> Option<Self> {
        let (up, down) = (u32::try_from(power.max(0)).ok()?, u32::try_from((-power).max(0)).ok()?);
        let units = self.units.checked_mul(10_i128.checked_pow(up)?)?;
        (units.unsigned_abs() < 10_u128.pow(MOST_DIGITS as u32)).then(|| Self::new(units, self.scale + down))
    }

    /// Without its sign.
    pub(crate) fn abs(self) -> Self {
        Self { units: self.units.abs(), scale: self.scale }
    }

    /// The product, if it has few enough digits.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Some(Self::new(self.units.checked_mul(other.units)?, self.scale.checked_add(other.scale)?))
    }

    /// Whether this is not larger.
    pub(crate) fn is_at_most(self, other: Self) -> bool {
        self.aligned(other).map_or_else(|| self.to_f64() <= other.to_f64(), |(a, b, _)| a <= b)
    }

    /// As a double.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Rounded to `scale` digits after the point, half away from zero.
    #[must_use]
    pub fn rounded(self, scale: u32) -> Self {
        if self.scale <= scale {
            return self;
        }
        let unit = 10_i128.pow(self.scale - scale);
        let half = self.units.signum() * unit / 2;
        Self::new((self.units + half) / unit, scale)
    }

    /// Both as whole numbers of the same small unit, and the digits after the point of that unit.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let units = |number: Self| number.units.checked_mul(10_i128.checked_pow(scale - number.scale)?);
        Some((units(self)?, units(other)?, scale))
    }

    /// Whether this is `expected` rounded to a coarser unit.
    ///
    /// To tenths and ones rounding up, down and to the nearest all count (419 and 420 for 419.50); to tens, hundreds
    /// and so on only to the nearest (400 for 419.50). The unit is never larger than the number, so 0 is no rounding
    /// and neither is 10 for 3.
    #[must_use]
    pub fn is_rounding_of(self, expected: Self) -> bool {
        let Some((got, expected, scale)) = self.aligned(expected) else { return false };
        // Most pairs of a long list end here: nothing is rounded to less than tens of the smaller unit.
        if remainder(got, 10) != 0 {
            return false;
        }
        let one = 10_i128.pow(scale);
        let mut unit = 10_i128;
        while unit <= expected.abs() {
            let rest = expected.abs() % unit;
            let (down, up) = (expected.abs() - rest, expected.abs() - rest + unit);
            let nearest = if rest * 2 >= unit { up } else { down };
            let candidates = if unit <= one { [down, up] } else { [nearest, nearest] };
            if rest != 0 && got.signum() == expected.signum() && candidates.contains(&got.abs()) {
                return true;
            }
            unit *= 10;
        }
        false
    }

    /// Whether this has the digits of `expected` with the point moved, two neighbouring digits swapped, or one dropped.
    ///
    /// Amounts are compared in the smaller unit of the two, at least in hundredths where either has a fraction.
    #[must_use]
    pub fn is_shift_of(self, expected: Self) -> bool {
        let Some((got, expected, _)) = self.aligned(expected) else { return false };
        if got == expected || got.signum() != expected.signum() {
            return false;
        }
        if !may_be_shifted(got.unsigned_abs(), expected.unsigned_abs()) {
            return false;
        }
        let (got, expected) = (got.abs().to_string(), expected.abs().to_string());
        let moved = got.trim_end_matches('0') == expected.trim_end_matches('0');
        moved || swapped(&got, &expected) || dropped(&got, &expected)
    }
}

/// What is left of a division, in the time that small numbers take.
fn remainder(number: i128, by: i64) -> i128 {
    i64::try_from(number).map_or_else(|_| number % i128::from(by), |small| i128::from(small % by))
}

/// Rules out in no time what most pairs are: moving the point and swapping digits keep the sum of the digits, and a digit
/// that was dropped was the last one, or the last one is the same.
fn may_be_shifted(got: u128, expected: u128) -> bool {
    let (Ok(got), Ok(expected)) = (u64::try_from(got), u64::try_from(expected)) else { return true };
    let keeps_digits = got.abs_diff(expected).is_multiple_of(9);
    keeps_digits || expected > got && (got == expected / 10 || got % 10 == expected % 10)
}

fn swapped(got: &str, expected: &str) -> bool {
    // Leading zeros vanish: 0.21 for 0.12 is fine, 102 for 12 is not the same length.
    let width = got.len().max(expected.len());
    let (got, expected) = (format!("{got:0>width$}"), format!("{expected:0>width$}"));
    let different: Vec<usize> =
        (0..width).filter(|&at| got.as_bytes()[at] != expected.as_bytes()[at]).collect();
    match different[..] {
        [a, b] if b == a + 1 => {
            got.as_bytes()[a] == expected.as_bytes()[b] && got.as_bytes()[b] == expected.as_bytes()[a]
        }
        _ => false,
    }
}

fn dropped(got: &str, expected: &str) -> bool {
    if got.len() + 1 != expected.len() {
        return false;
    }
    let same = got.bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count();
    got[same..] == expected[same + 1..]
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Self { units: -self.units, scale: self.scale }
    }
}

impl std::ops::Add for Decimal {
    type Output = Self;

    /// Saturates beyond 38 digits, which no sum of amounts reaches.
    fn add(self, other: Self) -> Self {
        self.aligned(other).map_or(self, |(a, b, scale)| Self::new(a.saturating_add(b), scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let width = self.scale as usize + 1;
        let digits = format!("{:0>width$}", self.units.unsigned_abs());
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}
