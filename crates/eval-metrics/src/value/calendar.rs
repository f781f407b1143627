//! Dates, in the spellings of the world.

use std::borrow::Cow;

use jiff::civil::Date;

use super::DateOrder;
use super::fold::narrow;
use super::months::month;
use super::remark::without_denial;

/// The days a text can mean: one, or several where day and month could be swapped; none if it is no date.
///
/// Understands `2025-12-31` (also with a time), `2025/12/31`, `20251231`, `31.12.2025`, `12/31/2025`, `31-Dec-25`,
/// `Dec 31st, 2025`, `31 décembre 2025`, `2025年12月31日`. Two-digit years are 1969 to 2068. `03/04/2025` means both
/// 3 April and March 4, unless the order is known; `03.04.2025` is 3 April everywhere. `25-12-31` may also start with
/// the year. A time, a weekday, a place and words such as "of" may stand around it, anything else is no date.
#[must_use]
pub fn dates(text: &str, order: Option<DateOrder>) -> Vec<Date> {
    // Nothing that long is one date.
    if text.len() > LONGEST {
        return Vec::new();
    }
    let text = crate::python::ascii_digits(&narrow(text.trim())).to_lowercase();
    let (text, named) = without_form(without_denial(&text));
    let text = in_our_years(text);
    let order = named.or(order);
    let found = in_digits(&text, order);
    if !found.is_empty() {
        return found;
    }
    // `Marburg, 4.3.2024`, whose place begins like a month.
    let behind_place =
        text.split_once(',').filter(|(place, _)| !place.contains(|c: char| c.is_ascii_digit()));
    if let Some((_, date)) = behind_place.filter(|(place, _)| !TELLING.contains(place)) {
        let found = in_digits(date, order);
        if !found.is_empty() {
            return found;
        }
    }
    // `March fourth, twenty twenty-four`
    let words = text.replace([',', '-', '.'], " ");
    let spelled = crate::speech::in_digits(&words);
    if spelled == words { Vec::new() } else { in_digits(&spelled, order) }
}

/// The year and the month of a text that names no day: `2024-03`, `03/2024`, `March 2024`.
pub(super) fn month_of_year(text: &str) -> Option<(u16, i64)> {
    const LONGEST: usize = 30;
    if text.len() > LONGEST {
        return None;
    }
    let lower = text.trim().to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let year = |word: &str| (word.len() == 4).then(|| word.parse::<u16>().ok())?;
    let month = |word: &str| match word.parse::<i64>() {
        Ok(number) => (word.len() <= 2 && (1..=12).contains(&number)).then_some(number),
        Err(_) => month(word),
    };
    let [a, b] = words.as_slice() else { return None };
    year(a).zip(month(b)).or_else(|| year(b).zip(month(a)))
}

const LONGEST: usize = 120;

/// A text without the form that stands beside a date, and the order it names: `08/01/2024 (MM/DD/YYYY)`.
fn without_form(text: &str) -> (&str, Option<DateOrder>) {
    let Some((date, form)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) else {
        return (text, None);
    };
    let letters: String = form.chars().filter(char::is_ascii_alphabetic).collect();
    let order = match letters.trim_end_matches('y').trim_start_matches('y') {
        "mmdd" if letters.starts_with('y') => DateOrder::Ymd,
        "mmdd" | "md" => DateOrder::Mdy,
        "ddmm" | "dm" | "ttmmjjjj" => DateOrder::Dmy,
        // `19 July 2022 (issue date)`
        _ if !form.contains(|c: char| c.is_ascii_digit()) => return (date.trim(), None),
        _ => return (text, None),
    };
    (date.trim(), Some(order))
}

