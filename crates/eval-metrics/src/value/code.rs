//! Codes: invoice numbers, references, currencies.

use super::currency::same_currency;
use super::fold::narrow;

/// Whether two codes have the same letters and digits; blanks, hyphens and a `No.` before do not matter.
pub(crate) fn same_code(expected: &str, got: &str) -> bool {
    let letters = |text: &str| -> String {
        narrow(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    let (a, b) = (letters(expected), letters(got));
    if a.is_empty() || a == b {
        return a == b
            && !is_grouped_otherwise(expected, got)
            && !is_pointed_otherwise(expected, got)
            && (!a.is_empty() || expected.trim() == got.trim());
    }
    if let Some(same) = same_currency(expected, got) {
        return same;
    }
    const BEFORE: &[&str] = &[
        "IBAN",
        "BIC",
        "VIN",
        "NIP",
        "ICD10",
        "CODE",
        "ID",
        "N",
        "登録番号",
        "INVOICENUMBER",
        "INVOICENO",
        "INVOICE",
        "REFERENCENUMBER",
        "REFERENCENO",
        "REFERENCE",
        "OURREF",
        "YOURREF",
        "REFNO",
        "REF",
        "FORMNUMBER",
        "FORMNO",
        "NUMBER",
        "NR",
        "NO",
        "RECHNUNGSNUMMER",
        "RECHNUNGSNR",
    ];
    BEFORE.iter().any(|word| b.strip_prefix(word) == Some(a.as_str()))
}

/// Whether only one of them has a point that makes a number or version of it, or a minus: `1.2` and `12`, `-5` and `5`.
fn is_pointed_otherwise(expected: &str, got: &str) -> bool {
    let is_pointed = |text: &str| {
        let text = text.trim();
        let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit());
        // The number behind the last letter or blank: `INV-1.2`.
        let start = text
            .rfind(|c: char| !(c.is_ascii_digit() || ".:".contains(c)))
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        text[start..].split_once(['.', ':']).is_some_and(|(whole, rest)| digits(whole) && digits(rest))
    };
    let is_turned = |text: &str| {
        let digits = text.trim().strip_prefix(['-', '−']);
        digits.is_some_and(|rest| rest.bytes().all(|it| it.is_ascii_digit()))
    };
    is_pointed(expected) != is_pointed(got) || is_turned(expected) != is_turned(got)
}

/// Whether both are parted by signs, and not in the same places: `1-21` and `12-1`.
fn is_grouped_otherwise(expected: &str, got: &str) -> bool {
    let groups = |text: &str| -> Vec<usize> {
        let parts = text.trim().split(['-', '/', '.']);
        parts.map(|part| part.chars().filter(|c| c.is_alphanumeric()).count()).collect()
    };
    let (expected, got) = (groups(expected), groups(got));
    expected.len() > 1 && expected.len() == got.len() && expected != got
}
