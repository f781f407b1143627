//! Labels that are probably wrong, in sentences and tables.

use eval_decide::labels::{AnnotatorAgreement, LabelAudit, Suspect, VerdictShift};
use eval_summary::Decision;
use serde_json::Value;

use crate::document::{Cell, Column, Document, Line, Section, Tone};
use crate::figures::{and, count, counted, percent, points};

/// More are in the queue that the command writes.
const MOST: usize = 40;

pub(crate) fn label_audit(audit: &LabelAudit) -> Document {
    let mut sections = vec![suspects(audit), effects(audit)];
    if !audit.annotators.is_empty() {
        sections.push(annotators(audit));
    }
    Document {
        title: "Label audit".to_owned(),
        about: format!(
            "{} · {}, {}",
            and(&audit.runs),
            counted(audit.values, "labeled value"),
            counted(audit.candidates.len() as u64, "candidate")
        ),
        headline: headline(audit),
        tone: if audit.suspects.is_empty() { Tone::Good } else { Tone::Unsure },
        sections,
    }
}

fn headline(audit: &LabelAudit) -> String {
    let expected = format!("about {:.0} of {} are probably wrong", audit.probably_wrong, count(audit.values));
    match audit.suspects.len() {
        _ if audit.candidates.len() < 2 => {
            "Too few candidates: a label is suspected where two or more independent ones agree against it."
                .to_owned()
        }
        0 => format!("No label is suspected ({expected})."),
        found => {
            let moved: Vec<&VerdictShift> = audit.verdicts.iter().filter(|it| is_moved(it)).collect();
            let verdict = match moved.first() {
                Some(_) => "correcting them would change the verdict",
                None => "correcting them would not change the verdict",
            };
            format!("{} suspected ({expected}); {verdict}.", counted(found as u64, "label"))
        }
    }
}

fn is_moved(shift: &VerdictShift) -> bool {
    (shift.decision, &shift.winner) != (shift.corrected_decision, &shift.corrected_winner)
}

fn suspects(audit: &LabelAudit) -> Section {
    let mut section = Section::open("Suspects");
    let columns = [
        Column::new("Case"),
        Column::new("Field"),
        Column::new("Label"),
        Column::new("Suggested"),
        Column::new("Wrong").about("Probability that the label is wrong"),
        Column::new("Against").about("Candidates that give the suggested value"),
        Column::new("In favor").about("Candidates that give the value of the label"),
    ];
    let line = |it: &Suspect| {
        Line::plain(vec![
            Cell::case(&dataset(it), &it.case),
            Cell::text(&it.field),
            Cell::text(shown(&it.label)),
            Cell::text(shown(&it.suggestion)),
            Cell::number(Some(it.probability), percent),
            Cell::text(it.against.join(", ")),
            Cell::text(it.in_favor.join(", ")),
        ])
    };
    section.whole_table("", &columns, audit.suspects.iter().take(MOST).map(line).collect());
    let more = audit.suspects.len().saturating_sub(MOST);
    if more > 0 {
        section.note(vec![format!("{} more: write the queue with -o.", count(more as u64))]);
    }
    if !audit.alike.is_empty() {
        section.note(vec![format!(
            "{} said the same everywhere: if they are one model, or one copies the other, the probabilities are too high. \
             Audit with one of them.",
            and(&audit.alike)
        )]);
    }
    section.note(vec![format!(
        "Listed from a probability of {} on. Each candidate counts by how often it is right in that field on other \
         documents; entries of lists are not audited.",
        percent(audit.at_least)
    )]);
    section
}

fn dataset(suspect: &Suspect) -> String {
    match &suspect.scope {
        eval_summary::Scope::Task { dataset, .. } => dataset.clone(),
        eval_summary::Scope::Overall => String::new(),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "(nothing)".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn effects(audit: &LabelAudit) -> Section {
    let mut section = Section::open("If every suspect were corrected");
    let columns = [
        Column::new("Candidate"),
        Column::new("Score"),
        Column::new("Corrected"),
        Column::new("Change").about("In points"),
    ];
    let line = |it: &eval_decide::labels::Effect| {
        let name =
            if audit.runs.len() > 1 { format!("{}@{}", it.run, it.provider) } else { it.provider.clone() };
        Line::plain(vec![
            Cell::text(name),
            Cell::number(Some(it.score), percent),
            Cell::number(Some(it.corrected), percent),
            Cell::number(Some(it.corrected - it.score), points),
        ])
    };
    section.whole_table("", &columns, audit.effects.iter().map(line).collect());
    let verdict = |it: &VerdictShift| {
        let before = said(it.decision, it.winner.as_deref());
        let after = said(it.corrected_decision, it.corrected_winner.as_deref());
        match is_moved(it) {
            true => format!("Verdict of {}: {before}; corrected: {after}.", it.run),
            false => format!("Verdict of {}: {before}, also with corrected labels.", it.run),
        }
    };
    section.list(audit.verdicts.iter().map(verdict).collect());
    section
}

fn said(decision: Decision, winner: Option<&str>) -> String {
    match (decision, winner) {
        (Decision::Recommended, Some(winner)) => format!("{winner} is recommended"),
        (Decision::Recommended | Decision::NotSettled, _) => "not settled".to_owned(),
        (Decision::NoRecommendation, _) => "no recommendation".to_owned(),
    }
}

fn annotators(audit: &LabelAudit) -> Section {
    let mut section = Section::open("Agreement of annotators");
    let columns = [
        Column::new("Field"),
        Column::new("Annotators"),
        Column::new("Values").about("Values that two or more of them labeled"),
        Column::new("Agreement").about("Mean share of agreeing pairs"),
        Column::new("Kappa").about("Cohen's, of two annotators"),
        Column::new("Alpha").about("Krippendorff's, nominal"),
        Column::new("AC1").about("Gwet's, which rare values do not pull down"),
    ];
    let two = |value: Option<f64>| Cell::number(value, |it| format!("{it:.2}"));
    let line = |it: &AnnotatorAgreement| {
        Line::plain(vec![
            Cell::text(&it.field),
            Cell::text(it.annotators.join(", ")),
            Cell::count(it.values),
            Cell::number(it.agreement, percent),
            two(it.kappa),
            two(it.alpha),
            two(it.ac1),
        ])
    };
    section.whole_table("", &columns, audit.annotators.iter().map(line).collect());
    section
}
