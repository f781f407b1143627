use std::collections::{BTreeMap, HashMap};
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use jsonschema::Validator;
use vision_core::Task;

use super::media::Store;
use super::near::Use;
use super::tasks::{TaskRules, validator};
use super::twice::Labeled;
use super::{Report, evidence, labels};
use crate::case::Line;
use crate::index::hash;
use crate::lines::{Lines, json_message};
use crate::{Case, Dataset, MediaRef, Problem, files};

/// Checks every line of `cases.jsonl`, one at a time, and returns the files with schemas that they name.
pub(super) fn check(
    dataset: &Dataset,
    tasks: &BTreeMap<Task, TaskRules>,
    store: &mut Store<'_>,
    report: &mut Report,
) -> Vec<String> {
    let path = dataset.cases_path();
    let file = match files::open(&dataset.folder, "cases.jsonl") {
        Ok(file) => file,
        Err(problem) => {
            report.error(problem);
            return Vec::new();
        }
    };
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, file));
    let mut seen = HashMap::new();
    let mut schemas = Schemas::new(&dataset.folder);
    let mut labeled = Labeled::default();
    loop {
        let line = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(error) => {
                report.error(Problem::unreadable(&path, &error));
                break;
            }
        };
        let number = line.number;
        let case = match line.bytes {
            Ok(bytes) if bytes.trim_ascii().is_empty() => continue,
            Ok(bytes) => {
                serde_json::from_slice::<Line>(bytes).map_err(|error| json_message(&error)).and_then(|line| {
                    let file = line.schema.clone();
                    line.into_case(dataset.manifest.only_task()).map(|case| (case, file))
                })
            }
            Err(message) => Err(message),
        };
        report.cases += 1;
        match case {
            Ok((case, file)) => {
                let at = |message: String| Problem::at_line(&path, number, message);
                let own = file
                    .as_ref()
                    .and_then(|file| schemas.get(file, case.task, &mut |it| report.error(at(it))));
                check_case(&case, own.as_deref(), &path, number, tasks, &mut seen, store, report);
                if let Some(message) = labeled.contradiction(&case, file.as_deref(), number, store) {
                    report.warn(Problem::at_line(&path, number, message));
                }
            }
            Err(message) => report.error(Problem::at_line(&path, number, message)),
        }
    }
    if report.cases == 0 {
        report.warn(Problem::new(&path, "has no cases"));
    }
    schemas.by_file.into_keys().collect()
}

/// The schemas that cases name, each read once.
struct Schemas<'a> {
    folder: &'a Path,
    by_file: HashMap<String, Option<Arc<Validator>>>,
}

impl<'a> Schemas<'a> {
    fn new(folder: &'a Path) -> Self {
        Self { folder, by_file: HashMap::new() }
    }

    /// The schema in a file; what is wrong with it is told where it is named first.
    fn get(&mut self, file: &str, task: Task, refuse: &mut dyn FnMut(String)) -> Option<Arc<Validator>> {
        if let Some(known) = self.by_file.get(file) {
            return known.clone();
        }
        let read =
            validator(self.folder, task, file).map_err(|message| refuse(format!("`schema`: {message}")));
        let read = read.ok().map(Arc::new);
        self.by_file.insert(file.to_owned(), read.clone());
        read
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "a case, its schema and its place, and what all cases are held against"
)]
fn check_case(
    case: &Case,
    own: Option<&Validator>,
    path: &Path,
    number: usize,
    tasks: &BTreeMap<Task, TaskRules>,
    seen: &mut HashMap<u64, u32>,
    store: &mut Store<'_>,
    report: &mut Report,
) {
    let at = |message: String| Problem::at_line(path, number, message);
    if case.id.trim().is_empty() {
        report.error(at("`id` is empty".to_owned()));
    } else if let Some(first) = seen.insert(hash(&case.id), number as u32) {
        report.error(at(format!("the id `{}` stands in line {first} already", case.id)));
    }
    match tasks.get(&case.task) {
        None => report.error(at(format!("the task `{}` is not in dataset.toml", case.task))),
        Some(rules) => {
            for field in rules.fields.iter().filter(|field| !case.fields.contains_key(*field)) {
                report.error(at(format!("the prompt asks for the field `{field}`, which this case lacks")));
            }
            for field in case.fields.keys().filter(|field| !rules.fields.contains(*field)) {
                report.warn(at(format!("the field `{field}` is not used by the prompt")));
            }
            if rules.own_schema && own.is_none() && rules.schema.is_none() {
                report.error(at(
                    "has no JSON Schema: name a file as `schema` here, or in dataset.toml for all cases"
                        .to_owned(),
                ));
            }
            labels::check(rules, &case.expected, own, &mut |message| report.error(at(message)));
            evidence::check(case, &mut |it| report.error(at(it)));
            if labels::is_empty(&case.expected) {
                report.warn(at("`expected` labels nothing: no answer can be judged".to_owned()));
            }
        }
    }
    if case.media.is_empty() {
        report.error(at("`media` is empty: there is nothing to look at".to_owned()));
    }
    for medium in &case.media {
        if let MediaRef::File(file) = medium {
            let usage = Use { line: number as u32, source: hash(&case.source) };
            store.add(file, usage, path, report);
        }
    }
}
