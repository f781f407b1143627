//! The number in an answer to a question.
//!
//! Behind `=`, `is` or `answer:` stands the result, and what is before it is how it was found. In a sentence with several
//! numbers and no result, those with the expected unit go first, then those with any unit, then those that
//! do not look like a year, then the rest; among equals the first one is taken. Numbers that the sentence denies are no
//! candidates, and a correction replaces what it corrects. `(12)` is -12, as in a table of accounts.

mod result;

use serde_json::Value;

use super::chart_table::relative_error;
use super::claims::{denies, plainly, segments};
use crate::MetricError;
use crate::value::spoken::in_digits;
use crate::value::{Comparison, Decimal, FieldType, Verdict, quantity};

/// The right number.
pub(super) struct Expected {
    number: Decimal,
    unit: Unit,
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
        Ok(Self { number, unit, tolerance })
    }
}

/// What stands around a number.
#[derive(Default, Clone, PartialEq, Debug)]
pub(super) struct Unit {
    pub(super) currency: Option<&'static str>,
    /// 1,000 for K; nothing if none is written.
    pub(super) scale: Option<f64>,
    percent: bool,
    /// A unit of measure with its kind and size: watts in GW are 10^9.
    measure: Option<(&'static str, f64)>,
}

impl Unit {
    /// Reads `$K`, `million USD`, `%`.
    pub(super) fn read(text: &str) -> Self {
        const CURRENCIES: [(&str, &[&str]); 8] = [
            ("USD", &["$", "usd", "us$", "dollar", "dollars"]),
            ("EUR", &["€", "eur", "euro", "euros"]),
            ("GBP", &["£", "gbp", "pound", "pounds"]),
            ("JPY", &["¥", "jpy", "yen"]),
            ("INR", &["₹", "inr", "rupees"]),
            ("CHF", &["chf"]),
            ("RUB", &["₽", "rub"]),
            ("CNY", &["cny", "rmb", "yuan"]),
        ];
        const SCALES: [(f64, &[&str]); 4] = [
            (1e3, &["k", "thousand", "thousands", "tsd"]),
            (1e6, &["m", "mn", "mio", "mln", "million", "millions"]),
            (1e9, &["b", "bn", "mrd", "bln", "billion", "billions"]),
            (1e12, &["t", "tn", "trn", "trillion", "trillions"]),
        ];
        let lower = text.to_lowercase();
        let symbol = |c: char| "$€£¥₹₽%".contains(c);
        let spaced: String =
            lower.chars().flat_map(|c| if symbol(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
        let mut unit = Self::default();
        for word in
            spaced.split(|c: char| !(c.is_alphanumeric() || symbol(c))).filter(|word| !word.is_empty())
        {
            unit.percent |= matches!(word, "%" | "percent" | "pct" | "percentage" | "prozent");
            unit.measure = unit.measure.or_else(|| {
                MEASURES
                    .iter()
                    .find(|(_, _, list)| list.contains(&word))
                    .map(|(kind, size, _)| (*kind, *size))
            });
            unit.currency = unit
                .currency
                .or_else(|| CURRENCIES.iter().find(|(_, list)| list.contains(&word)).map(|(name, _)| *name));
            unit.scale = unit
                .scale
                .or_else(|| SCALES.iter().find(|(_, list)| list.contains(&word)).map(|(scale, _)| *scale));
        }
        unit
    }

    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether two written units cannot mean the same.
    fn contradicts(&self, other: &Self) -> bool {
        let different = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
        let measured = |unit: &Self| unit.measure.map(|(kind, _)| kind);
        different(self.currency, other.currency)
            || different(measured(self), measured(other))
            || (self.percent != other.percent && (self.percent || !self.is_none()))
    }
}

/// Units of measure by kind, size and spelling.
const MEASURES: [(&str, f64, &[&str]); 20] = [
    ("power", 1.0, &["w", "watt", "watts"]),
    ("power", 1e3, &["kw", "kilowatt", "kilowatts"]),
    ("power", 1e6, &["mw", "megawatt", "megawatts"]),
    ("power", 1e9, &["gw", "gigawatt", "gigawatts"]),
    ("power", 1e12, &["tw", "terawatt", "terawatts"]),
    ("energy", 1e3, &["kwh"]),
    ("energy", 1e6, &["mwh"]),
    ("energy", 1e9, &["gwh"]),
    ("energy", 1e12, &["twh"]),
    ("mass", 1.0, &["g", "gram", "grams"]),
    ("mass", 1e3, &["kg", "kilogram", "kilograms"]),
    ("mass", 1e6, &["tonne", "tonnes", "ton", "tons"]),
    ("mass", 1e9, &["kt", "kilotonnes"]),
    ("mass", 1e12, &["mt", "megatonnes"]),
    ("length", 1e-3, &["mm"]),
    ("length", 1e-2, &["cm"]),
    ("length", 1e3, &["km", "kilometers", "kilometres"]),
    ("time", 1e-3, &["ms", "milliseconds"]),
    ("time", 1.0, &["s", "sec", "seconds"]),
    ("time", 60.0, &["min", "minutes"]),
];

struct Candidate {
    number: Decimal,
    /// What it is in another spelling of numbers: `1.234` may be 1234, and `(12)` in a sentence -12.
    other: Option<Decimal>,
    unit: Unit,
    year: bool,
    /// Another number is offered in its place: `510 or 520`, `510-520`.
    hedged: bool,
}

impl Candidate {
    fn is_same_amount(&self, other: &Self) -> bool {
        let full = |it: &Self| it.number.to_f64() * it.unit.scale.unwrap_or(1.0);
        self.number == other.number || relative_error(full(self), full(other)) < 1e-9
    }
}

pub(super) fn judge(
    expected: &Expected,
    value: &Value,
    text: &str,
) -> (Verdict, Option<String>, Option<f64>) {
    let candidates = match value {
        Value::Number(_) => quantity(value)
            .map(|number| Candidate {
                number,
                other: None,
                unit: Unit::default(),
                year: false,
                hedged: false,
            })
            .into_iter()
            .collect(),
        _ => claimed(text),
    };
    let rank = |candidate: &Candidate| match candidate.unit.is_none() {
        false if !candidate.unit.contradicts(&expected.unit) && !expected.unit.is_none() => 0,
        false => 1,
        true if !candidate.year => 2,
        true => 3,
    };
    let Some(answer) = candidates.into_iter().min_by_key(rank) else {
        let none = ["none", "nothing", "no", "nil"]
            .contains(&text.trim().trim_end_matches('.').to_lowercase().as_str());
        if none && expected.number.to_f64() == 0.0 {
            return (Verdict::Right, Some("read as 0".to_owned()), Some(0.0));
        }
        return (Verdict::Missing, Some("no number".to_owned()), None);
    };
    let note = (!matches!(value, Value::Number(_)) && text.trim() != answer.number.to_string())
        .then(|| format!("read as {}", answer.number));
    if !expected.unit.is_none() && answer.unit.contradicts(&expected.unit) {
        return (Verdict::Wrong, Some("another unit".to_owned()), None);
    }
    if answer.hedged {
        return (Verdict::Wrong, Some("offers several numbers".to_owned()), None);
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

/// The relative errors of all readings: in the expected unit, and written out.
fn errors(expected: &Expected, answer: &Candidate) -> impl Iterator<Item = f64> {
    let truth = expected.number.to_f64();
    let full = truth * expected.unit.scale.unwrap_or(1.0);
    // 0.2 TW are 200 GW.
    let measure = match (expected.unit.measure, answer.unit.measure) {
        (Some((_, wanted)), Some((_, size))) => size / wanted,
        _ => 1.0,
    };
    let (scale, numbers) = (answer.unit.scale, [Some(answer.number), answer.other]);
    numbers.into_iter().flatten().flat_map(move |given| {
        let given = given.to_f64() * measure;
        let readings = match scale {
            Some(scale) => [Some((full, given * scale)), None],
            None => [Some((truth, given)), Some((full, given))],
        };
        readings.into_iter().flatten().map(|(truth, given)| relative_error(truth, given))
    })
}

/// The numbers that a text claims, from its last correction.
fn claimed(text: &str) -> Vec<Candidate> {
    let plain = plainly(text);
    let whole = plain.trim().trim_end_matches('.');
    // `(12)`, `($12)`, `(12%)`
    if let Some(inner) = whole.strip_prefix('(').and_then(|rest| rest.trim_end_matches('%').strip_suffix(')'))
    {
        let mut found = candidates(&in_digits(inner));
        found.iter_mut().for_each(|it| it.number = -it.number);
        return found;
    }
    let plain = plain.replace("i.e.", " = ");
    let in_segment = |segment: Vec<&str>| {
        let claims: Vec<&str> = segment.into_iter().map(before_denial).collect();
        let claims = without_reasons(claims);
        let claims = in_digits(&claims.join(" ; "));
        let found = candidates(result::stated(&claims));
        (!found.is_empty()).then_some(found)
    };
    let mut found = segments(&plain).into_iter().find_map(in_segment).unwrap_or_default();
    // Each is looked for in the whole text, so not in a flood of numbers.
    let few = if found.len() <= 20 { found.len() } else { 0 };
    for it in found[..few].iter_mut().filter(|it| plain.contains(&format!("({})", it.number))) {
        it.other = it.other.or(Some(-it.number));
    }
    found
}

/// The clauses without those that only say why, unless they hold all the numbers.
fn without_reasons(clauses: Vec<&str>) -> Vec<&str> {
    let first = clauses.iter().position(|clause| clause.starts_with("because "));
    match first {
        Some(at) if clauses[..at].iter().any(|clause| !candidates(&in_digits(clause)).is_empty()) => {
            clauses[..at].to_vec()
        }
        _ => clauses,
    }
}

/// The part of a clause before a word that denies the rest. `no. 5` denies nothing.
fn before_denial(clause: &str) -> &str {
    if ["is wrong", "is incorrect", "was wrong", "was incorrect", "would be wrong"]
        .iter()
        .any(|word| clause.contains(word))
    {
        return "";
    }
    let mut from = 0;
    for word in clause.split(' ') {
        if denies(word) {
            return &clause[..from];
        }
        from += word.len() + 1;
    }
    clause
}

/// All numbers in a text with their units.
fn candidates(text: &str) -> Vec<Candidate> {
    let (mut found, mut ends) = (Vec::<Candidate>::new(), 0);
    let mut from = 0;
    while let Some(start) = text[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at) {
        let end = text[start..]
            .find(|c: char| !(c.is_ascii_digit() || ".,'’_".contains(c)))
            .map_or(text.len(), |at| start + at);
        let end = with_groups(text, start, end);
        let digits = text[start..end].trim_end_matches(['.', ',', '\'', '’', '_']);
        from = end.max(start + digits.len());
        let (before, after) = (&text[..start], &text[start + digits.len()..]);
        // `Q4`, `H2O` and `2nd` are names, and `Step 2` is a place.
        if before.trim_end().ends_with("step")
            || before.ends_with(|c: char| c.is_alphabetic())
            || after.starts_with(|c: char| c.is_alphabetic()) && Unit::read(word_at(after)).is_none()
        {
            continue;
        }
        let Some(number) = quantity(&Value::from(digits)) else { continue };
        let other = other_reading(digits);
        let before = before.trim_end_matches(|c: char| "$€£¥₹₽ ".contains(c));
        let symbols = &text[before.len()..start];
        let unsigned = before.strip_suffix(['-', '−']);
        // In `2019-620` it is a dash.
        let minus = unsigned.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
            || before.ends_with("minus")
            || before.ends_with("negative");
        let unit = Unit::read(&format!("{symbols} {}", units_after(after)));
        let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
        let signed = |number: Decimal| if minus { -number } else { number };
        let mut candidate =
            Candidate { number: signed(number), other: other.map(signed), unit, year, hedged: false };
        if let Some(last) = found
            .last_mut()
            .filter(|last| result::is_alternative(&text[ends..start]) && !last.is_same_amount(&candidate))
        {
            last.hedged = true;
            candidate.hedged = true;
        }
        ends = start + digits.len();
        found.push(candidate);
    }
    found
}

/// Where a number ends whose groups of three digits are set apart by blanks: `1 234 567`.
fn with_groups(text: &str, start: usize, mut end: usize) -> usize {
    let bytes = text.as_bytes();
    if end - start > 3 || text[..start].ends_with(char::is_alphanumeric) {
        return end;
    }
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    while bytes.get(end) == Some(&b' ') && (1..=3).all(|by| digit(end + by)) && !digit(end + 4) {
        end += 4;
    }
    end
}

/// `1.234` with the point as separator of thousands, `1,234` with the comma as decimal mark.
fn other_reading(digits: &str) -> Option<Decimal> {
    let at = digits.find(['.', ',']).filter(|at| digits.rfind(['.', ',']) == Some(*at))?;
    let (whole, rest) = (&digits[..at], &digits[at + 1..]);
    let is_group = rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    let other =
        if digits[at..].starts_with('.') { format!("{whole}{rest}") } else { format!("{whole}.{rest}") };
    is_group.then(|| quantity(&Value::from(other)))?
}

fn word_at(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

/// Up to two words that are units: `K`, `million USD`, `%`.
fn units_after(text: &str) -> String {
    // A unit is close by; looking further would make long answers slow.
    let near: String = text.chars().take(24).collect();
    let spaced = near.replace('%', " % ");
    let words =
        spaced.split_whitespace().map(|word| word.trim_end_matches(['.', ',', ';', ')', '!', '?', '*']));
    let attached = |word: &&str| !Unit::read(word).is_none();
    words.take(2).take_while(attached).collect::<Vec<_>>().join(" ")
}
