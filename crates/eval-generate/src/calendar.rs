//! Dates without a clock: drawn from a seed, written as people write them.

use crate::rng::Rng;

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Four digits.
    pub year: u16,
    /// From 1 to 12.
    pub month: u8,
    /// From 1 to 31.
    pub day: u8,
}

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const GERMAN: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const SWEDISH: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

impl Date {
    /// Any day from the first day of `from` to the last of `to`.
    pub fn draw(rng: &mut Rng, from: u16, to: u16) -> Self {
        let year = u16::try_from(rng.whole(from.into(), to.into())).expect("between two years");
        let month = u8::try_from(rng.whole(1, 12)).expect("a month");
        let day = u8::try_from(rng.whole(1, days_in(year, month).into())).expect("a day");
        Self { year, month, day }
    }

    /// The day `days` later.
    pub fn plus_days(self, days: u32) -> Self {
        (0..days).fold(self, |date, _| date.next())
    }

    /// `2025-03-14`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// Fills a pattern made of `YYYY YY MM DD D MON MONTH` and anything else.
    ///
    /// `MON` is the English short name; `MONTH` is written in `language` (a two-letter code; English if unknown).
    pub fn format(self, pattern: &str, language: &str) -> String {
        let month = months(language)[usize::from(self.month - 1)];
        let short = &ENGLISH[usize::from(self.month - 1)][..3];
        // Names are filled in last: a "D" or "M" inside one must stay.
        pattern
            .replace("YYYY", &format!("{:04}", self.year))
            .replace("YY", &format!("{:02}", self.year % 100))
            .replace("MONTH", "\u{1}")
            .replace("MON", "\u{2}")
            .replace("MM", &format!("{:02}", self.month))
            .replace("DD", &format!("{:02}", self.day))
            .replace('D', &self.day.to_string())
            .replace('\u{1}', month)
            .replace('\u{2}', short)
    }

    fn next(self) -> Self {
        if self.day < days_in(self.year, self.month) {
            Self { day: self.day + 1, ..self }
        } else if self.month < 12 {
            Self { month: self.month + 1, day: 1, ..self }
        } else {
            Self { year: self.year + 1, month: 1, day: 1 }
        }
    }
}

fn months(language: &str) -> &'static [&'static str; 12] {
    match language {
        "de" => &GERMAN,
        "fr" => &FRENCH,
        "es" => &SPANISH,
        "sv" => &SWEDISH,
        _ => &ENGLISH,
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, language: &str, written: &str) {
        assert_eq!(Date { year: 2025, month: 3, day: 4 }.format(pattern, language), written);
    }

    #[test]
    fn writes_dates_as_countries_do() {
        check("MM/DD/YY", "en", "03/04/25");
        check("DD.MM.YYYY", "de", "04.03.2025");
        check("D. MONTH YYYY", "de", "4. März 2025");
        check("DD MON YYYY", "en", "04 Mar 2025");
        check("D MONTH YYYY", "fr", "4 mars 2025");
    }

    #[test]
    fn counts_days_over_the_end_of_february_and_of_the_year() {
        let leap = Date { year: 2024, month: 2, day: 28 };
        assert_eq!(leap.plus_days(2).iso(), "2024-03-01");
        assert_eq!(Date { year: 2025, month: 12, day: 30 }.plus_days(14).iso(), "2026-01-13");
    }
}
