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

/// The part that states the amount where others stand beside it: `119 EUR incl. 19 EUR VAT`, `was 4.99, now 3.49`.
pub(super) fn without_others(text: &str) -> &str {
    const CORRECTED: [&str; 5] = [", now ", "correction:", ", no, ", "corrected to ", "corrected:"];
    const INCLUDED: [&str; 5] = [" incl", " inkl", " thereof", " davon", " dont "];
    const OTHERS: [&str; 13] = [
        "vat", "tax", "mwst", "ust", "tva", "iva", "paid", "change", "tip", "net", "cash", "subtotal",
        "normal",
    ];
    let corrected = CORRECTED.iter().filter_map(|mark| text.rfind(mark).map(|at| at + mark.len())).max();
    if let Some(rest) = corrected.map(|at| &text[at..]).filter(|rest| has_digits(rest)) {
        return rest.trim();
    }
    let included = INCLUDED.iter().filter_map(|mark| text.find(mark)).min();
    if let Some(before) = included.map(|at| &text[..at]).filter(|before| has_digits(before)) {
        return before.trim_end_matches([',', ' ']);
    }
    let parts = text.split_once("; ").or_else(|| text.split_once(", "));
    let is_other = |part: &str| {
        has_digits(part) && part.split(|c: char| !c.is_alphabetic()).any(|word| OTHERS.contains(&word))
    };
    match parts {
        Some((one, other)) if has_digits(one) && !is_other(one) && is_other(other) => one,
        Some((one, other)) if has_digits(other) && is_other(one) && !is_other(other) => other,
        _ => text,
    }
}

pub(super) fn has_digits(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}
