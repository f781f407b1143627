//! Amounts of money and quantities, in the spellings of the world.

use serde_json::Value;

use super::Decimal;
use super::bound::{bounds_before, bounds_behind};
use super::cardinal::whole;
use super::currency::currency;
use super::fold::narrow;
use super::grouping::{Lone, digits_with_separators};
use super::halves::with_plain_halves;
use super::kanji;
use super::magnitude::{
    falls_before, falls_behind, fraction, is_fall, is_in_cents, is_magnitude, scale, with_plain_fractions,
};
use super::remark::{has_digits, without_others, without_remark};
use super::spoken::in_digits;
use crate::python::ascii_digits;

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
    let is_share = |text: &str| text.len() <= LONGEST && is_share(without_others(without_remark(text)));
    if value.as_str().is_some_and(is_share) {
        return None;
    }
    read(value, Lone::Thousands).map(|amount| amount.rounded(2))
}

/// An amount whose lone separator before three digits is a decimal mark, with all its decimals: `€1.789`, `KWD 2.500`.
pub(super) fn money_with_decimals(value: &Value) -> Option<Decimal> {
    read(value, Lone::Decimals)
}

/// Whether a text is a part of a hundred.
pub(super) fn is_share(text: &str) -> bool {
    text.contains(['%', '％', '‰'])
        || ["percent", "per cent", "prozent", "pct"].iter().any(|word| text.to_lowercase().contains(word))
}

/// A number or quantity: like [`money`], but `1.234` has decimals, and nothing is rounded.
///
/// `2 x`, `x2`, `2 pcs` and `0,354 kg` are quantities; `1,234` is read as 1234.
#[must_use]
pub fn quantity(value: &Value) -> Option<Decimal> {
    read(value, Lone::PointIsDecimal)
}

fn read(value: &Value, lone: Lone) -> Option<Decimal> {
    let number = match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(Decimal::new(whole.into(), 0)),
            None => Decimal::from_f64(number.as_f64()?),
        },
        Value::String(text) => parse(text, lone),
        _ => None,
    };
    number.map(Decimal::without_noise)
}

fn parse(text: &str, lone: Lone) -> Option<Decimal> {
    // Nothing that long is one amount.
    if text.len() > LONGEST {
        return None;
    }
    let text = with_plain_fractions(&narrow(text.trim())).to_lowercase();
    let text = ascii_digits(&text);
    // `<= 200`
    if text.trim_start().starts_with(['<', '>', '≤', '≥']) {
        return None;
    }
    if let Some(number) = kanji::whole(&text) {
        return Some(Decimal::new(number, 0));
    }
    let text = with_plain_power(&text);
    let text = without_others(stated(&text, lone));
    let twice = said_twice(text, lone)?;
    if let Some(number) = twice {
        return Some(number);
    }
    if let Some(amount) = on_a_check(text) {
        return Some(amount);
    }
    let of_remark = remark_scale(text);
    let text = without_remark(text);
    let text = if has_digits(text) { with_plain_halves(text) } else { in_words(text) };
    let text = with_cents(&text);
    let (text, in_brackets) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => (&*text, false),
    };
    let number = Spelled::split(text)?;
    if bounds_before(number.before) || bounds_behind(number.after, |word| currency(word).is_some()) {
        return None;
    }
    let negative = in_brackets || number.is_negative(lone);
    let amount = number.value(lone, of_remark)?;
    Some(if negative { -amount } else { amount })
}

/// The part that states the value: behind the last `=`, and of `3 @ 1.99` the quantity.
fn stated(text: &str, lone: Lone) -> &str {
    let text = text.rsplit_once('=').filter(|parts| has_digits(parts.1)).map_or(text, |parts| parts.1.trim());
    match text.split_once('@').filter(|_| lone == Lone::PointIsDecimal) {
        Some((quantity, _)) if has_digits(quantity) => quantity.trim(),
        _ => text,
    }
}

