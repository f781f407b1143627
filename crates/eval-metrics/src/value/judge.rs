//! Whether a value is the expected one, by the type of its field.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::absence::denies_value;
use super::amount::{is_share, money_with_decimals};
use super::clock::time_of_day;
use super::code::same_code;
use super::contact::{same_email, same_phone};
use super::counted::is_other_unit;
use super::currency::{currency, same_currency};
use super::duration::duration;
use super::labels::same_label;
use super::measure::measured;
use super::names::{self, Bearer};
use super::texts::{Entries, is_misprint, same_text};
use super::truth::truth;
use super::{
    Comparison, DateOrder, Decimal, FieldType, Judgement, Verdict, dates, is_absent, is_same_spelling, money,
    month_of_year, plain, quantity, text, ticks,
};

impl FieldType {
    /// Judges a value. `expected` null is labelled absent.
    #[must_use]
    pub fn judge(self, expected: &Value, got: &Value, by: &Comparison) -> Judgement {
        let chosen = match self {
            Self::Text | Self::List | Self::Enum if ticks::ticked(expected).is_none() => ticks::ticked(got),
            _ => None,
        };
        if let Some(chosen) = chosen {
            return self.judge_chosen(expected, &chosen, by);
        }
        self.judge_plain(expected, got, by)
    }

    fn judge_plain(self, expected: &Value, got: &Value, by: &Comparison) -> Judgement {
        let (got, note) = unwrapped(self, got);
        let got = &*got;
        match (is_absent(expected), is_absent(got) || denies_value(self, got, !is_absent(expected))) {
            (true, true) => return Verdict::Right.into(),
            (true, false) => return Verdict::Invented.into(),
            (false, true) => return Verdict::Missing.into(),
            (false, false) => {}
        }
        let name = |bearer| {
            let compared = names::compare(&text(expected), &text(got), by.name_threshold, bearer);
            Judgement { verdict: compared.verdict, note: compared.note }
        };
        let mut judgement = match self {
            Self::Money if other_currency(expected, got) => {
                Judgement { verdict: Verdict::Wrong, note: Some("another currency".to_owned()) }
            }
            Self::Money => judge_money(expected, got),
            Self::Number | Self::Quantity => judge_quantities(self, expected, got),
            Self::Date => judge_dates(expected, got, by.date_order),
            Self::Name => name(Bearer::Thing),
            Self::Person => name(Bearer::Person),
            Self::Text | Self::List => judge_texts(self, expected, got),
            Self::Code => right_if(same_code(&text(expected), &as_code(got))).into(),
            Self::Enum => right_if(same_label(&text(expected), &as_word(expected, got))).into(),
            Self::Phone => right_if(same_phone(&text(expected), &as_code(got))).into(),
            Self::Email => right_if(same_email(&text(expected), &text(got))).into(),
            Self::Boolean => judge_truths(expected, got).into(),
        };
        judgement.note = judgement.note.or_else(|| note.map(str::to_owned));
        judgement
    }

    /// Judges boxes that were given with their state by those that are ticked.
    fn judge_chosen(self, expected: &Value, chosen: &[String], by: &Comparison) -> Judgement {
        let chosen = match chosen {
            [] => Value::Null,
            [one] => Value::from(one.as_str()),
            // Several of a closed set, where one was asked for.
            _ if self == Self::Enum && !is_absent(expected) => return Verdict::Wrong.into(),
            several => Value::from(several),
        };
        let mut judgement = self.judge_plain(expected, &chosen, by);
        judgement.note.get_or_insert_with(|| "only ticked boxes count".to_owned());
        judgement
    }
}

/// A code that was given as a number: `12345.0` is 12345.
fn as_code(got: &Value) -> String {
    let code = text(got);
    match code.strip_suffix(".0") {
        Some(whole) if got.is_number() => whole.to_owned(),
        _ => code,
    }
}

/// An entry of a list, or the only field of one.
fn entry(item: &Value) -> String {
    match item {
        Value::Object(fields) if fields.len() == 1 => fields.values().map(text).collect(),
        item => text(item),
    }
}

