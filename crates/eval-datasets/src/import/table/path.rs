//! Places in a label: `total`, `buyer.name`, `items.0.price`.

use serde_json::{Map, Value};

/// A longer list in a header is a mistake.
const MOST_ITEMS: usize = 10_000;

/// One step into a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Item(usize),
}

/// The place that a column's name means; `items[0].price` is `items.0.price`, and `Beleg-Nr.` an abbreviation.
pub(super) fn parse(name: &str) -> Result<Vec<Step>, String> {
    let name = without_abbreviations(name).replace('[', ".").replace(']', "");
    let steps = name.split('.').map(str::trim).map(|part| match part.parse::<usize>() {
        Ok(item) if item > MOST_ITEMS => Err(format!("`{name}` has an item beyond {MOST_ITEMS}")),
        Ok(item) => Ok(Step::Item(item)),
        Err(_) if part.is_empty() => Err(format!("`{name}` has an empty part")),
        Err(_) => Ok(Step::Key(part.to_owned())),
    });
    let steps: Vec<Step> = steps.collect::<Result<_, _>>()?;
    match steps.first() {
        Some(Step::Key(_)) => Ok(steps),
        // A year or a number is a name like others, as long as it stands alone.
        _ if steps.len() == 1 => Ok(vec![Step::Key(name)]),
        _ => Err(format!("`{name}` begins with the number of an item")),
    }
}

/// A name without the dots that end a word and lead to nothing: `MwSt.`, `Rechn. Nr.`
fn without_abbreviations(name: &str) -> String {
    let mut letters = name.trim().chars().peekable();
    let mut kept = String::with_capacity(name.len());
    while let Some(letter) = letters.next() {
        let ends_word = kept.ends_with(char::is_alphabetic)
            && letters.peek().is_none_or(|next| next.is_whitespace() || "-/()".contains(*next));
        if letter != '.' || !ends_word {
            kept.push(letter);
        }
    }
    kept
}

/// The place without numbers of items: what all items of a list have in common.
pub(super) fn pattern(steps: &[Step]) -> String {
    let keys = steps.iter().map(|step| match step {
        Step::Key(key) => key.as_str(),
        Step::Item(_) => "*",
    });
    keys.collect::<Vec<_>>().join(".")
}

/// Goes through all values that are neither lists nor objects, and calls `each` with pattern and value.
pub(super) fn leaves(value: &mut Value, pattern: &mut String, each: &mut dyn FnMut(&str, &mut Value)) {
    let len = pattern.len();
    let step = |pattern: &mut String, name: &str| {
        if !pattern.is_empty() {
            pattern.push('.');
        }
        pattern.push_str(name);
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                step(pattern, key);
                leaves(value, pattern, each);
                pattern.truncate(len);
            }
        }
        Value::Array(items) => {
            step(pattern, "*");
            items.iter_mut().for_each(|item| leaves(item, pattern, each));
            pattern.truncate(len);
        }
        leaf => each(pattern, leaf),
    }
}

/// Puts a value into its place; lists and objects on the way are made.
pub(super) fn insert(label: &mut Map<String, Value>, steps: &[Step], value: Value) -> Result<(), String> {
    let [Step::Key(first), rest @ ..] = steps else { return Err("a label is an object".to_owned()) };
    let mut place = label.entry(first.clone()).or_insert(Value::Null);
    for step in rest {
        place = match step {
            Step::Key(key) => {
                if place.is_null() {
                    *place = Value::Object(Map::new());
                }
                place.as_object_mut().map(|map| map.entry(key.clone()).or_insert(Value::Null))
            }
            Step::Item(item) => {
                if place.is_null() {
                    *place = Value::Array(Vec::new());
                }
                place.as_array_mut().map(|items| {
                    if items.len() <= *item {
                        items.resize(item + 1, Value::Null);
                    }
                    &mut items[*item]
                })
            }
        }
        .ok_or_else(|| format!("`{}` is labeled both as a whole and in parts", pattern(steps)))?;
    }
    if !place.is_null() {
        return Err(format!("`{}` is labeled twice", pattern(steps)));
    }
    *place = value;
    Ok(())
}

/// Takes out the items of the list at `steps` that no cell filled, as lists that count from one leave them.
pub(super) fn close_gaps(value: &mut Value, steps: &[Step]) {
    match (steps, value) {
        ([Step::Key(key), rest @ ..], Value::Object(map)) => {
            if let Some(value) = map.get_mut(key) {
                close_gaps(value, rest);
            }
        }
        ([Step::Item(_), rest @ ..], Value::Array(items)) => {
            items.iter_mut().for_each(|item| close_gaps(item, rest));
            items.retain(|item| !item.is_null());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{close_gaps, insert, parse, pattern};

    #[test]
    fn dotted_names_become_lists_and_objects() {
        let cells = [
            ("items.2.name", json!("B")),
            ("items[1].name", json!("A")),
            ("items.1.price", json!(2)),
            ("buyer.name", json!("C")),
            ("rows", json!([null, 1])),
        ];
        let mut label = Map::new();
        for (name, value) in cells.clone() {
            insert(&mut label, &parse(name).unwrap(), value).unwrap();
        }
        let mut label = Value::Object(label);
        cells.iter().for_each(|(name, _)| close_gaps(&mut label, &parse(name).unwrap()));
        assert_eq!(
            label,
            json!({
                "items": [{ "name": "A", "price": 2 }, { "name": "B" }],
                "buyer": { "name": "C" },
                "rows": [null, 1],
            })
        );
    }

    #[test]
    fn places_that_contradict_each_other_are_refused() {
        let mut label = Map::new();
        insert(&mut label, &parse("items").unwrap(), json!("x")).unwrap();
        assert!(insert(&mut label, &parse("items.0").unwrap(), json!(1)).unwrap_err().contains("in parts"));
        assert!(insert(&mut label, &parse("items").unwrap(), json!(1)).unwrap_err().contains("twice"));
        assert!(parse("a..b").is_err() && parse("0.a").is_err() && parse("a.99999").is_err());
        for (name, place) in
            [("Beleg-Nr.", "Beleg-Nr"), ("MwSt.", "MwSt"), ("Rechn. Nr.", "Rechn Nr"), ("a.b.", "a.b")]
        {
            assert_eq!(parse(name).map(|steps| pattern(&steps)), Ok(place.to_owned()));
        }
        assert_eq!(parse("2024").map(|steps| pattern(&steps)), Ok("2024".to_owned()));
    }
}
