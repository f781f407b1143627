//! The labels that are probably wrong, to be worked through one by one.

use std::sync::Arc;

use eval_decide::labels::{LabelAudit, Suspect, audit};
use eval_record::Record;
use eval_report::figures;
use eval_summary::Scope;
use serde::Serialize;

use super::cases::{date_order, fields_of, planned};
use super::event::CaseName;
use super::{Review, locked};
use crate::Result;
use crate::event::Label;
use crate::typed::{as_label, shown_in};

/// Less doubtful labels are not listed.
const AT_LEAST: f64 = 0.1;

/// Labels that are probably wrong, the most doubtful first.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Queue {
    /// Values of labels that were looked at.
    pub values: u64,
    /// How many of them are probably wrong.
    pub probably_wrong: String,
    /// One by one.
    pub items: Vec<QueueItem>,
    /// Of them, those that nobody has decided.
    pub left: usize,
}

/// One doubtful label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueueItem {
    /// The case.
    #[serde(flatten)]
    pub of: CaseName,
    /// The field, as a label has it.
    pub field: String,
    /// The chance that the label is wrong: `93.0%`.
    pub probability: String,
    /// The label, for a person.
    pub label: String,
    /// What candidates say instead; nothing if that is no label.
    pub suggestion: Option<(Label, String)>,
    /// Who says so.
    pub against: Vec<String>,
    /// Who says what the label says.
    pub in_favor: Vec<String>,
    /// Whether somebody has decided it.
    pub decided: bool,
}

impl Review {
    /// The queue as it stands. The first time it takes as long as `labels audit`.
    ///
    /// # Errors
    /// If the record cannot be read or scored.
    pub fn queue(&self) -> Result<Queue> {
        let found = self.audited()?;
        let state = self.state();
        let mut queue = Queue::clone(&found);
        for item in &mut queue.items {
            item.decided = state.desk.case(&item.of).is_some_and(|case| case.version(&item.field) > 0);
        }
        queue.left = queue.items.iter().filter(|item| !item.decided).count();
        Ok(queue)
    }

    /// By the labels of the record: those that were corrected are in no doubt any longer.
    fn audited(&self) -> Result<Arc<Queue>> {
        let mut known = locked(&self.queue);
        let trials = self.length("trials.jsonl");
        if let Some((length, queue)) = known.as_ref()
            && *length == trials
        {
            return Ok(queue.clone());
        }
        let own = Record { dir: self.record.dir.clone(), plan: self.record.plan.clone() };
        let audit = audit(&[(self.record.plan.name.clone(), own)], &self.settings.options, AT_LEAST)?;
        let queue = Arc::new(self.queue_of(&audit)?);
        *known = Some((trials, queue.clone()));
        Ok(queue)
    }

    fn queue_of(&self, audit: &LabelAudit) -> Result<Queue> {
        let cases = self.cases()?;
        let mut items = Vec::new();
        for suspect in &audit.suspects {
            let Scope::Task { dataset, .. } = &suspect.scope else { continue };
            let of = CaseName { dataset: dataset.clone(), case: suspect.case.clone() };
            let case = cases.get(&of)?;
            let task = planned(&self.record, case)?;
            let fields = fields_of(task, case);
            // A label that is judged as a whole is decided as a whole.
            let Some(field) = fields.iter().find(|it| it.name == suspect.field || it.name.is_empty()) else {
                continue;
            };
            let suggestion = suggested(suspect).filter(|_| field.name == suspect.field);
            let suggestion = suggestion.and_then(|value| as_label(field, &value, date_order(task, case)));
            items.push(QueueItem {
                of,
                field: field.name.clone(),
                probability: figures::percent(suspect.probability),
                label: shown_in(field, &suspect.label),
                suggestion: suggestion.map(|label| {
                    let text = match &label {
                        Label::Value(value) => shown_in(field, value),
                        Label::Absent | Label::Unlabeled => "null".to_owned(),
                    };
                    (label, text)
                }),
                against: suspect.against.clone(),
                in_favor: suspect.in_favor.clone(),
                decided: false,
            });
        }
        let probably_wrong = format!("{:.1}", audit.probably_wrong);
        Ok(Queue { values: audit.values, probably_wrong, left: items.len(), items })
    }
}

fn suggested(suspect: &Suspect) -> Option<serde_json::Value> {
    Some(eval_decide::labels::as_label(&suspect.label, &suspect.suggestion))
}
