//! The words of a check and of an answer: numbers by their value, words in one spelling and in the singular.

use crate::speech::american;
use crate::value::fold::{Umlaut, fold};
use crate::value::spoken::in_digits;

/// The words that carry meaning; a number is one word with its sign, its scale and its decimals.
///
/// `$1,200` is `1200 usd`, `5 million` is `5000000`, and `2-3` is neither 2 nor 3.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = in_digits(&spelled_alike(text));
    let letters: Vec<char> = text.chars().collect();
    let (mut words, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        let c = letters[at];
        if c.is_ascii_digit() && !at.checked_sub(1).is_some_and(|at| letters[at].is_alphabetic()) {
            let end = number_end(&letters, at);
            words.extend(number(&letters, at, end));
            at = end;
        } else if c.is_alphanumeric() {
            let end = (at..letters.len()).find(|at| !letters[*at].is_alphanumeric()).unwrap_or(letters.len());
            words.push(letters[at..end].iter().collect());
            at = end;
        } else {
            words.extend(sign(c).map(str::to_owned));
            at += 1;
        }
    }
    let plain = words.into_iter().filter(|word| !matches!(word.as_str(), "a" | "an" | "the"));
    scaled(plain.map(|word| one_form(&word)).collect())
}

/// Without accents, and with the signs of currencies behind their numbers.
fn spelled_alike(text: &str) -> String {
    fold(text, Umlaut::Bare).replace("per cent", "%").replace("percent", "%")
}

fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '%' => "percent",
        '$' => "usd",
        '€' => "eur",
        '£' => "gbp",
        '¥' => "jpy",
        _ => return None,
    })
}

/// The end of a number with its groups, decimals and range.
fn number_end(letters: &[char], start: usize) -> usize {
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let group = |at: usize| (1..=3).all(|by| digit(at + by)) && !digit(at + 4);
    let mut at = start;
    while at < letters.len() {
        let is_inside = match letters[at] {
            c if c.is_ascii_digit() => true,
            '.' | ',' | ':' | '/' => digit(at + 1),
            '-' => digit(at + 1),
            ' ' => group(at) && at - start <= 3,
            _ => false,
        };
        if !is_inside {
            break;
        }
        at += 1;
    }
    at
}

/// A number by its value, or as it is spelled where it is none, as a range or a date.
fn number(letters: &[char], start: usize, end: usize) -> Vec<String> {
    let spelled: String = letters[start..end].iter().collect();
    let before = |by: usize| start.checked_sub(by).map(|at| letters[at]);
    let is_apart = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "($€£".contains(c));
    let is_signed = before(1) == Some('-') && is_apart(before(2))
        || before(1).is_some_and(|c| "$€£".contains(c)) && before(2) == Some('-');
    let grouped = spelled.replace([',', ' '], "");
    let value = match spelled.rsplit_once(',') {
        // `0,5` and `12,50`
        Some((_, rest)) if !spelled.contains('.') && rest.len() != 3 => {
            spelled.replace(',', ".").parse::<f64>()
        }
        _ => grouped.parse::<f64>(),
    };
    let sign = if is_signed { "-" } else { "" };
    match value {
        Ok(value) => vec![format!("{sign}{value}")],
        // The years of `2019-2020` and the days of a date are said one by one.
        Err(_) if spelled.split('-').any(|part| part.len() == 4) => {
            spelled.split('-').map(str::to_owned).collect()
        }
        Err(_) => vec![spelled],
    }
}

/// `5 million` as one number, and `usd 5` as `5 usd`.
fn scaled(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let scale = match word.as_str() {
            "thousand" => 1e3,
            "million" => 1e6,
            "billion" => 1e9,
            _ => 0.0,
        };
        let last = out.last().and_then(|last| last.parse::<f64>().ok()).filter(|it| it.is_finite());
        match last {
            Some(number) if scale > 0.0 => {
                out.pop();
                out.push(format!("{}", number * scale));
            }
            _ => out.push(word),
        }
    }
    for at in 1..out.len() {
        let is_code = matches!(out[at - 1].as_str(), "usd" | "eur" | "gbp" | "jpy");
        if is_code && out[at].parse::<f64>().is_ok_and(f64::is_finite) {
            out.swap(at - 1, at);
        }
    }
    out
}

/// A word in the singular and in American spelling.
fn one_form(word: &str) -> String {
    let stem = match word {
        "dollars" | "dollar" => "usd",
        "euros" | "euro" => "eur",
        // It has no singular.
        "perhaps" => word,
        _ if word.len() < 4 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") => word,
        _ => word.strip_suffix('s').unwrap_or(word),
    };
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() >= 3) {
        return format!("{stem}y");
    }
    let stem = stem
        .strip_suffix('e')
        .filter(|it| ["x", "ch", "sh", "ss"].iter().any(|end| it.ends_with(end)) && word.ends_with("es"))
        .unwrap_or(stem);
    american(stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[track_caller]
    fn check(text: &str, wanted: &[&str]) {
        assert_eq!(words(text), wanted, "{text}");
    }

    #[test]
    fn numbers_are_words_by_their_value() {
        check("0.5%", &["0.5", "percent"]);
        check("twelve percent", &["12", "percent"]);
        check("$1,200", &["1200", "usd"]);
        check("1,200 dollars", &["1200", "usd"]);
        check("$1,200,000", &["1200000", "usd"]);
        check("2.5 million", &["2500000"]);
        check("-5", &["-5"]);
        check("2-3 boats", &["2-3", "boat"]);
        check("1 200", &["1200"]);
    }

    #[test]
    fn words_have_one_form() {
        check("The Harbours", &["harbor"]);
        check("boxes of cities", &["box", "of", "city"]);
        check("Café", &["cafe"]);
    }
}
