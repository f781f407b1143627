//! The number in an answer to a question.
//!
//! Behind `=`, `is` or `answer:` stands the result, and what is before it is how it was found. In a sentence with several
//! numbers and no result, those with the expected unit go first, then those with any unit, then those that
//! do not look like a year, then the rest; among equals the first one is taken. Numbers that the sentence denies are no
//! candidates, and a correction replaces what it corrects. `(12)` is -12, as in a table of accounts.

mod abroad;
mod asks;
mod candidate;
mod direction;
mod found;
mod million;
mod part;
mod period;
mod result;
mod unit;
mod whole;
mod zero;

use serde_json::Value;

use super::chart_table::relative_error;
use crate::MetricError;
use crate::value::{Comparison, Decimal, FieldType, Verdict, quantity};
pub(super) use asks::Asks;
use candidate::Candidate;
use direction::Bound;
use found::claimed;
use million::Em;
pub(super) use part::asked_part;
use period::for_period;
pub(super) use unit::Unit;

/// The right number.
pub(super) struct Expected {
    number: Decimal,
    unit: Unit,
    /// It counts things, such as people.
    counts: bool,
    tolerance: f64,
}

impl Expected {
    pub(super) fn read(expected: &Value, tolerance: f64) -> Result<Self, MetricError> {
        let number = quantity(&expected["value"])
            .ok_or_else(|| MetricError::shape("expected.value", "a number", &expected["value"]))?;
        let unit = match &expected["unit"] {
            Value::Null => Unit::default(),
            unit => Unit::read(crate::arguments::string("expected.unit", unit)?),
        };
        let tolerance = match &expected["tolerance"] {
            Value::Null => tolerance,
            _ => crate::arguments::number_or(expected, "tolerance", tolerance)?,
        };
        let counts = unit.is_none() && expected["unit"].as_str().is_some_and(|unit| !unit.trim().is_empty());
        Ok(Self { number, unit, counts, tolerance })
    }

    /// In the scale that a question asks for, where the label states none: `How much, in millions of dollars?`
    pub(super) fn in_scale_of(mut self, question: &str) -> Self {
        let asked = if self.unit.is_none() && !self.counts { asks::scale(question) } else { None };
        // A label that large is written out.
        let is_scaled = |unit: &Unit| unit.scale.is_some_and(|scale| self.number.abs().to_f64() < scale);
        if let Some(unit) = asked.filter(is_scaled) {
            self.unit = unit;
        }
        self
    }
}

/// Judges the number in an answer.
pub(super) fn judge(
    expected: &Expected,
    value: &Value,
    text: &str,
    asks: Asks,
) -> (Verdict, Option<String>, Option<f64>) {
    let candidates = match value {
        Value::Number(_) => quantity(value).map(Candidate::plain).into_iter().collect(),
        _ if zero::says_nothing_is_there(text) => vec![Candidate::plain(Decimal::new(0, 0))],
        _ => whole::read(text, &expected.unit).unwrap_or_else(|| claimed(&for_period(text, asks.period))),
    };
    let Some(answer) = candidates.into_iter().min_by_key(|candidate| rank(expected, candidate, asks)) else {
        return (Verdict::Missing, Some("no number".to_owned()), None);
    };
    if let Some((verdict, why)) = refused(expected, &answer, asks) {
        return (verdict, Some(why.to_owned()), None);
    }
    let note = (!matches!(value, Value::Number(_)) && text.trim() != answer.number.to_string())
        .then(|| format!("read as {}", answer.number));
    let answer = with_other_reading(expected, answer, asks);
    if expected.unit.is_none() && answer.unit == Unit::read("m") && million::is_alone(text) {
        let m = if expected.counts { Em::Million } else { asks.m };
        match m.share(expected.number.to_f64(), answer.number.to_f64(), expected.tolerance) {
            Some(1.0) => return (Verdict::Right, note, Some(0.0)),
            Some(_) => {
                return (
                    Verdict::Partly,
                    Some("`m` may be millions or meters: counts half".to_owned()),
                    None,
                );
            }
            None => {}
        }
    }
    let error = errors(expected, &answer).fold(f64::INFINITY, f64::min);
    // 2 % of 620 is 12.4, but 0.02 · 620 in doubles is a little more or less.
    if error <= expected.tolerance + 1e-12 {
        return (Verdict::Right, note, Some(error));
    }
    let number = |number: Decimal| Value::from(number.to_string());
    let by = Comparison { name_threshold: 1.0, date_order: None };
    let verdict = FieldType::Number.judge(&number(expected.number), &number(answer.number), &by).verdict;
    let verdict = if verdict == Verdict::Right { Verdict::Wrong } else { verdict };
    (verdict, note, error.is_finite().then_some(error))
}

