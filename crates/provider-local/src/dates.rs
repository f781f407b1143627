//! Dates as people print them, as year, month and day.

use crate::words::{contains, words};

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u32,
    day: u32,
}

/// Which of two small numbers is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    DayFirst,
    MonthFirst,
}

/// Month names and their usual short forms, folded, in several languages.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "jan", "januar", "janvier", "janv", "enero", "ene", "gennaio", "gen", "januari",
        "janeiro", "stycznia",
    ],
    &[
        "february",
        "feb",
        "februar",
        "fevrier",
        "fevr",
        "febrero",
        "febbraio",
        "februari",
        "fevereiro",
        "fev",
        "lutego",
    ],
    &["march", "mar", "marz", "mrz", "mars", "marzo", "maart", "mrt", "marco", "marca"],
    &["april", "apr", "avril", "avr", "abril", "abr", "aprile", "kwietnia"],
    &["may", "mai", "mayo", "maggio", "mag", "mei", "maj", "maio", "maja"],
    &["june", "jun", "juni", "juin", "junio", "giugno", "giu", "junho", "czerwca"],
    &["july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "lipca"],
    &["august", "aug", "aout", "agosto", "ago", "augustus", "augusti", "sierpnia"],
    &["september", "sep", "sept", "septembre", "septiembre", "settembre", "set", "setembro", "wrzesnia"],
    &[
        "october",
        "oct",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "ottobre",
        "ott",
        "outubro",
        "out",
        "pazdziernika",
    ],
    &["november", "nov", "novembre", "noviembre", "novembro", "listopada"],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "decembre",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
        "grudnia",
    ],
];

impl Date {
    fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let days = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((1..=days).contains(&day) && (1950..2100).contains(&year)).then_some(Self { year, month, day })
    }

    /// As `2025-03-14`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The first date in `text`.
pub fn find(text: &str, order: Order) -> Option<Date> {
    numeric(text, order).or_else(|| named(text))
}

/// `2025-03-14`, `14/03/2025`, `14.3.25`, `2025年3月14日`.
fn numeric(text: &str, order: Order) -> Option<Date> {
    let characters = digits_restored(text);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (index, character) in characters.iter().enumerate() {
        match runs.last_mut() {
            Some((_, end)) if *end == index && character.is_ascii_digit() => *end += 1,
            _ if character.is_ascii_digit() => runs.push((index, index + 1)),
            _ => {}
        }
    }
    runs.windows(3).find_map(|window| {
        let [a, b, c] = window else { return None };
        let between = |left: &(usize, usize), right: &(usize, usize)| -> Option<char> {
            let gap: Vec<char> = characters[left.1..right.0].iter().copied().filter(|c| *c != ' ').collect();
            matches!(gap[..], ['-' | '/' | '.' | '年' | '月' | '\'']).then(|| gap[0])
        };
        let (first, second) = (between(a, b)?, between(b, c)?);
        let regular = first == second || (first == '年' && second == '月');
        regular.then_some(())?;
        let part = |run: &(usize, usize)| characters[run.0..run.1].iter().collect::<String>();
        from_parts(&part(a), &part(b), &part(c), first, order)
    })
}

fn from_parts(a: &str, b: &str, c: &str, mark: char, order: Order) -> Option<Date> {
    let number = |text: &str| text.parse::<u32>().ok();
    let (x, y, z) = (number(a)?, number(b)?, number(c)?);
    if a.len() == 4 {
        return Date::new(x as i32, y, z);
    }
    // The hour may stick to the year: `14/03/202510:42`.
    if c.len() > 4 && c.starts_with("20") {
        return from_parts(a, b, &c[..4], mark, order);
    }
    if a.len() > 2 || b.len() > 2 || !(c.len() == 4 || c.len() == 2) {
        return None;
    }
    let year = if c.len() == 4 { z as i32 } else { 2000 + z as i32 };
    let (day_first, month_first) = (Date::new(year, y, x), Date::new(year, x, y));
    match order {
        Order::MonthFirst if mark != '.' => month_first.or(day_first),
        _ => day_first.or(month_first),
    }
    .or_else(|| Date::new(2000 + x as i32, y, z).filter(|_| c.len() == 2))
}