/// `three (3)` is said twice and 3, and `42 (forty-three)` is nothing; the inner value is empty where nothing is repeated.
fn said_twice(text: &str, lone: Lone) -> Option<Option<Decimal>> {
    let Some((before, again)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return Some(None);
    };
    let number = |text: &str| {
        let text = text.trim();
        let words = if has_digits(text) { text.to_owned() } else { in_words(text) };
        let plain = words.trim();
        let is_whole = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
        is_whole.then(|| digits_with_separators(plain, lone)).flatten()
    };
    match (number(before), number(again)) {
        (Some(one), Some(other)) if one == other => Some(Some(one)),
        (Some(_), Some(_)) => None,
        _ => Some(None),
    }
}

/// `4.5 × 10^6` and `4.5 x 10⁶` as `4.5e6`.
fn with_plain_power(text: &str) -> String {
    let Some((number, rest)) = ["×", "x", "*", "·"].iter().find_map(|sign| text.split_once(sign)) else {
        return text.to_owned();
    };
    let Some(rest) = rest.trim_start().strip_prefix("10") else { return text.to_owned() };
    let raised = rest.strip_prefix('^').unwrap_or(rest);
    let digit =
        |c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|known| known == c).or(c.to_digit(10).map(|it| it as usize));
    let power: String = raised.chars().map_while(digit).map(|digit| digit.to_string()).collect();
    let is_raised = raised.len() < rest.len() || !rest.starts_with(|c: char| c.is_ascii_digit());
    if power.is_empty() || power.len() > 2 || !is_raised || !has_digits(number) {
        return text.to_owned();
    }
    let behind: String = raised.chars().skip(power.len()).collect();
    format!("{}e{power}{behind}", number.trim_end())
}

/// `two hundred fifty and 75/100 dollars`, as amounts are written on checks.
fn on_a_check(text: &str) -> Option<Decimal> {
    let (before, _) = text.split_once("/100")?;
    let (words, cents) = before.rsplit_once([' ', '&'])?;
    let cents: i128 = if cents == "no" || cents == "xx" { 0 } else { cents.parse().ok()? };
    let words = words.trim().trim_end_matches('&').trim_end();
    let words = words.strip_suffix("and").unwrap_or(words).trim();
    let whole = in_words(words);
    let whole = whole.split(' ').next().unwrap_or_default();
    let whole = whole.parse::<i128>().ok().filter(|whole| *whole < 1_000_000_000_000)?;
    (0..100).contains(&cents).then(|| Decimal::new(whole * 100 + cents, 2))
}

/// `(in thousands)` beside a number.
fn remark_scale(text: &str) -> Option<i32> {
    let (before, remark) = text.split_once('(')?;
    let words = words(remark);
    let says_number = has_digits(remark) || has_digits(&in_digits(remark));
    (has_digits(before) && words.len() <= 3 && !says_number).then(|| scale(&words, false))?
}

/// A text with one number in digits, and what stands before and after it.
struct Spelled<'a> {
    before: &'a str,
    digits: String,
    after: &'a str,
    in_brackets: bool,
}

impl<'a> Spelled<'a> {
    fn split(text: &'a str) -> Option<Self> {
        let first = text.find(|c: char| c.is_ascii_digit())?;
        let last = text.rfind(|c: char| c.is_ascii_digit())?;
        // A point straight before the digits is a decimal point: `.50`, but not that of `Rs.50`; so is that of `-,50`.
        let mark = text[..first].strip_suffix(['.', ',']);
        let point = mark.is_some_and(|before| !before.ends_with(char::is_alphabetic));
        let before = &text[..first - usize::from(point)];
        // `9/-` is how rupees are written.
        let after = text[last + 1..].strip_prefix("/-").unwrap_or(&text[last + 1..]);
        let dash_for_cents = after.starts_with([',', '.']) && after[1..].starts_with('-');
        let after = if dash_for_cents { after[1..].trim_start_matches('-') } else { after };
        // `¥1,234-` and `12:-` are prices.
        let after = if before.contains('¥') && after == "-" { "" } else { after };
        let after = after.strip_prefix(":-").unwrap_or(after);
        let in_brackets = before.ends_with('(') && after.starts_with(')');
        let digits = &text[first..=last];
        let digits = if point { format!("0.{digits}") } else { digits.to_owned() };
        // A dash for no whole units: `-,50`.
        let before =
            if point && before.trim() == "-" && mark.is_some_and(|it| text[it.len()..].starts_with(',')) {
                ""
            } else {
                before
            };
        Some(Self { before, digits, after, in_brackets })
    }

