use jiff::civil::Date;

/// Which comes first where a date could be read both ways: `03/04/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// 3 April.
    DayFirst,
    /// March 4.
    MonthFirst,
}

impl Order {
    /// The habit where this currency is used.
    pub fn of_currency(code: Option<&str>) -> Self {
        match code {
            None | Some("USD" | "CAD" | "PHP") => Self::MonthFirst,
            Some(_) => Self::DayFirst,
        }
    }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Names in other languages, by their first letters.
const OTHER_MONTHS: [(&str, i8); 16] = [
    ("januar", 1),
    ("märz", 3),
    ("mär", 3),
    ("mai", 5),
    ("okt", 10),
    ("dez", 12),
    ("fév", 2),
    ("fev", 2),
    ("avr", 4),
    ("juin", 6),
    ("juil", 7),
    ("aoû", 8),
    ("déc", 12),
    ("ene", 1),
    ("ago", 8),
    ("dic", 12),
];

/// A printed date as `YYYY-MM-DD`; whatever else is printed beside it, such as a time, does not matter.
pub fn date(text: &str, order: Order) -> Option<String> {
    let text = without_t(&text.to_lowercase());
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let found = words.windows(3).find_map(|three| of_words(three, &text, order));
    found.or_else(|| words.iter().find_map(|word| of_digits(word))).map(|date| date.to_string())
}

/// `2026-11-28T14:05` without the letter between date and time.
fn without_t(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let between = |at: usize| letters[at] == 't' && at > 0 && is_digit(at - 1) && is_digit(at + 1);
    (0..letters.len()).map(|at| if between(at) { ' ' } else { letters[at] }).collect()
}

fn of_words(words: &[&str], text: &str, order: Order) -> Option<Date> {
    let numbers: Vec<Option<i16>> = words.iter().map(|word| ordinal(word)).collect();
    match (numbers[0], numbers[1], numbers[2]) {
        // 2026-11-28
        (Some(year), Some(month), Some(day)) if words[0].len() == 4 => valid(year, month, day),
        (Some(a), Some(b), Some(year)) => {
            let year = full(year, words[2])?;
            let day_first = match () {
                () if a > 12 => true,
                () if b > 12 => false,
                // Points between numbers are a habit of those who put the day first.
                () if text.contains(&format!("{}.{}.", words[0], words[1])) => true,
                () => order == Order::DayFirst,
            };
            if day_first { valid(year, b, a) } else { valid(year, a, b) }
        }
        // 28 November 2026
        (Some(day), None, Some(year)) => valid(full(year, words[2])?, month(words[1])?, day),
        // November 28, 2026
        (None, Some(day), Some(year)) => valid(full(year, words[2])?, month(words[0])?, day),
        _ => None,
    }
}

/// `28`, `28th`.
fn ordinal(word: &str) -> Option<i16> {
    let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic());
    let ending = &word[digits.len()..];
    ["", "st", "nd", "rd", "th"].contains(&ending).then(|| digits.parse().ok())?
}

fn full(year: i16, word: &str) -> Option<i16> {
    match word.len() {
        4 => Some(year),
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

fn month(word: &str) -> Option<i16> {
    let other =
        OTHER_MONTHS.iter().find(|(name, _)| word.starts_with(name)).map(|(_, month)| i16::from(*month));
    let english = || MONTHS.iter().position(|name| word.starts_with(name)).map(|at| at as i16 + 1);
    other.or_else(english)
}

/// `20261128`
fn of_digits(word: &str) -> Option<Date> {
    let digits = word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    let part = |from: usize, to: usize| word[from..to].parse().ok();
    digits.then(|| valid(part(0, 4)?, part(4, 6)?, part(6, 8)?))?
}

fn valid(year: i16, month: i16, day: i16) -> Option<Date> {
    if !(1900..=2200).contains(&year) {
        return None;
    }
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Order, date};

    #[track_caller]
    fn check(text: &str, order: Order, wanted: Option<&str>) {
        assert_eq!(date(text, order).as_deref(), wanted, "{text}");
    }

    #[test]
    fn dates_are_read_as_they_are_printed() {
        use Order::{DayFirst, MonthFirst};
        for text in [
            "2026-11-28",
            "11/28/2026",
            "28.11.2026 14:05",
            "28/11/26",
            "Nov 28, 2026",
            "Saturday, November 28th 2026",
            "28 novembre 2026",
            "28. Nov 2026",
            "2026-11-28T14:05:00",
            "20261128",
        ] {
            check(text, MonthFirst, Some("2026-11-28"));
            check(text, DayFirst, Some("2026-11-28"));
        }
        check("3. März 2026", DayFirst, Some("2026-03-03"));
    }

    #[test]
    fn the_order_decides_only_where_it_must() {
        check("03/04/2026", Order::MonthFirst, Some("2026-03-04"));
        check("03/04/2026", Order::DayFirst, Some("2026-04-03"));
        check("03.04.2026", Order::MonthFirst, Some("2026-04-03"));
        assert_eq!(Order::of_currency(Some("EUR")), Order::DayFirst);
        assert_eq!(Order::of_currency(Some("USD")), Order::MonthFirst);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "14:05", "31/02/2026", "tomorrow", "1234567", "99/99/9999"] {
            check(text, Order::DayFirst, None);
        }
    }
}
