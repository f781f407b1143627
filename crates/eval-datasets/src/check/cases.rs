use std::collections::{BTreeMap, HashMap};
use std::io::BufReader;
use std::path::Path;

use vision_core::Task;

use super::media::Store;
use super::near::Use;
use super::tasks::TaskRules;
use super::{Report, labels};
use crate::case::Line;
use crate::index::hash;
use crate::lines::{Lines, json_message};
use crate::{Case, Dataset, MediaRef, Problem, files};

/// Checks every line of `cases.jsonl`, one at a time.
pub(super) fn check(
    dataset: &Dataset,
    tasks: &BTreeMap<Task, TaskRules>,
    store: &mut Store<'_>,
    report: &mut Report,
) {
    let path = dataset.cases_path();
    let file = match files::open(&dataset.folder, "cases.jsonl") {
        Ok(file) => file,
        Err(problem) => return report.error(problem),
    };
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, file));
    let mut seen = HashMap::new();
    loop {
        let line = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(error) => return report.error(Problem::unreadable(&path, &error)),
        };
        let number = line.number;
        let case = match line.bytes {
            Ok(bytes) if bytes.trim_ascii().is_empty() => continue,
            Ok(bytes) => serde_json::from_slice::<Line>(bytes)
                .map_err(|error| json_message(&error))
                .and_then(|line| line.into_case(dataset.manifest.only_task())),
            Err(message) => Err(message),
        };
        report.cases += 1;
        match case {
            Ok(case) => check_case(&case, &path, number, tasks, &mut seen, store, report),
            Err(message) => report.error(Problem::at_line(&path, number, message)),
        }
    }
    if report.cases == 0 {
        report.warn(Problem::new(&path, "has no cases"));
    }
}

fn check_case(
    case: &Case,
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
            labels::check(rules, &case.expected, &mut |message| report.error(at(message)));
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
