//! Decisions about labels, and the lines of a dataset that follow from them.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::set;

/// What a person decided about one value of a label.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// Where the decision stands, for messages: `line 3 of the queue`.
    pub at: String,
    /// The case's id.
    pub case: String,
    /// The field; empty for the label as a whole.
    pub field: String,
    /// What the label said then; null if it said nothing.
    pub label: Value,
    /// What follows.
    pub ruling: Ruling,
    /// Why.
    pub reason: String,
    /// Who.
    pub author: String,
}

/// What follows from a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Ruling {
    /// The label is right.
    Keep,
    /// It is wrong, and this is right.
    Replace(Value),
    /// It is wrong, and the right value is not known: the field is not judged any longer.
    Unlabel,
    /// It is right, and so is this reading.
    Also(Value),
}

/// The decisions that the cases do not follow yet: who applies a list again has not changed a label since.
#[must_use]
pub fn outstanding(text: &str, mut decided: Vec<Decided>) -> Vec<Decided> {
    let cases: HashMap<String, Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|case| Some((case["id"].as_str()?.to_owned(), case)))
        .collect();
    decided.retain(|one| cases.get(&one.case).is_none_or(|case| !stands(case, one)));
    decided
}

/// The lines of the cases with their corrections, and how many values changed. Every other line stays as it is.
///
/// # Errors
/// If a case is not there, or its label is another one by now.
pub fn corrected(text: &str, decided: &[Decided]) -> Result<(String, usize), String> {
    let mut by_case: HashMap<&str, Vec<&Decided>> = HashMap::new();
    for one in decided {
        by_case.entry(&one.case).or_default().push(one);
    }
    let (mut out, mut changed) = (String::with_capacity(text.len()), 0);
    for line in text.split_inclusive('\n') {
        let case: Option<Value> = serde_json::from_str(line).ok();
        let id = case.as_ref().and_then(|case| case["id"].as_str());
        let Some(corrections) = id.and_then(|id| by_case.remove(id)) else {
            out.push_str(line);
            continue;
        };
        let mut case = case.unwrap_or_default();
        for one in corrections {
            check(&case["expected"], one)?;
            changed += usize::from(rule(&mut case, one));
        }
        out.push_str(&case.to_string());
        out.push('\n');
    }
    match by_case.keys().next() {
        Some(case) => Err(format!("there is no case {case}")),
        None => Ok((out, changed)),
    }
}

/// Whether a case says what was decided: it was applied before.
fn stands(case: &Value, one: &Decided) -> bool {
    let expected = &case["expected"];
    match &one.ruling {
        Ruling::Replace(value) => has(expected, &one.field) && value_at(expected, &one.field) == value,
        Ruling::Unlabel => !has(expected, &one.field),
        Ruling::Also(value) => !also(&mut case["evidence"].clone(), &one.field, value),
        Ruling::Keep => false,
    }
}

/// Whether the label says anything of a field; null says something.
fn has(expected: &Value, field: &str) -> bool {
    let (path, name) = field.rsplit_once('.').unwrap_or(("", field));
    name.is_empty() || value_at(expected, path).get(name).is_some()
}

fn check(expected: &Value, one: &Decided) -> Result<(), String> {
    let now = value_at(expected, &one.field);
    if *now == one.label {
        return Ok(());
    }
    let field =
        if one.field.is_empty() { "the label".to_owned() } else { format!("the label of `{}`", one.field) };
    Err(format!(
        "case {}: {field} is {now}, not {} as in {}: it was changed since",
        one.case, one.label, one.at
    ))
}

/// Applies a ruling to a case of a dataset. Says whether anything changed.
fn rule(case: &mut Value, one: &Decided) -> bool {
    match &one.ruling {
        Ruling::Keep => false,
        Ruling::Replace(value) => {
            let changed = one.label != *value;
            put(&mut case["expected"], &one.field, value.clone());
            changed
        }
        Ruling::Unlabel => clear(&mut case["expected"], &one.field),
        Ruling::Also(value) => {
            if !case["evidence"].is_object() {
                case["evidence"] = json!({});
            }
            also(&mut case["evidence"], &one.field, value)
        }
    }
}

/// The value of a field; the whole label for an empty name, null if there is none.
#[must_use]
pub fn value_at<'a>(label: &'a Value, field: &str) -> &'a Value {
    if field.is_empty() {
        return label;
    }
    field.split('.').fold(label, |value, name| &value[name])
}

/// Puts a value into a label; in its place for an empty name.
pub fn put(label: &mut Value, field: &str, value: Value) {
    if field.is_empty() {
        *label = value;
    } else {
        set(label, field, value);
    }
}

/// Takes a field out of a label, so that it is not judged. Says whether it was there.
pub fn clear(label: &mut Value, field: &str) -> bool {
    let (path, name) = field.rsplit_once('.').unwrap_or(("", field));
    let mut place = label;
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let Some(inner) = place.get_mut(part) else { return false };
        place = inner;
    }
    place.as_object_mut().is_some_and(|fields| fields.remove(name).is_some())
}

/// Adds a reading that is right, too, to the evidence of a case. Says whether it was not there.
pub fn also(evidence: &mut Value, field: &str, value: &Value) -> bool {
    if !evidence.is_object() {
        *evidence = json!({});
    }
    let readings = &mut evidence[field];
    if !readings.is_array() {
        *readings = json!([]);
    }
    let all = readings.as_array_mut().expect("just made");
    let is_known = all.iter().any(|one| one["value"] == *value);
    if !is_known {
        all.push(json!({ "value": value }));
    }
    !is_known
}

