//! `str()`, `strip()`, `split()` and `lower()`.

use std::borrow::Cow;

use serde_json::Value;

/// `str.isspace()`: Unicode white space and the four ASCII separators.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// `text.strip()`.
#[must_use]
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `" ".join(text.split())`: trimmed, every run of white space one blank.
#[must_use]
pub fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_squeezed(&mut out, text);
    out
}

fn push_squeezed(out: &mut String, text: &str) {
    let start = out.len();
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if out.len() > start {
            out.push(' ');
        }
        out.push_str(word);
    }
}

/// `text.splitlines()`.
pub(crate) fn lines(text: &str) -> Vec<&str> {
    let is_break =
        |c: char| matches!(c, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_break).unwrap_or(rest.len());
        let (line, tail) = rest.split_at(end);
        lines.push(line);
        let after = tail.strip_prefix("\r\n").or_else(|| tail.strip_prefix(is_break));
        rest = after.unwrap_or_default();
    }
    lines
}

/// `" ".join(text.lower().split())`, which most references do first.
#[must_use]
pub fn squeeze_lower(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_squeezed_lower(&mut out, text);
    out
}

/// Appends what [`squeeze_lower`] gives: many short texts in one buffer save an allocation each.
pub(crate) fn push_squeezed_lower(out: &mut String, text: &str) {
    if !text.is_ascii() {
        return push_squeezed(out, &text.to_lowercase());
    }
    // Most texts need no squeezing, and lower-casing alone takes many letters at once.
    let mut before = b' ';
    let is_tidy = text.bytes().all(|byte| {
        let fits = byte > b' ' || (byte == b' ' && before != b' ');
        before = byte;
        fits
    });
    let start = out.len();
    if is_tidy && before != b' ' {
        out.push_str(text);
    } else {
        push_squeezed(out, text);
    }
    out[start..].make_ascii_lowercase();
}

/// `str(value)` of a JSON scalar; nothing for null, lists and objects.
#[must_use]
pub fn scalar_text(value: &Value) -> Option<Cow<'_, str>> {
    Some(match value {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        Value::Bool(true) => Cow::Borrowed("True"),
        Value::Bool(false) => Cow::Borrowed("False"),
        Value::Number(number) => Cow::Owned(match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => float_text(float),
            None => number.to_string(),
        }),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    })
}

/// `repr(float)`: the shortest text that reads back, with an exponent below 1e-4 and from 1e16 on.
#[must_use]
pub fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("{:e} always prints an exponent");
    let exponent: i32 = exponent.parse().expect("{:e} prints a small integer exponent");
    if (-4..16).contains(&exponent) {
        return format!("{number:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_floats_as_python_does() {
        for (number, text) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (1e300, "1e+300"),
        ] {
            assert_eq!(float_text(number), text);
        }
    }

    #[test]
    fn squeezes_every_kind_of_blank() {
        assert_eq!(squeeze(" a\u{1f}\u{3000}b\t"), "a b");
        assert_eq!(squeeze_lower(" A\u{1f} \tb\t"), "a b");
        assert_eq!(squeeze_lower(" Ä\u{1f}\u{3000}B\t"), "ä b");
        assert_eq!(squeeze_lower(" \t"), "");
    }
}
