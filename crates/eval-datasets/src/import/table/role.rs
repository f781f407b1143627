//! What each column is for. A column that nothing would come of is refused.

mod date_parts;
mod unknown;

use serde_json::{Map, Value};
use vision_core::Task;

use super::super::Import;
use super::assertion;
use super::kind::Wanted;
use super::names::{FILES, plain};
use super::path::{self, Step};
use super::source::{Table, structured};
use crate::{Problem, Result, nearest};

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    File,
    Id,
    Source,
    Note,
    Tags,
    Tag(String),
    Fields,
    Field(String),
    /// The whole label.
    Expected,
    /// A part of the label.
    Label(Vec<Step>),
    /// A part of the date of which the columns of day, month and year are made.
    Part(usize, DatePart),
    Ignored,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DatePart {
    Day,
    Month,
    Year,
}

/// The columns of a table, understood.
#[derive(Debug)]
pub(super) struct Roles {
    /// In the order of the header.
    pub roles: Vec<Role>,
    /// The places of the dates that stand in three columns each.
    pub dates: Vec<Vec<Step>>,
    /// Whether the whole labels are assertions of promptfoo.
    pub assertions: bool,
}

impl Roles {
    /// The label that a text says, or why it says none.
    pub fn label_text<'t>(&self, text: &'t str) -> Result<&'t str, String> {
        if self.assertions { assertion::label(text) } else { Ok(text) }
    }

    /// Whether the labels are answers to the questions of cases, which are typed one by one.
    pub fn answer_questions(&self, task: Task) -> bool {
        let asks = |role: &Role| matches!(role, Role::Fields) || *role == Role::Field("question".to_owned());
        task == Task::ChartQuestion || task == Task::Text && self.roles.iter().any(asks)
    }
}

const NOTES: [&str; 6] = ["note", "notes", "comment", "comments", "remark", "remarks"];

/// The columns that hold the whole label, by task.
pub(super) fn expected_names(task: Task) -> &'static [&'static str] {
    match task {
        Task::Classify => &["expected", "label", "class", "category", "klasse", "kategorie"],
        Task::Text => &["expected", "text", "transcript", "transcription", "answer", "label"],
        Task::Transcribe => &["expected", "transcript", "transcription", "text", "sentence"],
        Task::ChartQuestion => &["expected", "answer", "label"],
        Task::Describe | Task::Summarize | Task::CompareFree => &["expected", "checks"],
        Task::Receipt | Task::Document | Task::Extract | Task::ChartTable | Task::Compare => &["expected"],
    }
}

/// The places in a task's labels; nothing where any is allowed.
pub(super) fn places(task: Task) -> Option<&'static [(&'static str, Wanted)]> {
    const RECEIPT: [(&str, Wanted); 10] = [
        ("store", Wanted::Text),
        ("date", Wanted::Date),
        ("items.*.name", Wanted::Text),
        ("items.*.quantity", Wanted::Number),
        ("items.*.price", Wanted::Money),
        ("subtotal", Wanted::Money),
        ("tax", Wanted::Money),
        ("tip", Wanted::Money),
        ("total", Wanted::Money),
        ("payment_method", Wanted::Payment),
    ];
    match task {
        Task::Receipt => Some(&RECEIPT),
        Task::Document | Task::Extract | Task::ChartTable | Task::Compare => None,
        Task::Describe | Task::Summarize | Task::CompareFree => None,
        Task::ChartQuestion | Task::Classify | Task::Transcribe | Task::Text => Some(&[]),
    }
}

/// The task that the columns suggest, where none is named.
pub(super) fn guess_task(table: &Table, import: &Import) -> Task {
    let names = named(table, import);
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&plain(name).as_str()));
    let of_receipt = |name: &&String| {
        let steps = path::parse(name).ok();
        steps.zip(places(Task::Receipt)).is_some_and(|(steps, places)| of_a_place(&steps, places).is_some())
    };
    let parts = names.iter().filter(of_receipt).count();
    let labels = names.iter().filter(|name| is_label(name)).count();
    let mut columns = table.header.iter().enumerate().filter(|(_, name)| !import.ignore.contains(name));
    let label = columns.find_map(|(at, name)| whole_label(table, at, import.map.get(name).unwrap_or(name)));
    if let Some(label) = label {
        task_of(&label)
    } else if has(&["expected", "text", "transcript", "transcription", "answer"]) {
        Task::Text
    } else if has(&["label", "class", "category"]) && labels <= 1 {
        Task::Classify
    } else if parts >= 2 && parts == labels && has(&["total"]) {
        Task::Receipt
    } else if labels > 0 {
        Task::Document
    } else {
        Task::Text
    }
}