/// Years of eras as years of our own: `令和6年` is 2024.
fn in_our_years(text: &str) -> Cow<'_, str> {
    const ERAS: [(&str, i64); 5] =
        [("令和", 2018), ("平成", 1988), ("昭和", 1925), ("民國", 1911), ("民国", 1911)];
    let year = ERAS.iter().find_map(|(era, before)| {
        let rest = text.strip_prefix(era)?;
        let (year, rest) = rest.split_once('年')?;
        let year: i64 = if year == "元" { 1 } else { year.trim().parse().ok()? };
        Some(format!("{}年{rest}", year.checked_add(*before)?))
    });
    year.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn in_digits(text: &str, order: Option<DateOrder>) -> Vec<Date> {
    let Some(parts) = parts(text) else { return Vec::new() };
    // Vietnamese names the month between day and year.
    let order = if text.contains("tháng") { Some(DateOrder::Dmy) } else { order };
    let found = match parts.as_slice() {
        [Part::Number(digits)] if digits.len() == 8 || digits.len() == 14 => {
            vec![day(number(&digits[..4]), number(&digits[4..6]), number(&digits[6..8]))]
        }
        [Part::Number(a), Part::Number(b), Part::Number(c)] => {
            let from_digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
            let separator = from_digits.chars().find(|c| !c.is_ascii_digit()).unwrap_or(' ');
            numeric([a, b, c], separator, order)
        }
        [Part::Month(month), Part::Number(day_of_month), Part::Number(y)]
        | [Part::Number(day_of_month), Part::Month(month), Part::Number(y)] => {
            if day_of_month.len() == 4 {
                vec![day(number(day_of_month), *month, number(y))]
            } else {
                vec![day(year(y), *month, number(day_of_month))]
            }
        }
        [Part::Number(y), Part::Number(day_of_month), Part::Month(month)] if y.len() == 4 => {
            vec![day(number(y), *month, number(day_of_month))]
        }
        _ => Vec::new(),
    };
    let mut dates: Vec<Date> = found.into_iter().flatten().collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// The order of day and month in a text that can be read in one way only: `25/12/2024` has the day first.
pub(crate) fn order_shown(text: &str) -> Option<DateOrder> {
    let readings = dates(text, None);
    let [day] = readings.as_slice() else { return None };
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    let first: i8 = text.split(separator).next()?.parse().ok()?;
    match first {
        _ if !"/-".contains(separator) || day.day() == day.month() => None,
        first if first == day.day() => Some(DateOrder::Dmy),
        first if first == day.month() => Some(DateOrder::Mdy),
        _ => None,
    }
}

enum Part<'a> {
    Number(&'a str),
    Month(i64),
}

/// Weekdays and what else stands around a date, by the start of the word.
const AROUND: [&str; 36] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "die", "mit", "don", "fre", "sam", "son", "lun", "mer",
    "jeu", "ven", "dim", "mié", "mie", "jue", "vie", "sáb", "sab", "dom", "gio", "seg", "ter", "qua", "qui",
    "sex", "zon", "maa", "din", "mart", "mard",
];
const WORDS: [&str; 63] = [
    "due", "issued", "printed", "signed", "born", "paid", "년", "월", "일", "tháng", "năm", "ngày", "r", "г",
    "р", "года", "roku", "am", "t", "z", "of", "the", "de", "den", "der", "le", "el", "il", "del", "um",
    "uhr", "at", "à", "a", "pm", "m", "utc", "gmt", "h", "hrs", "on", "date", "dated", "datum", "fecha",
    "data", "st", "nd", "rd", "th", "er", "º", "年", "月", "日", "vom", "du", "mo", "di", "mi", "do", "fr",
    "so",
];

/// Words that make something else of a date.
const TELLING: [&str; 24] = [
    "not", "no", "or", "and", "to", "until", "till", "before", "after", "except", "either", "neither", "nor",
    "if", "than", "between", "from", "through", "bis", "oder", "ou", "und", "et", "week",
];

/// A place, and no more.
const MOST_OTHER_WORDS: usize = 3;

