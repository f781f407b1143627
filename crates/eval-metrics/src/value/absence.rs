//! Whether a value says that there is nothing.

use serde_json::Value;

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
    "no entries",
    "0000-00-00",
];
