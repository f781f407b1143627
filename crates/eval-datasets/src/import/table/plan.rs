//! What a table is understood to say, before anything is written.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use vision_core::Task;

use super::super::Import;
use super::kind::{Column, Reading};
use super::label::Answers;
use super::measured;
use super::path;
use super::question::{Choice, Question, Said};
use super::role::{self, Role, Roles, places};
use super::source::{Cells, Table, is_left_unlabeled, structured};
use super::yes_no;
use crate::{Problem, Result};

/// A table with what each of its columns means.
#[derive(Debug)]
pub(super) struct Plan {
    pub table: Table,
    pub task: Task,
    /// Whether the task was not given.
    pub guessed: bool,
    pub roles: Roles,
    /// How values are read, by their place in the label.
    pub readings: HashMap<String, Reading>,
    /// How answers to questions are read.
    pub answers: Answers,
    /// What has to be said first.
    pub questions: Vec<Question>,
    pub notes: Vec<Problem>,
    pub rows: usize,
    /// A cell that is not empty, by column.
    pub examples: Vec<Option<Value>>,
}

/// Goes through the whole table once.
pub(super) fn make(table: Table, import: &Import) -> Result<Plan> {
    let guessed = import.task.is_none();
    let task = import.task.unwrap_or_else(|| role::guess_task(&table, import));
    let roles = role::roles(&table, task, import)?;
    let mut places = Survey::new(task, &roles, table.is_csv());
    let (mut rows, mut examples) = (0, vec![None; table.header.len()]);
    table.rows(&mut |line, cells| {
        rows += 1;
        // What cannot be read is refused later, with its line.
        if let Ok(cells) = cells {
            for (example, cell) in examples.iter_mut().zip(&cells).filter(|(example, _)| example.is_none()) {
                example.clone_from(cell);
            }
            places.see(&roles, &cells, line);
        }
        Ok(())
    })?;
    if rows == 0 {
        return Err(Problem::new(&table.path, "has a header, but no rows"));
    }
    let mut said =
        Said { orders: import.date_order.clone(), marks: import.decimal.clone(), ..Said::default() };
    said.texts = import.text.iter().cloned().collect();
    said.usual_mark = places.usual_mark();
    let mut plan = Plan {
        task,
        guessed,
        roles,
        readings: HashMap::new(),
        answers: Answers::default(),
        questions: Vec::new(),
        notes: Vec::new(),
        rows,
        examples,
        table,
    };
    plan.decide(&places, &said)?;
    Ok(plan)
}

/// The columns of values, by their place in the label.
struct Survey {
    task: Task,
    is_csv: bool,
    columns: BTreeMap<String, Column>,
    /// The numbers among the answers to questions.
    answers: Column,
    yes_no: yes_no::Seen,
}

impl Survey {
    fn new(task: Task, roles: &Roles, is_csv: bool) -> Self {
        let mut columns = BTreeMap::new();
        for role in &roles.roles {
            if let Role::Label(steps) = role {
                columns.insert(path::pattern(steps), Column::default());
            }
        }
        Self { task, is_csv, columns, answers: Column::default(), yes_no: yes_no::Seen::default() }
    }

    fn see(&mut self, roles: &Roles, cells: &Cells, line: usize) {
        for (role, cell) in roles.roles.iter().zip(cells) {
            if let (Role::Expected, Some(Value::String(text))) = (role, cell)
                && roles.answer_questions(self.task)
                && let Ok(text) = roles.label_text(text)
            {
                self.yes_no.see(text);
                if let Some(measured) = measured::read(text) {
                    self.answers.see(&measured.digits.into(), line);
                }
            }
            let (Some(cell), Some(start)) = (cell, label_place(role, self.task)) else { continue };
            if matches!(role, Role::Label(_)) && is_left_unlabeled(cell, self.is_csv) {
                continue;
            }
            let mut value = structured(cell, self.is_csv).unwrap_or_else(|| cell.clone());
            let mut pattern = start;
            path::leaves(&mut value, &mut pattern, &mut |place, leaf| match self.columns.get_mut(place) {
                Some(column) => column.see(leaf, line),
                None => self.columns.entry(place.to_owned()).or_default().see(leaf, line),
            });
        }
    }

