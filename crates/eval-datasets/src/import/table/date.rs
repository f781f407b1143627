//! Dates as people write them; whether day or month stands first is for the whole column to say.

/// The order of day, month and year in a column's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `25/09/2017`
    Dmy,
    /// `09/25/2017`
    Mdy,
    /// `2017-09-25`, `17-09-25`
    Ymd,
}

impl DateOrder {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dmy, Self::Mdy, Self::Ymd];

    /// As it is written in a flag.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
            Self::Ymd => "ymd",
        }
    }
}

impl std::str::FromStr for DateOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|order| order.name() == text.to_lowercase());
        found.ok_or_else(|| format!("unknown date order `{text}` (known: dmy, mdy, ymd)"))
    }
}

/// A cell that holds a date: its ISO spelling by each order that is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    readings: [Option<String>; 3],
    /// Points between the numbers: wherever dates are written so, the day stands first.
    pub points: bool,
    /// Eight digits and nothing else, which may be a number.
    pub compact: bool,
    /// A time of day follows.
    pub time: bool,
}

impl Written {
    pub fn by(&self, order: DateOrder) -> Option<&str> {
        self.readings[order as usize].as_deref()
    }

    /// Whether the orders give different days.
    pub fn is_ambiguous(&self) -> bool {
        let mut found = self.readings.iter().flatten();
        found.next().is_some_and(|first| found.any(|other| other != first))
    }
}

enum Part<'a> {
    Number(&'a str),
    Month(u32),
}

/// A date, perhaps with a weekday before and a time of day behind it. Anything else around it makes it a text.
pub(super) fn read(text: &str) -> Option<Written> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let iso = iso(&text[..4], &text[4..6], &text[6..]);
        iso.as_ref()?;
        return Some(Written {
            readings: [iso.clone(), iso.clone(), iso],
            points: false,
            compact: true,
            time: false,
        });
    }
    let (parts, separators, rest) = parts(text)?;
    let time = time(rest)?;
    let readings = match parts {
        [Part::Number(a), Part::Number(b), Part::Number(c)] => {
            let same = separators[0] == separators[1];
            let known = ["/", ".", "-", " ", ". ", "年"].contains(&separators[0]);
            ((same || separators == ["年", "月"]) && known).then_some(())?;
            numeric([a, b, c], separators[0] == "-")
        }
        [Part::Number(a), Part::Month(month), Part::Number(c)] => {
            let (year, day) = if a.len() == 4 { (a, c) } else { (c, a) };
            same(iso(year, &month.to_string(), day))
        }
        [Part::Month(month), Part::Number(day), Part::Number(year)] => {
            same(iso(year, &month.to_string(), day))
        }
        _ => return None,
    };
    readings.iter().any(Option::is_some).then_some(())?;
    Some(Written { readings, points: separators[0].starts_with('.'), compact: false, time })
}

fn same(iso: Option<String>) -> [Option<String>; 3] {
    [iso.clone(), iso.clone(), iso]
}

fn numeric([a, b, c]: [&str; 3], dashes: bool) -> [Option<String>; 3] {
    match (a.len(), c.len()) {
        (4, _) => same(iso(a, b, c)),
        // Only dashes separate a short year in front.
        (2, 2) if dashes => [iso(c, b, a), iso(c, a, b), iso(a, b, c)],
        _ => [iso(c, b, a), iso(c, a, b), None],
    }
}

