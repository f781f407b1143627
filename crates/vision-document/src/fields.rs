//! The fields that a schema asks for, and the labels under which an engine finds them.

use serde_json::{Map, Value, json};
use vision_core::Evidence;

use crate::found::plain;
use crate::{Found, Order, amount, date};

/// A field of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name.
    pub name: &'a str,
    /// What the schema says of it.
    pub description: &'a str,
    schema: &'a Value,
}

/// A label on a page and what stands beside it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pair {
    /// `Invoice No.:`
    pub label: String,
    /// What stands there.
    pub value: String,
    /// Where.
    pub evidence: Evidence,
}

/// The fields that stand at the top of a schema.
pub fn fields(schema: &Value) -> Vec<Field<'_>> {
    let properties = schema["properties"].as_object();
    properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let description = schema["description"].as_str().unwrap_or_default();
            Field { name, description, schema }
        })
        .collect()
}

impl Field<'_> {
    /// A question to an engine that takes questions: what the schema says, or the name in words.
    pub fn question(&self) -> String {
        let name = self.name.replace(['_', '-'], " ");
        match self.description {
            "" => format!("What is the {name}?"),
            description => format!("What is the {name}? ({description})"),
        }
    }

    /// The value of this field as the schema wants it; null if it cannot be read so.
    pub fn read(&self, text: &str, order: Order) -> Value {
        let text = text.trim();
        if text.is_empty() {
            return Value::Null;
        }
        let is = |kind: &str| match &self.schema["type"] {
            Value::String(one) => one == kind,
            Value::Array(several) => several.iter().any(|one| one == kind),
            _ => false,
        };
        if let Some(words) = self.schema["enum"].as_array() {
            let same =
                |word: &&Value| word.as_str().is_some_and(|word| plain_words(word) == plain_words(text));
            return words.iter().find(same).cloned().unwrap_or(Value::Null);
        }
        if is("array") || is("object") {
            // A label has one value beside it, and no list of them.
            return Value::Null;
        }
        if is("number") || is("integer") {
            return plain(amount(text));
        }
        if is("boolean") {
            return json!(
                ["yes", "true", "x", "selected", "ja", "oui"].contains(&text.to_lowercase().as_str())
            );
        }
        if self.is_date() {
            return date(text, order).map_or_else(|| json!(text), |date| json!(date));
        }
        json!(text)
    }

    fn is_date(&self) -> bool {
        self.schema["format"] == "date"
            || self.description.contains("YYYY-MM-DD")
            || self.name.split(['_', '-']).any(|word| word == "date")
    }

    /// How many of the field's words a label shares with it; nothing if they are about different things.
    fn fit(&self, label: &str) -> usize {
        let label = plain_words(label);
        let name = plain_words(self.name);
        if label.is_empty() || name.is_empty() {
            return 0;
        }
        if label == name {
            return 100;
        }
        let in_name = label.iter().filter(|word| name.contains(word)).count();
        if in_name == name.len() {
            // `total` is in `total amount`, and the fewer words are left over the better.
            return 50 - (label.len() - in_name).min(20);
        }
        // `number: Invoice number, reference or form number`
        let description = plain_words(self.description);
        let in_description = label.iter().filter(|word| description.contains(word)).count();
        if in_description == label.len() { 10 + in_description.min(9) } else { 0 }
    }
}

/// Answers a schema out of labels and what stands beside them: each field gets the label that fits it best.
pub fn fill(schema: &Value, pairs: &[Pair], order: Order) -> (Value, Vec<Evidence>) {
    let mut answer = Map::new();
    let mut evidence = Vec::new();
    for field in fields(schema) {
        let fitting = pairs.iter().map(|pair| (field.fit(&pair.label), pair)).filter(|(fit, _)| *fit > 0);
        // Of equals the first: an engine reads from the top.
        let best = fitting.reduce(|best, next| if next.0 > best.0 { next } else { best });
        let value = best.map_or(Value::Null, |(_, pair)| field.read(&pair.value, order));
        if let (Some((_, pair)), false) = (best, value.is_null()) {
            let text = Some(pair.value.clone());
            evidence.push(Evidence { path: field.name.to_owned(), text, ..pair.evidence.clone() });
        }
        answer.insert(field.name.to_owned(), value);
    }
    (Value::Object(answer), evidence)
}

/// The same; without a schema, every label with what stands beside it. Of labels that are alike the first counts.
pub fn labelled(schema: Option<&Value>, pairs: &[Pair], order: Order) -> (Value, Vec<Evidence>) {
    if let Some(schema) = schema {
        return fill(schema, pairs, order);
    }
    let mut answer = Map::new();
    let mut evidence = Vec::new();
    for pair in pairs {
        let label = pair.label.trim_end_matches(':').trim();
        if answer.contains_key(label) {
            continue;
        }
        answer.insert(label.to_owned(), json!(pair.value));
        // A path cannot name a label that looks like one.
        if !label.is_empty() && !label.contains(['.', '[', ']', '/', '~']) {
            let text = Some(pair.value.clone());
            evidence.push(Evidence { path: label.to_owned(), text, ..pair.evidence.clone() });
        }
    }
    (Value::Object(answer), evidence)
}

