//! Words out of a closed set, codes, texts and lists.

use super::fold::{Umlaut, fold, narrow, tokens};
use super::names::is_plural;

/// Words that say the same in answers, by the word that a label uses. The first list that fits is taken.
const PAYMENT: [(&str, &[&str]); 4] = [
    (
        "voucher",
        &[
            "voucher",
            "gift card",
            "giftcard",
            "gift certificate",
            "meal card",
            "coupon",
            "store credit",
            "ticket restaurant",
            "gutschein",
        ],
    ),
    (
        "mobile",
        &[
            "mobile",
            "apple pay",
            "applepay",
            "google pay",
            "googlepay",
            "gpay",
            "samsung pay",
            "phone",
            "app",
            "alipay",
            "wechat",
            "paytm",
            "upi",
            "phonepe",
            "twint",
            "mobilepay",
            "swish",
            "vipps",
            "e wallet",
            "ewallet",
            "grabpay",
            "touch n go",
            "touchngo",
            "paypal",
        ],
    ),
    (
        "card",
        &[
            "card",
            "cards",
            "credit",
            "debit",
            "visa",
            "mastercard",
            "master card",
            "amex",
            "american express",
            "maestro",
            "discover",
            "jcb",
            "diners",
            "girocard",
            "ec",
            "unionpay",
            "interac",
            "eftpos",
            "bancontact",
            "rupay",
            "vpay",
            "carte",
            "carte bancaire",
            "cb",
            "tarjeta",
            "carta",
            "karte",
            "kartenzahlung",
            "contactless",
            "chip",
            "electron",
            "creditcard",
            "debitcard",
            "kreditkarte",
            "plastic",
        ],
    ),
    (
        "cash",
        &[
            "cash",
            "bar",
            "bargeld",
            "barzahlung",
            "especes",
            "efectivo",
            "contanti",
            "contante",
            "coins",
            "tunai",
            "dinheiro",
        ],
    ),
];

/// Whether two words of a closed set say the same: case, blanks, number and common synonyms do not matter.
pub(crate) fn same_label(expected: &str, got: &str) -> bool {
    let either = |text: &str| label(&text.replace('/', " or "));
    let kinds = (payment(&either(expected)), payment(&either(got)));
    let (expected, got) = (label(expected), label(got));
    let joined = |text: &str| text.replace(' ', "");
    let (a, b) = (joined(&expected), joined(&got));
    if a == b || is_plural(&a, &b) || is_plural(&b, &a) {
        return true;
    }
    match kinds {
        (Some(a), Some(b)) => a == b && !contradicts(&expected, &got),
        _ => false,
    }
}

/// A label in words, without articles.
fn label(text: &str) -> String {
    let folded = fold(text, Umlaut::Bare);
    let words = tokens(&folded).into_iter().filter(|word| !matches!(*word, "a" | "an" | "the"));
    words.collect::<Vec<_>>().join(" ")
}

fn payment(text: &str) -> Option<&'static str> {
    let text = text.strip_prefix("not ").and_then(|text| text.split_once(" but ")).map_or(text, |it| it.1);
    let padded = format!(" {text} ");
    if padded.contains(" not ") || padded.contains(" no ") {
        return None;
    }
    // `cash or card` leaves open which.
    let offered: Vec<&str> = text.split(" or ").filter_map(payment_of_part).collect();
    if offered.windows(2).any(|pair| pair[0] != pair[1]) {
        return None;
    }
    payment_of_part(text)
}

fn payment_of_part(text: &str) -> Option<&'static str> {
    let padded = format!(" {text} ");
    let says = |words: &&[&str]| words.iter().any(|word| padded.contains(&format!(" {word} ")));
    PAYMENT.iter().find(|(_, words)| says(words)).map(|(kind, _)| *kind)
}

/// Whether both name a kind or brand, and not the same: `debit card` is no `credit card`, Visa no Mastercard.
fn contradicts(expected: &str, got: &str) -> bool {
    const APART: [&[&str]; 3] = [
        &["credit", "debit"],
        &[
            "visa",
            "mastercard",
            "master card",
            "amex",
            "american express",
            "maestro",
            "discover",
            "jcb",
            "diners",
            "girocard",
        ],
        &["apple", "google", "samsung", "alipay", "wechat", "paytm", "paypal"],
    ];
    APART.iter().any(|set| {
        let named =
            |text: &str| set.iter().position(|word| format!(" {text} ").contains(&format!(" {word}")));
        matches!((named(expected), named(got)), (Some(a), Some(b)) if a != b)
    })
}