/// `14 March 2025`, `Mar 14, 2025`, `14. März 25`.
fn named(text: &str) -> Option<Date> {
    let spaced: String = spread(text);
    let mut words = words(&spaced);
    words.retain(|word| !matches!(word.as_str(), "st" | "nd" | "rd" | "th" | "of"));
    let number = |index: Option<usize>| -> Option<u32> {
        let word = words.get(index?)?;
        word.trim_end_matches(|c: char| c.is_alphabetic()).parse().ok().filter(|_| word.len() <= 4)
    };
    let year = |value: u32| if value < 100 { 2000 + value as i32 } else { value as i32 };
    words.iter().enumerate().find_map(|(index, word)| {
        let month = month(word)?;
        let skip = |at: usize| if words.get(at).is_some_and(|word| word == "de") { at + 1 } else { at };
        let behind = skip(index + 1);
        let before = match index.checked_sub(1) {
            Some(at) if words[at] == "de" => at.checked_sub(1),
            other => other,
        };
        let day_first = || Date::new(year(number(Some(behind))?), month, number(before)?);
        let month_first = || Date::new(year(number(Some(behind + 1))?), month, number(Some(behind))?);
        day_first().or_else(month_first)
    })
}

/// The month a word names. Long names may be misread a little.
fn month(word: &str) -> Option<u32> {
    let word = [word.to_owned()];
    (1..)
        .zip(MONTHS)
        .find(|(_, names)| names.iter().any(|name| contains(&word, name)))
        .map(|(month, _)| month)
}

/// Puts blanks between digits and letters: OCR loses them.
fn spread(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut last = ' ';
    for character in text.chars() {
        if (last.is_ascii_digit() && character.is_alphabetic())
            || (last.is_alphabetic() && character.is_ascii_digit())
        {
            out.push(' ');
        }
        out.push(character);
        last = character;
    }
    out
}

/// Look-alike letters as digits where nothing but digits and marks stand beside them.
fn digits_restored(text: &str) -> Vec<char> {
    let printed: Vec<char> = text.chars().map(plain).collect();
    let letter = |at: Option<usize>| {
        at.and_then(|at| printed.get(at)).is_some_and(|c| c.is_alphabetic() && digit(*c).is_none())
    };
    let restore = |(at, c): (usize, &char)| match digit(*c) {
        Some(digit) if !letter(at.checked_sub(1)) && !letter(Some(at + 1)) => digit,
        _ => *c,
    };
    printed.iter().enumerate().map(restore).collect()
}

fn digit(character: char) -> Option<char> {
    match character {
        'O' | 'o' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        _ => None,
    }
}

fn plain(character: char) -> char {
    match character {
        '–' | '—' | '−' | '－' => '-',
        '／' => '/',
        '．' | ',' | '，' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, iso: &str) {
        let found = find(text, Order::DayFirst).map(Date::iso);
        assert_eq!(found.as_deref(), Some(iso), "{text:?}");
    }

    #[test]
    fn reads_numbers_in_any_usual_order() {
        check("Date: 14/03/2025 10:42", "2025-03-14");
        check("2025-03-14T10:42", "2025-03-14");
        check("14.3.25", "2025-03-14");
        check("2025年3月14日", "2025-03-14");
        check("03/14/2025", "2025-03-14");
        check("l4/O3/2O25", "2025-03-14");
        check("2025 / 03 / 14", "2025-03-14");
        check("14/03/202510:42", "2025-03-14");
    }

    #[test]
    fn the_order_decides_only_where_both_would_do() {
        assert_eq!(find("03/04/2025", Order::MonthFirst).map(Date::iso).as_deref(), Some("2025-03-04"));
        assert_eq!(find("03/04/2025", Order::DayFirst).map(Date::iso).as_deref(), Some("2025-04-03"));
        assert_eq!(find("03.04.2025", Order::MonthFirst).map(Date::iso).as_deref(), Some("2025-04-03"));
    }

    #[test]
    fn reads_month_names() {
        check("14 March 2025", "2025-03-14");
        check("Mar 14, 2025 10:42", "2025-03-14");
        check("14. März 2025", "2025-03-14");
        check("14 de marzo de 2025", "2025-03-14");
        check("14MAR2025", "2025-03-14");
        check("Fri 3rd October 2025", "2025-10-03");
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for text in
            ["10:42", "12.50", "555-0199-22", "31/02/2025", "192.168.1.10", "Mary 2", "1/2", "10% incl. 4,01"]
        {
            assert_eq!(find(text, Order::DayFirst), None, "{text:?}");
        }
    }
}
