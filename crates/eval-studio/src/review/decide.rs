//! What a person does about a case: decides its labels, says something, flags it, takes it back.

use eval_decide::labels::{clear, put};
use eval_record::CaseLine;
use serde::Deserialize;
use serde_json::Value;

use super::Review;
use super::cases::{corrected, date_order, fields_of, label_of, name_of, planned, takes_readings};
use super::desk::Desk;
use super::event::{CaseName, Decision, ReviewEvent, Ruled};
use crate::check::{check, check_name};
use crate::event::Label;
use crate::field::Field;
use crate::request::Saved;
use crate::typed::{Understood, understand};
use crate::{Result, StudioError};

/// The longest reason, and the longest remark.
const LONGEST: usize = 2_000;

/// What is decided about one field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FieldChange {
    /// The field; empty for the label as a whole.
    pub field: String,
    /// The version that the page showed: the batch of the last decision, 0 if there was none.
    pub seen: u64,
    /// Whether the label is right as it is.
    #[serde(default)]
    pub keep: bool,
    /// Whether the value is right, too, beside the label.
    #[serde(default)]
    pub also: bool,
    /// The value, if it was not typed.
    #[serde(default)]
    pub label: Option<Label>,
    /// What was typed.
    #[serde(default)]
    pub typed: Option<String>,
}

/// Decisions about a case that are saved together.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Decide {
    /// The case.
    #[serde(flatten)]
    pub of: CaseName,
    /// Field by field.
    pub changes: Vec<FieldChange>,
    /// Why; needed wherever a label is not kept.
    #[serde(default)]
    pub reason: String,
}

/// Something said about a case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Remark {
    /// The case.
    #[serde(flatten)]
    pub of: CaseName,
    /// A comment, or why it is flagged.
    #[serde(default)]
    pub text: String,
    /// For a flag: whether it is from now on.
    #[serde(default)]
    pub on: bool,
}

impl Review {
    /// Saves decisions about a case: all of them, or none.
    ///
    /// # Errors
    /// If a field was decided in another window meanwhile, a value cannot be read, or the case could not be scored.
    pub fn decide(&self, by: &str, decide: &Decide, at: &str) -> Result<Saved> {
        check_name(by)?;
        let cases = self.cases()?;
        let case = cases.get(&decide.of)?;
        let reason = said(&decide.reason, "the reason")?;
        if decide.changes.is_empty() {
            return Err(StudioError::invalid("there is nothing to save"));
        }
        let mut state = self.state();
        let mut events = Vec::new();
        for change in &decide.changes {
            let ruling = self.ruling(&state.desk, case, change)?;
            if ruling != Ruled::Kept && reason.is_empty() {
                return Err(StudioError::invalid("say why: a correction is kept with its reason"));
            }
            let of = name_of(case);
            let from = label_of(case, &change.field);
            let decision = Decision { of, field: change.field.clone(), from, ruling, reason: reason.clone() };
            events.push(ReviewEvent::Decide(decision));
        }
        self.check_scorable(&state.desk, case, &events)?;
        let batch = state.journal.append(at, by, events)?;
        state.desk.apply(&batch);
        Ok(Saved { batch: batch.n })
    }

    fn ruling(&self, desk: &Desk, case: &CaseLine, change: &FieldChange) -> Result<Ruled> {
        let task = planned(self.record(), case)?;
        let fields = fields_of(task, case);
        let field = named(&fields, &change.field)?;
        let version = desk.case(&name_of(case)).map_or(0, |it| it.version(&field.name));
        if version != change.seen {
            let name = if field.name.is_empty() { "the label" } else { &field.name };
            return Err(StudioError::conflict(format!(
                "{name} was decided in another window: look at it again"
            )));
        }
        let label = match (change.keep, &change.label, &change.typed) {
            (true, None, None) if !change.also => return Ok(Ruled::Kept),
            (false, None, Some(text)) => read(field, text, task, case)?.label(),
            (false, Some(label), None) => label.clone(),
            _ => return Err(StudioError::invalid(format!("`{}` has no value, or two", field.name))),
        };
        check(field, &label)?;
        match label {
            Label::Value(value) if change.also && takes_readings(case.task) => Ok(Ruled::Also(value)),
            _ if change.also => {
                Err(StudioError::invalid("another reading cannot be accepted here: correct the label"))
            }
            Label::Value(value) => Ok(Ruled::Value(value)),
            Label::Absent => Ok(Ruled::Absent),
            Label::Unlabeled if field.name.is_empty() => {
                Err(StudioError::invalid("the label as a whole cannot be left out: flag the case"))
            }
            Label::Unlabeled => Ok(Ruled::Unlabeled),
        }
    }