/// The label that a column holds as a whole: JSON under one of its usual names.
fn whole_label(table: &Table, at: usize, name: &str) -> Option<Map<String, Value>> {
    const NAMES: [&str; 6] = ["expected", "label", "labels", "answer", "ground_truth", "gt"];
    let cell = table.first.get(at)?.as_ref().filter(|_| NAMES.contains(&plain(name).as_str()))?;
    match structured(cell, table.is_csv()).unwrap_or_else(|| cell.clone()) {
        Value::Object(label) => Some(label),
        _ => None,
    }
}

/// The task that a whole label is for.
fn task_of(label: &Map<String, Value>) -> Task {
    let has = |keys: &[&str]| keys.iter().all(|key| label.contains_key(*key));
    let of_receipt = |key: &String| {
        let steps = [Step::Key(key.clone())];
        places(Task::Receipt).is_some_and(|places| of_a_place(&steps, places).is_some())
    };
    if has(&["label"]) && label.len() == 1 {
        Task::Classify
    } else if has(&["differences"]) {
        Task::Compare
    } else if has(&["columns", "rows"]) {
        Task::ChartTable
    } else if has(&["type", "value"]) {
        Task::ChartQuestion
    } else if has(&["total"]) && label.len() >= 2 && label.keys().all(of_receipt) {
        Task::Receipt
    } else {
        Task::Document
    }
}

fn is_label(name: &str) -> bool {
    let word = plain(name);
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = ["id", "source", "tags", "fields", "question"].contains(&word.as_str());
    !(known
        || NOTES.contains(&word.as_str())
        || FILES.contains(&stem)
        || name.contains(':')
        || name.is_empty())
}

/// The names of the columns that are not left out, as `--map` has them.
fn named(table: &Table, import: &Import) -> Vec<String> {
    let kept = table.header.iter().filter(|name| !import.ignore.contains(name));
    kept.map(|name| import.map.get(name).unwrap_or(name).clone()).collect()
}

/// Finds out what each column is for.
pub(super) fn roles(table: &Table, task: Task, import: &Import) -> Result<Roles> {
    let wrong = |message: String| Problem::at_line(&table.path, 1, message);
    for name in import.map.keys().chain(&import.ignore) {
        if !table.header.contains(name) {
            let near = nearest(name, table.header.iter().map(String::as_str));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(wrong(format!("has no column `{name}`{hint}")));
        }
    }
    let names: Vec<Option<String>> = table
        .header
        .iter()
        .map(|name| (!import.ignore.contains(name)).then(|| import.map.get(name).unwrap_or(name).clone()))
        .collect();
    let files = files(table, &names, task).map_err(wrong)?;
    let expected = expected_names(task).iter().find_map(|wanted| {
        names.iter().position(|name| name.as_ref().is_some_and(|name| plain(name) == *wanted))
    });
    let holds_whole = |(at, name): (usize, &Option<String>)| {
        name.as_ref().is_some_and(|name| whole_label(table, at, name).is_some())
    };
    let expected = expected.or_else(|| {
        // Of these tasks a label is an object, whatever its column is called.
        let is_of_objects = expected_names(task) == ["expected"];
        is_of_objects.then(|| names.iter().enumerate().position(holds_whole)).flatten()
    });
    let assertions = expected.is_some_and(|at| assertion::is_column(&table.header[at]));
    let mut unknown = Vec::new();
    let mut roles = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        roles.push(match name {
            None => Role::Ignored,
            Some(_) if files.contains(&at) => Role::File,
            Some(_) if expected == Some(at) => Role::Expected,
            // What the studio says beside a whole label: fields that it does not have.
            Some(name) if expected.is_some() && plain(name) == "unlabeled" => Role::Ignored,
            Some(name) => role(name, task).unwrap_or_else(|| {
                unknown.push(at);
                Role::Ignored
            }),
        });
    }
    let dates = date_parts::dates(&names, task, &mut roles, &mut unknown);
    refuse_twice(table, &roles).map_err(wrong)?;
    match unknown.is_empty() {
        true => Ok(Roles { roles, dates, assertions }),
        false => Err(wrong(unknown::refusal(table, task, &unknown))),
    }
}

