//! The store's name and the date.

use crate::dates::{self, Date, Order};
use crate::words::{contains_any, words};

use super::label::Label;
use super::row::Row;

/// Rows that greet or describe, but do not name.
const GREETINGS: &[&str] = &[
    "receipt",
    "welcome",
    "thank",
    "thanks",
    "invoice",
    "bill",
    "guest check",
    "quittung",
    "rechnung",
    "ticket",
    "recu",
    "facture",
    "ricevuta",
    "scontrino",
    "kvitto",
    "bon",
    "kassenbon",
    "copy",
    "date",
    "tax invoice",
    "fattura",
    "factura",
    "paragon",
    "uctenka",
    "nyugta",
    "simplified",
    "kassabon",
    "duplicate",
    "customer copy",
];

/// The name at the top: the largest print among the first rows.
pub fn store(rows: &[Row]) -> Option<String> {
    let named: Vec<&Row> = rows.iter().take(6).filter(|row| names(row)).collect();
    let first = named.first()?;
    let largest = named.iter().take(3).max_by(|a, b| a.height.total_cmp(&b.height))?;
    let chosen = if largest.height > first.height * 1.25 { largest } else { first };
    let name = chosen.text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '!' | '.'));
    Some(name.trim().to_owned())
}

fn names(row: &Row) -> bool {
    let letters = row.text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = row.text.chars().filter(char::is_ascii_digit).count();
    letters >= 2
        && letters > digits
        && row.price.is_none()
        && row.label != Some(Label::Notice)
        && dates::find(&row.text, Order::DayFirst).is_none()
        && !(contains_any(&words(&row.text), GREETINGS) && words(&row.text).len() <= 3)
}

/// The first date on the page; numbers whose order is open follow the page's country.
pub fn date(rows: &[Row]) -> Option<Date> {
    let order = order(rows);
    rows.iter().find_map(|row| dates::find(&row.text, order))
}

/// Month first is the custom where the dollar is the currency and nothing points elsewhere.
fn order(rows: &[Row]) -> Order {
    let mut american = false;
    let mut elsewhere = false;
    for row in rows {
        let words = words(&row.text);
        american |= row.text.contains('$')
            || contains_any(&words, &["tax", "usd", "state tax", "gratuity"])
            || has_zip_code(&row.text);
        elsewhere |= row.text.contains(['€', '£', '₹'])
            || contains_any(
                &words,
                &[
                    "gst", "vat", "aud", "nzd", "sgd", "abn", "iva", "mwst", "tva", "hkd", "brl", "mxn",
                    "gstin", "hst",
                ],
            )
            || ["A$", "NZ$", "S$", "HK$", "R$", "MX$"].iter().any(|sign| row.text.contains(sign));
    }
    if american && !elsewhere { Order::MonthFirst } else { Order::DayFirst }
}

/// `CA 94110`: two capitals and five digits.
fn has_zip_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    (2..bytes.len()).any(|at| {
        let state = bytes[at - 2..at].iter().all(u8::is_ascii_uppercase)
            && (at == 2 || !bytes[at - 3].is_ascii_alphanumeric());
        let code = text.get(at..).map_or("", |rest| rest.trim_start());
        state && code.len() >= 5 && code.bytes().take(5).all(|byte| byte.is_ascii_digit())
    })
}