    fn is_negative(&self, lone: Lone) -> bool {
        let (before, after) = (words(self.before), words(self.after));
        let is_credit = lone.is_money() && (after == ["cr"] || before == ["cr"]) && !self.is_in_rupees();
        self.in_brackets
            || self.before.contains('-')
            || self.after.contains('-')
            || is_credit
            || falls_before(&before)
            || falls_behind(&after)
    }

    /// `cr` beside rupees are ten millions.
    fn is_in_rupees(&self) -> bool {
        self.before.contains('₹') || self.before.contains("rs") || self.before.contains("inr")
    }

    fn value(&self, lone: Lone, of_remark: Option<i32>) -> Option<Decimal> {
        let (before, mut after) = (words(self.before), words(self.after));
        // `2,29 B` is a price with the letter of its tax, and no billion.
        let in_cents = self.digits.rsplit_once(['.', ',']).is_some_and(|(_, cents)| cents.len() == 2);
        if lone.is_money() && in_cents && before.is_empty() {
            after.pop_if(|last| last == "b");
        }
        let counted = lone == Lone::PointIsDecimal
            && matches!(after.as_slice(), [thing] if thing.chars().count() <= 10);
        (is_unit(&before) && (is_unit(&after) || counted && !is_telling(&after))).then_some(())?;
        if let Some(value) = fraction(&self.digits).or_else(|| exponential(&self.digits)) {
            return Decimal::from_f64(value);
        }
        let is_money = lone.is_money();
        let crores = (is_money && after == ["cr"] && self.is_in_rupees()).then_some(7);
        let scaled = scale(&after, is_money).or_else(|| scale(&before, false)).or(of_remark).or(crores);
        // `1.234 million` has decimals, which an amount to the cent has not.
        let lone = if scaled.is_some() { Lone::PointIsDecimal } else { lone };
        let amount = digits_with_separators(&self.digits, lone)?;
        if after == ["dozen"] {
            return Decimal::from_f64(amount.to_f64() * 12.0);
        }
        if let Some(power) = scaled {
            return amount.shifted(power);
        }
        // `$0.99 cents` means what the sign says.
        let has_sign = before.iter().any(|word| currency(word).is_some());
        if is_money && !has_sign && is_in_cents(&after) { amount.shifted(-2) } else { Some(amount) }
    }
}

/// `1e2` and `1.5e+3`.
fn exponential(digits: &str) -> Option<f64> {
    let (number, power) = digits.split_once('e')?;
    let is_plain =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let power_digits = power.trim_start_matches(['+', '-']);
    (is_plain(number) && is_plain(power_digits) && power_digits.len() <= 2).then(|| digits.parse().ok())?
}

