//! Currencies by their code, sign or name.

use super::fold::narrow;

/// The codes of currencies with their signs and names. A sign that several share stands for the most common one.
const NAMES: &[(&str, &[&str])] = &[
    (
        "USD",
        &[
            "usd",
            "$",
            "us$",
            "us-$",
            "u.s.$",
            "us dollar",
            "dollari",
            "dólar",
            "dólares",
            "dolar",
            "доллар",
            "доллара",
            "долларов",
            "долл",
            "美元",
            "米ドル",
            "ドル",
            "달러",
            "دولار",
            "डॉलर",
            "us-dollar",
            "us dollars",
            "u.s. dollar",
            "u.s. dollars",
            "dollar",
            "dollars",
        ],
    ),
    (
        "EUR",
        &[
            "eur",
            "€",
            "euro",
            "euros",
            "евро",
            "євро",
            "ευρώ",
            "ユーロ",
            "欧元",
            "歐元",
            "유로",
            "يورو",
            "אירו",
            "यूरो",
            "euroa",
        ],
    ),
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
            "libras esterlinas",
            "sterling",
            "英镑",
            "英鎊",
            "ポンド",
            "파운드",
            "livres sterling",
            "фунт",
            "фунта",
            "фунтов",
            "pfund",
            "libras",
            "livres",
        ],
    ),
    ("JPY", &["jpy", "¥", "jp¥", "円", "yen", "yens", "japanese yen", "日元", "иена", "иен", "йен", "엔"]),
    (
        "INR",
        &["inr", "₹", "rs", "rs.", "rupee", "rupees", "रुपये", "रुपए", "рупий", "indian rupee", "indian rupees"],
    ),
    (
        "CHF",
        &[
            "chf",
            "sfr",
            "sfr.",
            "fr.",
            "swiss franc",
            "swiss francs",
            "franken",
            "franc",
            "francs",
            "franchi",
            "франк",
            "франков",
            "瑞士法郎",
            "schweizer franken",
        ],
    ),
    (
        "RUB",
        &[
            "rub",
            "₽",
            "руб",
            "руб.",
            "rouble",
            "roubles",
            "ruble",
            "rubles",
            "рубль",
            "рубля",
            "рублей",
            "rubel",
            "rubli",
            "卢布",
        ],
    ),
    (
        "CNY",
        &[
            "cny",
            "rmb",
            "元",
            "yuan",
            "renminbi",
            "chinese yuan",
            "cn¥",
            "人民币",
            "块",
            "юань",
            "юаней",
            "위안",
        ],
    ),
    ("KRW", &["krw", "₩", "원", "won", "korean won"]),
    ("PLN", &["pln", "zł", "zl", "zloty", "zlotys", "złoty", "złote", "złotych", "злотых"]),
    ("CZK", &["czk", "kč", "koruna", "korun", "крон"]),
    ("HUF", &["huf", "ft", "forint", "forints"]),
    ("SEK", &["sek", "kr", "kr.", "krona", "krone", "kroner", "swedish krona", "swedish kronor", "kronor"]),
    ("NOK", &["nok", "norwegian krone", "norwegian kroner"]),
    ("DKK", &["dkk", "danish krone", "danish kroner"]),
    ("TRY", &["try", "₺", "tl", "lira", "liras", "лир", "turkish lira"]),
    ("UAH", &["uah", "₴", "hryvnia", "hryvnias", "грн", "гривень", "гривна", "гривен"]),
    ("ILS", &["ils", "₪", "shekel", "shekels", "nis"]),
    ("MYR", &["myr", "rm", "ringgit"]),
    ("IDR", &["idr", "rp", "rp.", "rupiah"]),
    ("THB", &["thb", "฿", "baht"]),
    ("VND", &["vnd", "₫", "đ", "dong"]),
    ("SGD", &["sgd", "s$", "singapore dollar", "singapore dollars"]),
    ("HKD", &["hkd", "hk$", "hong kong dollar", "hong kong dollars"]),
    ("BRL", &["brl", "r$", "real", "reais", "brazilian real", "brazilian reais"]),
    ("MXN", &["mxn", "mx$", "mex$", "peso", "pesos", "mexican peso", "mexican pesos", "песо"]),
    ("CAD", &["cad", "ca$", "c$", "canadian dollar", "canadian dollars"]),
    ("AUD", &["aud", "a$", "au$", "australian dollar", "australian dollars"]),
    ("NZD", &["nzd", "nz$", "new zealand dollar", "new zealand dollars"]),
    ("TWD", &["twd", "nt$", "new taiwan dollars"]),
    ("PHP", &["php", "₱", "philippine peso", "philippine pesos"]),
    ("ARS", &["ars", "ar$", "argentine pesos"]),
    ("COP", &["cop", "col$", "colombian pesos"]),
    ("CLP", &["clp", "clp$", "chilean pesos"]),
    ("PEN", &["pen", "s/", "soles"]),
    ("DOP", &["dop", "rd$"]),
    ("RON", &["ron", "leu", "lei", "лей", "леев"]),
    ("BGN", &["bgn", "лв", "лв.", "лева", "lev", "leva"]),
    ("RSD", &["rsd", "dinar", "dinars", "динаров", "din"]),
    ("HRK", &["hrk", "kn", "kuna", "kune"]),
    ("ISK", &["isk", "icelandic krona"]),
    ("KZT", &["kzt", "₸", "тенге", "tenge"]),
    ("GEL", &["gel", "₾", "лари", "lari"]),
    ("AMD", &["amd", "֏", "драмов", "dram", "drams"]),
    ("AED", &["aed", "dirham", "dirhams", "درهم"]),
    ("SAR", &["sar", "riyal", "riyals", "ريال"]),
    ("EGP", &["egp", "جنيه", "egyptian pounds", "e£"]),
    ("KWD", &["kwd", "دينار"]),
    ("ZAR", &["zar", "rand", "rands"]),
    ("NGN", &["ngn", "₦", "naira"]),
    ("KES", &["kes", "ksh", "shilling", "shillings"]),
    ("GHS", &["ghs", "gh₵", "₵", "cedi", "cedis"]),
    ("BDT", &["bdt", "৳", "taka"]),
    ("PKR", &["pkr", "pakistani rupees"]),
    ("LKR", &["lkr", "sri lankan rupees"]),
    ("CRC", &["crc", "₡", "colones"]),
    ("PYG", &["pyg", "₲", "guaraníes"]),
    ("MNT", &["mnt", "₮", "tugrik"]),
    ("LAK", &["lak", "₭", "kip"]),
    ("KHR", &["khr", "៛", "riel"]),
    ("AZN", &["azn", "₼", "manat"]),
    ("BTC", &["btc", "₿", "bitcoin", "bitcoins"]),
];