/// Which of several numbers is the answer: the lowest.
fn rank(expected: &Expected, candidate: &Candidate, asks: Asks) -> u8 {
    match candidate.unit.is_none() {
        _ if is_bound(expected, candidate) || candidate.hedged => 5,
        _ if asks.counts && candidate.unit.is_of_no_count() => 4,
        _ if asks.year => {
            if candidate.year {
                0
            } else {
                4
            }
        }
        _ if candidate.leads && expected.unit.is_none() => 0,
        false if !candidate.unit.contradicts(&expected.unit) && !expected.unit.is_none() => 0,
        false if expected.unit.is_none() && candidate.unit.is_detail() => 2,
        false => 1,
        true if !candidate.year => 2,
        true => 3,
    }
}

/// What is nearly right is right only where a tolerance allows it.
fn is_bound(expected: &Expected, candidate: &Candidate) -> bool {
    match candidate.bound {
        Bound::None => false,
        Bound::Near => expected.tolerance == 0.0,
        Bound::Open => true,
    }
}

/// Why a number is not the answer whatever it is, if so.
fn refused(expected: &Expected, answer: &Candidate, asks: Asks) -> Option<(Verdict, &'static str)> {
    if !expected.unit.is_none() && answer.unit.contradicts(&expected.unit) {
        return Some((Verdict::Wrong, "another unit"));
    }
    if answer.hedged {
        return Some((Verdict::Wrong, "offers several numbers"));
    }
    if is_bound(expected, answer) {
        return Some((Verdict::Wrong, "gives a bound and no value"));
    }
    if asks.counts && expected.unit.is_none() && answer.unit.is_of_no_count() {
        return Some((Verdict::Wrong, "another unit"));
    }
    if answer.is_place && asks.value {
        return Some((Verdict::Missing, "a place and no value"));
    }
    (asks.fall_alone && answer.rise).then_some((Verdict::Wrong, "a rise where a fall was asked for"))
}

/// What else the number may stand for, beside what was found in the text.
fn with_other_reading(expected: &Expected, mut answer: Candidate, asks: Asks) -> Candidate {
    // A share may be written as a fraction: 0.45 for 45 %.
    let as_fraction = answer.unit.is_none() && answer.number.abs().to_f64() <= 1.0;
    if expected.unit.percent && as_fraction && !answer.is_part {
        answer.other = answer.other.or_else(|| Decimal::from_f64(answer.number.to_f64() * 100.0));
    }
    // And the other way round: 45 % of a label that is a share.
    if expected.unit.is_none() && expected.number.abs().to_f64() <= 1.0 && answer.unit.percent {
        answer.other = answer.other.or_else(|| Decimal::from_f64(answer.number.to_f64() / 100.0));
    }
    // A half of all is 50 %.
    if expected.unit.percent && answer.is_part {
        answer.other = answer.other.or_else(|| Decimal::from_f64(answer.number.to_f64() * 100.0));
    }
    // A fall of 12 is 12 to a question for a fall, and -12 to any other.
    let (magnitude, wanted) = (answer.number.to_f64().abs(), expected.number.to_f64());
    if asks.fall && answer.number.to_f64() != wanted && wanted != 0.0 && magnitude > 0.0 {
        answer.other = answer.other.or(Some(-answer.number));
    }
    answer
}

/// The relative errors of all readings: in the expected unit, and written out.
fn errors(expected: &Expected, answer: &Candidate) -> impl Iterator<Item = f64> {
    let truth = expected.number.to_f64();
    let full = truth * expected.unit.scale.unwrap_or(1.0);
    // 0.2 TW are 200 GW.
    let measure = match (expected.unit.measure, answer.unit.measure) {
        (Some((_, wanted)), Some((_, size))) => size / wanted,
        _ => 1.0,
    };
    let is_measured = expected.unit.measure.is_some() && answer.unit.measure.is_some();
    let (scale, numbers) = (answer.unit.scale, [Some(answer.number), answer.other]);
    numbers.into_iter().flatten().flat_map(move |given| {
        let given = given.to_f64() * measure;
        let readings = match scale {
            // `5,000 m` are meters beside kilometers.
            Some(_) if is_measured => [Some((truth, given)), None],
            Some(scale) => [Some((full, given * scale)), None],
            None => [Some((truth, given)), Some((full, given))],
        };
        readings.into_iter().flatten().map(|(truth, given)| relative_error(truth, given))
    })
}
