//! Plain lists of files and labels: CSV, JSONL and JSON.

mod assertion;
mod convert;
mod date;
pub(super) mod encoding;
pub(super) mod kind;
mod label;
mod measured;
mod names;
mod number;
mod path;
mod plan;
pub(super) mod question;
mod role;
mod rows;
mod sheet;
mod source;
mod yes_no;

use std::path::Path;

use serde_json::Value;
use vision_core::{MediaKind, Task};

use super::output::Output;
use super::understood::{Purpose, Understanding, Understood};
use super::{Import, templates};
use crate::{Problem, Result};
use plan::Plan;
use role::Role;
use rows::Rows;
use source::Table;

pub use date::DateOrder;
pub use encoding::{Encoding, decode};
pub use kind::Reading;
pub use names::names_files;
pub use number::{Decimals, Mark};
pub use question::{Choice, Question};
pub use sheet::{Sheet, line_of};

pub(super) fn csv(import: &Import, output: &mut Output) -> Result<()> {
    read(plan(import, Table::csv(&import.input)?)?, import, output)
}

pub(super) fn jsonl(import: &Import, output: &mut Output) -> Result<()> {
    read(plan(import, Table::jsonl(&import.input)?)?, import, output)
}

pub(super) fn json(import: &Import, output: &mut Output) -> Result<()> {
    read(plan(import, Table::json(&import.input)?)?, import, output)
}

/// What has to be said before `import` can be carried out; nothing for kinds that are no tables.
///
/// # Errors
/// If the table cannot be read, or a column means nothing.
pub fn questions(import: &Import) -> Result<Vec<Question>> {
    let table = match import.kind.as_str() {
        "csv" => Table::csv(&import.input)?,
        "jsonl" => Table::jsonl(&import.input)?,
        "json" => Table::json(&import.input)?,
        _ => return Ok(Vec::new()),
    };
    Ok(plan(import, table)?.questions)
}

fn plan(import: &Import, table: Table) -> Result<Plan> {
    plan::make(table, import)
}

fn read(mut plan: Plan, import: &Import, output: &mut Output) -> Result<()> {
    if let Some(problem) = plan.unanswered() {
        return Err(problem);
    }
    let path = &import.input;
    output.use_task(plan.task, import.prompt.as_ref());
    if plan.task == Task::Text
        && plan.roles.roles.contains(&Role::Field("question".to_owned()))
        && let Some(spec) = output.tasks.get_mut(&Task::Text)
    {
        templates::question(spec, "document", import.prompt.as_deref(), &mut output.schemas);
    }
    for note in plan.notes.drain(..) {
        output.note(note);
    }
    let parent = path.parent().filter(|root| !root.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let root = import.files.as_deref().unwrap_or(parent);
    let mut rows = Rows::new(&plan, root, import);
    plan.table.rows(&mut |line, cells| match cells.and_then(|cells| rows.row(line, cells, output)) {
        Ok(row) => output.case(row),
        Err(message) => {
            output.refuse(Problem::at_line(path, line, message));
            Ok(())
        }
    })?;
    rows.shape.describe(plan.task, output);
    output.understood = Some(understood(&plan));
    Ok(())
}

fn understood(plan: &Plan) -> Understood {
    let columns = plan.table.header.iter().zip(&plan.roles.roles).zip(&plan.examples);
    let columns: Vec<Understanding> =
        columns.map(|((name, role), example)| understanding(plan, name, role, example.as_ref())).collect();
    let shown: Vec<&String> = columns
        .iter()
        .filter_map(|column| match &column.purpose {
            Purpose::Label(place) => Some(place),
            _ => None,
        })
        .collect();
    let mut places: Vec<(String, Reading)> = plan
        .readings
        .iter()
        .filter(|(place, _)| !shown.contains(place))
        .map(|(place, reading)| (place.clone(), reading.clone()))
        .collect();
    places.sort_by(|a, b| a.0.cmp(&b.0));
    Understood {
        rows: plan.rows,
        dialect: plan.table.dialect(),
        task: plan.task,
        guessed: plan.guessed,
        columns,
        places,
        samples: Vec::new(),
    }
}

fn understanding(plan: &Plan, name: &str, role: &Role, example: Option<&Value>) -> Understanding {
    let purpose = match role {
        Role::File => Purpose::File,
        Role::Id => Purpose::Id,
        Role::Source => Purpose::Source,
        Role::Note => Purpose::Note,
        Role::Tags => Purpose::Tag(None),
        Role::Tag(key) => Purpose::Tag(Some(key.clone())),
        Role::Fields => Purpose::Field(None),
        Role::Field(key) => Purpose::Field(Some(key.clone())),
        Role::Expected => Purpose::Expected,
        Role::Label(steps) => Purpose::Label(path::pattern(steps)),
        Role::Part(date, _) => Purpose::DatePart(path::pattern(&plan.roles.dates[*date])),
        Role::Ignored => Purpose::Ignored,
    };
    let is_json = example.is_some_and(|cell| source::structured(cell, plan.table.is_csv()).is_some());
    let reading = match &purpose {
        Purpose::Label(place) if !is_json => plan.readings.get(place).cloned(),
        _ => None,
    };
    let example = example.map(|cell| {
        let value = reading.as_ref().and_then(|reading| reading.value(cell, name).ok());
        let text = cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
        (text, value.unwrap_or_else(|| cell.clone()))
    });
    Understanding { column: name.to_owned(), purpose, reading, example }
}

/// Whether a text ends as the name of a picture, a PDF or a recording does.
#[must_use]
pub fn names_a_medium(text: &str) -> bool {
    let ending = text.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| MediaKind::from_extension(&ending).is_some())
}
