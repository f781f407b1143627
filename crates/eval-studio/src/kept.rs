//! What reviews decided about datasets that were exported before, so that a new export says it, too.
//!
//! A decision is about a file, known by what is in it, and a field. It is kept as long as nobody labels that field anew.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::board::Standing;
use crate::documents::content;
use crate::event::Label;
use crate::field::sparse;

/// Decisions by the SHA-256 of a file and the field, the earliest first.
#[derive(Debug, Default)]
pub struct Kept(HashMap<(String, String), Vec<Decision>>);

#[derive(Debug, Clone)]
struct Decision {
    at: Timestamp,
    /// `keep`, `correct`, `unlabel` or `also`.
    word: String,
    from: Value,
    to: Value,
    /// As it stands in the dataset.
    line: Value,
}

/// What becomes of a label by the decisions about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Revised {
    /// What is right.
    pub label: Label,
    /// Other readings that are right, too.
    pub also: Vec<Value>,
    /// The decisions that were followed, as lines of `labels.jsonl`.
    pub lines: Vec<Value>,
    /// Decisions about another label than the one that stands.
    pub outdated: usize,
}

impl Kept {
    /// Those in the datasets of these folders; a folder that is none says nothing.
    pub fn of(folders: &[PathBuf]) -> Self {
        let mut kept = Self::default();
        folders.iter().for_each(|folder| kept.read(folder));
        for decisions in kept.0.values_mut() {
            // Each export repeats those before it.
            let mut once: Vec<Decision> = Vec::new();
            for decision in decisions.drain(..) {
                if !once.iter().any(|known| known.is_same(&decision)) {
                    once.push(decision);
                }
            }
            once.sort_by_key(|decision| decision.at);
            *decisions = once;
        }
        kept
    }

    fn read(&mut self, folder: &Path) {
        let mut hashes: HashMap<String, String> = HashMap::new();
        for case in lines(folder, "cases.jsonl") {
            if let (Some(id), Some(medium)) = (case["id"].as_str(), case["media"][0].as_str()) {
                hashes.insert(id.to_owned(), medium.to_owned());
            }
        }
        for line in lines(folder, "labels.jsonl") {
            let Some(decision) = Decision::of(&line) else { continue };
            let named = line["case"].as_str().zip(line["field"].as_str());
            let Some((medium, field)) = named.and_then(|(case, field)| Some((hashes.get(case)?, field)))
            else {
                continue;
            };
            if vision_files::below(folder, medium).is_ok() {
                let content = content(folder, medium);
                for (field, decision) in decision.by_field(field) {
                    self.0.entry((content.clone(), field)).or_default().push(decision);
                }
            }
        }
    }

    /// The label of a field of this file by what was decided since it was given.
    pub fn revised(&self, content: &str, field: &str, standing: &Standing) -> Revised {
        let mut revised =
            Revised { label: standing.label.clone(), also: Vec::new(), lines: Vec::new(), outdated: 0 };
        let labeled: Option<Timestamp> = standing.at.parse().ok();
        let decisions = self.0.get(&(content.to_owned(), field.to_owned()));
        for decision in decisions.into_iter().flatten() {
            let is_before = labeled.is_some_and(|labeled| decision.at < labeled);
            let now = value(&revised.label);
            if is_before || decision.from != now && decision.from != sparse(&now) {
                revised.outdated += 1;
                continue;
            }
            match decision.word.as_str() {
                "correct" if decision.to.is_null() => revised.label = Label::Absent,
                "correct" => revised.label = Label::Value(decision.to.clone()),
                "unlabel" => revised.label = Label::Unlabeled,
                "also" => revised.also.push(decision.to.clone()),
                _ => {}
            }
            revised.lines.push(decision.line.clone());
        }
        revised
    }
}

impl Decision {
    /// A label that was decided as a whole is decided in all of its fields; a text has one.
    fn by_field(self, field: &str) -> Vec<(String, Self)> {
        let (Value::Object(from), Value::Object(to), "") = (&self.from, &self.to, field) else {
            return vec![(if field.is_empty() { "text" } else { field }.to_owned(), self)];
        };
        let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
        let of = |values: &Map<String, Value>, name: &str| values.get(name).cloned().unwrap_or_default();
        let part = |name: &String| Self { from: of(from, name), to: of(to, name), ..self.clone() };
        names.into_iter().map(|name| (name.clone(), part(name))).filter(|(_, it)| it.from != it.to).collect()
    }

    fn is_same(&self, other: &Self) -> bool {
        (self.at, &self.word, &self.from, &self.to) == (other.at, &other.word, &other.from, &other.to)
    }

    /// Nothing of a line that says how a label was given in the first place.
    fn of(line: &Value) -> Option<Self> {
        let word = line["decision"].as_str()?;
        let is_decision = ["keep", "correct", "unlabel", "also"].contains(&word);
        let at = line["at"].as_str()?.parse().ok()?;
        let (from, to) = (line["from"].clone(), line["to"].clone());
        is_decision.then(|| Self { at, word: word.to_owned(), from, to, line: line.clone() })
    }
}

/// As a decision says it: null if there is nothing, or nobody says.
fn value(label: &Label) -> Value {
    match label {
        Label::Value(value) => value.clone(),
        Label::Absent | Label::Unlabeled => Value::Null,
    }
}

/// The lines of a file; what is not there or cannot be read says nothing.
fn lines(folder: &Path, name: &str) -> Vec<Value> {
    let path = vision_files::below(folder, name).ok();
    let text = path.and_then(|path| vision_files::read_text(&path, vision_files::TEXT).ok());
    text.unwrap_or_default().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[cfg(test)]
mod tests;