/// The words and signs that several currencies share, and which.
const SHARED: [(&[&str], &[&str]); 9] = [
    (&["kr", "kr.", "krona", "krone", "kroner", "kronor"], &["SEK", "NOK", "DKK", "ISK"]),
    (
        &[
            "$",
            "dollar",
            "dollars",
            "dólar",
            "dólares",
            "dollari",
            "dolar",
            "ドル",
            "달러",
            "دولار",
            "доллар",
            "доллара",
            "долларов",
        ],
        &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "COP", "CLP"],
    ),
    (&["¥"], &["JPY", "CNY"]),
    (&["fr.", "fr", "franc", "francs"], &["CHF", "XAF", "XOF"]),
    (&["rs.", "rs", "rupee", "rupees"], &["INR", "PKR", "LKR", "NPR"]),
    (&["peso", "pesos", "песо"], &["MXN", "PHP", "ARS", "COP", "CLP", "DOP"]),
    (&["£", "pound", "pounds"], &["GBP", "EGP"]),
    (&["dinar", "dinars"], &["RSD", "KWD"]),
    (&["lira", "liras"], &["TRY"]),
];

/// What a word, a sign or a code says of a currency: its code, or the word that several share.
pub(crate) fn mark_of(word: &str) -> Option<&'static str> {
    let lower = narrow(word).trim().to_lowercase();
    let shared = SHARED.iter().find(|(names, _)| names.contains(&lower.as_str())).map(|(names, _)| names[0]);
    shared.or_else(|| currency(word))
}

/// Whether two marks can stand for one currency.
pub(crate) fn may_be_one(a: &str, b: &str) -> bool {
    let codes = |mark: &str| SHARED.iter().find(|(names, _)| names[0] == mark).map(|(_, codes)| *codes);
    match (codes(a), codes(b)) {
        (None, None) => a == b,
        (Some(codes), None) => codes.contains(&b),
        (None, Some(codes)) => codes.contains(&a),
        (Some(a), Some(b)) => a.iter().any(|code| b.contains(code)),
    }
}

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
    let code = |text: &str| {
        let upper = text.trim().to_uppercase();
        let is_code = upper.len() == 3 && upper.bytes().all(|byte| byte.is_ascii_uppercase());
        currency(text).map(str::to_owned).or_else(|| is_code.then_some(upper))
    };
    let expected = code(expected)?;
    let sign = narrow(got).trim().to_lowercase();
    if let Some((_, codes)) = SHARED.iter().find(|(names, _)| names.contains(&sign.as_str())) {
        return Some(codes.contains(&expected.as_str()));
    }
    Some(expected == code(got)?)
}