/// Words of amounts in digits: `twelve dollars`, `a dozen`, `fünfundzwanzig Euro`.
fn in_words(text: &str) -> String {
    const COUNTS: [(&str, &str); 8] = [
        ("half a dozen", "6"),
        ("a dozen", "12"),
        ("dozen", "12"),
        ("a pair", "2"),
        ("a couple", "2"),
        ("one and a half", "1.5"),
        ("a half", "0.5"),
        ("half", "0.5"),
    ];
    let counted = COUNTS.iter().find_map(|(name, number)| {
        let rest = text.strip_prefix(name)?;
        (!rest.starts_with(char::is_alphanumeric)).then(|| format!("{number}{rest}"))
    });
    if let Some(counted) = counted {
        return counted;
    }
    let digits = in_digits(text);
    let digits = digits.strip_prefix("minus ").map_or(digits.clone(), |number| format!("-{number}"));
    if has_digits(&digits) {
        return digits;
    }
    // The unit behind the number: `zwanzig Euro`.
    let (number, unit) =
        text.rsplit_once(' ').filter(|(_, unit)| currency(unit).is_some()).unwrap_or((text, ""));
    match whole(number) {
        Some(number) => format!("{number} {unit}"),
        None => digits,
    }
}

/// `12 dollars and 50 cents` and `12 € 50` as `12.50 dollars`.
fn with_cents(text: &str) -> String {
    let apart = text.split_once(|c: char| !(c.is_ascii_digit() || c == ' ')).map(|parts| parts.0.len());
    let Some(start) = apart.filter(|start| *start > 0) else { return text.to_owned() };
    let (whole, rest) = (text[..start].trim(), text[start..].trim());
    let Some(at) = rest.find(|c: char| c.is_ascii_digit()) else { return text.to_owned() };
    let (unit, cents) = (rest[..at].trim(), &rest[at..]);
    let unit =
        ["and", "und", "et", "y"].iter().find_map(|joint| unit.strip_suffix(joint)).unwrap_or(unit).trim();
    let unit = unit.trim_end_matches(',').trim();
    let digits = cents.find(|c: char| !c.is_ascii_digit()).unwrap_or(cents.len());
    let (cents, behind) = (&cents[..digits], words(&cents[digits..]));
    let is_cents =
        (1..=2).contains(&cents.len()) && (behind.is_empty() || is_in_cents(&behind) && behind.len() == 1);
    let is_price = currency(unit).is_some() && whole.bytes().all(|byte| byte.is_ascii_digit());
    if is_price && is_cents { format!("{whole}.{cents:0>2} {unit}") } else { text.to_owned() }
}

/// The words of a unit, in lower case.
fn words(text: &str) -> Vec<String> {
    let apart = |c: char| c.is_whitespace() || "+-.,:/*()'円원元圓".contains(c);
    text.split(apart).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// A currency, a unit or a sign: nothing, or a short word. Longer prose is no amount, unless it only leads to the number.
fn is_unit(words: &[String]) -> bool {
    const LONG: [&str; 14] = [
        "approx",
        "pieces",
        "percent",
        "prozent",
        "million",
        "thousand",
        "approximately",
        "exactly",
        "amount",
        "betrag",
        "gesamt",
        "negative",
        "roughly",
        "around",
    ];
    const LEADS: [&str; 26] = [
        "d", "de", "i", "think", "it", "is", "the", "total", "sum", "price", "due", "to", "be", "about", "a",
        "of", "seems", "appears", "and", "by", "ca", "circa", "summe", "est", "was", "amounts",
    ];
    let is_long = |word: &&String| {
        LONG.contains(&word.as_str()) || is_magnitude(word) || is_fall(word) || currency(word).is_some()
    };
    let own: Vec<&String> = words.iter().filter(|word| !LEADS.contains(&word.as_str())).collect();
    let short = |word: &&String| word.chars().count() <= 5 || is_long(word);
    !is_telling(words) && words.len() <= 8 && own.len() <= 2 && own.iter().all(short)
}

/// Whether the words beside a number make something else of it.
fn is_telling(words: &[String]) -> bool {
    const TELLING: [&str; 16] = [
        "under", "over", "above", "below", "least", "most", "or", "not", "no", "than", "vs", "never", "oder",
        "off", "up", "h",
    ];
    words.iter().any(|word| TELLING.contains(&word.as_str()))
}
