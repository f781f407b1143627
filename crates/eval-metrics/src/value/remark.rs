//! What is said beside a value and is no part of it.

/// `12.50 (incl. 2.00 tax)`, `12.50, not 13.50` and `not 13.50 but 12.50` are 12.50.
pub(super) fn without_remark(text: &str) -> &str {
    let text = without_denial(text);
    match text.split_once('(') {
        Some((before, remark)) if has_digits(before) && remark.ends_with(')') => before.trim_end(),
        _ => text,
    }
}

/// What is said in place of what is denied: `not cash but card`, `letter, not form`.
pub(super) fn without_denial(text: &str) -> &str {
    let start = text.get(..4).filter(|start| start.eq_ignore_ascii_case("not "));
    let stated = start.and_then(|_| text.split_once(" but ")).map_or(text, |parts| parts.1.trim());
    stated.split_once(", not ").map_or(stated, |parts| parts.0)
}

pub(super) fn has_digits(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}
