//! Whether a value says that there is nothing.

use serde_json::Value;

use super::FieldType;

/// Null, and the ways models write it.
#[must_use]
pub fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            // Nothing that long says that there is nothing.
            if text.len() > 60 {
                return text.trim().is_empty();
            }
            let text = text.trim().trim_end_matches('.').to_lowercase();
            // `(not visible)`
            let inner = text.strip_prefix(['(', '[']).and_then(|text| text.strip_suffix([')', ']']));
            let text = inner.map(str::trim).filter(|inner| !inner.is_empty()).unwrap_or(&text);
            ABSENT.contains(&text) || says_nothing_is_there(text)
        }
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a text says that a value of this kind is not there: `no signature` and `unsigned` of a person, `no date`. In a text
/// or a name such words may be what is printed, unless it is labelled absent.
pub(super) fn denies_value(kind: FieldType, value: &Value, is_labelled: bool) -> bool {
    const LONGEST: usize = 40;
    const COSTS_NOTHING: [&str; 6] = ["charge", "cost", "fee", "fees", "costs", "extra"];
    let Some(text) = value.as_str().filter(|text| text.len() <= LONGEST) else { return false };
    let is_name_or_text = matches!(kind, FieldType::Text | FieldType::List | FieldType::Enum);
    let plain = text.trim().trim_matches(['.', '[', ']', '(', ')']).to_lowercase();
    let words: Vec<&str> = plain.split(' ').collect();
    let is_day_or_person = matches!(kind, FieldType::Person | FieldType::Date);
    let states_none = match words.as_slice() {
        ["no"] => is_day_or_person,
        ["unsigned" | "undated" | "unnamed" | "unspecified" | "untitled" | "anonymous"] => true,
        [
            "without" | "ohne" | "sans" | "sin" | "senza" | "keine" | "kein" | "nicht" | "aucune" | "aucun",
            _,
        ] => true,
        [_, "missing" | "absent"] => true,
        [_, "not", "shown" | "visible" | "present" | "given" | "printed" | "provided"] => true,
        ["not", "signed" | "dated" | "named" | "numbered" | "paid"] => true,
        ["no", what] => !COSTS_NOTHING.contains(what),
        ["no", _, what] => !COSTS_NOTHING.contains(what),
        _ => false,
    };
    let may_be_printed = is_name_or_text && is_labelled;
    let says_something = may_be_printed || matches!(kind, FieldType::Boolean | FieldType::Name);
    states_none && !says_something && !plain.contains(|c: char| c.is_ascii_digit())
}

/// `not visible on the document`, `none ticked`, `no name visible`.
fn says_nothing_is_there(text: &str) -> bool {
    const PLACES: [&str; 3] = [" on the ", " in the ", " anywhere"];
    const SEEN: [&str; 9] =
        [" visible", " given", " shown", " printed", " found", " stated", " ticked", " checked", " selected"];
    let start = PLACES.iter().find_map(|place| text.find(place)).map_or(text, |at| &text[..at]);
    let is_none = start.starts_with("no ") || start.starts_with("none ");
    start.len() < text.len() && ABSENT.contains(&start)
        || is_none && start.split(' ').count() <= 4 && SEEN.iter().any(|seen| start.ends_with(seen))
}

/// How models write that there is nothing.
const ABSENT: &[&str] = &[
    "",
    "null",
    "none",
    "n/a",
    "na",
    "n.a",
    "nan",
    "nil",
    "-",
    "--",
    "–",
    "—",
    "unknown",
    "undefined",
    "not available",
    "not applicable",
    "not visible",
    "not printed",
    "not given",
    "not specified",
    "not stated",
    "not provided",
    "not shown",
    "not present",
    "not found",
    "not listed",
    "not mentioned",
    "not readable",
    "not legible",
    "illegible",
    "none given",
    "none visible",
    "none printed",
    "missing",
    "nicht angegeben",
    "keine angabe",
    "k.a",
    "k. a",
    "unbekannt",
    "nicht vorhanden",
    "nicht lesbar",
    "non renseigné",
    "non indiqué",
    "inconnu",
    "no disponible",
    "ninguno",
    "ninguna",
    "desconocido",
    "non disponibile",
    "sconosciuto",
    "brak",
    "nie podano",
    "nieznany",
    "なし",
    "不明",
    "無",
    "无",
    "onbekend",
    "não informado",
    "undated",
    "absent",
    "blank",
    "(blank)",
    "(none)",
    "(empty)",
    "no items",
    "no data",
    "no value",
    "nothing",
    "empty",
    "nothing ticked",
    "keine",
    "keiner",
    "nichts",
    "aucun",
    "aucune",
    "néant",
    "nessuno",
    "nenhum",
    "geen",
    "ingen",
    "yok",
    "無し",
    "없음",
    "no entries",
    "0000-00-00",
];
