//! Rows become cases.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde_json::{Map, Value, json};
use vision_core::Task;

use super::super::Import;
use super::super::output::{Output, Row};
use super::super::shape::Shape;
use super::super::sroie::stem;
use super::label::{checks, receipt};
use super::names::quoted;
use super::plan::{Plan, label_place};
use super::role::Role;
use super::source::{is_left_unlabeled, structured, unguarded};
use super::{date, path};
use crate::Problem;

/// What rows are made into cases with.
pub(super) struct Rows<'a> {
    pub plan: &'a Plan,
    pub root: &'a Path,
    pub empty_is_null: bool,
    pub shape: Shape,
    /// The line in which files are named first.
    lines: HashMap<String, usize>,
    /// The first line that names them again.
    again: Option<usize>,
}

/// The parts of a row, before its files are read.
#[derive(Default)]
struct Parts {
    files: Vec<String>,
    whole: Option<Value>,
    label: Map<String, Value>,
    dates: Vec<[Option<String>; 3]>,
    id: Option<String>,
    source: Option<String>,
    note: Option<String>,
    tags: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
}

impl<'a> Rows<'a> {
    pub fn new(plan: &'a Plan, root: &'a Path, import: &Import) -> Self {
        Self {
            plan,
            root,
            empty_is_null: import.empty_is_null,
            shape: Shape::with_readings(&plan.readings),
            lines: HashMap::new(),
            again: None,
        }
    }

    /// The case of a row, or why there is none.
    pub fn row(
        &mut self,
        line: usize,
        cells: Vec<Option<Value>>,
        output: &mut Output,
    ) -> Result<Row, String> {
        let mut parts =
            Parts { dates: vec![Default::default(); self.plan.roles.dates.len()], ..Parts::default() };
        for ((cell, role), name) in cells.into_iter().zip(&self.plan.roles.roles).zip(&self.plan.table.header)
        {
            self.cell(cell, role, name, &mut parts)?;
        }
        self.dates(&mut parts)?;
        let first = parts.files.first().ok_or("`file` is missing")?;
        let has_id = parts.id.is_some();
        let id = parts.id.take().unwrap_or_else(|| match stem(first) {
            "" => format!("line-{line}"),
            stem => stem.to_owned(),
        });
        let mut label = Value::Object(std::mem::take(&mut parts.label));
        for role in &self.plan.roles.roles {
            if let Role::Label(steps) = role {
                path::close_gaps(&mut label, steps);
            }
        }
        let has_label = label.as_object().is_some_and(|label| !label.is_empty());
        let label = match (parts.whole.take(), has_label) {
            (Some(_), true) => return Err("has both `expected` and columns of labeled fields".to_owned()),
            (Some(whole), false) => whole,
            (None, true) => label,
            (None, false) => return Err("labels nothing: `expected` is missing".to_owned()),
        };
        let is_question = self.plan.task == Task::Text && parts.fields.contains_key("question");
        let expected = self.expected(label, is_question)?;
        output.check_label(&expected)?;
        if has_id && let Some(first) = output.line_of(&id) {
            return Err(format!("the id `{id}` is used in line {first} already"));
        }
        self.note_again(&parts, line, output);
        let media = parts.files.iter().map(|file| output.copy(self.root, file)).collect::<Result<_, _>>()?;
        let Parts { source, note, tags, fields, .. } = parts;
        Ok(Row { id, line, media, expected, source, note, tags, fields, ..Row::default() })
    }

    /// A picture may be asked several questions, but has one label of a kind.
    fn note_again(&mut self, parts: &Parts, line: usize, output: &mut Output) {
        let first = *self.lines.entry(parts.files.join("|")).or_insert(line);
        if first != line && parts.fields.is_empty() && self.again.replace(line).is_none() {
            let note = format!(
                "names the same files as line {first}, and more may be like it: each counts as a case"
            );
            output.note(Problem::at_line(&self.plan.table.path, line, note));
        }
    }

