//! Yes and no.

use serde_json::Value;

use super::fold::{Umlaut, fold};

const YES: [&str; 18] = [
    "true", "yes", "y", "1", "x", "checked", "ticked", "selected", "on", "present", "ja", "oui", "si", "sim",
    "tak", "☑", "☒", "✓",
];
const NO: [&str; 13] =
    ["false", "no", "n", "0", "unchecked", "unticked", "unselected", "off", "nein", "non", "nao", "nie", "☐"];

/// The truth that a value says; nothing if it says none.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => match number.as_f64()? {
            1.0 => Some(true),
            0.0 => Some(false),
            _ => None,
        },
        Value::String(text) if text.len() <= 40 => {
            let word = fold(text.trim().trim_end_matches('.'), Umlaut::Bare);
            let is = |words: &[&str]| words.contains(&word.trim());
            if is(&YES) { Some(true) } else { is(&NO).then_some(false) }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::truth;

    #[test]
    fn says_yes_in_many_ways() {
        for value in
            [json!(true), json!("Yes"), json!(1), json!("X"), json!("sí"), json!("☒"), json!("checked.")]
        {
            assert_eq!(truth(&value), Some(true), "{value}");
        }
        for value in [json!(false), json!("no"), json!(0), json!("0"), json!("Nein"), json!("☐")] {
            assert_eq!(truth(&value), Some(false), "{value}");
        }
        for value in [Value::Null, json!("maybe"), json!(2), json!([]), json!("")] {
            assert_eq!(truth(&value), None, "{value}");
        }
    }
}
