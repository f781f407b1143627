//! Answers to be read by what they mean: days, times of day, lengths of time and amounts.

use serde_json::{Value, json};

use crate::task::category::words;
use crate::task::claims::{denies, plainly};
use crate::task::question_number::{self, Asks, Expected};
use crate::value::clock::time_of_day;
use crate::value::duration::duration;
use crate::value::{DateOrder, Decimal, Verdict, currency, dates, is_same_spelling, money};

/// A verdict with its note, and the relative error of a number.
pub(super) type Judged = (Verdict, Option<String>, Option<f64>);

/// A longer text is prose.
const LONGEST: usize = 200;

/// Judges a day, a time of day or a length of time, where label and answer are one.
pub(super) fn judge(expected: &str, given: &str, order: Option<DateOrder>) -> Option<Judged> {
    let given = given.trim().trim_end_matches('.');
    let is_denied = || words(&plainly(given)).iter().any(|word| denies(word));
    if given.len() > LONGEST || is_denied() || is_same_spelling(&json!(expected), &json!(given)) {
        return None;
    }
    // `It was issued on March 4, 2024`
    let tails =
        [" on ", " is ", ": ", " was ", " at "].iter().filter_map(|mark| Some(given.rsplit_once(mark)?.1));
    let mut readings = std::iter::once(given).chain(tails);
    let wanted = dates(expected, order);
    if !wanted.is_empty() {
        let found = readings.map(|text| dates(text, order)).find(|found| !found.is_empty())?;
        let is_met = found.iter().any(|day| wanted.contains(day));
        let read = || Some(format!("read as {}", found[0]));
        return Some(match (is_met, found.len()) {
            (true, 1) if wanted.len() == 1 => (Verdict::Right, read(), None),
            (true, _) => {
                let note = "day and month could be read either way: counts half";
                (Verdict::Partly, Some(note.to_owned()), None)
            }
            (false, _) => (Verdict::Wrong, read(), None),
        });
    }
    if let Some(wanted) = duration(expected)
        && let Some(found) = readings.clone().find_map(duration)
    {
        let verdict = if (wanted - found).abs() < 1e-6 { Verdict::Right } else { Verdict::Wrong };
        return Some((verdict, Some(format!("read as {} s", found.round())), None));
    }
    let (minutes, seconds) = time_of_day(expected)?;
    let (other, of_minute) = readings.find_map(time_of_day).or_else(|| in_four_digits(given))?;
    let verdict = if minutes == other && seconds == of_minute { Verdict::Right } else { Verdict::Wrong };
    Some((verdict, Some(format!("read as {:02}:{:02}", other / 60, other % 60)), None))
}

/// `1430` beside a time of day.
fn in_four_digits(text: &str) -> Option<(u32, u32)> {
    let is_plain = text.len() == 4 && text.bytes().all(|it| it.is_ascii_digit());
    let number: u32 = is_plain.then(|| text.parse().ok())??;
    let (hours, minutes) = (number / 100, number % 100);
    (hours < 24 && minutes < 60).then_some((hours * 60 + minutes, 0))
}

/// Judges an amount, where the label is one by its currency or its decimals: `$4.2M`, `1,234.50`.
pub(super) fn amount(label: &str, given: &str) -> Option<Judged> {
    let (number, unit) = amount_of(label)?;
    let expected = json!({ "value": number.to_f64(), "unit": unit });
    let expected = Expected::read(&expected, 0.0).ok()?;
    Some(question_number::judge(&expected, &Value::from(given), given, Asks::default()))
}

/// The number of an amount and the text around it.
fn amount_of(label: &str) -> Option<(Decimal, String)> {
    const LONGEST: usize = 30;
    let label = label.trim();
    let is_digit = |c: char| c.is_ascii_digit();
    let (first, last) = (label.find(is_digit)?, label.rfind(is_digit)? + 1);
    if label.len() > LONGEST {
        return None;
    }
    let digits = &label[first..last];
    let (before, after) = (label[..first].trim(), label[last..].trim());
    let is_number = digits.chars().all(|c| c.is_ascii_digit() || ".,".contains(c));
    let is_paid = [before, after].iter().any(|unit| {
        unit.split(' ').any(|word| currency(word).is_some()) || unit.starts_with(['$', '€', '£', '¥', '₹'])
    });
    let has_cents = digits.rsplit_once(['.', ',']).is_some_and(|(_, cents)| cents.len() == 2);
    let stands_alone = before.is_empty() && after.is_empty() && has_cents;
    if !is_number || !(is_paid && before.chars().count() <= 3 || stands_alone) {
        return None;
    }
    let number = match is_paid {
        true => crate::value::quantity(&Value::from(digits)).or_else(|| money(&Value::from(digits)))?,
        false => money(&Value::from(digits))?,
    };
    Some((number, format!("{before} {after}").trim().to_owned()))
}