    fn cell(&self, cell: Option<Value>, role: &Role, name: &str, parts: &mut Parts) -> Result<(), String> {
        let Some(cell) = cell else {
            // In a list, an empty cell is an item that is not there.
            let is_plain = |steps: &[path::Step]| steps.iter().all(|step| matches!(step, path::Step::Key(_)));
            return match role {
                Role::Label(steps) if self.empty_is_null && is_plain(steps) => {
                    path::insert(&mut parts.label, steps, Value::Null)
                }
                _ => Ok(()),
            };
        };
        let text = |cell: Value| {
            plain_text(cell).map(Some).map_err(|what| format!("`{name}` should be a text, but is {what}"))
        };
        match role {
            Role::Ignored => {}
            Role::File => parts.files.extend(self.files(cell)?),
            Role::Id => parts.id = text(cell)?,
            Role::Source => parts.source = text(cell)?,
            Role::Note => parts.note = text(cell)?,
            Role::Tag(key) => parts.tags.extend(text(cell)?.map(|value| (key.clone(), value))),
            Role::Field(key) => parts.fields.extend(text(cell)?.map(|value| (key.clone(), value))),
            Role::Tags => parts.tags.extend(pairs(cell, name, self.plan.table.is_csv())?),
            Role::Fields => parts.fields.extend(pairs(cell, name, self.plan.table.is_csv())?),
            Role::Expected => {
                let cell = match cell {
                    Value::String(text) => {
                        let label = self.plan.roles.label_text(&text);
                        label.map_err(|message| format!("`{name}` {message}"))?.into()
                    }
                    cell => cell,
                };
                parts.whole = self.whole(cell, role)?;
            }
            Role::Label(_) if is_left_unlabeled(&cell, self.plan.table.is_csv()) => {}
            Role::Label(steps) => {
                let cell = self.plain(cell);
                let cell = structured(&cell, self.plan.table.is_csv()).unwrap_or(cell);
                let value = self.typed(cell, role).map_err(|message| format!("`{name}` {message}"))?;
                path::insert(&mut parts.label, steps, value)?;
            }
            Role::Part(date, part) => parts.dates[*date][*part as usize] = text(cell)?,
        }
        Ok(())
    }

    /// A cell of a spreadsheet as it is meant.
    fn plain(&self, cell: Value) -> Value {
        match cell {
            Value::String(text) if self.plan.table.is_csv() => unguarded(&text).into(),
            cell => cell,
        }
    }

    /// One file, or several with `|` or `;` between them. A file that is really called so is one.
    fn files(&self, cell: Value) -> Result<Vec<String>, String> {
        let cell = structured(&cell, self.plan.table.is_csv()).unwrap_or(cell);
        let is_there = cell.as_str().is_some_and(|name| self.root.join(name.trim()).is_file());
        match if is_there { cell } else { self.plain(cell) } {
            Value::Null => Ok(Vec::new()),
            Value::String(text) if text.contains(['|', ';']) && !self.root.join(text.trim()).is_file() => {
                let names = text.split(['|', ';']).map(str::trim).filter(|name| !name.is_empty());
                Ok(names.map(str::to_owned).collect())
            }
            Value::String(text) => Ok(vec![text.trim().to_owned()]),
            Value::Array(names) => {
                let names: Option<Vec<String>> =
                    names.iter().map(|name| name.as_str().map(str::to_owned)).collect();
                names.ok_or_else(|| "`files` should be a list of names".to_owned())
            }
            other => Err(format!("`file` should be a name, but is `{other}`")),
        }
    }

    /// Values as the label holds them, by the reading of their places.
    fn typed(&self, mut value: Value, role: &Role) -> Result<Value, String> {
        let Some(mut pattern) = label_place(role, self.plan.task) else { return Ok(number_or_text(value)) };
        let start = pattern.len();
        let mut wrong = None;
        path::leaves(&mut value, &mut pattern, &mut |place, leaf| {
            let Some(reading) = self.plan.readings.get(place) else { return };
            match reading.value(leaf, place) {
                Ok(value) => *leaf = value,
                Err(message) => {
                    let as_text = match self.plan.may_be_text(place) {
                        true => format!("; --text {} keeps the whole column as text", quoted(place)),
                        false => String::new(),
                    };
                    let inner = place.get(start..).unwrap_or_default().trim_start_matches('.');
                    let place = if inner.is_empty() { String::new() } else { format!("({inner}) ") };
                    _ = wrong.get_or_insert_with(|| format!("{place}{message}{as_text}"));
                }
            }
        });
        wrong.map_or(Ok(value), Err)
    }

    /// A cell with a whole label: a text, a class, or JSON. JSON null is no label.
    fn whole(&self, cell: Value, role: &Role) -> Result<Option<Value>, String> {
        let is_csv = self.plan.table.is_csv();
        let value = match (self.plan.task, cell) {
            (Task::Text | Task::Transcribe, Value::String(text)) => text.into(),
            (Task::Classify | Task::ChartQuestion, cell @ Value::String(_)) => {
                structured(&cell, is_csv).unwrap_or(cell)
            }
            (task, Value::String(text)) if task.is_open() && !text.trim_start().starts_with(['[', '{']) => {
                text.into()
            }
            (_, Value::String(text)) if is_csv => serde_json::from_str(&text)
                .map_err(|error| format!("`expected` {}", crate::lines::json_message(&error)))?,
            (_, value) => value,
        };
        if value.is_null() {
            return Ok(None);
        }
        let typed =
            if label_place(role, self.plan.task).is_some() { self.typed(value, role) } else { Ok(value) };
        typed.map(Some).map_err(|message| format!("`expected` {message}"))
    }

