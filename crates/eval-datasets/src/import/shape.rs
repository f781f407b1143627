//! What all labels together look like, for the settings of the metric and the schema of the answers.

use std::collections::{BTreeSet, HashMap};

use eval_metrics::task::field_types;
use eval_metrics::value::FieldType;
use serde_json::{Map, Value, json};
use vision_core::Task;

use super::output::Output;
use super::table::Reading;
use super::templates;

/// What all labels together look like.
#[derive(Debug, Default)]
pub(super) struct Shape {
    root: Node,
    labels: BTreeSet<String>,
    /// Places of amounts, which plain numbers do not show.
    money: BTreeSet<String>,
}

/// The values at one place.
#[derive(Debug, Default)]
struct Node {
    null: bool,
    form: Form,
}

#[derive(Debug, Default)]
enum Form {
    /// What is not there says nothing about what it would be.
    #[default]
    Unknown,
    Leaf(&'static str),
    List(Box<Node>),
    Object(Vec<(String, Node)>),
}

impl Shape {
    /// A shape whose amounts of money are known.
    pub fn with_readings(readings: &HashMap<String, Reading>) -> Self {
        let amounts =
            readings.iter().filter(|(_, reading)| matches!(reading, Reading::Number { money: true, .. }));
        Self { money: amounts.map(|(place, _)| place.clone()).collect(), ..Self::default() }
    }

    /// The label of a `gt_parse` for `task`.
    pub fn take(&mut self, task: Task, parse: &Value) -> Result<Value, String> {
        match task {
            Task::Classify => {
                let label = parse["class"].as_str().or(parse["label"].as_str()).or(parse.as_str());
                let label = label.ok_or("`gt_parse` has no `class`")?;
                self.labels.insert(label.to_owned());
                Ok(json!({ "label": label }))
            }
            Task::Text => {
                let text = parse["text_sequence"].as_str().or(parse.as_str());
                Ok(text.ok_or("`gt_parse` has no `text_sequence`")?.into())
            }
            Task::Document | Task::Extract if parse.is_object() => {
                fits(&self.root, parse, "", false)?;
                merge(&mut self.root, parse);
                Ok(parse.clone())
            }
            Task::Document | Task::Extract => Err("the label is not an object".to_owned()),
            _ => Ok(parse.clone()),
        }
    }

    /// Writes settings and schema that fit the labels.
    pub fn describe(self, task: Task, output: &mut Output) {
        let Some(spec) = output.tasks.get_mut(&task) else { return };
        match task {
            Task::Document | Task::Extract => {
                // The task `extract` takes its fields from the schema.
                if task == Task::Document {
                    let (mut fields, mut lists) = (toml::Table::new(), toml::Table::new());
                    settings(&self.root, "", &self.money, &mut fields, &mut lists);
                    spec.settings.insert("fields".to_owned(), fields.into());
                    if !lists.is_empty() {
                        spec.settings.insert("lists".to_owned(), lists.into());
                    }
                }
                let properties = match schema(&self.root) {
                    Value::Object(mut schema) => schema.remove("properties"),
                    _ => None,
                };
                let properties = properties.and_then(|it| it.as_object().cloned()).unwrap_or_default();
                output.schemas.insert(
                    format!("{task}.schema.json"),
                    templates::record_schema(task.name(), &properties),
                );
            }
            Task::Classify => templates::labels(spec, self.labels, &mut output.schemas),
            _ => {}
        }
    }
}

/// Whether a label has the same form as those before it.
fn fits(node: &Node, value: &Value, place: &str, in_list: bool) -> Result<(), String> {
    let inner = |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
    match (value, &node.form) {
        (Value::Null, _) => Ok(()),
        (Value::Array(_), _) if in_list => {
            Err(format!("the field `{place}` is a list in a list, which no metric judges"))
        }
        (Value::Object(map), Form::Object(_) | Form::Unknown) => map.iter().try_for_each(|(key, value)| {
            let unknown = Node::default();
            fits(node.key(key).unwrap_or(&unknown), value, &inner(key), in_list)
        }),
        (Value::Array(items), Form::List(_) | Form::Unknown) => {
            let unknown = Node::default();
            let item = if let Form::List(item) = &node.form { item } else { &unknown };
            let mut first = items.iter().filter(|item| !item.is_null()).map(Value::is_object);
            let is_object = first.next();
            if first.any(|other| Some(other) != is_object) {
                return Err(format!("the items of `{place}` are of several kinds"));
            }
            items.iter().try_for_each(|value| fits(item, value, place, true))
        }
        (Value::Object(_) | Value::Array(_), _) | (_, Form::List(_) | Form::Object(_)) => {
            Err(format!("the field `{place}` is nested in some labels and plain in others"))
        }
        _ => Ok(()),
    }
}

impl Node {
    fn key(&self, key: &str) -> Option<&Self> {
        match &self.form {
            Form::Object(nodes) => nodes.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }
}

fn merge(node: &mut Node, value: &Value) {
    match value {
        Value::Null => node.null = true,
        Value::Object(map) => {
            if !matches!(node.form, Form::Object(_)) {
                node.form = Form::Object(Vec::new());
            }
            let Form::Object(nodes) = &mut node.form else { return };
            for (key, value) in map {
                let at = nodes.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
                    nodes.push((key.clone(), Node::default()));
                    nodes.len() - 1
                });
                merge(&mut nodes[at].1, value);
            }
        }
        Value::Array(items) => {
            if !matches!(node.form, Form::List(_)) {
                node.form = Form::List(Box::default());
            }
            let Form::List(item) = &mut node.form else { return };
            items.iter().for_each(|value| merge(item, value));
        }
        leaf => {
            let kind = match leaf {
                Value::Number(_) => "number",
                Value::Bool(_) => "boolean",
                Value::String(text) if is_date(text) => "date",
                _ => "text",
            };
            node.form = match node.form {
                Form::Unknown => Form::Leaf(kind),
                Form::Leaf(known) if known == kind => Form::Leaf(kind),
                _ => Form::Leaf("text"),
            };
        }
    }
}

