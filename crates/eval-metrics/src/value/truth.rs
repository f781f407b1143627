//! Yes and no.

use serde_json::Value;

use super::fold::{Umlaut, fold};

const YES: &[&str] = &[
    "да",
    "はい",
    "✔",
    "true",
    "yes",
    "y",
    "1",
    "x",
    "checked",
    "ticked",
    "selected",
    "on",
    "present",
    "ja",
    "oui",
    "si",
    "sim",
    "tak",
    "☑",
    "☒",
    "✓",
    "نعم",
    "हाँ",
    "हां",
    "כן",
    "ใช่",
    "vang",
    "co",
    "evet",
    "ναι",
    "예",
    "네",
    "是",
    "是的",
    "igen",
    "так",
];
const NO: &[&str] = &[
    "нет",
    "いいえ",
    "✗",
    "✘",
    "false",
    "no",
    "n",
    "0",
    "unchecked",
    "unticked",
    "unselected",
    "off",
    "nein",
    "non",
    "nao",
    "nie",
    "☐",
    "لا",
    "नहीं",
    "לא",
    "ไม่",
    "ไม่ใช่",
    "khong",
    "hayir",
    "οχι",
    "아니요",
    "不",
    "不是",
    "否",
    "nem",
    "ні",
    "nee",
    "nej",
];

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
            let folded = fold(text.trim().trim_end_matches('.'), Umlaut::Bare);
            match folded.as_str() {
                "[x]" | "(x)" | "[✓]" | "[✔]" => return Some(true),
                "[ ]" | "( )" | "[]" => return Some(false),
                _ => {}
            }
            // `yes (signed)`, `Yes, it is signed`
            let word = folded.split(['(', ',', ';', ':']).next().unwrap_or_default().trim();
            let is = |words: &[&str]| words.contains(&word);
            // `not checked`
            if word.strip_prefix("not ").is_some_and(|rest| YES.contains(&rest)) {
                return Some(false);
            }
            if is(YES) { Some(true) } else { is(NO).then_some(false) }
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
