//! Dates in the spellings that ExtractBench knows, in one form.
//!
//! The reference asks dateutil for what looks like a date. That reader fills gaps from today's date and turns two-digit years
//! at now + 50; here nothing is filled in, and the year turns where it did when the golden figures were made.

use std::borrow::Cow;

use jiff::civil::Date;
use serde_json::Value;

use crate::python::{ascii_digits, is_space};

/// Two-digit years from this one on are of the last century.
const PIVOT: i16 = 76;

/// Every text inside a value, dates as `YYYY-MM-DD`.
pub(super) fn normalized(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(in_one_form(text).into_owned()),
        Value::Array(items) => items.iter().map(normalized).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), normalized(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// A date as `YYYY-MM-DD`; any other text as it is.
pub(super) fn in_one_form(text: &str) -> Cow<'_, str> {
    match date(text) {
        Some(date) => Cow::Owned(date.strftime("%Y-%m-%d").to_string()),
        None => Cow::Borrowed(text),
    }
}

/// The date that a text is as a whole.
pub(super) fn date(text: &str) -> Option<Date> {
    // Longer texts are looked at no further.
    if text.len() > 400 || !(4..=50).contains(&text.chars().count()) {
        return None;
    }
    let plain = spaced(&ascii_digits(text));
    let tokens = tokens(&plain);
    let is_long = |token: &Token<'_>| matches!(token, Token::Number(digits) if digits.len() >= 10);
    if tokens.iter().any(is_long) || !(0..tokens.len()).any(|at| looks_like_date(&tokens[at..])) {
        return None;
    }
    Reader::default().read(&tokens)
}

/// One blank after each comma, none before.
fn spaced(text: &str) -> String {
    let parts: Vec<&str> = text.split(',').collect();
    let last = parts.len() - 1;
    let part = |(at, part): (usize, &&str)| {
        let part = if at > 0 { part.trim_start_matches(is_space) } else { part };
        if at < last { part.trim_end_matches(is_space).to_owned() } else { part.to_owned() }
    };
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join(", ")
}

#[derive(Clone, Copy, PartialEq)]
enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let (len, token) = if first.is_ascii_digit() {
            let len = run(|c| c.is_ascii_digit());
            (len, Token::Number(&rest[..len]))
        } else if first.is_alphabetic() {
            let len = run(char::is_alphabetic);
            (len, Token::Word(&rest[..len]))
        } else {
            (first.len_utf8(), Token::Sign(first))
        };
        tokens.push(token);
        rest = &rest[len..];
    }
    tokens
}