/// A truth value as the yes or no that a label is.
fn as_word(expected: &Value, got: &Value) -> String {
    let is_word =
        expected.as_str().is_some_and(|label| matches!(label.to_lowercase().as_str(), "yes" | "no"));
    match got {
        Value::Bool(true) if is_word => "yes".to_owned(),
        Value::Bool(false) if is_word => "no".to_owned(),
        got => text(got),
    }
}

/// The value in `{"value": 12.5, "currency": "EUR"}`, the only one of a list, and the sum of several amounts.
fn unwrapped(kind: FieldType, got: &Value) -> (Cow<'_, Value>, Option<&'static str>) {
    const KEYS: [&str; 7] = ["value", "amount", "text", "name", "label", "date", "type"];
    // Wrapped more often than this is hostile.
    const DEEPEST: usize = 4;
    let mut got = got;
    for _ in 0..DEEPEST {
        let inner = match got {
            Value::Object(fields) => KEYS.iter().find_map(|key| fields.get(*key)),
            Value::Array(items) if items.len() == 1 && !matches!(kind, FieldType::Text | FieldType::List) => {
                items.first()
            }
            _ => None,
        };
        match inner {
            Some(inner) => got = inner,
            None => break,
        }
    }
    match (kind, got) {
        (FieldType::Date, Value::Object(fields)) => {
            (day_of(fields).map_or(Cow::Borrowed(got), Cow::Owned), Some("the parts of the date together"))
        }
        (FieldType::Money, Value::Array(_) | Value::Object(_)) => {
            (sum(got).map_or(Cow::Borrowed(got), Cow::Owned), Some("the sum of the amounts"))
        }
        _ => (Cow::Borrowed(got), None),
    }
}

/// `{"year": 2024, "month": 3, "day": 4}` as a date.
fn day_of(fields: &Map<String, Value>) -> Option<Value> {
    let part = |names: [&str; 2]| names.iter().find_map(|name| fields.get(*name)).map(text);
    let (year, month, day) = (part(["year", "Year"])?, part(["month", "Month"])?, part(["day", "Day"])?);
    let month = match month.trim().parse::<u8>() {
        Ok(number) => format!("{number:02}"),
        Err(_) => month,
    };
    Some(json!(format!("{year}-{month}-{day}")))
}

