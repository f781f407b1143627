//! Words out of a closed set.

use super::currency::same_currency;
use super::documents::same_document;
use super::fold::{Umlaut, fold, tokens};
use super::names::is_plural;
use super::payment::same_payment;
use super::remark::without_denial;
use super::signs::same_signs;

/// Whether two words of a closed set say the same: case, blanks, number and common synonyms do not matter.
pub(crate) fn same_label(expected: &str, got: &str) -> bool {
    // `A` and `A+` are labels, too, and no articles.
    if expected.trim().eq_ignore_ascii_case(got.trim()) {
        return true;
    }
    if !same_signs(expected, got) && same_currency(expected, got).is_none() {
        return false;
    }
    let got = without_name(without_denial(got.trim()));
    let (a, b) = (label(expected), label(got));
    let joined = |text: &str| text.replace(' ', "");
    let (short, long) = (joined(&a), joined(&b));
    if !short.is_empty() && short == long || is_plural(&short, &long) || is_plural(&long, &short) {
        return true;
    }
    if let Some(same) = same_currency(expected, got) {
        return same;
    }
    let either = |text: &str| label(&text.replace('/', " or "));
    same_payment(&either(expected), &either(got)).or_else(|| same_document(&a, &b)).unwrap_or(false)
}

/// `type: invoice` without the name of the field.
fn without_name(text: &str) -> &str {
    text.split_once(':')
        .filter(|(name, rest)| name.len() <= 20 && !rest.trim().is_empty())
        .map_or(text, |it| it.1.trim())
}

/// A label in words, without articles.
fn label(text: &str) -> String {
    let folded = fold(text, Umlaut::Bare);
    let words = tokens(&folded).into_iter().filter(|word| !matches!(*word, "a" | "an" | "the"));
    words.collect::<Vec<_>>().join(" ")
}