/// The first three numbers and months, what stands between them, and what follows.
fn parts(text: &str) -> Option<([Part<'_>; 3], [&str; 2], &str)> {
    let (mut found, mut between) = (Vec::new(), Vec::new());
    let (mut rest, mut gap) = (text, text);
    while found.len() < 3 {
        let start = rest.find(char::is_alphanumeric)?;
        let word = &rest[start..];
        let is_digit = word.starts_with(|c: char| c.is_ascii_digit());
        let end = word.find(|c: char| if is_digit { !c.is_ascii_digit() } else { !c.is_alphabetic() });
        let (word, tail) = word.split_at(end.unwrap_or(word.len()));
        rest = tail;
        let part = match is_digit {
            true => Part::Number(word),
            false => match month(word) {
                Some(month) => Part::Month(month),
                None if is_filler(word) => continue,
                None => return None,
            },
        };
        let gap_end = word.as_ptr() as usize - gap.as_ptr() as usize;
        between.push(&gap[..gap_end]);
        found.push(part);
        gap = tail;
    }
    let [_, first, second] = between.try_into().ok()?;
    Some((found.try_into().ok()?, [first, second], rest))
}

/// Weekdays and the small words of dates, which say nothing that the numbers do not.
fn is_filler(word: &str) -> bool {
    const WORDS: [&str; 18] = [
        "de", "del", "of", "the", "den", "der", "le", "el", "st", "nd", "rd", "th", "er", "年", "月", "日",
        "di", "do",
    ];
    const DAYS: [&str; 24] = [
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "mo",
        "mi",
        "fr",
        "sa",
        "so",
        "lun",
        "mer",
        "jeu",
        "ven",
        "dim",
    ];
    let word = word.to_lowercase();
    let english =
        word.len() > 4 && word.ends_with("day") && DAYS[..7].iter().any(|day| word.starts_with(day));
    WORDS.contains(&word.as_str()) || DAYS.contains(&word.as_str()) || english
}

/// Whether a time of day follows, such as `10:22`, `T10:22:05.123Z`, `8:13 PM +02:00` or `10h30`; nothing if anything else does.
fn time(rest: &str) -> Option<bool> {
    let rest = rest.trim_start_matches([' ', '日', ',', 'г', '.']).trim().to_lowercase();
    let known = |word: &str| {
        word.is_empty() || ["t", "z", "am", "pm", "a", "p", "m", "h", "uhr", "utc", "gmt"].contains(&word)
    };
    let words = rest.split(|c: char| !c.is_alphabetic()).all(known);
    let signs = rest.chars().all(|c| c.is_alphanumeric() || " :.+-".contains(c));
    let is_time = words && signs && rest.contains([':', 'h', 'm']);
    (rest.is_empty() || is_time).then_some(is_time)
}

/// The ISO spelling, if there is such a day.
pub(super) fn iso(year: &str, month: &str, day: &str) -> Option<String> {
    let number: u32 = year.parse().ok()?;
    let year = match year.len() {
        2 if number < 69 => 2000 + number,
        2 => 1900 + number,
        4 if (1000..3000).contains(&number) => number,
        _ => return None,
    };
    (month.len() <= 2 && day.len() <= 2).then_some(())?;
    let (month, day): (u32, u32) = (month.parse().ok()?, day.parse().ok()?);
    let last = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let right = (1..=12).contains(&month) && (1..=last).contains(&day);
    right.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// A month by the start of its name in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian or
/// Indonesian. A word must be no longer than a month's name can be.
pub(super) fn month(word: &str) -> Option<u32> {
    const STARTS: [(u32, &[&str]); 12] = [
        (1, &["jan", "jän", "ene", "gen", "sty", "янв"]),
        (2, &["feb", "fév", "fev", "fév", "lut", "фев"]),
        (3, &["mar", "mär", "mrz", "maa", "мар"]),
        (4, &["apr", "avr", "abr", "kwi", "апр"]),
        (5, &["may", "mai", "mag", "mei", "maj", "мая", "май"]),
        (6, &["jun", "juin", "giu", "cze", "июн"]),
        (7, &["jul", "juil", "lug", "lip", "июл"]),
        (8, &["aug", "aoû", "aou", "ago", "agu", "sie", "авг"]),
        (9, &["sep", "set", "wrz", "сен"]),
        (10, &["oct", "okt", "ott", "out", "paź", "окт"]),
        (11, &["nov", "lis", "ноя"]),
        (12, &["dec", "déc", "dez", "dic", "des", "gru", "дек"]),
    ];
    let lower = word.to_lowercase();
    if lower.chars().count() > 12 {
        return None;
    }
    STARTS
        .iter()
        .find(|(_, starts)| starts.iter().any(|start| lower.starts_with(start)))
        .map(|(month, _)| *month)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DateOrder, read};

    /// By day first, month first, year first.
    #[track_caller]
    fn check(text: &str, readings: [Option<&str>; 3]) {
        let written = read(text);
        let by = DateOrder::ALL.map(|order| written.as_ref().and_then(|written| written.by(order)));
        assert_eq!(by, readings, "{text}");
    }

    #[test]
    fn one_reading() {
        for text in [
            "2017-09-25",
            "2017/9/25",
            "2017.09.25",
            "20170925",
            "2017-09-25T10:22:05Z",
            "25 Sep 2017",
            "September 25, 2017",
            "Sept. 25th, 2017",
            "25-Sep-17",
            "25. September 2017",
            "25 de septiembre de 2017",
            "Mon, 25 Sep 2017 10:22:05 +0200",
            "2017年9月25日",
            "25 сентября 2017 г.",
        ] {
            check(text, [Some("2017-09-25"); 3]);
        }
        check("25/09/2017", [Some("2017-09-25"), None, None]);
        check("25.9.17", [Some("2017-09-25"), None, None]);
        check("09/25/2017 8:13 PM", [None, Some("2017-09-25"), None]);
    }

    #[test]
    fn several_readings() {
        check("03/04/2017", [Some("2017-04-03"), Some("2017-03-04"), None]);
        check("17-09-05", [Some("2005-09-17"), None, Some("2017-09-05")]);
        assert!(read("03/04/2017").unwrap().is_ambiguous());
        assert!(!read("04/04/2017").unwrap().is_ambiguous());
    }

    #[test]
    fn what_is_more_or_less_than_a_date_is_none() {
        for text in [
            "",
            "soon",
            "2018-12-25 ltd",
            "31/02/2018",
            "09/2017",
            "1.2.3.4",
            "25/09-2017",
            "12.50",
            "2017",
            "1,234,567",
            "Invoice 25 Sep 2017",
            "10:22",
            "192.168.1",
            "12345678",
        ] {
            check(text, [None; 3]);
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = read(&text);
        }

        #[test]
        fn written_dates_come_back(year in 1900_u32..2100, month in 1_u32..13, day in 1_u32..29) {
            let iso = format!("{year}-{month:02}-{day:02}");
            let dmy = read(&format!("{day:02}/{month:02}/{year}")).unwrap();
            let mdy = read(&format!("{month}/{day}/{year}")).unwrap();
            prop_assert_eq!(dmy.by(DateOrder::Dmy), Some(iso.as_str()));
            prop_assert_eq!(mdy.by(DateOrder::Mdy), Some(iso.as_str()));
            let plain = read(&iso).unwrap();
            prop_assert_eq!(plain.by(DateOrder::Dmy), Some(iso.as_str()));
        }
    }
}
