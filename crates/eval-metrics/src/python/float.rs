//! `float(text)`.

use std::borrow::Cow;

use super::strip;

/// Parses a number exactly as Python's `float()` does.
///
/// That is: surrounding white space, `_` between digits, decimal digits of any script, `inf`, `infinity` and `nan`
/// in any case with a sign; but no thousands separators, no `%`, no hexadecimal.
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    let text = ascii_digits(strip(text));
    let plain = without_underscores(&text)?;
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        let known = ["inf", "infinity", "nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word));
        return known.then(|| plain.parse().ok()).flatten();
    }
    plain.parse().ok()
}

/// Underscores are allowed between two digits only.
fn without_underscores(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(Cow::Borrowed(text));
    }
    let bytes = text.as_bytes();
    let between_digits = |index: usize| {
        index > 0 && bytes[index - 1].is_ascii_digit() && bytes.get(index + 1).is_some_and(u8::is_ascii_digit)
    };
    let allowed = (0..bytes.len()).all(|index| bytes[index] != b'_' || between_digits(index));
    allowed.then(|| Cow::Owned(text.replace('_', "")))
}

/// Decimal digits of any script as ASCII digits.
pub(crate) fn ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let digit = |c: char| match decimal_value(c) {
        Some(value) => char::from(b'0' + value),
        None => c,
    };
    Cow::Owned(text.chars().map(digit).collect())
}

/// The value of a non-ASCII decimal digit.
fn decimal_value(c: char) -> Option<u8> {
    let code = u32::from(c);
    let next = ZEROS.partition_point(|&zero| zero <= code);
    let zero = *ZEROS.get(next.checked_sub(1)?)?;
    u8::try_from(code - zero).ok().filter(|&value| value < 10)
}

/// The code points of the digit zero in every script (Unicode 14, general category Nd); its nine followers are 1–9.
const ZEROS: [u32; 65] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0,
    0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50,
    0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140,
    0x1e2f0, 0x1e950, 0x1fbf0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, number: impl Into<Option<f64>>) {
        assert_eq!(parse_float(text), number.into(), "{text:?}");
    }

    #[test]
    fn accepts_what_python_accepts() {
        check(" 12.5\n", 12.5);
        check("\u{1c}7\u{a0}", 7.0);
        check("1_000.2_5", 1000.25);
        check("1e1_0", 1e10);
        check("+.5", 0.5);
        check("5.", 5.0);
        check("-Infinity", f64::NEG_INFINITY);
        check("١٢٣", 123.0);
        check("𝟗.５", 9.5);
        assert!(parse_float("-NaN").unwrap().is_nan());
    }

    #[test]
    fn refuses_what_python_refuses() {
        for text in [
            "", " ", "1,000", "45%", "$1", "_1", "1_", "1__0", "1_.5", "0x10", "1e", ".", "+-1", "1 0",
            "infin", "²", "1f",
        ] {
            check(text, None);
        }
    }
}
