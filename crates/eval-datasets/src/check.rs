//! Everything that can be wrong with a dataset's folder, told at once.

mod cases;
mod evidence;
mod labels;
mod media;
mod near;
mod sums;
mod tasks;
mod twice;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde_json::Value;
use vision_core::Task;

use crate::{Case, Dataset, Problem, TaskSpec};

pub(crate) use evidence::stands;
pub(crate) use labels::misfit;
pub(crate) use media::fault;
pub use sums::write_sums;
pub(crate) use sums::{Digests, digest_of, listed};

/// What [`check`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Lines that are cases.
    pub cases: usize,
    /// Different media files that cases name.
    pub media: usize,
    /// By file and line. At most [`Report::MOST`] are kept; all are counted.
    pub findings: Vec<Finding>,
    /// Findings that make the dataset unfit for use.
    pub errors: usize,
    /// Findings that somebody should look at.
    pub warnings: usize,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What and where.
    pub problem: Problem,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The dataset must not be used before it is mended.
    Error,
    /// It may be meant so.
    Warning,
}

impl Report {
    /// More findings than anybody reads, and few enough to hold.
    pub const MOST: usize = 100_000;

    /// Whether the dataset may be used.
    pub fn passed(&self) -> bool {
        self.errors == 0
    }

    fn error(&mut self, problem: Problem) {
        self.errors += 1;
        self.keep(Severity::Error, problem);
    }

    fn warn(&mut self, problem: Problem) {
        self.warnings += 1;
        self.keep(Severity::Warning, problem);
    }

    fn keep(&mut self, severity: Severity, problem: Problem) {
        if self.findings.len() < Self::MOST {
            self.findings.push(Finding { severity, problem });
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{word}: {}", self.problem)
    }
}

/// Checks the whole folder: manifest, schemas, cases, labels, media and hashes. `metrics` are the names a manifest may use.
///
/// Reads every file once. What it keeps is some two hundred bytes a case or file, whatever they hold.
pub fn check(folder: &Path, metrics: &[&str]) -> Report {
    let mut report = Report::default();
    match vision_files::storage::dataset(folder) {
        Ok(here) => {
            check_here(&here, metrics, &mut report);
            report.findings.iter_mut().for_each(|finding| called(finding, &here, folder));
        }
        Err(refused) => report.error(Problem::new(folder, refused.to_string())),
    }
    report
}

/// What is wrong with a copy is said of what it is a copy of.
fn called(finding: &mut Finding, here: &Path, folder: &Path) {
    if here != folder
        && let Ok(name) = finding.problem.path.strip_prefix(here)
    {
        finding.problem.path = folder.join(name);
    }
}

fn check_here(folder: &Path, metrics: &[&str], report: &mut Report) {
    let mut store = media::Store::new(folder);
    let mut schemas = Vec::new();
    match Dataset::open(folder) {
        Ok(dataset) => {
            let tasks = tasks::check(&dataset, metrics, report);
            schemas.extend(cases::check(&dataset, &tasks, &mut store, report));
            schemas.extend(dataset.manifest.tasks.into_values().filter_map(|spec| spec.schema));
        }
        Err(problem) => report.error(problem),
    }
    report.media = store.len();
    store.check_likeness(report);
    sums::check(folder, &store, &schemas, report);
    report.findings.sort_by(|a, b| place(a).cmp(&place(b)));
}

/// Whether labels are what their metric can judge: the part of [`check`] that reads no media.
#[derive(Debug)]
pub struct LabelCheck(BTreeMap<Task, tasks::TaskRules>);

impl LabelCheck {
    /// For the cases of this dataset.
    pub fn new(dataset: &Dataset) -> Self {
        // What is wrong with the manifest is told elsewhere.
        Self(tasks::check(dataset, &[], &mut Report::default()))
    }

    /// For labels of a task that is in no folder yet.
    pub(crate) fn unwritten(task: Task, spec: &TaskSpec, schema: Option<&Value>) -> Self {
        Self(BTreeMap::from([(task, tasks::TaskRules::unwritten(task, spec, schema))]))
    }

    /// The first fault of a label.
    pub fn fault(&self, task: Task, expected: &Value) -> Option<String> {
        let mut first = None;
        labels::check(self.0.get(&task)?, expected, None, &mut |message| _ = first.get_or_insert(message));
        first
    }

    /// Every fault of a case's label.
    pub fn faults(&self, case: &Case) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(rules) = self.0.get(&case.task) {
            let own = case.schema.as_deref().and_then(tasks::forgiving);
            labels::check(rules, &case.expected, own.as_ref(), &mut |message| faults.push(message));
        }
        faults
    }
}

fn place(finding: &Finding) -> (&Path, Option<usize>, Option<usize>, &str) {
    let problem = &finding.problem;
    (&problem.path, problem.line, problem.column, &problem.message)
}

#[cfg(test)]
mod tests;
