//! The fields of a JSON Schema.

use serde_json::{Value, json};

use super::declared::Declarations;
use super::structure::{Group, Naming, PLAIN_ITEM, Place, Structure, unmarked};
use super::{allowed::is_type, recognized};
use crate::MetricError;
use crate::value::FieldType;

/// More fields are no schema that a person wrote.
const MOST_FIELDS: usize = 5_000;

/// So often a definition may stand inside itself; what is deeper is compared as one value.
const MOST_TURNS: usize = 3;

/// Values are nested no deeper than JSON is read.
const DEEPEST: usize = 40;

/// The structure that a schema describes, with the types that are declared instead of those it says.
pub(super) fn structure(schema: &Value, declared: &Declarations) -> Result<Structure, MetricError> {
    let mut walk = Walk { root: schema, declared, turns: Vec::new(), depth: 0, fields: 0 };
    let root = walk.resolved(schema);
    let mut structure = Structure::default();
    match Form::of(&root) {
        Form::Record => walk.record("", &Place::root(Naming::Marked), &root, &mut structure)?,
        _ => {
            return Err(MetricError::new(
                "the schema of `extract` should describe an object with `properties` at its top",
            ));
        }
    }
    if structure.is_empty() {
        return Err(MetricError::new("the schema of `extract` has no fields"));
    }
    Ok(structure)
}

struct Walk<'a> {
    root: &'a Value,
    declared: &'a Declarations,
    /// The definitions that are being read.
    turns: Vec<String>,
    depth: usize,
    fields: usize,
}

/// What a schema describes.
enum Form {
    /// An object with fields.
    Record,
    /// An object whose keys are values, and the schema of what stands under them.
    Map(Value),
    /// A list, and the schema of its items.
    List(Value),
    Value,
}

impl Form {
    fn of(schema: &Value) -> Self {
        let has = |key: &str| schema[key].as_object().is_some_and(|inner| !inner.is_empty());
        if has("properties") {
            return Self::Record;
        }
        if schema.get("items").is_some() || is_type(schema, "array") {
            let items = schema.get("items").filter(|items| items.is_object());
            return Self::List(items.cloned().unwrap_or_else(|| json!({})));
        }
        let under = schema["patternProperties"].as_object().and_then(|patterns| patterns.values().next());
        match under.or_else(|| schema.get("additionalProperties")).filter(|under| under.is_object()) {
            Some(under) => Self::Map(under.clone()),
            None => Self::Value,
        }
    }
}

impl Walk<'_> {
    /// The fields of an object, under dotted names.
    fn record(
        &mut self,
        before: &str,
        at: &Place,
        schema: &Value,
        into: &mut Structure,
    ) -> Result<(), MetricError> {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let name = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
            self.member(&name, at, property, into)?;
        }
        Ok(())
    }

    fn member(
        &mut self,
        name: &str,
        at: &Place,
        schema: &Value,
        into: &mut Structure,
    ) -> Result<(), MetricError> {
        self.fields += 1;
        if self.fields > MOST_FIELDS {
            return Err(MetricError::new(format!(
                "the schema of `extract` has more than {MOST_FIELDS} fields"
            )));
        }
        let turns = self.turns.len();
        let resolved = self.resolved(schema);
        let place = at.inside(name);
        let form = if self.depth > DEEPEST { Form::Value } else { Form::of(&resolved) };
        self.depth += 1;
        match (self.declared_kind(&place.field), form) {
            (Some(kind), _) => into.fields.push((name.to_owned(), kind)),
            (None, Form::Record) => self.record(name, at, &resolved, into)?,
            (None, Form::List(items)) => {
                let item = self.item(&place.item(""), &items)?;
                into.lists.push(Group { name: name.to_owned(), item });
            }
            (None, Form::Map(under)) => {
                let item = self.item(&place.entry(""), &under)?;
                into.maps.push(Group { name: name.to_owned(), item });
            }
            (None, Form::Value) => {
                let kind = recognized::kind(&place.field, &resolved);
                into.fields.push((name.to_owned(), kind));
            }
        }
        self.depth -= 1;
        self.turns.truncate(turns);
        Ok(())
    }

    /// What stands in a list or under the keys of a map.
    fn item(&mut self, at: &Place, schema: &Value) -> Result<Structure, MetricError> {
        let mut item = Structure::default();
        let turns = self.turns.len();
        let resolved = self.resolved(schema);
        match Form::of(&resolved) {
            Form::Record if self.depth <= DEEPEST => self.record("", at, &resolved, &mut item)?,
            _ => self.member(PLAIN_ITEM, at, &resolved, &mut item)?,
        }
        self.turns.truncate(turns);
        Ok(item)
    }

    fn declared_kind(&self, field: &str) -> Option<FieldType> {
        let name = unmarked(field);
        self.declared
            .iter()
            .find(|(declared, _)| unmarked(declared) == name)
            .and_then(|(_, field)| field.kind)
    }

    /// A schema with its reference followed, its alternatives merged, and without null.
    fn resolved(&mut self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        while let Some(reference) = schema["$ref"].as_str().map(str::to_owned) {
            let turns = self.turns.iter().filter(|turn| **turn == reference).count();
            let target = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
            let Some(target) = target.filter(|_| turns < MOST_TURNS) else { return json!({}) };
            self.turns.push(reference);
            let mut target = target.clone();
            // What stands beside a reference says more.
            if let (Value::Object(target), Value::Object(beside)) = (&mut target, &schema) {
                for (key, value) in beside.iter().filter(|(key, _)| *key != "$ref") {
                    target.insert(key.clone(), value.clone());
                }
            }
            schema = target;
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let Some(Value::Array(branches)) = schema.as_object_mut().and_then(|schema| schema.remove(key))
            else {
                continue;
            };
            let branches = branches.iter().filter(|branch| branch["type"] != "null");
            for branch in branches.map(|branch| self.resolved(branch)).collect::<Vec<_>>() {
                merge(&mut schema, branch);
            }
        }
        schema
    }
}

/// Takes over what a branch says and the schema does not; fields of both are fields.
fn merge(schema: &mut Value, branch: Value) {
    let (Value::Object(schema), Value::Object(branch)) = (schema, branch) else { return };
    for (key, value) in branch {
        match (schema.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key == "properties" => {
                for (name, property) in more {
                    known.entry(name).or_insert(property);
                }
            }
            (Some(known), more) if key == "type" => *known = both(known.take(), more),
            (Some(Value::Array(known)), Value::Array(more)) if key == "enum" => known.extend(more),
            (Some(_), _) => {}
            (None, value) => _ = schema.insert(key, value),
        }
    }
}

fn both(a: Value, b: Value) -> Value {
    let list = |value| match value {
        Value::Array(list) => list,
        one => vec![one],
    };
    let mut all = list(a);
    for other in list(b) {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    all.into()
}
