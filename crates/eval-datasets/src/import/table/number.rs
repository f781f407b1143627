//! Numbers as spreadsheets write them; which mark separates decimals is for the whole column to say.

use serde_json::Value;

use super::super::amounts;

/// What separates the decimals of a column's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

impl Mark {
    /// As it is written in a flag.
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }
}

impl std::str::FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "point" | "." => Ok(Self::Point),
            "comma" | "," => Ok(Self::Comma),
            _ => Err(format!("unknown decimal mark `{text}` (known: point, comma)")),
        }
    }
}

/// What is known of the decimal mark of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decimals {
    /// What separates decimals, where it matters.
    pub mark: Option<Mark>,
    /// Whether a person said so.
    pub said: bool,
}

/// A cell that holds a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    point: Option<Value>,
    comma: Option<Value>,
    /// The currency, by its code where the sign is that of one country.
    pub currency: Option<&'static str>,
    pub percent: bool,
}

impl Written {
    pub fn by(&self, mark: Mark) -> Option<&Value> {
        match mark {
            Mark::Point => self.point.as_ref(),
            Mark::Comma => self.comma.as_ref(),
        }
    }

    /// Whether the two marks give two numbers.
    pub fn is_ambiguous(&self) -> bool {
        self.point.is_some() && self.comma.is_some() && self.point != self.comma
    }

    /// The number, if it can be read in one way only.
    pub fn plain(&self) -> Option<&Value> {
        self.point.as_ref().or(self.comma.as_ref()).filter(|_| !self.is_ambiguous())
    }

    /// Whether a mark makes tenths of cents of what the other mark groups as thousands: `2,500` by comma.
    pub fn has_tenths_of_cents(&self, mark: Mark) -> bool {
        let size = |mark| self.by(mark).and_then(Value::as_f64).map(f64::abs);
        let other = if mark == Mark::Point { Mark::Comma } else { Mark::Point };
        size(mark).zip(size(other)).is_some_and(|(this, other)| this < other)
    }

    /// By the mark of its column, or in the only way it can be read. An amount of money has no tenths of cents, unless a
    /// person said the mark.
    pub fn marked(&self, decimals: Decimals, money: bool, text: &str, column: &str) -> Result<Value, String> {
        let text = text.trim();
        let Some(mark) = decimals.mark else {
            return self.plain().cloned().ok_or_else(|| {
                format!(
                    "`{text}` can be read in two ways: say --decimal {column}=point or --decimal {column}=comma"
                )
            });
        };
        let name = mark.name();
        let value = self
            .by(mark)
            .ok_or_else(|| format!("`{text}` has no decimal {name}, as the column's other numbers have"))?;
        if money && !decimals.said && self.has_tenths_of_cents(mark) {
            return Err(format!(
                "`{text}` is {value} by the decimal {name} of the other numbers, but amounts have no tenths of cents: \
                 correct the cell, or accept it with --decimal {column}={name}"
            ));
        }
        Ok(value.clone())
    }
}

