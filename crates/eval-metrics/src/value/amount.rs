//! Amounts of money and quantities, in the spellings of the world.

use serde_json::Value;

use super::Decimal;
use super::fold::narrow;
use super::spoken::in_digits;
use crate::python::ascii_digits;

/// What a lone separator before three digits means, as in `1.234`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lone {
    /// Thousands: amounts have no tenths of cents.
    Thousands,
    /// A point separates decimals (1.234 kg), a comma thousands.
    PointIsDecimal,
}

/// More is prose.
const LONGEST: usize = 120;

/// An amount of money to the cent.
///
/// Understands `1.234,50 €`, `¥1,200`, `(12.50)`, `12,5`, `1'234.50`, `12,34,567.00`, `12.50-`, `EUR 12`, `12,-`.
/// With both `.` and `,` the last one is the decimal point. One alone before three digits separates thousands in a text
/// (`1.234` is 1234, `0.125` is not), full-width digits and English words are read, too; a JSON number is what it says. More decimals are rounded to the cent.
#[must_use]
pub fn money(value: &Value) -> Option<Decimal> {
    // A share is no amount.
    let is_share = |text: &str| text.contains(['%', '％', '‰']) || text.contains("percent");
    if value.as_str().is_some_and(|text| text.len() <= LONGEST && is_share(text)) {
        return None;
    }
    read(value, Lone::Thousands).map(|amount| amount.rounded(2))
}

/// A number or quantity: like [`money`], but `1.234` has decimals, and nothing is rounded.
///
/// `2 x`, `x2`, `2 pcs` and `0,354 kg` are quantities; `1,234` is read as 1234.
#[must_use]
pub fn quantity(value: &Value) -> Option<Decimal> {
    read(value, Lone::PointIsDecimal)
}

fn read(value: &Value, lone: Lone) -> Option<Decimal> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(Decimal::new(whole.into(), 0)),
            None => Decimal::from_f64(number.as_f64()?),
        },
        Value::String(text) => parse(text, lone),
        _ => None,
    }
}

fn parse(text: &str, lone: Lone) -> Option<Decimal> {
    // Nothing that long is one amount.
    if text.len() > LONGEST {
        return None;
    }
    let text = narrow(text.trim());
    let text = ascii_digits(without_remark(&text));
    let has_digits = text.contains(|c: char| c.is_ascii_digit());
    let text = if has_digits { text } else { in_words(&text).into() };
    let (text, in_brackets) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => (&*text, false),
    };
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    // A point straight before the digits is a decimal point: `.50`, but not that of `Rs.50`.
    let point = text[..first].strip_suffix('.').is_some_and(|before| !before.ends_with(char::is_alphabetic));
    let before = &text[..first - usize::from(point)];
    // `9/-` is how rupees are written.
    let after = text[last + 1..].strip_prefix("/-").unwrap_or(&text[last + 1..]);
    let minus = |c: char| "-−–".contains(c);
    let dash_for_cents = after.starts_with([',', '.']) && after[1..].starts_with(minus);
    let after = if dash_for_cents { after[1..].trim_start_matches(minus) } else { after };
    // `¥1,234-` and `12:-` are prices.
    let after = if before.contains(['¥', '￥']) && after == "-" { "" } else { after };
    let after = after.strip_prefix(":-").unwrap_or(after);
    let enclosed = before.ends_with('(') && after.starts_with(')');
    let negative = in_brackets
        || enclosed
        || before.contains(minus)
        || after.contains(minus)
        || before.trim().to_lowercase().starts_with("minus");
    (is_unit(before) && is_unit(after)).then_some(())?;
    let digits = if point { format!("0.{}", &text[first..=last]) } else { text[first..=last].to_owned() };
    let amount = digits_with_separators(&digits, lone)?;
    Some(if negative { -amount } else { amount })
}

/// `12.50 (incl. 2.00 tax)`, `12.50, not 13.50` and `not 13.50 but 12.50` are 12.50.
fn without_remark(text: &str) -> &str {
    let has_digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let text = text.strip_prefix("not ").and_then(|text| text.split_once(" but ")).map_or(text, |it| it.1);
    let text = text.split_once(", not ").map_or(text, |it| it.0);
    match text.split_once('(') {
        Some((before, remark)) if has_digits(before) && remark.ends_with(')') => before.trim_end(),
        _ => text,
    }
}

/// `twelve dollars and fifty cents` as `12.50 dollars`.
fn in_words(text: &str) -> String {
    let digits = in_digits(&text.to_lowercase());
    let digits = digits.strip_prefix("minus ").map_or(digits.clone(), |number| format!("-{number}"));
    let Some((whole, cents)) = digits.split_once(" and ") else { return digits };
    let cents = cents.strip_suffix(" cents").or_else(|| cents.strip_suffix(" cent"));
    match cents.and_then(|cents| cents.parse::<u8>().ok()).filter(|cents| *cents < 100) {
        Some(cents) => {
            let (number, unit) = whole.split_once(' ').unwrap_or((whole, ""));
            format!("{number}.{cents:02} {unit}")
        }
        None => digits,
    }
}

/// A currency, a unit or a sign: nothing, or a short word. Longer prose is no amount.
fn is_unit(text: &str) -> bool {
    const LONG: [&str; 9] =
        ["approx", "dollar", "dollars", "pounds", "rupees", "pieces", "percent", "rouble", "roubles"];
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || "+-−–.,:/*()".contains(c))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let short = |word: &String| word.chars().count() <= 5 || LONG.contains(&word.as_str());
    words.len() <= 2 && words.iter().all(short) && !text.contains(|c: char| c.is_ascii_digit())
}

fn digits_with_separators(text: &str, lone: Lone) -> Option<Decimal> {
    let spaces = |c: char| c.is_whitespace() || "'’`_\u{2009}\u{202f}".contains(c);
    let allowed = |c: char| c.is_ascii_digit() || ".,".contains(c) || spaces(c);
    text.chars().all(allowed).then_some(())?;
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let decimal = match (points, commas) {
        (0, 0) => None,
        (1, 0) => text.find('.').filter(|&at| !is_thousands(text, at, lone == Lone::Thousands)),
        (0, 1) => text.find(',').filter(|&at| !is_thousands(text, at, true)),
        (_, 0) | (0, _) => None,
        _ => {
            let (point, comma) = (text.rfind('.')?, text.rfind(',')?);
            let (last, times) = if point > comma { (point, points) } else { (comma, commas) };
            (times == 1).then_some(())?;
            Some(last)
        }
    };
    let (whole, fraction) = match decimal {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    Decimal::from_digits(&without_groups(whole)?, fraction)
}

/// Whether a lone separator stands between one to three digits, not starting with 0, and exactly three.
fn is_thousands(text: &str, at: usize, three_are_thousands: bool) -> bool {
    let before = text[..at].chars().filter(char::is_ascii_digit).count();
    three_are_thousands && text.len() - at == 4 && (1..=3).contains(&before) && !text.starts_with('0')
}

/// The digits of a whole number; groups after the first have three digits, or two in India with three at the end.
fn without_groups(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    if let [_, inner @ .., last] = groups.as_slice() {
        let by_three = inner.iter().all(|group| group.len() == 3);
        let by_two = inner.iter().all(|group| group.len() == 2);
        (last.len() == 3 && (by_three || by_two) && (1..=3).contains(&groups[0].len())).then_some(())?;
    }
    Some(groups.concat())
}