/// Whether one of the eight forms begins here.
fn looks_like_date(tokens: &[Token<'_>]) -> bool {
    use Token::{Number, Sign, Word};
    let short = |digits: &str| digits.len() <= 2;
    let year = |token: &Token<'_>| matches!(token, Number(digits) if digits.len() >= 4);
    let ends = |rest: &[Token<'_>]| !matches!(rest.first(), Some(Word(_) | Sign('_')));
    match tokens {
        [Number(_), Sign('/'), Number(middle), Sign('/'), Number(last), rest @ ..] if short(middle) => {
            last.len() >= 4 || last.len() == 2 && ends(rest)
        }
        [Number(first), Sign('-'), Number(middle), Sign('-'), Number(last), rest @ ..] if short(middle) => {
            first.len() >= 4 || last.len() >= 4 || last.len() == 2 && ends(rest)
        }
        [Number(_), Sign(' '), Word(word), Sign(' '), last, ..] => word.is_ascii() && year(last),
        [Word(word), rest @ ..] if word.is_ascii() => {
            behind_word(rest, false) || matches!(rest, [Sign('.'), rest @ ..] if behind_word(rest, true)) || {
                // A weekday, and its month with a point of its own.
                let rest = rest.strip_prefix(&[Sign('.')]).unwrap_or(rest);
                match rest {
                    [Sign(' '), Word(month), Sign('.'), rest @ ..] => month.is_ascii() && day_and_year(rest),
                    _ => false,
                }
            }
        }
        _ => false,
    }
}

/// ` 7, 2024`, or ` March 7, 2024` behind a weekday.
fn behind_word(tokens: &[Token<'_>], only_weekday: bool) -> bool {
    match tokens {
        [Token::Sign(' '), Token::Word(month), rest @ ..] => month.is_ascii() && day_and_year(rest),
        rest => !only_weekday && day_and_year(rest),
    }
}

fn day_and_year(tokens: &[Token<'_>]) -> bool {
    use Token::{Number, Sign};
    let (day, year) = match tokens {
        [Sign(' '), Number(day), Sign(','), Sign(' '), Number(year), ..]
        | [Sign(' '), Number(day), Sign(' '), Number(year), ..] => (day, year),
        _ => return false,
    };
    day.len() <= 2 && year.len() >= 4
}

/// What has been read of a date.
#[derive(Default)]
struct Reader {
    /// Day, month and year in the order of the text, and whether it is written as a year.
    parts: Vec<(i16, bool)>,
    /// Which of them is a month in letters.
    month: Option<usize>,
    has_time: bool,
}

impl Reader {
    fn read(mut self, tokens: &[Token<'_>]) -> Option<Date> {
        let mut rest = tokens;
        while let Some(token) = rest.first() {
            rest = match token {
                Token::Number(digits) => self.number(digits, rest)?,
                Token::Word(word) => {
                    self.word(word)?;
                    &rest[1..]
                }
                Token::Sign('.') => {
                    let before = tokens.len() - rest.len();
                    let between = before > 0 && matches!(tokens[before - 1], Token::Number(_));
                    if between && matches!(rest.get(1), Some(Token::Number(_))) {
                        return None;
                    }
                    &rest[1..]
                }
                Token::Sign('+' | '-') if self.has_time && matches!(rest.get(1), Some(Token::Number(_))) => {
                    // An offset from universal time.
                    let more = matches!(rest.get(2..4), Some([Token::Sign(':'), Token::Number(_)]));
                    &rest[if more { 4 } else { 2 }..]
                }
                Token::Sign(sign) if is_space(*sign) || ",;-/'".contains(*sign) => &rest[1..],
                Token::Sign(_) => return None,
            };
        }
        self.date()
    }

    /// A number of the date, or the time that begins with it.
    fn number<'t, 'a>(&mut self, digits: &str, rest: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        let within = |digits: &str, most: u8| {
            (digits.len() <= 2 && digits.parse::<u8>().is_ok_and(|number| number < most)).then_some(())
        };
        if let Some([Token::Sign(':'), Token::Number(minutes)]) = rest.get(1..3) {
            within(digits, 24)?;
            within(minutes, 60)?;
            self.has_time = true;
            let mut rest = &rest[3..];
            if let [Token::Sign(':'), Token::Number(seconds), ..] = rest {
                within(seconds, 60)?;
                rest = &rest[2..];
                if let [Token::Sign('.'), Token::Number(_), ..] = rest {
                    rest = &rest[2..];
                }
            }
            return Some(rest);
        }
        let half = |token: Option<&Token<'_>>| matches!(token, Some(Token::Word(word)) if ["am", "pm"].contains(&word.to_lowercase().as_str()));
        let blank = usize::from(rest.get(1) == Some(&Token::Sign(' ')));
        if half(rest.get(1 + blank)) && digits.len() <= 2 {
            self.has_time = true;
            return Some(&rest[1 + blank..]);
        }
        if digits.len() > 4 || self.parts.len() == 3 {
            return None;
        }
        self.parts.push((digits.parse().ok()?, digits.len() > 2));
        Some(&rest[1..])
    }

    fn word(&mut self, word: &str) -> Option<()> {
        const SKIPPED: [&str; 12] = ["at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd", "th", "a"];
        let lower = word.to_lowercase();
        if let Some(month) = month(&lower) {
            if self.month.is_some() || self.parts.len() == 3 {
                return None;
            }
            self.month = Some(self.parts.len());
            self.parts.push((month, false));
            return Some(());
        }
        let is_zone = || self.has_time && (["z", "am", "pm"].contains(&lower.as_str()) || is_zone_name(word));
        (is_weekday(&lower) || SKIPPED.contains(&lower.as_str()) || is_zone()).then_some(())
    }

    fn date(&self) -> Option<Date> {
        let [a, b, c] = self.parts[..] else { return None };
        let (year, month, day) = match self.month {
            Some(at) => {
                let (first, second) = match at {
                    0 => (b, c),
                    1 => (a, c),
                    _ => (a, b),
                };
                let month = self.parts[at];
                match (first.1, second.1, at) {
                    (true, true, _) => return None,
                    (true, false, _) => (first, month, second),
                    (false, true, _) => (second, month, first),
                    (_, _, 0) if b.0 > 31 => (b, month, c),
                    (_, _, 0) => (c, month, b),
                    (_, _, 1) if a.0 > 31 => (a, month, c),
                    (_, _, 1) => (c, month, a),
                    _ if b.0 > 31 => (b, month, a),
                    _ => (a, month, b),
                }
            }
            None if a.0 > 31 || a.1 => (a, b, c),
            None if a.0 > 12 => (c, b, a),
            None => (c, a, b),
        };
        let is_long = self.parts.iter().filter(|part| part.1).count();
        let year = match is_long {
            0 if year.0 < PIVOT => 2000 + year.0,
            0 if year.0 < 100 => 1900 + year.0,
            0 | 1 => year.0,
            _ => return None,
        };
        let (month, day) = (i8::try_from(month.0).ok()?, i8::try_from(day.0).ok()?);
        Date::new(year, month, day).ok().filter(|_| (1900..=2100).contains(&year))
    }
}

fn is_zone_name(word: &str) -> bool {
    word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The month of a name, in full or in three letters.
fn month(word: &str) -> Option<i16> {
    let of = |name: &str| word == name || word == &name[..3] || word == "sept" && name == "september";
    MONTHS.iter().position(|name| of(name)).and_then(|at| i16::try_from(at + 1).ok())
}

fn is_weekday(word: &str) -> bool {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .any(|name| word == *name || word == &name[..3])
}

#[cfg(test)]
mod tests {
    use super::in_one_form;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(in_one_form(text), expected, "{text}");
    }

    #[test]
    fn the_eight_forms_become_one() {
        for text in [
            "2024-03-07",
            "2024-3-7",
            "3/7/2024",
            "03/07/24",
            "3-7-2024",
            "3-7-24",
            "March 7, 2024",
            "Mar 7 2024",
            "march 7 ,2024",
            "Thursday March 7, 2024",
            "Thu. Mar. 7, 2024",
            "Thu, March 7, 2024",
            "7 March 2024",
            "2024/03/07",
            "2024-03-07 10:30",
            "2024-03-07T10:30:00Z",
            "3/7/2024 10:30 PM",
            "2024-03-07 10:30:05.25+01:00",
        ] {
            check(text, "2024-03-07");
        }
        check("17/03/2024", "2024-03-17");
        check("Sept 9, 2024", "2024-09-09");
        check("01/05/75", "2075-01-05");
        check("01/05/76", "1976-01-05");
    }

    #[test]
    fn all_else_stays() {
        for text in [
            "07.03.2024",
            "7 Mar. 2024",
            "Mar. 7, 2024",
            "March 7th, 2024",
            "7-Mar-2024",
            "20240307",
            "March 2024",
            "7 March, 2024",
            "2/30/2024",
            "12/31/1899",
            "13/13/2024",
            "and 5, 2024",
            "INV-2024-03-07",
            "2024-03-07 25:00",
            "1-2-2024000000000",
            "2024/3/7",
            "about 2024-03-07",
            "3/7",
            "x",
        ] {
            check(text, text);
        }
    }
}