/// Spellings of currencies, the longer before the shorter that begins alike.
const CURRENCIES: [(&str, &str); 66] = [
    ("US$", "USD"),
    ("HK$", "HKD"),
    ("NT$", "TWD"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("S$", "SGD"),
    ("R$", "BRL"),
    ("€", "EUR"),
    ("$", "$"),
    ("£", "GBP"),
    ("¥", "¥"),
    ("円", "JPY"),
    ("元", "CNY"),
    ("₹", "INR"),
    ("₽", "RUB"),
    ("₩", "KRW"),
    ("₺", "TRY"),
    ("₫", "VND"),
    ("฿", "THB"),
    ("₴", "UAH"),
    ("₱", "PHP"),
    ("₪", "ILS"),
    ("zł", "PLN"),
    ("kč", "CZK"),
    ("ft", "HUF"),
    ("kr", "kr"),
    ("rm", "MYR"),
    ("rp", "IDR"),
    ("rs", "Rs"),
    ("fr", "CHF"),
    ("руб", "RUB"),
    ("р", "RUB"),
    ("euro", "EUR"),
    ("eur", "EUR"),
    ("usd", "USD"),
    ("gbp", "GBP"),
    ("chf", "CHF"),
    ("jpy", "JPY"),
    ("cny", "CNY"),
    ("inr", "INR"),
    ("rub", "RUB"),
    ("krw", "KRW"),
    ("try", "TRY"),
    ("pln", "PLN"),
    ("czk", "CZK"),
    ("huf", "HUF"),
    ("sek", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
    ("aud", "AUD"),
    ("cad", "CAD"),
    ("nzd", "NZD"),
    ("sgd", "SGD"),
    ("myr", "MYR"),
    ("hkd", "HKD"),
    ("thb", "THB"),
    ("idr", "IDR"),
    ("vnd", "VND"),
    ("php", "PHP"),
    ("zar", "ZAR"),
    ("brl", "BRL"),
    ("mxn", "MXN"),
    ("ils", "ILS"),
    ("aed", "AED"),
    ("uah", "UAH"),
    ("npr", "NPR"),
];

const MINUS: &str = "-−–";

/// A number with what may stand around it; nothing for words, codes such as `007`, and numbers too long to be exact.
pub(super) fn read(text: &str) -> Option<Written> {
    let text = text.trim();
    let (text, in_brackets) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (text, false),
    };
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    // A point straight before the digits is a decimal mark: `.50`, but not that of `Rs.50`.
    let bare = text[..first].ends_with('.') && !text[..first - 1].ends_with(char::is_alphabetic);
    let first = if bare { first - 1 } else { first };
    let (before, body, mut after) = (&text[..first], &text[first..=last], &text[last + 1..]);
    // `12,-` is how some write whole amounts.
    if let Some(rest) = after.strip_prefix([',', '.']).filter(|rest| rest.starts_with(['-', '–', '—'])) {
        after = rest.trim_start_matches(['-', '–', '—']);
    }
    let (mut negative, mut plus, mut percent, mut currency) = (in_brackets, false, false, None);
    for side in [before, after] {
        let mut rest = side.trim();
        while !rest.is_empty() {
            let sign = rest.chars().next()?;
            if MINUS.contains(sign) && !negative {
                negative = true;
            } else if sign == '+' && side == before {
                plus = true;
            } else if sign == '%' && !percent {
                percent = true;
            } else {
                let (name, len) = currency_at(rest).filter(|_| currency.is_none())?;
                currency = Some(name);
                rest = rest[len..].trim_start_matches('.').trim_start();
                continue;
            }
            rest = rest[sign.len_utf8()..].trim_start();
        }
    }
    // `+49 170` is a telephone number.
    (!plus || body.contains(['.', ','])).then_some(())?;
    let value = |point, comma| {
        digits(body, point, comma).and_then(|digits| amounts::number(&signed(negative, &digits)))
    };
    let (point, comma) = (value('.', ','), value(',', '.'));
    (point.is_some() || comma.is_some()).then_some(Written { point, comma, currency, percent })
}

fn signed(negative: bool, digits: &str) -> String {
    if negative { format!("-{digits}") } else { digits.to_owned() }
}

/// Whether a word or sign is a currency.
pub(super) fn is_currency(word: &str) -> bool {
    currency_at(word).is_some_and(|(_, len)| len == word.len())
}

fn currency_at(text: &str) -> Option<(&'static str, usize)> {
    let word = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    CURRENCIES.iter().find_map(|(spelling, name)| {
        let len = match spelling.chars().last()?.is_alphabetic() {
            true => (text[..word].to_lowercase() == *spelling).then_some(word),
            false => text.starts_with(spelling).then_some(spelling.len()),
        };
        len.map(|len| (*name, len))
    })
}

/// The digits with a point, if `mark` separates decimals and `group` (or a blank or apostrophe) thousands.
fn digits(body: &str, mark: char, group: char) -> Option<String> {
    let (whole, fraction) = match body.split_once(mark) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (body, None),
    };
    let fraction = fraction.unwrap_or_default();
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    let is_group = |c: char| c == group || c.is_whitespace() || "'’`".contains(c);
    let separators: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
    let even = separators.iter().all(|c| is_group(*c) && *c == separators[0]);
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    let fits = match groups.as_slice() {
        [_] => true,
        [first, inner @ .., last] => {
            let by = |len| inner.iter().all(|group| group.len() == len);
            (1..=3).contains(&first.len()) && !first.starts_with('0') && last.len() == 3 && (by(3) || by(2))
        }
        [] => false,
    };
    let whole = groups.concat();
    let is_code = whole.len() > 1 && whole.starts_with('0') || whole.is_empty() && fraction.is_empty();
    // More digits than a JSON number holds exactly are those of an account or an article.
    (even && fits && !is_code && whole.len() + fraction.len() <= 15).then_some(())?;
    let whole = if whole.is_empty() { "0" } else { &whole };
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Mark, read};

    #[track_caller]
    fn check(text: &str, point: Option<Value>, comma: Option<Value>) {
        let written = read(text);
        let by = |mark| written.as_ref().and_then(|written| written.by(mark)).cloned();
        assert_eq!((by(Mark::Point), by(Mark::Comma)), (point, comma), "{text}");
    }

    #[test]
    fn one_reading() {
        for (text, value) in
            [("28.40", json!(28.4)), ("1,234.56", json!(1234.56)), ("1,23,456.7", json!(123_456.7))]
        {
            check(text, Some(value), None);
        }
        for (text, value) in
            [("28,40", json!(28.4)), ("1.234,56", json!(1234.56)), ("1 234,5", json!(1234.5))]
        {
            check(text, None, Some(value));
        }
        check("0.125", Some(json!(0.125)), None);
    }

    #[test]
    fn two_readings() {
        check("1,234", Some(json!(1234)), Some(json!(1.234)));
        check("1.234", Some(json!(1.234)), Some(json!(1234)));
    }

    #[test]
    fn signs_and_currencies_around() {
        for (text, value) in [
            ("12", 12),
            ("(12)", -12),
            ("-12", -12),
            ("12-", -12),
            ("€ -12", -12),
            ("12,-", 12),
            ("RM12", 12),
            ("Rs. 12", 12),
            ("12 EUR", 12),
            ("12%", 12),
            ("1'234", 1234),
            ("1\u{202f}234", 1234),
            ("($12)", -12),
        ] {
            check(text, Some(json!(value)), Some(json!(value)));
        }
        assert_eq!(read("12.50 €").unwrap().currency, Some("EUR"));
        assert_eq!(read("$12").unwrap().currency, Some("$"));
        assert!(read("41.5 %").unwrap().percent);
    }

    #[test]
    fn codes_words_and_dates_are_no_numbers() {
        for text in [
            "",
            "007",
            "n/a",
            "12 x",
            "+49 170 123456",
            "1.2.3",
            "25.09.2017",
            "1,2,3",
            "12345678901234567",
            "1 2",
            "A12",
            "12:30",
            "1-2",
        ] {
            check(text, None, None);
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = read(&text);
        }

        #[test]
        fn written_amounts_come_back(cents in -99_999_999_i64..99_999_999) {
            let value = json!(cents as f64 / 100.0).as_f64();
            let (whole, rest) = (cents.abs() / 100, cents.abs() % 100);
            let mut grouped = whole.to_string();
            for at in (1..grouped.len()).rev().filter(|at| (whole.to_string().len() - at) % 3 == 0).collect::<Vec<_>>() {
                grouped.insert(at, '.');
            }
            let text = format!("{}{grouped},{rest:02} €", if cents < 0 { "-" } else { "" });
            let written = read(&text).unwrap();
            prop_assert_eq!(written.by(Mark::Comma).unwrap().as_f64(), value);
        }
    }
}
