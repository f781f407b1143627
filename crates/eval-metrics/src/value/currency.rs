//! Currencies by their code, sign or name.

use super::fold::narrow;

/// The codes of currencies with their signs and names. A sign that several share stands for the most common one.
const NAMES: [(&str, &[&str]); 28] = [
    (
        "USD",
        &["usd", "$", "us$", "us dollar", "us dollars", "u.s. dollar", "u.s. dollars", "dollar", "dollars"],
    ),
    ("EUR", &["eur", "€", "euro", "euros"]),
    (
        "GBP",
        &[
            "gbp",
            "£",
            "pound",
            "pounds",
            "pound sterling",
            "pounds sterling",
            "british pound",
            "british pounds",
        ],
    ),
    ("JPY", &["jpy", "¥", "円", "yen", "japanese yen"]),
    ("INR", &["inr", "₹", "rs", "rs.", "rupee", "rupees", "indian rupee", "indian rupees"]),
    ("CHF", &["chf", "sfr", "sfr.", "fr.", "swiss franc", "swiss francs", "franken", "schweizer franken"]),
    ("RUB", &["rub", "₽", "руб", "руб.", "rouble", "roubles", "ruble", "rubles"]),
    ("CNY", &["cny", "rmb", "元", "yuan", "renminbi", "chinese yuan"]),
    ("KRW", &["krw", "₩", "원", "won", "korean won"]),
    ("PLN", &["pln", "zł", "zl", "zloty", "złoty", "złotych"]),
    ("CZK", &["czk", "kč", "koruna"]),
    ("HUF", &["huf", "ft", "forint"]),
    ("SEK", &["sek", "kr", "kr.", "swedish krona", "swedish kronor", "kronor"]),
    ("NOK", &["nok", "norwegian krone", "norwegian kroner"]),
    ("DKK", &["dkk", "danish krone", "danish kroner"]),
    ("TRY", &["try", "₺", "tl", "turkish lira"]),
    ("UAH", &["uah", "₴", "hryvnia"]),
    ("ILS", &["ils", "₪", "shekel", "shekels", "nis"]),
    ("MYR", &["myr", "rm", "ringgit"]),
    ("IDR", &["idr", "rp", "rp.", "rupiah"]),
    ("THB", &["thb", "฿", "baht"]),
    ("VND", &["vnd", "₫", "đ", "dong"]),
    ("SGD", &["sgd", "s$", "singapore dollar", "singapore dollars"]),
    ("HKD", &["hkd", "hk$", "hong kong dollar", "hong kong dollars"]),
    ("BRL", &["brl", "r$", "real", "reais"]),
    ("MXN", &["mxn", "mx$", "mexican peso", "mexican pesos"]),
    ("CAD", &["cad", "ca$", "c$", "canadian dollar", "canadian dollars"]),
    ("AUD", &["aud", "a$", "au$", "australian dollar", "australian dollars"]),
];

/// The ISO code of a currency by its code, sign or name; also of `EUR (€)`, which says it twice.
pub(crate) fn currency(text: &str) -> Option<&'static str> {
    if text.len() > 40 {
        return None;
    }
    let lower = narrow(text).trim().to_lowercase();
    if let Some((name, again)) = lower.strip_suffix(')').and_then(|text| text.split_once('(')) {
        return of_name(name.trim()).filter(|code| of_name(again.trim()).is_none_or(|other| other == *code));
    }
    of_name(&lower)
}

fn of_name(lower: &str) -> Option<&'static str> {
    NAMES.iter().find(|(_, names)| names.contains(&lower)).map(|(code, _)| *code)
}

/// Whether two texts name currencies that one sign stands for: `kr` in Sweden, Norway and Denmark.
pub(crate) fn same_currency(expected: &str, got: &str) -> Option<bool> {
    const SHARED: [(&str, &[&str]); 5] = [
        ("kr", &["SEK", "NOK", "DKK", "ISK"]),
        ("$", &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"]),
        ("¥", &["JPY", "CNY"]),
        ("fr.", &["CHF", "XAF", "XOF"]),
        ("rs.", &["INR", "PKR", "LKR", "NPR"]),
    ];
    let code = |text: &str| {
        let upper = text.trim().to_uppercase();
        let is_code = upper.len() == 3 && upper.bytes().all(|byte| byte.is_ascii_uppercase());
        currency(text).map(str::to_owned).or_else(|| is_code.then_some(upper))
    };
    let expected = code(expected)?;
    let sign = narrow(got).trim().to_lowercase();
    if let Some((_, codes)) =
        SHARED.iter().find(|(shared, _)| sign.trim_end_matches('.') == shared.trim_end_matches('.'))
    {
        return Some(codes.contains(&expected.as_str()));
    }
    Some(expected == code(got)?)
}