    fn dates(&self, parts: &mut Parts) -> Result<(), String> {
        for (steps, date_parts) in self.plan.roles.dates.iter().zip(std::mem::take(&mut parts.dates)) {
            let [day, month, year] = date_parts.each_ref().map(|part| part.as_deref().map(str::trim));
            let iso = match (day, month, year) {
                (None, None, None) => continue,
                (Some(day), Some(month), Some(year)) => {
                    let month =
                        date::month(month).map_or_else(|| month.to_owned(), |month| month.to_string());
                    date::iso(whole(year), whole(&month), whole(day))
                }
                _ => None,
            };
            let written = [day, month, year].map(|part| part.unwrap_or("…")).join("/");
            let iso = iso.ok_or_else(|| format!("day, month and year make no date: `{written}`"))?;
            path::insert(&mut parts.label, steps, iso.into())?;
        }
        Ok(())
    }

    /// The label as the task has it.
    fn expected(&mut self, label: Value, is_question: bool) -> Result<Value, String> {
        match (self.plan.task, label) {
            (Task::ChartQuestion, label) => self.plan.answers.label(label),
            (Task::Text, label) if is_question => self.plan.answers.printed(label),
            (Task::Text | Task::Transcribe, label @ Value::String(_)) => Ok(label),
            (Task::Text | Task::Transcribe, _) => {
                Err("`expected` should be a text; or say with --task what else is asked".to_owned())
            }
            (Task::Classify, Value::String(label)) => self.shape.take(Task::Classify, &label.trim().into()),
            (Task::Classify, label @ (Value::Number(_) | Value::Bool(_))) => {
                self.shape.take(Task::Classify, &label.to_string().into())
            }
            (Task::Compare, Value::Array(differences)) => Ok(json!({ "differences": differences })),
            (Task::Receipt | Task::Document | Task::Extract | Task::Compare | Task::ChartTable, label)
                if !label.is_object() =>
            {
                Err(format!(
                    "`expected` should be an object with the fields of the task `{}`",
                    self.plan.task
                ))
            }
            (Task::Receipt, label) => receipt(label),
            (task, label) if task.is_open() => Ok(checks(label)),
            (task, label) => self.shape.take(task, &label),
        }
    }
}

/// `3.0`, as some spreadsheets write whole numbers.
fn whole(text: &str) -> &str {
    text.strip_suffix(".0").unwrap_or(text)
}

/// A cell of a table whose column has no type: numbers and flags are what they look like.
fn number_or_text(value: Value) -> Value {
    match value {
        Value::String(text) => match serde_json::from_str(text.trim()) {
            Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => value,
            _ => text.trim().into(),
        },
        other => other,
    }
}

fn plain_text(cell: Value) -> Result<String, &'static str> {
    match cell {
        Value::String(text) => Ok(text.trim().to_owned()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null => Err("null"),
        Value::Array(_) => Err("a list"),
        Value::Object(_) => Err("an object"),
    }
}

/// `look=photo; country=DE`, or an object.
fn pairs(cell: Value, name: &str, is_csv: bool) -> Result<BTreeMap<String, String>, String> {
    let text = match structured(&cell, is_csv).unwrap_or(cell) {
        Value::Null => return Ok(BTreeMap::new()),
        Value::Object(pairs) => {
            let pairs = pairs.into_iter().map(|(key, value)| {
                let value = plain_text(value)
                    .map_err(|what| format!("`{name}.{key}` should be a text, but is {what}"))?;
                Ok((key, value))
            });
            return pairs.collect();
        }
        Value::String(text) => text,
        other => return Err(format!("`{name}` should be pairs such as `look=photo`, but is `{other}`")),
    };
    let parts = text.split([';', '|', ',']).map(str::trim).filter(|part| !part.is_empty());
    let pairs = parts.map(|part| {
        let pair = part.split_once('=').or_else(|| part.split_once(':'));
        let pair = pair.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
        let hint = format!(
            "`{name}` should be pairs such as `look=photo`, but is `{part}`; or name the column `tag:KEY`"
        );
        pair.filter(|(key, value)| !key.is_empty() && !value.is_empty()).ok_or(hint)
    });
    pairs.collect()
}