fn role(name: &str, task: Task) -> Option<Role> {
    if let Some((kind, rest)) = name.split_once([':', '.']) {
        match kind {
            "tag" | "tags" => return Some(Role::Tag(rest.to_owned())),
            "field" | "fields" => return Some(Role::Field(rest.to_owned())),
            "expected" => return path::parse(rest).ok().map(Role::Label),
            _ => {}
        }
    }
    let word = plain(name);
    match word.as_str() {
        "id" => return Some(Role::Id),
        "source" => return Some(Role::Source),
        "tags" => return Some(Role::Tags),
        "fields" => return Some(Role::Fields),
        "question" if matches!(task, Task::ChartQuestion | Task::Text) => return Some(Role::Field(word)),
        word if NOTES.contains(&word) => return Some(Role::Note),
        _ => {}
    }
    let steps = path::parse(name).ok()?;
    let root = match steps.first() {
        Some(Step::Key(key)) => plain(key),
        _ => return None,
    };
    match (task, places(task)) {
        (Task::Document | Task::Extract, _) if !name.is_empty() => Some(Role::Label(steps)),
        (Task::ChartTable, _) => {
            ["title", "columns", "rows"].contains(&root.as_str()).then_some(Role::Label(steps))
        }
        (task, _) if task.is_open() => {
            let key = ["must", "must_not"].into_iter().find(|key| plain(key) == root)?;
            Some(Role::Label(vec![Step::Key(key.to_owned())]))
        }
        (Task::Compare, _) => (root == "differences").then_some(Role::Label(steps)),
        (Task::ChartQuestion, _) => ["type", "value", "unit", "tolerance", "aliases"]
            .contains(&root.as_str())
            .then_some(Role::Label(steps)),
        (_, Some(places)) => of_a_place(&steps, places).map(Role::Label),
        _ => None,
    }
}

/// The same place in the words of the task, whatever the column's case and signs; `items` stands for its parts.
fn of_a_place(steps: &[Step], places: &[(&str, Wanted)]) -> Option<Vec<Step>> {
    let wanted = plain(&path::pattern(steps));
    let is_list = matches!(steps.get(1), Some(Step::Item(_)));
    places.iter().find_map(|(place, _)| {
        let list = place.split_once('.').map(|(list, _)| list);
        if steps.len() == 1 && list.is_some_and(|list| list == wanted) {
            return list.map(|list| vec![Step::Key(list.to_owned())]);
        }
        let fits = plain(place) == wanted && is_list == list.is_some();
        fits.then(|| {
            place
                .split('.')
                .zip(steps)
                .map(|(key, step)| match step {
                    Step::Key(_) => Step::Key(key.to_owned()),
                    item => item.clone(),
                })
                .collect()
        })
    })
}

/// The columns that name files.
fn files(table: &Table, names: &[Option<String>], task: Task) -> Result<Vec<usize>, String> {
    let words: Vec<String> = names.iter().map(|name| plain(name.as_deref().unwrap_or_default())).collect();
    let stem = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_digit() || c == 's').to_owned();
    let with =
        |wanted: &str| (0..words.len()).filter(|at| stem(&words[*at]) == stem(wanted)).collect::<Vec<_>>();
    // `file` and `file2`, but also `file` and `files`.
    let pick = FILES.iter().map(|wanted| with(wanted)).find(|found| !found.is_empty());
    if let Some(found) = pick {
        return Ok(found);
    }
    if task == Task::Compare {
        for (before, after) in [("before", "after"), ("vorher", "nachher")] {
            let at = |wanted| {
                words
                    .iter()
                    .position(|word| word.trim_start_matches("image").trim_end_matches("image") == wanted)
            };
            if let (Some(before), Some(after)) = (at(before), at(after)) {
                return Ok(vec![before, after]);
            }
        }
    }
    let all: Vec<String> = table.header.iter().map(|name| format!("`{name}`")).collect();
    let is_data = table.header.iter().any(|name| super::names_a_medium(name));
    Err(if is_data {
        format!(
            "has no header: the first line should name the columns, as `file,label` does, but is {}",
            all.join(", ")
        )
    } else {
        format!(
            "has no column `file` (nor filename, image, path, …); it has {}: say which names the files with --map COLUMN=file",
            all.join(", ")
        )
    })
}

fn refuse_twice(table: &Table, roles: &[Role]) -> Result<(), String> {
    for (at, role) in roles.iter().enumerate() {
        let once = !matches!(role, Role::File | Role::Ignored | Role::Part(..));
        if let (true, Some(first)) = (once, roles[..at].iter().position(|other| other == role)) {
            let (a, b) = (&table.header[first], &table.header[at]);
            return Err(format!(
                "the columns {} and {} (`{a}`, `{b}`) mean the same: leave one out with --ignore-column",
                first + 1,
                at + 1
            ));
        }
    }
    Ok(())
}
