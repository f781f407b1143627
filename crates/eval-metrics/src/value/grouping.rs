//! Digits with separators of thousands and decimals.

use super::Decimal;

/// What a lone separator before three digits means, as in `1.234`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lone {
    /// Thousands: amounts have no tenths of cents.
    Thousands,
    /// A point separates decimals (1.234 kg), a comma thousands.
    PointIsDecimal,
    /// Decimals of an amount, as a price per liter has: `1.789`.
    Decimals,
}

impl Lone {
    /// Whether an amount of money is read.
    pub(super) fn is_money(self) -> bool {
        self != Self::PointIsDecimal
    }
}

/// The number that digits with separators are: `1.234,50`, `1 234`, `12,34,567.00`.
pub(super) fn digits_with_separators(text: &str, lone: Lone) -> Option<Decimal> {
    let spaces = |c: char| c.is_whitespace() || "'’`_\u{2009}\u{202f}".contains(c);
    let allowed = |c: char| c.is_ascii_digit() || ".,".contains(c) || spaces(c);
    text.chars().all(allowed).then_some(())?;
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let decimal = match (points, commas) {
        (0, 0) => None,
        (1, 0) => text.find('.').filter(|&at| !is_thousands(text, at, lone == Lone::Thousands)),
        (0, 1) => text.find(',').filter(|&at| !is_thousands(text, at, lone != Lone::Decimals)),
        (_, 0) | (0, _) => None,
        _ => {
            let (point, comma) = (text.rfind('.')?, text.rfind(',')?);
            let (last, times) = if point > comma { (point, points) } else { (comma, commas) };
            (times == 1).then_some(())?;
            Some(last)
        }
    };
    let (whole, fraction) = match decimal {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    Decimal::from_digits(&without_groups(whole)?, fraction)
}

/// Whether a lone separator stands between one to three digits, not starting with 0, and exactly three.
fn is_thousands(text: &str, at: usize, three_are_thousands: bool) -> bool {
    let before = text[..at].chars().filter(char::is_ascii_digit).count();
    three_are_thousands && text.len() - at == 4 && (1..=3).contains(&before) && !text.starts_with('0')
}

/// The digits of a whole number; groups after the first have three digits, or two in India with three at the end.
fn without_groups(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    if let [_, inner @ .., last] = groups.as_slice() {
        let by_three = inner.iter().all(|group| group.len() == 3);
        let by_two = inner.iter().all(|group| group.len() == 2);
        (last.len() == 3 && (by_three || by_two) && (1..=3).contains(&groups[0].len())).then_some(())?;
    }
    Some(groups.concat())
}
