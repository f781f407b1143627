//! The cases of a record, with the fields of their labels.

use std::collections::HashMap;

use eval_decide::labels::{also, clear, put, value_at};
use eval_metrics::value::DateOrder;
use eval_record::{CaseLine, PlannedTask, Record};
use eval_summary::Labels;
use serde_json::Value;
use vision_core::Task;

use super::desk::{CaseDesk, Desk};
use super::event::{CaseName, Ruled};
use crate::field::{Field, Rules, Shape, fields_by};
use crate::{Result, StudioError};

/// All cases of a record.
#[derive(Debug, Default)]
pub struct Cases {
    all: Vec<CaseLine>,
    places: HashMap<CaseName, usize>,
}

impl Cases {
    /// Reads them. A run that only begins has none yet.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn read(record: &Record) -> Result<Self> {
        let mut cases = Self::default();
        record.cases(|_, case| {
            cases.places.insert(name_of(&case), cases.all.len());
            cases.all.push(case);
        })?;
        Ok(cases)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// A case by its name.
    ///
    /// # Errors
    /// If there is none.
    pub fn get(&self, of: &CaseName) -> Result<&CaseLine> {
        let found = self.places.get(of).map(|at| &self.all[*at]);
        found.ok_or_else(|| {
            StudioError::not_found(format!("there is no case `{}` in `{}`", of.case, of.dataset))
        })
    }

    /// All labels that stand and are not those of the record.
    #[must_use]
    pub fn labels(&self, desk: &Desk) -> Labels {
        let (mut labels, mut evidence) = (Vec::new(), Vec::new());
        for (of, case) in desk.cases() {
            let Ok(line) = self.get(of) else { continue };
            let (expected, readings) = corrected(line, case);
            let key = || (of.dataset.clone(), of.case.clone());
            if expected != line.expected {
                labels.push((key(), expected));
            }
            if readings != line.evidence {
                evidence.push((key(), readings));
            }
        }
        Labels::new(labels).with_evidence(evidence)
    }
}

/// The name of a case.
#[must_use]
pub fn name_of(case: &CaseLine) -> CaseName {
    CaseName { dataset: case.dataset.clone(), case: case.case.clone() }
}

/// The label and the evidence of a case with all that stands.
#[must_use]
pub fn corrected(line: &CaseLine, case: &CaseDesk) -> (Value, Value) {
    let (mut expected, mut evidence) = (line.expected.clone(), line.evidence.clone());
    for standing in case.standing() {
        let decision = &standing.decision;
        if let Ruled::Also(value) = &decision.ruling {
            also(&mut evidence, &decision.field, value);
        }
        match decision.ruling.correction() {
            Some(Some(value)) => put(&mut expected, &decision.field, value.clone()),
            Some(None) => _ = clear(&mut expected, &decision.field),
            None => {}
        }
    }
    (expected, evidence)
}

/// What a plan says of the task of a case.
///
/// # Errors
/// If it says nothing.
pub fn planned<'r>(record: &'r Record, case: &CaseLine) -> Result<&'r PlannedTask> {
    let dataset = record.plan.datasets.iter().find(|dataset| dataset.name == case.dataset);
    let task = dataset.and_then(|dataset| dataset.tasks.get(&case.task));
    task.ok_or_else(|| {
        StudioError::not_found(format!("the plan has no task {} of `{}`", case.task, case.dataset))
    })
}

/// The fields of a label; a single one where the label is judged as a whole.
#[must_use]
pub fn fields_of(task: &PlannedTask, case: &CaseLine) -> Vec<Field> {
    let whole = |shape| vec![Field { name: String::new(), shape, critical: false, nullable: false }];
    if case.expected.is_string() {
        return whole(Shape::Text);
    }
    let schema = [&case.own_schema, &case.schema, &task.own_schema, &task.schema];
    let schema = schema.into_iter().find_map(Option::as_ref);
    let rules =
        Rules { task: case.task, metric: &task.metric, settings: &task.settings, critical: &task.critical };
    match fields_by(rules, schema) {
        Ok(fields) if case.expected.is_object() && !fields.is_empty() => fields,
        _ => whole(Shape::Json),
    }
}

/// Whether the metric of a task accepts other readings beside the label.
#[must_use]
pub fn takes_readings(task: Task) -> bool {
    matches!(task, Task::Receipt | Task::Document | Task::Extract)
}

/// How dates in numbers are read.
#[must_use]
pub fn date_order(task: &PlannedTask, case: &CaseLine) -> Option<DateOrder> {
    let said = task.settings["date_order"].as_str().and_then(DateOrder::of);
    said.or_else(|| DateOrder::from_tags(&case.tags))
}

/// What the record's label says of a field; null if it says nothing.
#[must_use]
pub fn label_of(case: &CaseLine, field: &str) -> Value {
    value_at(&case.expected, field).clone()
}

/// Whether a label says anything about a field. For one it does not, answers are not judged.
#[must_use]
pub fn is_labeled(label: &Value, field: &str) -> bool {
    if field.is_empty() {
        return !label.is_null();
    }
    field.split('.').try_fold(label, |value, name| value.get(name)).is_some()
}
