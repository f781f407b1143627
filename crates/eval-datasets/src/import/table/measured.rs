//! Answers to questions that are a number with a unit or a scale: `5 kg`, `20 °C`, `1.5 million`.

use super::number::{self, Written};

/// A number, and what stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    pub number: Written,
    /// The number as it is written.
    pub digits: String,
    pub unit: Option<String>,
}

/// Units of measure and words for what is counted, as people write them.
const UNITS: &[&str] = &[
    "%",
    "percent",
    "pct",
    "pp",
    "kg",
    "g",
    "mg",
    "µg",
    "t",
    "tonne",
    "tonnes",
    "ton",
    "tons",
    "lb",
    "lbs",
    "oz",
    "m",
    "km",
    "cm",
    "mm",
    "µm",
    "nm",
    "mi",
    "mile",
    "miles",
    "ft",
    "feet",
    "foot",
    "in",
    "inch",
    "inches",
    "yd",
    "meter",
    "meters",
    "metres",
    "kilometers",
    "kilometres",
    "m²",
    "m2",
    "km²",
    "km2",
    "sqm",
    "ha",
    "hectares",
    "acres",
    "m³",
    "m3",
    "l",
    "ml",
    "liter",
    "liters",
    "litres",
    "°c",
    "°f",
    "s",
    "sec",
    "second",
    "seconds",
    "ms",
    "min",
    "minute",
    "minutes",
    "h",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "w",
    "kw",
    "mw",
    "gw",
    "tw",
    "wh",
    "kwh",
    "mwh",
    "gwh",
    "twh",
    "v",
    "kv",
    "hz",
    "khz",
    "mhz",
    "ghz",
    "bar",
    "pa",
    "hpa",
    "kb",
    "mb",
    "gb",
    "tb",
    "people",
    "units",
    "pieces",
];

/// Words that make a number larger.
const SCALES: &[&str] = &[
    "k",
    "m",
    "b",
    "thousand",
    "million",
    "millions",
    "billion",
    "billions",
    "trillion",
    "mn",
    "mio",
    "bn",
    "mrd",
    "tsd",
    "millionen",
    "milliarden",
];

/// A number that is all of a text, with sign, thousands, currency, unit or scale. A name with a number in it is none:
/// `Type 5`, `A4`, `3M`.
pub(super) fn read(text: &str) -> Option<Measured> {
    let text = text.trim();
    if let Some(number) = number::read(text) {
        let unit = if number.percent { Some("%") } else { number.currency };
        return Some(Measured { unit: unit.map(str::to_owned), number, digits: text.to_owned() });
    }
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let end = first + text[first..].find(|c: char| c.is_alphabetic() || c == '°')?;
    let (before, unit) = (&text[..end], text[end..].trim_end_matches('.'));
    let digits = before.trim_end();
    let number = number::read(digits).filter(|_| digits.ends_with(|c: char| c.is_ascii_digit()))?;
    is_unit(unit, before, &number).then_some(())?;
    let unit = number.currency.map_or_else(|| unit.to_owned(), |currency| format!("{currency} {unit}"));
    Some(Measured { number, digits: digits.to_owned(), unit: Some(unit) })
}

fn is_unit(unit: &str, before: &str, number: &Written) -> bool {
    let lower = unit.to_lowercase();
    let known = |word: &str| UNITS.contains(&word) || number::is_currency(word);
    let per = |word: &str| word.split_once('/').is_some_and(|(unit, of)| known(unit) && known(of));
    let words: Vec<&str> = lower.split_whitespace().collect();
    match words.as_slice() {
        [word] if word.chars().count() == 1 => is_letter(unit, before, number),
        [word] => known(word) || per(word) || SCALES.contains(word),
        [scale, word] => SCALES.contains(scale) && (known(word) || per(word)),
        [unit, "per", of] => known(unit) && known(of),
        _ => false,
    }
}

/// A single letter is as often a part of a name, as in `3M`, `5G` and `12 B`.
fn is_letter(unit: &str, before: &str, number: &Written) -> bool {
    let is_apart = before.ends_with(char::is_whitespace);
    let is_measured = number.currency.is_some() || before.contains(['.', ',']);
    let digits = before.chars().filter(char::is_ascii_digit).count();
    match unit {
        "m" | "g" | "t" | "l" | "s" | "h" | "W" | "V" | "L" => is_apart || is_measured,
        "K" | "k" => is_measured || digits > 1,
        "M" | "B" => is_measured || digits > 1 && !is_apart,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use eval_metrics::task::TaskMetric;
    use serde_json::{Value, json};

    use super::{SCALES, UNITS, read};
    use crate::import::table::number::Mark;

    #[track_caller]
    fn check(text: &str, value: Value, unit: Option<&str>) {
        let found = read(text).unwrap_or_else(|| panic!("{text} is a number"));
        assert_eq!((found.number.by(Mark::Point), found.unit.as_deref()), (Some(&value), unit), "{text}");
    }

    #[test]
    fn numbers_with_units_and_scales() {
        for (text, value, unit) in [
            ("1,500", json!(1500), None),
            ("5 kg", json!(5), Some("kg")),
            ("5kg", json!(5), Some("kg")),
            ("3.5 m", json!(3.5), Some("m")),
            ("20 °C", json!(20), Some("°C")),
            ("-4.5°C", json!(-4.5), Some("°C")),
            ("100 MW", json!(100), Some("MW")),
            ("12 days", json!(12), Some("days")),
            ("1.5 million", json!(1.5), Some("million")),
            ("1.5 million tonnes", json!(1.5), Some("million tonnes")),
            ("620K", json!(620), Some("K")),
            ("$4.2M", json!(4.2), Some("$ M")),
            ("90 km/h", json!(90), Some("km/h")),
            ("41.5%", json!(41.5), Some("\u{25}")),
        ] {
            check(text, value, unit);
        }
    }

    #[test]
    fn names_with_numbers_are_none() {
        for text in [
            "Type 5",
            "A4",
            "3M",
            "5G",
            "4K",
            "12 B",
            "7 Up",
            "50 Cent",
            "24a",
            "007",
            "INV-12",
            "Q3",
            "1st",
            "3 x 4",
            "2024-03-04",
            "12:30",
            "Berlin",
            "5 Seconds of Summer",
            "B12",
            "5-7 kg",
            "about 5 kg",
            "10 Downing Street",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    /// What a label says in a unit, an answer in the same words must be able to say.
    #[test]
    fn the_metric_reads_every_unit() {
        let metric = TaskMetric::from_settings("chart-question", &json!({}), &[], None).unwrap();
        for unit in UNITS.iter().chain(SCALES) {
            let label = json!({ "type": "number", "value": 12.5, "unit": unit, "tolerance": 0.0 });
            for answer in [format!("12.5 {unit}"), "12.5".to_owned()] {
                let scored = metric.score(&label, &answer).unwrap();
                assert_eq!(scored.headline, Some(1.0), "{answer}");
            }
        }
    }
}
