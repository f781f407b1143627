//! Words and signs that make a number larger, smaller or negative: `1.5 million`, `99 cents`, `½`, `loss of 12`.

use super::scales::power_of_ten;

/// Amounts of money in thousands and millions, with their currency.
const OF_MONEY: [(i32, &[&str]); 2] = [(3, &["k€", "keur", "t€", "teur"]), (6, &["m€", "meur"])];

/// Words for a hundredth of a currency.
const CENTS: [&str; 12] = [
    "¢",
    "cent",
    "cents",
    "ct",
    "cts",
    "centimes",
    "centime",
    "céntimos",
    "centavos",
    "pence",
    "p",
    "rappen",
];

/// The power of ten that one of the words says.
pub(super) fn scale(words: &[String], is_money: bool) -> Option<i32> {
    let of = |word: &String| match word.as_str() {
        "m" if is_money => Some(6),
        "b" if is_money => Some(9),
        word => power_of(word),
    };
    words.iter().find_map(of)
}

/// Whether one of the words says that the number counts cents.
pub(super) fn is_in_cents(words: &[String]) -> bool {
    words.iter().any(|word| CENTS.contains(&word.as_str()))
}

/// Whether a word belongs to the number and says nothing else.
pub(super) fn is_magnitude(word: &str) -> bool {
    power_of(word).is_some() || CENTS.contains(&word)
}

fn power_of(word: &str) -> Option<i32> {
    let of_money = || OF_MONEY.iter().find(|(_, names)| names.contains(&word)).map(|(power, _)| *power);
    power_of_ten(word).or_else(of_money)
}

/// A sign for a fraction as `1/2`.
fn vulgar(c: char) -> Option<&'static str> {
    Some(match c {
        '½' => "1/2",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '¼' => "1/4",
        '¾' => "3/4",
        '⅕' => "1/5",
        '⅛' => "1/8",
        '⅜' => "3/8",
        '⅝' => "5/8",
        '⅞' => "7/8",
        _ => return None,
    })
}

/// A text with signs for fractions written out: `1½` is `1 1/2`.
pub(crate) fn with_plain_fractions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match vulgar(c) {
            Some(fraction) => {
                if out.ends_with(|c: char| c.is_ascii_digit()) {
                    out.push(' ');
                }
                out.push_str(fraction);
            }
            None => out.push(c),
        }
    }
    out
}

/// The value of `1/2` or `1 1/2`, and nothing else.
pub(crate) fn fraction(text: &str) -> Option<f64> {
    let (rest, below) = text.trim().split_once('/')?;
    let (whole, above) = rest.rsplit_once(' ').unwrap_or(("0", rest));
    let number = |part: &str| {
        let part = part.trim();
        let plain = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<f64>().ok())?
    };
    let (whole, above, below) = (number(whole)?, number(above)?, number(below)?);
    (below > 0.0).then(|| whole + above / below)
}

/// Whether the words right before a number say that it is below zero: `loss of`, `down`, `decreased by`.
pub(crate) fn falls_before<W: AsRef<str>>(words: &[W]) -> bool {
    const IDLE: [&str; 11] =
        ["by", "of", "about", "approximately", "around", "roughly", "a", "an", "only", "ca", "um"];
    let telling = words.iter().rev().map(AsRef::as_ref).find(|word| !IDLE.contains(word));
    telling.is_some_and(|word| is_fall(word) || matches!(word, "minus" | "negative"))
}

/// Whether the words right behind a number say that it is below zero: `lower`, `decrease`.
pub(crate) fn falls_behind<W: AsRef<str>>(words: &[W]) -> bool {
    let is_less = |word: &str| matches!(word, "lower" | "less" | "fewer" | "below" | "smaller");
    words.first().map(AsRef::as_ref).is_some_and(|word| is_fall(word) || is_less(word))
}

/// Whether a word is for a fall.
pub(crate) fn is_fall(word: &str) -> bool {
    const STEMS: [&str; 14] = [
        "decreas",
        "declin",
        "dropp",
        "reduc",
        "shrink",
        "shrank",
        "deficit",
        "loss",
        "losses",
        "rückgang",
        "verlust",
        "gesunken",
        "gefallen",
        "baisse",
    ];
    matches!(
        word,
        "down" | "drop" | "drops" | "fall" | "falls" | "fell" | "fallen" | "lost" | "lose" | "dip" | "dipped"
    ) || STEMS.iter().any(|stem| word.starts_with(stem))
}
