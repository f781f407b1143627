//! The queue of doubtful labels that people work through, as a table and as lines of JSON.

use eval_decide::labels::{LabelAudit, Suspect, as_label};
use eval_summary::Scope;
use serde_json::json;

use crate::escape;

/// The columns; the last four are for the person: `accept` the suggestion, `keep` the label, or `replace` it by a value.
const HEADER: [&str; 13] = [
    "dataset",
    "task",
    "case",
    "field",
    "label",
    "suggestion",
    "probability",
    "against",
    "in_favor",
    "decision",
    "value",
    "reason",
    "author",
];

/// One doubtful value per row, the most doubtful first. Values are JSON; texts are such that no spreadsheet runs them.
#[must_use]
pub fn label_queue_csv(audit: &LabelAudit) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).expect("memory takes everything");
    for suspect in &audit.suspects {
        let (dataset, task) = scope(suspect);
        let cells = [
            dataset,
            task,
            suspect.case.clone(),
            suspect.field.clone(),
            suspect.label.to_string(),
            as_label(&suspect.label, &suspect.suggestion).to_string(),
            format!("{:.4}", suspect.probability),
            suspect.against.join(" "),
            suspect.in_favor.join(" "),
        ];
        let row = cells.iter().map(|cell| escape::csv(cell)).chain(std::iter::repeat_n(String::new(), 4));
        writer.write_record(row).expect("rows have as many cells as the header");
    }
    let bytes = writer.into_inner().expect("memory takes everything");
    String::from_utf8(bytes).expect("what was written is text")
}

/// The same, as lines of JSON.
#[must_use]
pub fn label_queue_jsonl(audit: &LabelAudit) -> String {
    let line = |suspect: &Suspect| {
        let (dataset, task) = scope(suspect);
        let line = json!({
            "dataset": dataset, "task": task, "case": suspect.case, "field": suspect.field, "label": suspect.label,
            "suggestion": as_label(&suspect.label, &suspect.suggestion), "probability": suspect.probability,
            "against": suspect.against, "in_favor": suspect.in_favor, "decision": null, "value": null,
            "reason": null, "author": null,
        });
        escape::json(&line.to_string()) + "\n"
    };
    audit.suspects.iter().map(line).collect()
}

fn scope(suspect: &Suspect) -> (String, String) {
    match &suspect.scope {
        Scope::Task { dataset, task } => (dataset.clone(), task.name().to_owned()),
        Scope::Overall => (String::new(), String::new()),
    }
}
