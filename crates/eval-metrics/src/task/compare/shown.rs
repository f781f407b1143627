//! The values that the elements of a page show.

use serde_json::Value;

use super::color;
use crate::task::category;
use crate::value::clock::time_of_day;
use crate::value::fold::{Umlaut, fold, narrow, tokens};
use crate::value::measure::measured;
use crate::value::names::is_near;
use crate::value::{Comparison, FieldType, Verdict, is_absent, money, quantity, same_signs, text};

/// Whether two values of an element are the same: as amounts, or in words.
pub(super) fn same_value(expected: &Value, got: &Value) -> bool {
    match (is_absent(expected), is_absent(got)) {
        (true, true) => return true,
        (true, false) | (false, true) => return false,
        (false, false) => {}
    }
    let (a, b) = (text(expected), text(got));
    if b.len() > 2 * a.len() + 200 {
        return false;
    }
    let currency = |text: &str| narrow(text).chars().find(|c| "$€£¥₹₽%".contains(*c));
    if matches!((currency(&a), currency(&b)), (Some(a), Some(b)) if a != b) {
        return false;
    }
    if !same_signs(&a, &b) {
        return false;
    }
    if let Some(same) = color::same(&a, &b) {
        return same;
    }
    if let (Some((_, kind, _)), Some((_, other, _))) = (measured(&a), measured(&b)) {
        let by = Comparison { name_threshold: 1.0, date_order: None };
        let same = || FieldType::Quantity.judge(&Value::from(a.as_str()), &Value::from(b.as_str()), &by);
        return kind == other && same().verdict == Verdict::Right;
    }
    // `2:30 PM` for `14:30`, and `Mon` for `Monday`.
    if let (Some(wanted), Some(given)) = (time_of_day(&a), time_of_day(&b)) {
        return wanted == given;
    }
    let spelled = (category::words(&a), category::words(&b));
    if spelled.0 == spelled.1 && !spelled.0.is_empty() {
        return true;
    }
    // `Revenue: $39,740` for `$39,740`
    if let Some((_, value)) = b.rsplit_once(": ").filter(|_| !a.contains(": ")) {
        return same_value(expected, &Value::from(value));
    }
    let (words_a, words_b) = (value_words(&a), value_words(&b));
    if words_a == words_b && (!words_a.is_empty() || a.trim().eq_ignore_ascii_case(b.trim())) {
        return true;
    }
    let same_amount = |read: fn(&Value) -> Option<crate::value::Decimal>| matches!((read(&Value::from(a.as_str())), read(&Value::from(b.as_str()))), (Some(a), Some(b)) if a == b);
    if same_amount(quantity) || same_amount(money) {
        return true;
    }
    let sorted = |mut words: Vec<String>| {
        words.sort_unstable();
        words
    };
    let (words_a, words_b) = (sorted(words_a), sorted(words_b));
    // Digits are never misprints.
    words_a == words_b && !words_a.is_empty()
        || (!words_a.is_empty()
            && words_a.len() == words_b.len()
            && words_a.iter().zip(&words_b).all(|(a, b)| is_near(a, b)))
}

/// The words of a value, in one spelling; signs of amounts are left out.
fn value_words(value: &str) -> Vec<String> {
    let folded = fold(value, Umlaut::Bare).replace("n't", " not").replace("cannot", "can not");
    let one = |word: &str| match word {
        "upper" => "top".to_owned(),
        "lower" => "bottom".to_owned(),
        "grey" => "gray".to_owned(),
        "centre" | "middle" => "center".to_owned(),
        other => other.to_owned(),
    };
    let idle = |word: &str| {
        matches!(
            word,
            "the"
                | "a"
                | "an"
                | "at"
                | "in"
                | "of"
                | "on"
                | "color"
                | "colour"
                | "side"
                | "corner"
                | "page"
                | "colored"
                | "coloured"
        )
    };
    tokens(&folded).into_iter().filter(|word| !idle(word)).map(one).collect()
}

/// Whether a value says no more than that something is there.
pub(super) fn is_presence(value: &Value) -> bool {
    says(value, &["present", "visible", "shown", "exists", "there", "displayed", "yes", "true", "available"])
}

/// Whether a value is one of a pair that says whether something is so; another one of it is wrong.
pub(super) fn is_switch(value: &Value) -> bool {
    says(value, &["yes", "no", "true", "false", "on", "off", "visible", "hidden", "shown"])
}

/// Null, and words for what is not there.
pub(super) fn is_nothing(value: &Value) -> bool {
    is_absent(value)
        || says(
            value,
            &[
                "absent",
                "not present",
                "gone",
                "removed",
                "deleted",
                "not there",
                "hidden",
                "not visible",
                "no longer present",
            ],
        )
}

fn says(value: &Value, words: &[&str]) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.len() <= 40 && words.contains(&text.trim().to_lowercase().as_str()))
}

/// Two values without the words that both have, where words remain: `top left` and `top right` are left and right.
pub(super) fn without_common(before: &str, after: &str) -> Option<(String, String)> {
    let (a, b) = (value_words(before), value_words(after));
    let only = |own: &[String], other: &[String]| -> String {
        own.iter().filter(|word| !other.contains(word)).map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    let (before, after) = (only(&a, &b), only(&b, &a));
    let shortened = before.len() < a.join(" ").len();
    (!before.is_empty() && !after.is_empty() && shortened).then_some((before, after))
}
