//! Boxes given with their state: `☑ Single ☐ Reduced`, `Single: yes; Reduced: no`, `{"Single": true, "Reduced": false}`.

use serde_json::{Map, Value};

/// Longer texts list no boxes.
const LONGEST: usize = 10_000;

/// What stands at a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Ticked,
    Empty,
    /// A cross ticks a box, but beside ticks it says that a box is empty.
    Cross,
}

/// An option and its mark, if it has one.
type Choice = (String, Option<Mark>);

/// The options that are ticked; nothing where no state is given, so that the value is to be read as it is.
pub(crate) fn ticked(value: &Value) -> Option<Vec<String>> {
    let choices = choices(value);
    let has = |mark: Mark| choices.iter().any(|choice| choice.1 == Some(mark));
    let (tick, cross) = (has(Mark::Ticked), has(Mark::Cross));
    if !tick && !cross && !has(Mark::Empty) {
        return None;
    }
    let is_ticked = |mark: Option<Mark>| match mark {
        Some(Mark::Ticked) => true,
        Some(Mark::Cross) => !tick,
        Some(Mark::Empty) => false,
        // Beside empty boxes only, what has no box is what was chosen.
        None => !tick && !cross,
    };
    Some(choices.into_iter().filter(|choice| is_ticked(choice.1)).map(|choice| choice.0).collect())
}

fn choices(value: &Value) -> Vec<Choice> {
    match value {
        Value::String(text) if text.len() <= LONGEST => in_text(text),
        Value::Array(items) => items.iter().flat_map(choices).collect(),
        Value::Object(fields) => in_object(fields),
        _ => Vec::new(),
    }
}

/// `{"label": "Single", "checked": true}` or `{"Single": true}`.
fn in_object(fields: &Map<String, Value>) -> Vec<Choice> {
    const LABELS: [&str; 6] = ["label", "name", "text", "option", "box", "title"];
    const STATES: [&str; 8] =
        ["checked", "ticked", "selected", "marked", "state", "status", "value", "is_checked"];
    let label = LABELS.iter().find_map(|key| fields.get(*key)?.as_str());
    let mark = STATES.iter().find_map(|key| state_of(fields.get(*key)?));
    if let (Some(label), Some(mark)) = (label, mark) {
        return vec![(label.to_owned(), Some(mark))];
    }
    let all: Option<Vec<Choice>> =
        fields.iter().map(|(key, value)| Some((key.clone(), Some(state_of(value)?)))).collect();
    all.unwrap_or_default()
}

fn state_of(value: &Value) -> Option<Mark> {
    match value {
        Value::Bool(true) => Some(Mark::Ticked),
        Value::Bool(false) => Some(Mark::Empty),
        Value::String(text) => state(text),
        _ => None,
    }
}

/// A state in a word or sign.
fn state(text: &str) -> Option<Mark> {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    match text.as_str() {
        "yes" | "true" | "checked" | "ticked" | "selected" | "marked" | "x" | "on" | "ja" => {
            Some(Mark::Ticked)
        }
        "no" | "false" | "unchecked" | "not checked" | "not ticked" | "unticked" | "not selected"
        | "unselected" | "not marked" | "unmarked" | "empty" | "off" | "blank" | "nein" => Some(Mark::Empty),
        _ => sign_at(&text).filter(|(_, length)| *length == text.len()).map(|(mark, _)| mark),
    }
}

/// The sign that a text starts with, and its length.
fn sign_at(text: &str) -> Option<(Mark, usize)> {
    const SIGNS: [(Mark, &[&str]); 3] = [
        (
            Mark::Ticked,
            &[
                "☑", "✓", "✔", "✅", "🗹", "■", "◉", "⦿", "🔘", "[x]", "[X]", "(x)", "(X)", "[✓]", "[✔]",
                "(✓)", "[*]", "(*)",
            ],
        ),
        (Mark::Empty, &["☐", "□", "○", "◯", "⬜", "[ ]", "[]", "( )", "[_]", "[-]"]),
        (Mark::Cross, &["☒", "✗", "✘", "❌", "✖", "🗷", "[✗]"]),
    ];
    let found = |mark: Mark, signs: &[&str]| {
        signs.iter().find(|sign| text.starts_with(**sign)).map(|sign| {
            // The selector of an emoji's look belongs to it.
            let selector = if text[sign.len()..].starts_with('\u{fe0f}') { 3 } else { 0 };
            (mark, sign.len() + selector)
        })
    };
    SIGNS.iter().find_map(|(mark, signs)| found(*mark, signs))
}

fn in_text(text: &str) -> Vec<Choice> {
    let parts = text.split(['\n', ';', '|']).map(str::trim).filter(|part| !part.is_empty());
    parts.flat_map(in_part).collect()
}

/// The options of a line: each behind its sign, or before it where the line ends with one.
fn in_part(part: &str) -> Vec<Choice> {
    let (mut signs, mut at) = (Vec::new(), 0);
    while let Some(c) = part[at..].chars().next() {
        // `f(x)` has no box.
        let stands_free = c != '(' && c != '[' || !part[..at].ends_with(char::is_alphanumeric);
        match sign_at(&part[at..]).filter(|_| stands_free) {
            Some((mark, length)) => {
                signs.push((at, at + length, mark));
                at += length;
            }
            None => at += c.len_utf8(),
        }
    }
    let Some((first, last)) = signs.first().zip(signs.last()) else { return in_words(part) };
    let behind = !label(&part[..first.0]).is_empty() && label(&part[last.1..]).is_empty();
    let mut from = 0;
    let options = signs.iter().enumerate().map(|(index, (start, end, mark))| {
        let next = signs.get(index + 1).map_or(part.len(), |next| next.0);
        let own = if behind { &part[from..*start] } else { &part[*end..next] };
        from = *end;
        (label(own), Some(*mark))
    });
    options.filter(|choice| !choice.0.is_empty()).collect()
}

/// `Single: yes, Reduced: no`, `Single (checked)`.
fn in_words(part: &str) -> Vec<Choice> {
    let option = |text: &str| {
        let text = text.trim();
        let (name, state) = match text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
            Some((name, word)) => (name, state(word)),
            None => {
                let (name, word) =
                    text.rsplit_once([':', '=']).or_else(|| text.rsplit_once(" - ")).unwrap_or((text, ""));
                (name, state(word))
            }
        };
        state.map(|mark| (label(name), Some(mark))).filter(|choice| !choice.0.is_empty())
    };
    let all: Option<Vec<Choice>> = part.split(',').map(option).collect();
    all.unwrap_or_else(|| vec![(part.to_owned(), None)])
}

/// An option without what sets it apart from others.
fn label(text: &str) -> String {
    let apart = |c: char| c.is_whitespace() || ",:…•*-–".contains(c);
    let text = text.trim_matches(apart);
    text.strip_prefix("and ").or_else(|| text.strip_suffix(" and")).unwrap_or(text).to_owned()
}