/// Who decided what, and why: lines for `labels.jsonl`.
#[must_use]
pub fn events(decided: &[Decided], version: &str, author: &str, at: &str) -> String {
    let event = |one: &Decided| {
        let author = if one.author.is_empty() { author } else { &one.author };
        let (decision, to) = match &one.ruling {
            Ruling::Keep => ("keep", one.label.clone()),
            Ruling::Replace(value) => ("correct", value.clone()),
            Ruling::Unlabel => ("unlabel", Value::Null),
            Ruling::Also(value) => ("also", value.clone()),
        };
        json!({
            "at": at, "author": author, "version": version, "case": one.case, "field": one.field, "from": one.label,
            "to": to, "decision": decision, "reason": one.reason,
        })
        .to_string()
            + "\n"
    };
    decided.iter().map(event).collect()
}

/// The version after this one: `1.0.0` becomes `1.0.1`.
#[must_use]
pub fn next_version(version: &str) -> String {
    let digits = version.len() - version.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    let (start, number) = version.split_at(version.len() - digits);
    match number.parse::<u64>() {
        Ok(number) => format!("{start}{}", number.saturating_add(1)),
        Err(_) => format!("{version}.1"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Decided, Ruling, also, clear, corrected, next_version, outstanding};

    fn decided(case: &str, field: &str, label: Value, ruling: Ruling) -> Decided {
        let (at, reason, author) = ("line 2".to_owned(), String::new(), String::new());
        Decided { at, case: case.to_owned(), field: field.to_owned(), label, ruling, reason, author }
    }

    #[test]
    fn the_last_number_of_a_version_grows() {
        let next = |version: &str| next_version(version);
        assert_eq!(
            [next("1.0.0"), next("7"), next("v2"), next("draft"), next("1.9")],
            ["1.0.1", "8", "v3", "draft.1", "1.10"]
        );
    }

    #[test]
    fn each_ruling_changes_what_it_says_and_nothing_else() {
        let text = "{\"id\":\"a\",\"expected\":{\"total\":1,\"tip\":null,\"tax\":3}}\n{\"id\":\"b\",  \"expected\":\"x\"}\n";
        let all = [
            decided("a", "total", json!(1), Ruling::Replace(json!(2))),
            decided("a", "tip", Value::Null, Ruling::Unlabel),
            decided("a", "tax", json!(3), Ruling::Also(json!(4))),
        ];
        let (out, changed) = corrected(text, &all).unwrap();
        let mut lines = out.lines();
        let first: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert_eq!(first["expected"], json!({"total": 2, "tax": 3}));
        assert_eq!(first["evidence"], json!({"tax": [{"value": 4}]}));
        assert_eq!((lines.next(), changed), (Some("{\"id\":\"b\",  \"expected\":\"x\"}"), 3));
        let (out, _) = corrected(text, &[decided("b", "", json!("x"), Ruling::Replace(json!("y")))]).unwrap();
        assert!(out.contains(r#""expected":"y""#), "{out}");
        assert_eq!(corrected(text, &[decided("a", "total", json!(1), Ruling::Keep)]).unwrap().1, 0);
    }

    #[test]
    fn a_label_that_changed_since_and_a_case_that_is_gone_are_refused() {
        let text = "{\"id\":\"a\",\"expected\":{\"total\":1}}\n";
        let message = corrected(text, &[decided("a", "total", json!(9), Ruling::Keep)]).unwrap_err();
        assert!(message.contains("is 1, not 9 as in line 2"), "{message}");
        assert!(
            corrected(text, &[decided("z", "total", json!(1), Ruling::Keep)])
                .unwrap_err()
                .contains("no case z")
        );
    }

    #[test]
    fn what_was_applied_before_is_no_conflict_and_changes_nothing() {
        let text = "{\"id\":\"a\",\"expected\":{\"total\":1,\"tip\":5,\"tax\":3}}\n";
        let all = [
            decided("a", "total", json!(1), Ruling::Replace(json!(2))),
            decided("a", "tip", json!(5), Ruling::Unlabel),
            decided("a", "tax", json!(3), Ruling::Also(json!(4))),
            // A field that the label does not have is not one that says null.
            decided("a", "new", Value::Null, Ruling::Replace(Value::Null)),
        ];
        assert_eq!(outstanding(text, all.to_vec()), all);
        let (once, _) = corrected(text, &all).unwrap();
        let more = decided("a", "tax", json!(3), Ruling::Replace(json!(9)));
        let left = outstanding(&once, [&all[..], std::slice::from_ref(&more)].concat());
        assert_eq!(left, [more]);
        let (twice, changed) = corrected(&once, &left).unwrap();
        let label: Value = serde_json::from_str(twice.trim()).unwrap();
        assert_eq!((&label["expected"], changed), (&json!({"total": 2, "tax": 9, "new": null}), 1));
        let other = decided("a", "total", json!(1), Ruling::Replace(json!(7)));
        assert!(corrected(&once, &outstanding(&once, vec![other])).is_err(), "another decision is one");
    }

    #[test]
    fn readings_are_added_once_and_fields_taken_out_at_their_place() {
        let mut evidence = Value::Null;
        assert!(also(&mut evidence, "total", &json!(2)) && !also(&mut evidence, "total", &json!(2)));
        let mut label = json!({"seller": {"name": "A", "city": "B"}});
        assert!(clear(&mut label, "seller.name") && !clear(&mut label, "buyer.name"));
        assert_eq!(label, json!({"seller": {"city": "B"}}));
    }
}
