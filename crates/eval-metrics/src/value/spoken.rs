//! Numbers in English words.

use super::Decimal;
use super::halves::with_plain_halves;

const SMALL: [(&str, i64); 28] = [
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];
const LARGE: [(&str, i64); 4] = [
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
    ("trillion", 1_000_000_000_000),
];

fn small(word: &str) -> Option<i64> {
    SMALL.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

fn large(word: &str) -> Option<i64> {
    LARGE.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

/// Writes numbers in words as digits: `forty-five percent` becomes `45 percent`.
///
/// `one` alone stays, since it is mostly no number, unless it is the whole text; so do `thousand` and the like alone.
#[must_use]
pub(crate) fn in_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest.len());
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let (end, number) = leading(rest);
        match number.filter(|_| !out.ends_with(char::is_alphanumeric)) {
            Some(number)
                if rest[..end].eq_ignore_ascii_case("one")
                    && !(out.trim().is_empty() && rest[end..].trim_matches(['.', ' ']).is_empty()) =>
            {
                out.push_str(&rest[..end]);
                let _ = number;
            }
            Some(number) => out.push_str(&number.to_string()),
            None => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    with_plain_halves(&out)
}

/// The end of the first word, or of the number in words that starts there, with its value.
fn leading(text: &str) -> (usize, Option<Decimal>) {
    let mut words = Words { text, at: 0 };
    let first = words.next().map_or(text.len(), |(_, end)| end);
    words.at = 0;
    let mut total = 0_i64;
    let mut group = None::<i64>;
    let (mut end, mut last_tens) = (0, false);
    while let Some((word, stop)) = words.next() {
        let lower = word.to_ascii_lowercase();
        match (small(&lower), large(&lower)) {
            // `forty five` is one number, `five six` are two.
            (Some(value), _) => {
                let fits = match group {
                    None => true,
                    Some(before) => {
                        before % 100 == 0 && before > 0 || (last_tens && (1..10).contains(&value))
                    }
                };
                if !fits {
                    break;
                }
                group = Some(group.unwrap_or(0) + value);
                last_tens = value >= 20;
            }
            (_, Some(scale)) => {
                let Some(value) = group.take() else { break };
                total = total.saturating_add(value.saturating_mul(scale));
                last_tens = false;
            }
            _ if lower == "hundred" => {
                let Some(value) = group.filter(|value| *value < 100) else { break };
                group = Some(value * 100);
                last_tens = false;
            }
            _ if lower == "a" && end == 0 => {
                let next = words.clone().next().map(|(word, _)| word.to_ascii_lowercase());
                if !next.is_some_and(|word| word == "hundred" || large(&word).is_some()) {
                    break;
                }
                group = Some(1);
                continue;
            }
            _ if lower == "and" && end > 0 && group.is_none_or(|value| value % 100 == 0) => continue,
            _ if lower == "point" && end > 0 => {
                let (digits, stop) = digits_behind_point(words);
                let whole = total + group.unwrap_or(0);
                return (stop.unwrap_or(end), Decimal::from_digits(&whole.to_string(), &digits));
            }
            _ => break,
        }
        end = stop;
    }
    if end == 0 { (first, None) } else { (end, Some(Decimal::new((total + group.unwrap_or(0)).into(), 0))) }
}

/// Digits that are said one by one, and the end of the last of them.
fn digits_behind_point(words: Words<'_>) -> (String, Option<usize>) {
    let (mut digits, mut end) = (String::new(), None);
    for (word, stop) in words {
        let Some(value) = small(&word.to_ascii_lowercase()).filter(|value| *value < 10) else { break };
        digits.push_str(&value.to_string());
        end = Some(stop);
    }
    (digits, end)
}

/// Words with a blank or a hyphen between them.
#[derive(Clone)]
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = (&'a str, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        let skipped = if self.at == 0 { rest } else { rest.strip_prefix([' ', '-']).unwrap_or("") };
        let length = skipped.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(skipped.len());
        // A letter beyond ASCII belongs to another language.
        if length == 0 || skipped[length..].starts_with(char::is_alphanumeric) && self.at > 0 {
            return None;
        }
        let start = self.text.len() - skipped.len();
        self.at = start + length;
        Some((&self.text[start..self.at], self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::in_digits;

    #[test]
    fn writes_numbers_in_digits() {
        for (text, digits) in [
            ("forty-five percent", "45 percent"),
            ("Twelve", "12"),
            ("one", "1"),
            ("one of the bars", "one of the bars"),
            ("one hundred and five", "105"),
            ("two thousand three hundred", "2300"),
            ("a hundred", "100"),
            ("five hundred million dollars", "500000000 dollars"),
            ("three point one four", "3.14"),
            ("five six", "5 6"),
            ("It has twenty-one bars and two lines.", "It has 21 bars and 2 lines."),
            ("someone, often", "someone, often"),
            ("fünf Eier", "fünf Eier"),
            ("two and three", "2 and 3"),
            ("four and a half", "4.5"),
            ("three-and-a-half hours", "3.5 hours"),
        ] {
            assert_eq!(in_digits(text), digits, "{text}");
        }
    }
}
