//! Amounts and dates as the well-known receipt datasets write them.

use serde_json::{Number, Value};

/// An amount with a decimal point, as SROIE and most English tables write it: `RM 1,234.50`.
pub(super) fn decimal(text: &str) -> Option<Value> {
    number(&digits(text)?.replace(',', ""))
}

/// An amount in rupiah, as CORD has them: every point and comma groups thousands, but for two digits at the very end.
pub(super) fn rupiah(text: &str) -> Option<Value> {
    let digits = digits(text)?;
    let (whole, cents) = match digits.rsplit_once(['.', ',']) {
        Some((whole, cents)) if cents.len() < 3 => (whole, cents),
        _ => (digits.as_str(), ""),
    };
    let whole = whole.replace(['.', ','], "");
    if cents.is_empty() { number(&whole) } else { number(&format!("{whole}.{cents}")) }
}

/// The first number of a text such as `2 x` or `x2`.
pub(super) fn count(text: &str) -> Option<Value> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && !".,".contains(c)).unwrap_or(rest.len());
    number(&rest[..end].trim_end_matches(['.', ',']).replace(',', "."))
}

/// Sign, digits, points and commas; nothing if anything but currency words and blanks stands around them.
fn digits(text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (before, middle, after) = (&text[..start], &text[start..end], &text[end..]);
    let middle: String = middle.chars().filter(|c| !c.is_whitespace()).collect();
    if !middle.chars().all(|c| c.is_ascii_digit() || ".,".contains(c)) {
        return None;
    }
    let negative = before.contains('-') || after.trim() == "-" || before.contains('(') && after.contains(')');
    Some(if negative { format!("-{middle}") } else { middle })
}

/// Whole numbers stay whole: 16500 and not 16500.0.
pub(super) fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let value: f64 = text.parse().ok()?;
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return Some((value as i64).into());
    }
    Number::from_f64(value).map(Value::Number)
}

/// `25/12/2018`, `25-12-18`, `25.12.2018`, `2018-12-25`, `25 DEC 2018`, `DEC 25, 2018` as an ISO date; day before month.
pub(super) fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let [a, b, c] = parts.first_chunk::<3>()?;
    let (year, month, day): (u32, u32, u32) = if a.len() == 4 {
        (year(a)?, month(b)?, c.parse().ok()?)
    } else if a.chars().all(char::is_alphabetic) {
        (year(c)?, month(a)?, b.parse().ok()?)
    } else {
        (year(c)?, month(b)?, a.parse().ok()?)
    };
    let last = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let right = (1..=12).contains(&month) && (1..=last).contains(&day);
    right.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn year(text: &str) -> Option<u32> {
    let year: u32 = text.parse().ok()?;
    match text.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

fn month(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_lowercase();
    let named = NAMES.iter().position(|name| lower.starts_with(name)).map(|at| at as u32 + 1);
    named.or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn amounts_with_a_decimal_point() {
        for (text, value) in [
            ("9.00", Some(json!(9))),
            ("RM1,234.50", Some(json!(1234.5))),
            ("$ -3.20", Some(json!(-3.2))),
            ("none", None),
            ("1.00 x 2", None),
        ] {
            assert_eq!(super::decimal(text), value, "{text}");
        }
    }

    #[test]
    fn rupiah_group_with_points_and_commas_alike() {
        for (text, value) in [
            ("16,500", Some(json!(16500))),
            ("1.591.600", Some(json!(1_591_600))),
            ("Rp 60.000,00", Some(json!(60000))),
            ("-5,000", Some(json!(-5000))),
            ("(5.000)", Some(json!(-5000))),
            ("0", Some(json!(0))),
            ("free", None),
        ] {
            assert_eq!(super::rupiah(text), value, "{text}");
        }
    }

    #[test]
    fn counts_stand_before_or_after_their_sign() {
        for (text, value) in [("2 x", json!(2)), ("x3", json!(3)), ("0.5kg", json!(0.5)), ("1", json!(1))] {
            assert_eq!(super::count(text), Some(value), "{text}");
        }
    }

    #[test]
    fn dates_have_the_day_before_the_month() {
        for (text, iso) in [
            ("25/12/2018", Some("2018-12-25")),
            ("25-12-18 10:22:05", Some("2018-12-25")),
            ("2018-12-25", Some("2018-12-25")),
            ("05 MAR 2018", Some("2018-03-05")),
            ("March 5, 2018", Some("2018-03-05")),
            ("31/02/2018", None),
            ("12/25/2018", None),
            ("soon", None),
        ] {
            assert_eq!(super::date(text).as_deref(), iso, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = (super::decimal(&text), super::rupiah(&text), super::count(&text), super::date(&text));
        }
    }
}
