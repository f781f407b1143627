//! Dates, in the spellings of the world.

use jiff::civil::Date;

/// The days a text can mean: one, or several where day and month could be swapped; none if it is no date.
///
/// Understands `2025-12-31` (also with a time), `2025/12/31`, `20251231`, `31.12.2025`, `12/31/2025`, `31-Dec-25`,
/// `Dec 31st, 2025`, `31 décembre 2025`, `2025年12月31日`. Two-digit years are 1969 to 2068. `03/04/2025` means both
/// 3 April and March 4: the label decides, since the answer alone cannot. `25-12-31` may also start with the year.
#[must_use]
pub fn dates(text: &str) -> Vec<Date> {
    let text = crate::python::ascii_digits(text.trim()).to_lowercase();
    let parts = parts(&text);
    let found = match parts.as_slice() {
        [Part::Number(digits)] if digits.len() == 8 => {
            vec![day(number(&digits[..4]), number(&digits[4..6]), number(&digits[6..]))]
        }
        [Part::Number(a), Part::Number(b), Part::Number(c)] => numeric(a, b, c, text.contains('-')),
        [Part::Month(month), Part::Number(day_of_month), Part::Number(y)]
        | [Part::Number(day_of_month), Part::Month(month), Part::Number(y)] => {
            if day_of_month.len() == 4 {
                vec![day(number(day_of_month), *month, number(y))]
            } else {
                vec![day(year(y), *month, number(day_of_month))]
            }
        }
        _ => Vec::new(),
    };
    let mut dates: Vec<Date> = found.into_iter().flatten().collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}

enum Part<'a> {
    Number(&'a str),
    Month(i64),
}

/// The numbers and months of a date, up to a time of day; weekdays and other words are left out.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        rest = &rest[start..];
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest.find(|c: char| if is_digit { !c.is_ascii_digit() } else { !c.is_alphabetic() });
        let (word, tail) = rest.split_at(end.unwrap_or(rest.len()).max(1));
        rest = tail;
        if !is_digit {
            parts.extend(month(word).map(Part::Month));
            continue;
        }
        // `14:05` is a time, and so is what follows it.
        if tail.starts_with(':') || (parts.len() == 3 && tail.starts_with("h")) {
            break;
        }
        parts.push(Part::Number(word));
        if parts.len() == 3 {
            break;
        }
    }
    parts
}

fn numeric(a: &str, b: &str, c: &str, dashes: bool) -> Vec<Option<Date>> {
    if a.len() == 4 {
        return vec![day(number(a), number(b), number(c))];
    }
    let mut readings = vec![day(year(c), number(b), number(a)), day(year(c), number(a), number(b))];
    if dashes && c.len() == 2 && a.len() == 2 {
        readings.push(day(year(a), number(b), number(c)));
    }
    readings
}

fn number(digits: &str) -> i64 {
    digits.parse().unwrap_or(-1)
}

fn year(digits: &str) -> i64 {
    match (digits.len(), number(digits)) {
        (2, short @ 0..69) => 2000 + short,
        (2, short) => 1900 + short,
        (4, full) => full,
        _ => -1,
    }
}

fn day(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1000..=2999).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A month by the start of its name in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish or Indonesian.
fn month(word: &str) -> Option<i64> {
    const STARTS: [(&str, i64); 48] = [
        ("jan", 1),
        ("jän", 1),
        ("ene", 1),
        ("gen", 1),
        ("sty", 1),
        ("stycz", 1),
        ("feb", 2),
        ("fév", 2),
        ("fev", 2),
        ("lut", 2),
        ("mar", 3),
        ("mär", 3),
        ("mrz", 3),
        ("maa", 3),
        ("apr", 4),
        ("avr", 4),
        ("abr", 4),
        ("kwi", 4),
        ("may", 5),
        ("mai", 5),
        ("mag", 5),
        ("mei", 5),
        ("maj", 5),
        ("jun", 6),
        ("juin", 6),
        ("giu", 6),
        ("cze", 6),
        ("jul", 7),
        ("juil", 7),
        ("lug", 7),
        ("lip", 7),
        ("aug", 8),
        ("aoû", 8),
        ("aou", 8),
        ("ago", 8),
        ("agu", 8),
        ("sie", 8),
        ("sep", 9),
        ("set", 9),
        ("wrz", 9),
        ("oct", 10),
        ("okt", 10),
        ("ott", 10),
        ("out", 10),
        ("nov", 11),
        ("lis", 11),
        ("dec", 12),
        ("dez", 12),
    ];
    const MORE: [(&str, i64); 5] = [("déc", 12), ("dic", 12), ("des", 12), ("gru", 12), ("paź", 10)];
    let starts = || STARTS.iter().chain(&MORE);
    // `mar.` is also a Tuesday in French and Spanish; only with the year and the day do three parts come together.
    starts().find(|(start, _)| word.starts_with(start)).map(|(_, month)| *month)
}
