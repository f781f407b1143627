use eval_metrics::task::Finding;
use eval_metrics::value::Verdict;
use serde_json::Value;

/// The likely cause of a mistake, judged by its two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::html) enum Cause {
    Missing,
    Invented,
    Malformed,
    Rounded,
    Digits,
    OnlyPart,
    MoreAround,
    Spelling,
    Point,
    Sign,
    DayAndMonth,
    DateFormat,
}

impl Cause {
    /// In words, after "so many of so many mistakes": `33 of 39 are right in another date format`.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Missing => "are values that were left out",
            Self::Invented => "are values that the label does not have",
            Self::Malformed => "are none of the answers asked for",
            Self::Rounded => "are the right number, rounded",
            Self::Digits => "have a digit swapped, dropped or moved",
            Self::OnlyPart => "are only a part of the right value",
            Self::MoreAround => "are the right value with more around it",
            Self::Spelling => "differ only in case, spaces or punctuation",
            Self::Point => "have the decimal point in another place",
            Self::Sign => "have the wrong sign",
            Self::DayAndMonth => "have day and month swapped",
            Self::DateFormat => "are the right date in another format",
        }
    }

    /// `None` if no cause is apparent.
    pub fn of(finding: &Finding) -> Option<Self> {
        match finding.verdict {
            Verdict::Missing => return Some(Self::Missing),
            Verdict::Invented => return Some(Self::Invented),
            Verdict::Malformed => return Some(Self::Malformed),
            _ => {}
        }
        let (expected, got) = (plain(&finding.expected)?, plain(&finding.got)?);
        of_dates(&expected, &got).or_else(|| of_numbers(&expected, &got)).or(match finding.verdict {
            Verdict::Rounded => Some(Self::Rounded),
            Verdict::Shifted => Some(Self::Digits),
            _ => of_texts(&expected, &got),
        })
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Year, month and day of `2024-03-04`.
fn iso(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.get(..10)?.split('-').map(|part| part.parse().ok());
    let (Some(year), Some(month), Some(day)) = (parts.next()?, parts.next()?, parts.next()?) else {
        return None;
    };
    (year > 999 && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some([year, month, day])
}

fn of_dates(expected: &str, got: &str) -> Option<Cause> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let [year, month, day] = iso(expected)?;
    if iso(got).is_some_and(|other| other == [year, day, month] && day != month) {
        return Some(Cause::DayAndMonth);
    }
    let lower = got.to_lowercase();
    let mut numbers: Vec<u32> =
        lower.split(|one: char| !one.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    if let Some(named) = MONTHS.iter().position(|name| lower.contains(name)) {
        numbers.push(named as u32 + 1);
    }
    let short = |number: &u32| if *number < 100 { number + 2_000 } else { *number };
    let has = |wanted: u32| numbers.contains(&wanted);
    let has_year = has(year) || numbers.iter().any(|number| short(number) == year);
    (got != expected && numbers.len() == 3 && has_year && has(month) && has(day)).then_some(Cause::DateFormat)
}

fn of_numbers(expected: &str, got: &str) -> Option<Cause> {
    let (expected, got): (f64, f64) = (expected.parse().ok()?, got.parse().ok()?);
    let is = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    if expected != 0.0 && is(expected, -got) {
        return Some(Cause::Sign);
    }
    let powers = [10.0, 100.0, 1_000.0];
    let is_moved = powers.iter().any(|power| is(expected * power, got) || is(expected, got * power));
    (expected != 0.0 && is_moved).then_some(Cause::Point)
}

fn of_texts(expected: &str, got: &str) -> Option<Cause> {
    let letters =
        |text: &str| text.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let (expected, got): (String, String) = (letters(expected), letters(got));
    match () {
        () if got.is_empty() => Some(Cause::Missing),
        () if expected == got => Some(Cause::Spelling),
        () if expected.len() > 2 && got.contains(&expected) => Some(Cause::MoreAround),
        () if got.len() > 2 && expected.contains(&got) => Some(Cause::OnlyPart),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(expected: impl Into<Value>, got: impl Into<Value>, cause: Option<Cause>) {
        let (expected, got) = (expected.into(), got.into());
        let finding = Finding {
            path: "a".to_owned(),
            field: "a".to_owned(),
            expected,
            got,
            verdict: Verdict::Wrong,
            note: None,
            lenient: false,
        };
        assert_eq!(Cause::of(&finding), cause, "{finding:?}");
    }

    #[test]
    fn mistakes_of_one_kind_are_told_apart_from_others() {
        check("2024-03-04", "04.03.24", Some(Cause::DateFormat));
        check("2024-03-14", "March 14, 2024", Some(Cause::DateFormat));
        check("2024-03-04", "2024-04-03", Some(Cause::DayAndMonth));
        check("2024-03-04", "2025-03-04", None);
        check(12.5, -12.5, Some(Cause::Sign));
        check(12.5, 1250, Some(Cause::Point));
        check(12.5, 13.5, None);
        check("A. Smith", "a smith", Some(Cause::Spelling));
        check("Corner Shop", "The Corner Shop Ltd", Some(Cause::MoreAround));
        check("Corner Shop Ltd", "Corner Shop", Some(Cause::OnlyPart));
        check("Corner Shop", "", Some(Cause::Missing));
        check("Corner Shop", "Other", None);
        check(json!(["a"]), "a", None);
    }
}