    fn usual_mark(&self) -> Option<super::number::Mark> {
        let mut marks = self.columns.values().filter_map(Column::clear_mark);
        marks.next().filter(|first| marks.all(|mark| mark == *first))
    }
}

/// Where a column's values stand in a label whose values are typed.
pub(super) fn label_place(role: &Role, task: Task) -> Option<String> {
    if !matches!(task, Task::Receipt | Task::Document | Task::Extract) {
        return None;
    }
    match role {
        Role::Label(steps) => Some(path::pattern(steps)),
        Role::Expected => Some(String::new()),
        _ => None,
    }
}

impl Plan {
    fn decide(&mut self, places: &Survey, said: &Said) -> Result<()> {
        let known: Vec<&str> =
            places.columns.keys().map(String::as_str).filter(|it| !it.is_empty()).collect();
        let answers = self.roles.roles.iter().position(|role| *role == Role::Expected);
        let answers = answers.filter(|_| self.roles.answer_questions(self.task));
        let answers = answers.map(|at| self.table.header[at].clone());
        let named = said.orders.keys().chain(said.marks.keys()).chain(&said.texts);
        for name in named.filter(|name| !name.is_empty()) {
            if !known.contains(&name.as_str()) && answers.as_ref() != Some(name) {
                return Err(Problem::at_line(
                    &self.table.path,
                    1,
                    format!("has no column `{name}` of labels"),
                ));
            }
        }
        if let Some(name) = said.texts.iter().find(|name| !self.may_be_text(name)) {
            let message =
                format!("the task `{}` says what `{name}` is: it cannot be kept as text", self.task);
            return Err(Problem::at_line(&self.table.path, 1, message));
        }
        if let Some(name) = answers {
            let mut notes = Vec::new();
            match places.answers.mark_of_answers(&name, said, &mut notes) {
                Ok(decimals) => self.answers.decimals = decimals,
                Err(question) => self.questions.push(question),
            }
            self.answers.yes_no = places.yes_no.is_all();
            self.answers.column = name;
            self.note(notes);
        }
        for (place, column) in &places.columns {
            if place.is_empty() {
                continue;
            }
            let wanted = wanted(self.task, place);
            let mut notes = Vec::new();
            match column.reading(place, wanted, said, &mut notes) {
                Ok(reading) => _ = self.readings.insert(place.clone(), reading),
                Err(question) => self.questions.push(question),
            }
            self.note(notes);
        }
        Ok(())
    }

    /// Whether what stands at a place is for the table to say.
    pub fn may_be_text(&self, place: &str) -> bool {
        label_place(&Role::Expected, self.task).is_some() && wanted(self.task, place).is_none()
    }

    fn note(&mut self, notes: Vec<(usize, String)>) {
        let notes = notes.into_iter().map(|(line, note)| Problem::at_line(&self.table.path, line, note));
        self.notes.extend(notes);
    }

    /// That the questions were not answered.
    pub fn unanswered(&self) -> Option<Problem> {
        let first = self.questions.first()?;
        let lines: Vec<String> = self.questions.iter().map(sentence).collect();
        Some(Problem::at_line(&self.table.path, first.line, lines.join("\n")))
    }
}

fn wanted(task: Task, place: &str) -> Option<super::kind::Wanted> {
    places(task)?.iter().find(|(known, _)| *known == place).map(|(_, wanted)| *wanted)
}

fn sentence(question: &Question) -> String {
    let Question { column, cell, line, choice } = question;
    match choice {
        Choice::DateOrder(ways) => {
            let ways: Vec<String> = ways
                .iter()
                .map(|(order, iso)| format!("--date-order {} reads {iso}", order.name()))
                .collect();
            format!(
                "the dates of the column `{column}` can be read in several ways (line {line}: `{cell}`): {}",
                ways.join(", ")
            )
        }
        Choice::Mark(ways) => {
            let ways: Vec<String> =
                ways.iter().map(|(mark, value)| format!("--decimal {} reads {value}", mark.name())).collect();
            format!(
                "the numbers of the column `{column}` can be read in two ways (line {line}: `{cell}`): {}",
                ways.join(", ")
            )
        }
    }
}