/// Puts values that an engine knows by type into an answer, before those that were only found beside a label.
pub fn typed(answer: &mut Value, evidence: &mut Vec<Evidence>, name: &str, found: Found<Value>) {
    let (Some(fields), Some(value)) = (answer.as_object_mut(), found.value) else { return };
    let Some(place) = fields.get_mut(name) else { return };
    *place = value;
    evidence.retain(|it| it.path != name);
    evidence.extend(found.evidence.map(|it| Evidence { path: name.to_owned(), ..it }));
}

/// Words in small letters, without what says nothing.
fn plain_words(text: &str) -> Vec<String> {
    const NOTHING: [&str; 8] = ["the", "of", "a", "in", "or", "and", "to", "is"];
    let split = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = split.map(|word| match word.to_lowercase().as_str() {
        "no" | "nr" | "num" | "№" => "number".to_owned(),
        "amt" => "amount".to_owned(),
        other => other.to_owned(),
    });
    words.filter(|word| !NOTHING.contains(&word.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use vision_core::Evidence;

    use super::{Pair, fields, fill, labelled, typed};
    use crate::{Found, Order};

    fn schema() -> Value {
        json!({"properties": {
            "number": {"type": ["string", "null"], "description": "Invoice number, reference or form number"},
            "due_date": {"type": ["string", "null"], "description": "YYYY-MM-DD"},
            "total": {"type": ["number", "null"]},
            "kind": {"enum": ["invoice", "letter"]},
            "paid": {"type": "boolean"},
            "recipient": {"type": ["string", "null"]}
        }})
    }

    fn pair(label: &str, value: &str) -> Pair {
        let evidence = Evidence { confidence: Some(0.9), ..Evidence::default() };
        Pair { label: label.to_owned(), value: value.to_owned(), evidence }
    }

    #[test]
    fn each_field_gets_the_label_that_fits_best() {
        let pairs = [
            pair("Subtotal", "10.00"),
            pair("Total amount due", "99.00"),
            pair("Total:", "$12.50"),
            pair("Invoice No.", "R-77"),
            pair("Due date", "03/04/2026"),
            pair("Kind", "Letter"),
            pair("Paid", "Yes"),
        ];
        let (answer, evidence) = fill(&schema(), &pairs, Order::MonthFirst);
        let wanted = json!({
            "number": "R-77", "due_date": "2026-03-04", "total": 12.5, "kind": "letter", "paid": true,
            "recipient": null
        });
        assert_eq!(answer, wanted);
        let paths: Vec<_> = evidence.iter().map(|it| (it.path.as_str(), it.text.as_deref())).collect();
        assert_eq!(paths[..2], [("number", Some("R-77")), ("due_date", Some("03/04/2026"))]);
    }

    #[test]
    fn one_value_is_no_list() {
        let schema = json!({"properties": {"items": {"type": "array", "items": {"type": "string"}}}});
        let (answer, evidence) = fill(&schema, &[pair("Items", "Tea")], Order::DayFirst);
        assert_eq!((answer, evidence.len()), (json!({"items": null}), 0));
    }

    #[test]
    fn without_a_schema_every_label_is_an_answer() {
        let pairs = [pair("Total:", "$1.00"), pair("Total", "$2.00"), pair("Inv. No.", "R-77")];
        let (answer, evidence) = labelled(None, &pairs, Order::MonthFirst);
        assert_eq!(answer, json!({"Total": "$1.00", "Inv. No.": "R-77"}));
        let paths: Vec<_> = evidence.iter().map(|it| (it.path.as_str(), it.text.as_deref())).collect();
        assert_eq!(paths, [("Total", Some("$1.00"))]);
    }

    #[test]
    fn what_an_engine_knows_by_type_comes_first() {
        let (mut answer, mut evidence) = fill(&schema(), &[pair("Total", "1.00")], Order::DayFirst);
        let found = Found::new(Some(json!(12.5)), Evidence { page: Some(1), ..Evidence::default() });
        typed(&mut answer, &mut evidence, "total", found);
        typed(&mut answer, &mut evidence, "unknown", Found::new(Some(json!(1)), Evidence::default()));
        assert_eq!((&answer["total"], answer.get("unknown")), (&json!(12.5), None));
        assert_eq!(evidence.iter().map(|it| it.page).collect::<Vec<_>>(), [Some(1)]);
    }

    #[test]
    fn a_question_is_made_of_name_and_description() {
        let schema = schema();
        let questions: Vec<_> = fields(&schema).iter().map(super::Field::question).collect();
        assert_eq!(questions[0], "What is the number? (Invoice number, reference or form number)");
        assert_eq!(questions[5], "What is the recipient?");
    }
}
