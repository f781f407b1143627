//! The most common answers of a dataset.
//!
//! The constants are chosen on the whole labelled set, the case's own label included. Leaving it out would push the
//! control below chance where labels are balanced (the own label is then always one behind the others), and so would
//! choosing on other folds. The price is a small lead over chance, which makes the control harder to beat, not easier.
//! A value that only one source document has is no constant that anybody could know: it counts only where the
//! possible answers are few and known, that is for labels of classes and for yes and no.

use std::collections::BTreeMap;

use eval_datasets::{Case, Dataset, Problem, Selection};
use serde_json::{Map, Value, json};
use vision_core::Task;

use super::words;

/// What a control may know of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    /// The task and the type of the answer.
    Nothing,
    /// The question as well.
    Question,
}

/// The answers of one task, for groups of cases that look alike to the control.
#[derive(Debug)]
pub(crate) struct Guesses {
    reads: Reads,
    groups: BTreeMap<String, Group>,
}

/// A group of fewer cases says more of its cases than of its question.
const FEWEST_CASES: usize = 8;

/// Beyond this many different values a field has no constant to speak of, and counting on would only cost memory.
const MOST_VALUES: usize = 20_000;

impl Guesses {
    /// Counts the labels of every task of a dataset.
    pub fn of(dataset: &Dataset, reads: Reads) -> Result<BTreeMap<Task, Self>, Problem> {
        let mut guesses: BTreeMap<Task, Self> = BTreeMap::new();
        for case in dataset.index(&Selection::default())?.cases() {
            let case = case?;
            guesses.entry(case.task).or_insert_with(|| Self::new(reads)).count(&case);
        }
        Ok(guesses)
    }

    fn new(reads: Reads) -> Self {
        Self { reads, groups: BTreeMap::new() }
    }

    fn count(&mut self, case: &Case) {
        for key in self.keys(case) {
            self.groups.entry(key).or_default().count(case);
        }
    }

    /// The groups a case belongs to, the narrowest first.
    fn keys(&self, case: &Case) -> Vec<String> {
        let kind = match case.task {
            Task::ChartQuestion => case.expected["type"].as_str().unwrap_or_default(),
            _ => "",
        };
        let mut keys = vec![kind.to_owned()];
        if self.reads == Reads::Question {
            let question = words::question(case);
            keys.insert(0, format!("{kind}/{}", words::opening(&question)));
            keys.insert(0, format!("{kind}/{}/", words::shape(&question)));
        }
        keys
    }

    /// The best answer without looking.
    pub fn answer(&self, case: &Case) -> String {
        let keys = self.keys(case);
        let widest = keys.len() - 1;
        let groups: Vec<&Group> = keys
            .iter()
            .enumerate()
            .filter_map(|(at, key)| Some((at, self.groups.get(key)?)))
            .filter(|(at, group)| *at == widest || group.cases >= FEWEST_CASES)
            .map(|(_, group)| group)
            .collect();
        let guess = |name: &str| groups.iter().find_map(|group| group.guess(name, case.task));
        if case.task.is_open() {
            return groups.last().map(|group| group.common()).unwrap_or_default();
        }
        let answer = match label(case) {
            Value::Object(fields) => {
                let fields = fields.keys().map(|name| {
                    let value = guess(name).or_else(|| self.named(case)).unwrap_or(Value::Null);
                    (name.clone(), value)
                });
                Value::Object(fields.collect::<Map<_, _>>())
            }
            _ => guess("").unwrap_or(Value::Null),
        };
        match answer {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// A name from the question, where the answer is a name and no other guess was found.
    fn named(&self, case: &Case) -> Option<Value> {
        let is_name = case.task == Task::ChartQuestion && case.expected["type"] == "category";
        (self.reads == Reads::Question && is_name)
            .then(|| words::quoted(&words::question(case)).map(Value::String))
            .flatten()
    }
}

/// What an answer should hold: the label of a question has its type and tolerance beside its value.
fn label(case: &Case) -> Value {
    match case.task {
        Task::ChartQuestion => json!({ "answer": case.expected["value"] }),
        _ => case.expected.clone(),
    }
}

/// The words that meet a check.
fn wording(check: &Value) -> &Value {
    let accepted = check["accepted"].as_array().and_then(|accepted| accepted.first());
    accepted.unwrap_or(if check.is_string() { check } else { &check["text"] })
}

/// How often each field has each value; a label without fields has the one field `""`.
#[derive(Debug, Default)]
struct Group {
    cases: usize,
    fields: BTreeMap<String, BTreeMap<String, ValueCount>>,
}

#[derive(Debug)]
struct ValueCount {
    times: usize,
    source: String,
    /// Whether more than one source has it.
    shared: bool,
}

impl Group {
    fn count(&mut self, case: &Case) {
        self.cases += 1;
        if case.task.is_open() {
            let checks = case.expected["must"].as_array().into_iter().flatten();
            return checks.for_each(|check| self.add(String::new(), wording(check), &case.source));
        }
        match label(case) {
            Value::Object(fields) => {
                fields.into_iter().for_each(|(name, value)| self.add(name, &value, &case.source));
            }
            whole => self.add(String::new(), &whole, &case.source),
        }
    }

    fn add(&mut self, name: String, value: &Value, source: &str) {
        let values = self.fields.entry(name).or_default();
        let text = value.to_string();
        if let Some(seen) = values.get_mut(&text) {
            seen.times += 1;
            seen.shared |= seen.source != source;
        } else if values.len() < MOST_VALUES {
            values.insert(text, ValueCount { times: 1, source: source.to_owned(), shared: false });
        }
    }

    /// What at least half of the cases must say.
    fn common(&self) -> String {
        let all = self.fields.get("").into_iter().flatten();
        let common = all.filter(|(_, seen)| seen.shared && seen.times * 2 >= self.cases);
        let texts = common.filter_map(|(text, _)| serde_json::from_str::<String>(text).ok());
        texts.collect::<Vec<_>>().join(". ")
    }

    /// The most common value, the first by spelling among equals.
    fn guess(&self, name: &str, task: Task) -> Option<Value> {
        let known = |text: &str| task == Task::Classify || matches!(text, "true" | "false" | "null");
        let best = self
            .fields
            .get(name)?
            .iter()
            .filter(|(text, seen)| seen.shared || known(text))
            .max_by(|(first, a), (second, b)| a.times.cmp(&b.times).then_with(|| second.cmp(first)));
        best.and_then(|(text, _)| serde_json::from_str(text).ok())
    }
}

#[cfg(test)]
mod tests;
