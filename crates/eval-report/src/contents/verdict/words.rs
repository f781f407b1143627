use eval_summary::{PairedGap, Standing};

use crate::figures::{money, percent, points};

/// `openai/x (92.3%, $1.20 per 1,000)`.
pub(super) fn described(it: &Standing) -> String {
    let price = match it.usd_per_1000 {
        None => "price unknown".to_owned(),
        Some(0.0) => "free".to_owned(),
        Some(usd) => format!("{} per 1,000", money(usd)),
    };
    format!("{} ({}, {price})", it.provider, percent(it.score))
}

/// `−3.1 points [−7.0, +1.0]`.
pub(super) fn gap(gap: &PairedGap) -> String {
    let difference = format!("{} points", points(gap.difference));
    match &gap.interval {
        None => format!("{difference} (no interval)"),
        Some(bounds) => format!("{difference} [{}, {}]", points(bounds.low), points(bounds.high)),
    }
}

/// `1 point`, `2.5 points`: an amount without a sign.
pub(super) fn points_of(share: f64) -> String {
    let points = (share * 1_000.0).round() / 10.0;
    if points == 1.0 { "1 point".to_owned() } else { format!("{points} points") }
}

/// With commas between thousands.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `a, b and c`.
pub(super) fn and<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{and, count, points_of};

    #[test]
    fn numbers_and_lists_read_as_people_write_them() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0.01, 0.025, 0.1].map(points_of), ["1 point", "2.5 points", "10 points"]);
        assert_eq!(and(&["a", "b", "c"]), "a, b and c");
    }
}