/// `2026-11-21`, as labels write dates.
fn is_date(text: &str) -> bool {
    let digit_or_dash = |(at, letter): (usize, char)| match at {
        4 | 7 => letter == '-',
        _ => letter.is_ascii_digit(),
    };
    text.len() == 10 && text.chars().enumerate().all(digit_or_dash)
}

/// The type of each field: of objects under a dotted name, of lists in a table of their own.
fn settings(
    node: &Node,
    place: &str,
    money: &BTreeSet<String>,
    fields: &mut toml::Table,
    lists: &mut toml::Table,
) {
    let kind = |node: &Node, place: &str| match node.form {
        Form::Leaf("number") if money.contains(place) => "money".to_owned(),
        Form::Leaf("number") => word(field_types::of_number(place)),
        Form::Leaf("text") => word(field_types::of_text(place)),
        Form::Leaf(kind) => kind.to_owned(),
        // Nothing but its name is known of what is empty everywhere.
        _ => word(field_types::of_name(place)),
    };
    match &node.form {
        Form::Object(nodes) => {
            for (key, node) in nodes {
                let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                settings(node, &place, money, fields, lists);
            }
        }
        Form::List(item) if matches!(item.form, Form::Object(_)) => {
            let mut of_items = toml::Table::new();
            let inner = format!("{place}.*");
            settings(item, &inner, money, &mut of_items, &mut toml::Table::new());
            let of_items =
                of_items.into_iter().map(|(name, kind)| (name[inner.len() + 1..].to_owned(), kind)).collect();
            lists.insert(place.to_owned(), toml::Value::Table(of_items));
        }
        Form::List(item) => _ = lists.insert(place.to_owned(), kind(item, &format!("{place}.*")).into()),
        Form::Unknown | Form::Leaf(_) => _ = fields.insert(place.to_owned(), kind(node, place).into()),
    }
}

/// A type as manifests write it.
fn word(kind: FieldType) -> String {
    let word = serde_json::to_value(kind).expect("a type is a word");
    word.as_str().unwrap_or("text").to_owned()
}

fn schema(node: &Node) -> Value {
    let with_null = |kind: &str| if node.null { json!([kind, "null"]) } else { json!(kind) };
    match &node.form {
        Form::Object(nodes) => {
            let properties: Map<String, Value> =
                nodes.iter().map(|(key, node)| (key.clone(), schema(node))).collect();
            let mut schema = templates::strict(&properties);
            schema["type"] = with_null("object");
            schema
        }
        Form::List(item) => json!({ "type": with_null("array"), "items": schema(item) }),
        Form::Leaf(kind @ ("number" | "boolean")) => json!({ "type": [kind, "null"] }),
        Form::Leaf("date") => json!({ "type": ["string", "null"], "description": "YYYY-MM-DD" }),
        Form::Leaf(_) | Form::Unknown => json!({ "type": ["string", "null"] }),
    }
}