/// The sum of a list of amounts, or of amounts by their names: `[{"rate": 7, "amount": 0.3}, …]`, `{"7%": 0.3, …}`.
fn sum(value: &Value) -> Option<Value> {
    const MOST: usize = 20;
    let amounts: Vec<Decimal> = match value {
        Value::Array(items) if (1..=MOST).contains(&items.len()) => {
            items.iter().map(|item| money(&unwrapped(FieldType::Money, item).0)).collect::<Option<_>>()?
        }
        Value::Object(fields) if (1..=MOST).contains(&fields.len()) => {
            fields.values().map(money).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let sum = amounts.into_iter().reduce(|a, b| a + b)?;
    Some(json!(sum.to_string().parse::<f64>().ok()?))
}

fn right_if(right: bool) -> Verdict {
    if right { Verdict::Right } else { Verdict::Wrong }
}

fn judge_truths(expected: &Value, got: &Value) -> Verdict {
    match truth(expected) {
        Some(expected) => right_if(truth(got) == Some(expected)),
        None => right_if(same_text(&text(expected), &text(got))),
    }
}

fn judge_numbers(
    expected: Option<Decimal>,
    got: Option<Decimal>,
    expected_value: &Value,
    got_value: &Value,
) -> Judgement {
    match (expected, got) {
        (Some(expected), Some(got)) if got.is_same_as(expected) => Verdict::Right.into(),
        (Some(expected), Some(got)) if got.is_rounding_of(expected) => Verdict::Rounded.into(),
        (Some(expected), Some(got)) if got.is_shift_of(expected) => Verdict::Shifted.into(),
        (Some(expected), Some(got)) if got == -expected => {
            Judgement { verdict: Verdict::Wrong, note: Some("the sign is wrong".to_owned()) }
        }
        (Some(_), Some(_)) => Verdict::Wrong.into(),
        (Some(_), None) => Judgement { verdict: Verdict::Wrong, note: Some("not a number".to_owned()) },
        (None, _) => right_if(same_text(&text(expected_value), &text(got_value))).into(),
    }
}

/// Amounts; a lone separator before three digits is one of thousands unless the label spells its decimals so.
fn judge_money(expected: &Value, got: &Value) -> Judgement {
    let plain = judge_numbers(money(expected), money(got), expected, got);
    let is_right = plain.verdict == Verdict::Right;
    let Some(spelled) = got.as_str().filter(|_| !is_right && money(got).is_some()) else { return plain };
    let label = text(expected);
    let (Some(wanted), Some(given)) =
        (money_with_decimals(expected), money_with_decimals(got).filter(|_| label.contains('.')))
    else {
        return plain;
    };
    let number = spelled.trim_matches(|c: char| !c.is_ascii_digit());
    let has_label_s_digits = number == label.trim_start_matches('-');
    match given == wanted {
        true if has_label_s_digits || in_thousandths(spelled) => Verdict::Right.into(),
        true => Judgement {
            verdict: Verdict::Partly,
            note: Some("the mark may part thousands or decimals: counts half".to_owned()),
        },
        false => plain,
    }
}

/// Whether a text names a currency that has thousandths.
fn in_thousandths(text: &str) -> bool {
    const CODES: [&str; 7] = ["kwd", "bhd", "omr", "jod", "tnd", "iqd", "lyd"];
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).any(|word| CODES.contains(&word))
}

/// Whether a label and an answer name currencies that no one sign stands for: `12.50 EUR` and `12.50 USD`.
fn other_currency(expected: &Value, got: &Value) -> bool {
    const LONGEST: usize = 60;
    let named = |value: &Value| {
        let text = value.as_str().filter(|text| text.len() <= LONGEST)?.to_lowercase();
        let around = text.split(|c: char| c.is_ascii_digit() || ".,'-+() ".contains(c));
        around.filter(|word| !word.is_empty()).find_map(|word| currency(word).map(|_| word.to_owned()))
    };
    match (named(expected), named(got)) {
        (Some(expected), Some(got)) => {
            same_currency(&expected, &got) == Some(false) && same_currency(&got, &expected) == Some(false)
        }
        _ => false,
    }
}

/// Quantities in units of measure: `180 minutes` are `3 hours`, and `5 µg` are no `5 mg`; nothing where one has no unit.
fn judge_measured(expected: &Value, got: &Value) -> Option<Judgement> {
    let short = |value: &Value| value.as_str().is_some_and(|text| text.len() <= 40);
    if !short(expected) || !short(got) {
        return None;
    }
    let times = (duration(expected.as_str()?), duration(got.as_str()?));
    if let (Some(wanted), Some(given)) = times
        && (wanted - given).abs() <= 1e-9 * wanted
    {
        let note = (!is_same_spelling(expected, got)).then(|| "the same length of time".to_owned());
        return Some(Judgement { verdict: Verdict::Right, note });
    }
    let ((wanted, kind, size), (given, other, given_size)) =
        (measured(expected.as_str()?)?, measured(got.as_str()?)?);
    let judgement = |verdict, note: &str| Judgement { verdict, note: Some(note.to_owned()) };
    if kind != other {
        return Some(judgement(Verdict::Wrong, "another unit"));
    }
    let number = |text: &str| quantity(&Value::from(text));
    if size == given_size {
        return Some(judge_numbers(number(wanted), number(given), expected, got));
    }
    let (wanted, given) = (number(wanted)?.to_f64() * size, number(given)?.to_f64() * given_size);
    let is_same = (wanted - given).abs() <= 1e-9 * wanted.abs();
    Some(judgement(right_if(is_same), if is_same { "in another unit" } else { "another unit" }))
}

/// Numbers and quantities; `19%` is 0.19, and `452 g` are 0.452 kg.
fn judge_quantities(kind: FieldType, expected: &Value, got: &Value) -> Judgement {
    if let (Some(wanted), Some(given)) = (expected.as_str(), got.as_str())
        && is_other_unit(wanted, given)
    {
        return Judgement { verdict: Verdict::Wrong, note: Some("another unit".to_owned()) };
    }
    if let Some(judgement) = judge_measured(expected, got) {
        return judgement;
    }
    let (wanted, given) = (quantity(expected), quantity(got));
    let plain = judge_numbers(wanted, given, expected, got);
    let (Some(wanted), Some(given), Value::String(spelled)) = (wanted, given, got) else { return plain };
    if plain.verdict == Verdict::Right || spelled.len() > 40 {
        return plain;
    }
    // `5 m` may be meters.
    let is_before = |unit: char| {
        let number = spelled.trim_end().strip_suffix(unit);
        number.is_some_and(|number| number.trim_end().ends_with(|c: char| c.is_ascii_digit()))
    };
    if (is_before('m') || is_before('M')) && given.shifted(6) == Some(wanted) {
        return match is_before('M') {
            true => Judgement { verdict: Verdict::Right, note: Some("in millions".to_owned()) },
            false => Judgement {
                verdict: Verdict::Partly,
                note: Some("`m` may be millions or meters: counts half".to_owned()),
            },
        };
    }
    let is_small_unit = || {
        let unit = spelled.trim_start_matches(|c: char| !c.is_alphabetic()).trim().to_lowercase();
        matches!(unit.as_str(), "g" | "gr" | "gram" | "grams" | "gramm" | "ml")
    };
    let converted = if is_share(spelled) && expected.is_number() {
        given.shifted(-2).map(|number| (number, "a share of a hundred"))
    } else if kind == FieldType::Quantity && is_small_unit() {
        given.shifted(-3).map(|number| (number, "in a unit a thousand times as large"))
    } else {
        None
    };
    match converted.filter(|(number, _)| *number == wanted) {
        Some((_, note)) => Judgement { verdict: Verdict::Right, note: Some(note.to_owned()) },
        None => plain,
    }
}

fn judge_dates(expected: &Value, got: &Value, order: Option<DateOrder>) -> Judgement {
    let (expected_text, got_text) = (text(expected), text(got));
    if plain(&expected_text) == plain(&got_text) {
        return Verdict::Right.into();
    }
    if let Some(wanted) = month_of_year(&expected_text) {
        return right_if(month_of_year(&got_text) == Some(wanted)).into();
    }
    let (expected, readings) = (dates(&expected_text, order), dates(&got_text, order));
    let right = readings.iter().any(|date| expected.contains(date));
    let settled = || order.is_some() && dates(&got_text, None).len() > 1;
    match (right, readings.len()) {
        (_, 0) => Judgement { verdict: Verdict::Wrong, note: Some("not a date".to_owned()) },
        (true, 1) => {
            let note = settled().then(|| "day and month read as the case's country writes them".to_owned());
            Judgement { verdict: Verdict::Right, note }
        }
        (true, _) => Judgement {
            verdict: Verdict::Partly,
            note: Some("day and month could be read either way: counts half".to_owned()),
        },
        (false, _) => {
            let note = settled().then(|| format!("read as {}", readings[0]));
            Judgement { verdict: Verdict::Wrong, note }
        }
    }
}

fn judge_texts(kind: FieldType, expected: &Value, got: &Value) -> Judgement {
    let lines = |value: &Value| match value {
        Value::Array(items) => items.iter().map(entry).collect::<Vec<_>>().join(";"),
        other => text(other),
    };
    let (expected_text, got_text) = (lines(expected), lines(got));
    if same_text(&expected_text, &got_text) {
        return Verdict::Right.into();
    }
    // `2:30 PM` for `14:30`
    if let (Some(wanted), Some(given)) = (time_of_day(&expected_text), time_of_day(&got_text)) {
        return right_if(wanted == given).into();
    }
    // `1500 g` for `1.5 kg`
    if let Some(measured) = judge_measured(&json!(expected_text), &json!(got_text))
        && measured.verdict == Verdict::Right
    {
        return measured;
    }
    let is_list =
        kind == FieldType::List || expected.is_array() || got.is_array() || expected_text.contains(';');
    if !is_list && is_misprint(&expected_text, &got_text) {
        return Judgement {
            verdict: Verdict::Partly,
            note: Some("a letter differs: counts half".to_owned()),
        };
    }
    if !is_list {
        return Verdict::Wrong.into();
    }
    let (verdict, note) = match Entries::of(&expected_text).overlap(&got_text) {
        share if share >= 1.0 => (Verdict::Right, "the same entries in another order or form"),
        share if share > 0.5 => (Verdict::Partly, "most of the entries: counts half"),
        _ => return Verdict::Wrong.into(),
    };
    Judgement { verdict, note: Some(note.to_owned()) }
}