    /// Whether the metric takes the label that would stand.
    fn check_scorable(&self, desk: &Desk, case: &CaseLine, events: &[ReviewEvent]) -> Result<()> {
        let stands = desk.case(&name_of(case)).map(|it| corrected(case, it).0);
        let mut label = stands.unwrap_or_else(|| case.expected.clone());
        for event in events {
            let ReviewEvent::Decide(decision) = event else { continue };
            match decision.ruling.correction() {
                Some(Some(value)) => put(&mut label, &decision.field, value.clone()),
                Some(None) => _ = clear(&mut label, &decision.field),
                None => {}
            }
        }
        let schema = case.schema.clone().map(std::sync::Arc::new);
        self.scorable
            .check(&case.dataset, case.task, &label, schema.as_ref())
            .map_err(|reason| StudioError::invalid(format!("the metric does not take this label: {reason}")))
    }

    /// What typed input is understood as.
    ///
    /// # Errors
    /// If there is no such case or field, or the input cannot be read.
    pub fn understand(&self, of: &CaseName, field: &str, text: &str) -> Result<Understood> {
        let cases = self.cases()?;
        let case = cases.get(of)?;
        let task = planned(self.record(), case)?;
        read(named(&fields_of(task, case), field)?, text, task, case)
    }

    /// Says something about a case.
    ///
    /// # Errors
    /// If there is no such case, or nothing is said.
    pub fn comment(&self, by: &str, remark: &Remark, at: &str) -> Result<Saved> {
        let text = said(&remark.text, "the comment")?;
        if text.is_empty() {
            return Err(StudioError::invalid("there is nothing to save"));
        }
        self.keep(by, &remark.of, at, |of| ReviewEvent::Comment { of, text })
    }

    /// Flags a case, or no longer.
    ///
    /// # Errors
    /// If there is no such case.
    pub fn flag(&self, by: &str, remark: &Remark, at: &str) -> Result<Saved> {
        let reason = said(&remark.text, "the reason")?;
        self.keep(by, &remark.of, at, |of| ReviewEvent::Flag { of, on: remark.on, reason })
    }

    fn keep(
        &self,
        by: &str,
        of: &CaseName,
        at: &str,
        event: impl FnOnce(CaseName) -> ReviewEvent,
    ) -> Result<Saved> {
        check_name(by)?;
        let of = name_of(self.cases()?.get(of)?);
        let mut state = self.state();
        let batch = state.journal.append(at, by, vec![event(of)])?;
        state.desk.apply(&batch);
        Ok(Saved { batch: batch.n })
    }

    /// Withdraws a batch of one's own.
    ///
    /// # Errors
    /// If it is another person's, was withdrawn already, or something was decided over it.
    pub fn undo(&self, by: &str, batch: u64, at: &str) -> Result<Saved> {
        check_name(by)?;
        let mut state = self.state();
        state.desk.check_undo(batch, by).map_err(StudioError::conflict)?;
        let batch = state.journal.append(at, by, vec![ReviewEvent::Undo { batch }])?;
        state.desk.apply(&batch);
        Ok(Saved { batch: batch.n })
    }
}

fn named<'f>(fields: &'f [Field], name: &str) -> Result<&'f Field> {
    let found = fields.iter().find(|field| field.name == name);
    found.ok_or_else(|| StudioError::not_found(format!("there is no field `{name}`")))
}

fn read(field: &Field, text: &str, task: &eval_record::PlannedTask, case: &CaseLine) -> Result<Understood> {
    understand(field, text, date_order(task, case)).map_err(StudioError::invalid)
}

fn said(text: &str, what: &str) -> Result<String> {
    match text.len() > LONGEST {
        true => Err(StudioError::invalid(format!("{what} is longer than {LONGEST} bytes"))),
        false => Ok(text.trim().to_owned()),
    }
}

/// The value that a ruling puts in the place of a label, to be shown.
#[must_use]
pub fn value_of(ruling: &Ruled) -> Option<&Value> {
    match ruling {
        Ruled::Value(value) | Ruled::Also(value) => Some(value),
        Ruled::Kept | Ruled::Absent | Ruled::Unlabeled => None,
    }
}
