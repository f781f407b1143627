//! Answers that say what was asked for in another shape than was asked for.

use serde_json::{Map, Value, json};

use super::structure::{Field, PLAIN_ITEM};
use crate::task::keys::{best_object, plain_key};
use crate::value::{FieldType, is_absent, money, quantity, text, ticked, with_commas};

/// More lines, entries or rows than an answer of fields has.
const MOST: usize = 2_000;

/// Keys that an answer may add of its own accord.
const MOST_KEYS: usize = 200;

/// The fields of an answer that is no object with any of them: lines of `key: value`, or a list of names and values.
pub(super) fn fields(value: Option<&Value>, text: &str, names: &[&str]) -> Option<Map<String, Value>> {
    let found = match value {
        Some(value) => named_values(value, 0)?,
        None => lines(text),
    };
    let found = Value::Object(found);
    (best_object(&found, names).1 > 0).then_some(())?;
    match found {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

/// `**Total**: 12.50` and `| Total | 12.50 |` line by line.
fn lines(text: &str) -> Map<String, Value> {
    const LONGEST: usize = 500;
    let mark = |c: char| c.is_whitespace() || "*-•#_`>|\"".contains(c);
    let entries = text.lines().take(MOST).filter(|line| line.len() <= LONGEST).filter_map(|line| {
        let line = line.trim().trim_start_matches('|').trim_end_matches('|');
        let (key, value) = line.split_once('|').or_else(|| line.split_once(':'))?;
        let (key, value) = (key.trim_matches(mark), value.trim_matches(mark));
        (!key.is_empty() && key.len() <= 40 && !value.is_empty()).then(|| (key.to_owned(), json!(value)))
    });
    // What is said last counts.
    entries.take(MOST_KEYS).collect()
}

/// `{"fields": [{"name": "total", "value": 12.5}]}`
fn named_values(value: &Value, depth: usize) -> Option<Map<String, Value>> {
    const DEEPEST: usize = 3;
    const NAMES: [&str; 5] = ["name", "key", "field", "label", "fieldname"];
    const VALUES: [&str; 5] = ["value", "text", "content", "answer", "fieldvalue"];
    match value {
        Value::Array(items) if (1..=MOST_KEYS).contains(&items.len()) => {
            let entry = |item: &Value| {
                let fields = item.as_object().filter(|fields| fields.len() <= 10)?;
                let get = |names: &[&str]| {
                    fields
                        .iter()
                        .find(|(key, _)| names.contains(&plain_key(key).as_str()))
                        .map(|(_, value)| value)
                };
                Some((get(&NAMES)?.as_str()?.to_owned(), get(&VALUES)?.clone()))
            };
            items.iter().map(entry).collect()
        }
        Value::Object(fields) if depth < DEEPEST => {
            fields.values().take(10).find_map(|value| named_values(value, depth + 1))
        }
        _ => None,
    }
}

/// Items in another form than a list of objects, as such a list; nothing where they are one, or none can be made.
pub(super) fn items(value: &Value, fields: &[Field], expected: Option<&Value>) -> Option<Value> {
    if matches!(fields, [field] if field.0 == PLAIN_ITEM) {
        return plain_items(value, expected);
    }
    // What an item holds is no list of cells.
    if fields.is_empty() {
        return None;
    }
    let given: Vec<Value> = match value {
        Value::Array(items) if items.len() <= MOST => items.clone(),
        // By number: `{"1": {…}, "2": {…}}`.
        Value::Object(entries)
            if (1..=MOST).contains(&entries.len()) && entries.values().all(Value::is_object) =>
        {
            entries.values().cloned().collect()
        }
        _ => return None,
    };
    let names = header(given.first(), fields);
    let rows = if names.is_some() { &given[1..] } else { &given[..] };
    let mut changed = names.is_some() || value.is_object();
    let list = rows.iter().map(|item| match item {
        Value::Array(cells) => {
            changed = true;
            from_cells(cells, fields, names.as_deref())
        }
        Value::String(line) => {
            let read = from_line(line, fields);
            changed |= read.is_some();
            read.unwrap_or_else(|| item.clone())
        }
        Value::Object(map) => match counted(map, fields, expected) {
            Some(read) => {
                changed = true;
                Value::Object(read)
            }
            None => item.clone(),
        },
        _ => item.clone(),
    });
    let list: Vec<Value> = list.collect();
    changed.then_some(Value::Array(list))
}

/// A list of plain values in a text, or of boxes with their state.
fn plain_items(value: &Value, expected: Option<&Value>) -> Option<Value> {
    let bare = match value {
        Value::Array(items) if items.len() <= MOST => {
            Value::Array(items.iter().map(|item| item.get(PLAIN_ITEM).unwrap_or(item).clone()).collect())
        }
        Value::Array(_) => return None,
        other => other.clone(),
    };
    let labels_boxes = expected.is_some_and(|expected| ticked(expected).is_some());
    let several = expected.and_then(Value::as_array).is_some_and(|items| items.len() != 1);
    let chosen = match ticked(&bare).filter(|_| !labels_boxes) {
        Some(chosen) => chosen,
        None => {
            let text = bare.as_str().filter(|text| several && !is_absent(&bare) && text.len() <= 10_000)?;
            entries(text, expected)?
        }
    };
    Some(chosen.into_iter().map(|label| json!({ PLAIN_ITEM: label })).collect())
}

/// The entries of a list in a text; before the last one may stand a word: `apple, pear and plum`.
fn entries(text: &str, expected: Option<&Value>) -> Option<Vec<String>> {
    let mark = [';', '\n', '|', ','].into_iter().find(|mark| text.contains(*mark));
    let marked = if mark.is_none_or(|mark| mark == ',') { with_commas(text) } else { text.to_owned() };
    let entry = |part: &str| part.trim().trim_start_matches(['-', '*', '•', ' ']).to_owned();
    let split = |text: &str, mark: char| -> Vec<String> {
        text.split(mark).map(entry).filter(|part| !part.is_empty()).collect()
    };
    let plain = mark.map(|mark| split(text, mark));
    // `black and white` may be one entry.
    let count = expected.and_then(Value::as_array).map_or(0, Vec::len);
    let joined = split(&marked, ',');
    match plain {
        Some(plain) if plain.len() == count || joined.len() != count => Some(plain),
        None if joined.len() != count => None,
        _ => Some(joined),
    }
}

fn of_kind(fields: &[Field], kind: FieldType) -> Option<&str> {
    fields.iter().find(|field| field.1 == kind).map(|field| field.0.as_str())
}

/// The names in the first row, if it holds nothing but names of fields.
fn header(first: Option<&Value>, fields: &[Field]) -> Option<Vec<String>> {
    let Some(Value::Array(cells)) = first else { return None };
    let name = |cell: &Value| {
        let cell = plain_key(cell.as_str().filter(|cell| cell.len() <= 40)?);
        fields.iter().any(|field| plain_key(&field.0) == cell).then_some(cell)
    };
    (cells.len() >= 2).then(|| cells.iter().map(name).collect())?
}

/// `["Bread", 2, 5.0]`: by the header, else in the order of the fields.
fn from_cells(cells: &[Value], fields: &[Field], header: Option<&[String]>) -> Value {
    let mut item = Map::new();
    match header {
        Some(header) => item.extend(header.iter().cloned().zip(cells.iter().cloned())),
        None => {
            // Fewer cells than fields: the text is the name and the last number the amount.
            let names: Vec<&str> = if cells.len() == fields.len() {
                fields.iter().map(|field| field.0.as_str()).collect()
            } else {
                [of_kind(fields, FieldType::Name), of_kind(fields, FieldType::Money)]
                    .into_iter()
                    .flatten()
                    .collect()
            };
            item.extend(names.iter().map(|name| (*name).to_owned()).zip(cells.iter().cloned()));
        }
    }
    Value::Object(item)
}

/// `2 x Bread 5.00` as its quantity, name and price.
fn from_line(line: &str, fields: &[Field]) -> Option<Value> {
    const LONGEST: usize = 200;
    let (name, price) = (of_kind(fields, FieldType::Name)?, of_kind(fields, FieldType::Money)?);
    let line = line.trim();
    let (words, amount) = line.rsplit_once([' ', ':', '\t']).filter(|_| line.len() <= LONGEST)?;
    let has_digits = amount.contains(|c: char| c.is_ascii_digit());
    money(&json!(amount)).filter(|_| has_digits)?;
    let words = words.trim().trim_end_matches([':', '-', '–', '$', '€', '£']).trim();
    let (count, rest) = count_before(words).unwrap_or(("", words));
    let mut item = Map::from_iter([(name.to_owned(), json!(rest)), (price.to_owned(), json!(amount))]);
    if let Some(quantity) = of_kind(fields, FieldType::Quantity).filter(|_| !count.is_empty()) {
        item.insert(quantity.to_owned(), json!(count));
    }
    Some(Value::Object(item))
}

/// An item whose name begins with its quantity, which is given nowhere else or as the same.
fn counted(
    item: &Map<String, Value>,
    fields: &[Field],
    expected: Option<&Value>,
) -> Option<Map<String, Value>> {
    let (name, count) = (of_kind(fields, FieldType::Name)?, of_kind(fields, FieldType::Quantity)?);
    let (before, rest) = count_before(item.get(name)?.as_str()?)?;
    let given = item.get(count).filter(|value| !is_absent(value));
    if given.is_some_and(|given| quantity(given) != quantity(&json!(before))) {
        return None;
    }
    // The label may name things that way.
    let labelled = |item: &Value| item.get(name).is_some_and(|name| count_before(&text(name)).is_some());
    if expected.and_then(Value::as_array).is_some_and(|items| items.iter().any(labelled)) {
        return None;
    }
    let mut read = item.clone();
    read.insert(name.to_owned(), json!(rest));
    read.insert(count.to_owned(), given.cloned().unwrap_or_else(|| json!(before)));
    Some(read)
}

/// The number and the rest of `2x Bread` and `2 × Bread`.
fn count_before(text: &str) -> Option<(&str, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).filter(|digits| (1..=3).contains(digits))?;
    let rest = text[digits..].trim_start().strip_prefix(['x', 'X', '×', '*'])?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    rest.starts_with(char::is_alphabetic).then(|| (&text[..digits], rest.trim()))
}