/// The numbers and months of a date; nothing if anything else stands there that is no time of day or weekday.
fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let (mut others, mut apart) = (0, false);
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let behind_comma = rest[..start].contains([',', ':']);
        // `Berlin, den 4. März 2024`, but not `Invoice 2024-03-04`.
        apart |= behind_comma;
        let offset = rest[..start].ends_with(['+', '-']) && parts.len() == 3;
        let between = &rest[..start];
        rest = &rest[start..];
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest.find(|c: char| if is_digit { !c.is_ascii_digit() } else { !c.is_alphabetic() });
        // `₂` and `½` are numbers of letters' rank, neither digits nor letters: each is a word.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let (word, tail) = rest.split_at(end.unwrap_or(rest.len()).max(first));
        rest = tail;
        if !is_digit {
            // A Tuesday in French, Spanish and Italian is no month.
            let tuesday = matches!(word, "mardi" | "martes" | "martedì" | "martedi");
            let is_place = parts.is_empty() && others > 0 && !apart;
            if !tuesday
                && !is_place
                && parts.len() < 3
                && let Some(month) = month(word)
            {
                parts.push(Part::Month(month));
            } else if !is_around(word) {
                // `4 March 2024, Vienna`
                others += 1;
                let beside = parts.is_empty() || parts.len() == 3 && (behind_comma || others > 1);
                let is_place = beside && word.chars().count() > 1 && !TELLING.contains(&word);
                (is_place && others <= MOST_OTHER_WORDS).then_some(())?;
            }
            continue;
        }
        let clock =
            |mark: char| tail.starts_with(mark) && tail[1..].starts_with(|c: char| c.is_ascii_digit());
        let after_date =
            parts.len() == 3 || matches!(parts.as_slice(), [Part::Number(only)] if only.len() == 8);
        // `04.03.2024 - 11.03.2024` are two days.
        let is_second_day = between.contains(['-', ',', '/', '~']) && has_two_points(tail);
        if clock(':') || (after_date && word.len() <= 2 && (clock('h') || clock('.') && !is_second_day)) {
            rest = after_time(tail);
            continue;
        }
        if after_date {
            // `+0200` and `14 h` belong to a time.
            if (offset && word.len() == 4)
                || (word.len() <= 2 && tail.trim_start().starts_with(['h', 'u', 'a', 'p']))
            {
                continue;
            }
            return None;
        }
        (!parts.is_empty() || others == 0 || apart).then_some(())?;
        parts.push(Part::Number(word));
    }
    Some(parts)
}

/// Whether a word may stand beside a date.
fn is_around(word: &str) -> bool {
    let is_weekday = word.chars().count() <= 10 && AROUND.iter().any(|start| word.starts_with(start));
    WORDS.contains(&word) || is_weekday
}

/// Whether `.03.2024` follows, as behind the day of a date.
fn has_two_points(tail: &str) -> bool {
    let end = tail.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(tail.len());
    tail[..end].trim_end_matches('.').matches('.').count() == 2
}

/// What follows `:05:00.123` after an hour.
fn after_time(tail: &str) -> &str {
    let end = tail.find(|c: char| !(c.is_ascii_digit() || ":.h".contains(c))).unwrap_or(tail.len());
    &tail[end..]
}

fn numeric([a, b, c]: [&str; 3], separator: char, order: Option<DateOrder>) -> Vec<Option<Date>> {
    if a.len() == 4 {
        return vec![day(number(a), number(b), number(c))];
    }
    let day_first = day(year(c), number(b), number(a));
    let month_first = day(year(c), number(a), number(b));
    let year_first = if c.len() == 2 && a.len() == 2 { day(year(a), number(b), number(c)) } else { None };
    let settled = match (order, separator) {
        (Some(DateOrder::Ymd), _) if year_first.is_some() => year_first,
        (_, '.') | (Some(DateOrder::Dmy), _) => day_first,
        (Some(DateOrder::Mdy), _) => month_first,
        _ => None,
    };
    if settled.is_some() {
        return vec![settled];
    }
    let mut readings = vec![day_first, month_first];
    if separator == '-' {
        readings.push(year_first);
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