/// Whether two codes have the same letters and digits; blanks, hyphens and a `No.` before do not matter.
pub(crate) fn same_code(expected: &str, got: &str) -> bool {
    let letters = |text: &str| -> String {
        narrow(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    };
    let (a, b) = (letters(expected), letters(got));
    if a.is_empty() || a == b {
        return a == b && (!a.is_empty() || expected.trim() == got.trim());
    }
    if let (Some(a), Some(b)) = (currency(expected), currency(got)) {
        return a == b;
    }
    const BEFORE: [&str; 17] = [
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

/// The ISO code of a currency by its code, sign or name.
fn currency(text: &str) -> Option<&'static str> {
    const NAMES: [(&str, &[&str]); 13] = [
        ("USD", &["usd", "$", "us$", "us dollar", "us dollars", "u.s. dollar", "dollar", "dollars"]),
        ("EUR", &["eur", "€", "euro", "euros"]),
        ("GBP", &["gbp", "£", "pound", "pounds", "pound sterling", "pounds sterling", "british pound"]),
        ("JPY", &["jpy", "¥", "円", "yen", "japanese yen"]),
        ("INR", &["inr", "₹", "rs", "rs.", "rupee", "rupees", "indian rupee"]),
        ("CHF", &["chf", "sfr", "sfr.", "fr.", "swiss franc", "swiss francs", "franken"]),
        ("RUB", &["rub", "₽", "rouble", "roubles", "ruble", "rubles"]),
        ("PLN", &["pln", "zł", "zl", "zloty", "złoty"]),
        ("MYR", &["myr", "rm", "ringgit"]),
        ("IDR", &["idr", "rp", "rp.", "rupiah"]),
        ("BRL", &["brl", "r$", "real", "reais"]),
        ("CAD", &["cad", "ca$", "c$", "canadian dollar", "canadian dollars"]),
        ("AUD", &["aud", "a$", "au$", "australian dollar", "australian dollars"]),
    ];
    let lower = narrow(text).trim().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(code, _)| *code)
}

/// Whether two texts have the same words; accents, case, quotes and dashes do not matter.
pub(crate) fn same_text(expected: &str, got: &str) -> bool {
    let words = |text: &str, umlaut| {
        let folded = fold(text, umlaut).replace('\'', "");
        let words: Vec<String> = tokens(&folded).into_iter().map(str::to_owned).collect();
        words
    };
    let same = |umlaut| {
        let (a, b) = (words(expected, umlaut), words(got, umlaut));
        let after_label = || {
            b.split_first().is_some_and(|(first, rest)| {
                matches!(first.as_str(), "subject" | "re" | "betreff" | "objet" | "asunto" | "title")
                    && *rest == a[..]
            })
        };
        if a.is_empty() { super::plain(expected) == super::plain(got) } else { a == b || after_label() }
    };
    same(Umlaut::Bare) || same(Umlaut::WithE)
}

/// The entries of a list in a text: between semicolons, else lines, bars or commas.
pub(crate) fn entries(text: &str, separators: &[char]) -> Vec<String> {
    let mark = separators.iter().copied().find(|mark| text.contains(*mark));
    let parts: Vec<&str> = mark.map_or_else(|| vec![text], |mark| text.split(mark).collect());
    parts.into_iter().map(entry).filter(|entry| !entry.is_empty()).collect()
}

/// An entry without its bullet, tick or number, in plain words.
fn entry(text: &str) -> String {
    let text =
        text.trim().trim_start_matches(|c: char| "☑☒✓✔✅✗■●•*-–[]xX() ".contains(c) && !c.is_alphanumeric());
    let text = text.strip_prefix("x]").or_else(|| text.strip_prefix("X]")).unwrap_or(text);
    let folded = fold(text, Umlaut::Bare);
    tokens(&folded).join(" ")
}

/// Whether two lists have the same entries in any order.
pub(crate) fn same_entries(expected: &[String], got: &str) -> bool {
    let sorted = |mut list: Vec<String>| {
        list.sort_unstable();
        list
    };
    let expected = sorted(expected.to_vec());
    [&[';', '\n', '|'][..], &[','][..]]
        .into_iter()
        .any(|separators| sorted(entries(got, separators)) == expected)
        || {
            let joined = got.replace(" and ", ",").replace(" & ", ",").replace(",,", ",");
            sorted(entries(&joined, &[','])) == expected
        }
}
