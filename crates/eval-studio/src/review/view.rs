//! One case as the page shows it: its fields, everybody's answers, and what people said.

use std::collections::BTreeMap;

use eval_metrics::answer;
use eval_metrics::value::{DateOrder, Verdict};
use eval_record::CaseLine;
use eval_report::figures;
use eval_summary::{AnswerView, CaseView, Options, case_views};
use serde::Serialize;
use serde_json::Value;
use vision_core::{Evidence, Task};

use super::Review;
use super::cases::{corrected, date_order, fields_of, is_labeled, name_of, planned, takes_readings};
use super::decide::value_of;
use super::desk::{CaseDesk, Standing};
use super::event::{CaseName, Ruled};
use super::scores::state;
use crate::event::Label;
use crate::field::{Field, Shape, value_at};
use crate::typed::{as_label, shown_in};
use crate::{Result, StudioError};

/// Longer answers are cut on the page.
const MOST_CHARACTERS: usize = 20_000;

/// One case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseReview {
    /// Its name.
    #[serde(flatten)]
    pub of: CaseName,
    /// What is asked.
    pub task: Task,
    /// `name = value`.
    pub tags: Vec<String>,
    /// The text above the question.
    pub system: Option<String>,
    /// The question.
    pub prompt: String,
    /// Its media, by name.
    pub media: Vec<String>,
    /// Whether other readings can be accepted beside a label.
    pub takes_readings: bool,
    /// Why it is flagged, if it is.
    pub flagged: Option<String>,
    /// What people said.
    pub comments: Vec<Past>,
    /// Its fields.
    pub fields: Vec<FieldReview>,
    /// All answers, by candidate and repeat.
    pub answers: Vec<Answer>,
}

/// A field of the label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldReview {
    /// What it holds.
    #[serde(flatten)]
    pub field: Field,
    /// The version to decide over.
    pub version: u64,
    /// What the record's label says, as a person would type it; nothing if it says nothing.
    pub label: Option<String>,
    /// What stands, likewise.
    pub stands: Option<String>,
    /// What was decided last: `kept`, `value`, `absent`, `unlabeled`; nothing if nothing was.
    pub ruling: Option<&'static str>,
    /// Readings that are accepted beside it.
    pub also: Vec<String>,
    /// All decisions, the last one first.
    pub past: Vec<Past>,
}

/// What somebody decided or said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Past {
    /// Its batch, which can be undone.
    pub batch: u64,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What, in the word of a ruling; empty for a remark.
    pub ruling: &'static str,
    /// The value, if there is one.
    pub value: Option<String>,
    /// Why, or the remark.
    pub text: String,
}

/// An answer of a candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Who.
    pub by: String,
    /// Whether it is a control.
    pub control: bool,
    /// From 0.
    pub repeat: u32,
    /// What became of it, in one word.
    pub state: &'static str,
    /// Its score, as it is printed.
    pub score: String,
    /// Its score by the record's labels, where it was another one.
    pub was: Option<String>,
    /// What it said.
    pub text: String,
    /// Why there is no answer, or what the model said instead.
    pub failure: Option<String>,
    /// Time and money.
    pub about: String,
    /// Value by value.
    pub found: Vec<FoundValue>,
    /// By field: its reading as a label, with the same for a person.
    pub readings: BTreeMap<String, (Label, String)>,
    /// Where its values stand.
    pub evidence: Vec<Evidence>,
}

/// What an answer says of one value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundValue {
    /// Where it is: `total`, `items[2].price`.
    pub path: String,
    /// The field of the label that it belongs to.
    pub field: String,
    /// The right value.
    pub expected: Value,
    /// Its own.
    pub got: Value,
    /// Whether that is right.
    pub verdict: Verdict,
    /// What cannot be seen from the two.
    pub note: Option<String>,
}

impl Review {
    /// A case with all its answers, by the labels that stand.
    ///
    /// # Errors
    /// If there is no such case, or the record cannot be read.
    pub fn show(&self, of: &CaseName) -> Result<CaseReview> {
        let cases = self.cases()?;
        let line = cases.get(of)?;
        let (labels, desk) = {
            let state = self.state();
            (cases.labels(&state.desk), state.desk.case(of).cloned().unwrap_or_default())
        };
        let now = Options { labels, ..self.settings.options.clone() };
        let view = self.viewed(of, &now)?;
        let before =
            if now.labels.is_empty() { None } else { Some(self.viewed(of, &self.settings.options)?) };
        let task = planned(self.record(), line)?;
        let fields = fields_of(task, line);
        let order = date_order(task, line);
        let was = |at: usize| before.as_ref().and_then(|view| view.answers.get(at)).and_then(|it| it.score);
        let answer = |(at, it): (usize, &AnswerView)| self.answer(it, was(at), (&fields, order));
        Ok(CaseReview {
            of: name_of(line),
            task: line.task,
            tags: view.tags.iter().map(|(tag, value)| format!("{tag} = {value}")).collect(),
            system: view.system.clone(),
            prompt: view.prompt.clone(),
            media: line.media.clone(),
            takes_readings: takes_readings(line.task),
            flagged: desk.flag.as_ref().map(|flag| flag.reason.clone()),
            comments: desk.comments.iter().map(comment).collect(),
            fields: fields.iter().map(|field| reviewed(field, line, &desk)).collect(),
            answers: view.answers.iter().enumerate().map(answer).collect(),
        })
    }

    fn viewed(&self, of: &CaseName, options: &Options) -> Result<CaseView> {
        let found = case_views(self.record(), options)?.find(&of.dataset, &of.case)?;
        found
            .ok_or_else(|| StudioError::not_found(format!("the plan has no task for the case `{}`", of.case)))
    }

    fn answer(&self, view: &AnswerView, was: Option<f64>, by: (&[Field], Option<DateOrder>)) -> Answer {
        let shown = |score: Option<f64>| score.map_or_else(|| "n/a".to_owned(), figures::percent);
        let moved = was.zip(view.score).is_some_and(|(was, now)| (was - now).abs() > 1e-9);
        let failure = view.failure.as_ref().map(|it| it.message.clone());
        Answer {
            by: view.provider.clone(),
            control: self.record().plan.providers.iter().any(|it| it.control && it.label == view.provider),
            repeat: view.repeat,
            state: state(view),
            score: shown(view.score),
            was: moved.then(|| shown(was)),
            text: view.text.chars().take(MOST_CHARACTERS).collect(),
            failure: failure.or_else(|| view.refusal.as_ref().map(|text| format!("Refused: {text}"))),
            about: about(view),
            found: found(view, by.0),
            readings: readings(view, by),
            evidence: view.evidence.clone(),
        }
    }
}

fn about(view: &AnswerView) -> String {
    let mut parts = Vec::new();
    parts.extend(view.seconds.map(figures::seconds));
    parts.extend(view.usd.map(figures::price));
    if view.cached {
        parts.push("cached".to_owned());
    }
    if view.attempts > 1 {
        parts.push(format!("{} attempts", view.attempts));
    }
    parts.extend(view.notes.iter().cloned());
    parts.join(" · ")
}

fn found(view: &AnswerView, fields: &[Field]) -> Vec<FoundValue> {
    let of = |it: &eval_metrics::task::Finding| FoundValue {
        path: it.path.clone(),
        field: field_of(&it.path, fields).to_owned(),
        expected: it.expected.clone(),
        got: it.got.clone(),
        verdict: it.verdict,
        note: it.note.clone(),
    };
    view.findings.iter().map(of).collect()
}

/// The field of the label that a value belongs to; the label as a whole if it belongs to none.
fn field_of<'f>(path: &str, fields: &'f [Field]) -> &'f str {
    let is_in = |field: &&Field| {
        path.strip_prefix(field.name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    fields.iter().filter(|field| !field.name.is_empty()).find(is_in).map_or("", |field| &field.name)
}

/// What a candidate reads, as labels.
fn readings(
    view: &AnswerView,
    (fields, order): (&[Field], Option<DateOrder>),
) -> BTreeMap<String, (Label, String)> {
    let whole = answer::read(&view.text).value;
    let reading = |field: &Field| -> Option<(String, (Label, String))> {
        let got = view.findings.iter().find(|it| it.path == field.name && it.verdict != Verdict::Missing);
        let label = match (&field.shape, got) {
            (Shape::Text, _) => as_label(field, &Value::from(view.text.as_str()), order),
            (_, Some(found)) => as_label(field, &found.got, order),
            _ => as_label(field, value_at(whole.as_ref()?, &field.name)?, order),
        }?;
        let text = match &label {
            Label::Value(value) => shown_in(field, value),
            Label::Absent | Label::Unlabeled => String::new(),
        };
        Some((field.name.clone(), (label, text)))
    };
    if view.text.is_empty() {
        return BTreeMap::new();
    }
    fields.iter().filter_map(reading).collect()
}

fn reviewed(field: &Field, line: &CaseLine, desk: &CaseDesk) -> FieldReview {
    let (label, evidence) = corrected(line, desk);
    let shown = |label: &Value| {
        let value = eval_decide::labels::value_at(label, &field.name);
        is_labeled(label, &field.name)
            .then(|| if value.is_null() { "null".to_owned() } else { shown_in(field, value) })
    };
    let also = evidence[&field.name].as_array().into_iter().flatten();
    let also = also.filter_map(|one| one.get("value").or_else(|| one.get("text")));
    let ruling =
        desk.field(&field.name).last().map(|it| word(&it.decision.ruling)).filter(|it| *it != "also");
    FieldReview {
        field: field.clone(),
        version: desk.version(&field.name),
        label: shown(&line.expected),
        stands: shown(&label),
        ruling,
        also: also.map(|value| shown_in(field, value)).collect(),
        past: desk.history(&field.name).iter().rev().map(|it| past(field, it)).collect(),
    }
}

fn past(field: &Field, standing: &Standing) -> Past {
    Past {
        batch: standing.batch,
        at: standing.at.clone(),
        by: standing.by.clone(),
        ruling: word(&standing.decision.ruling),
        value: value_of(&standing.decision.ruling).map(|value| shown_in(field, value)),
        text: standing.decision.reason.clone(),
    }
}

fn comment(comment: &super::desk::Comment) -> Past {
    Past {
        batch: comment.batch,
        at: comment.at.clone(),
        by: comment.by.clone(),
        ruling: "",
        value: None,
        text: comment.text.clone(),
    }
}

/// A ruling in one word.
fn word(ruling: &Ruled) -> &'static str {
    match ruling {
        Ruled::Kept => "kept",
        Ruled::Value(_) => "value",
        Ruled::Absent => "absent",
        Ruled::Unlabeled => "unlabeled",
        Ruled::Also(_) => "also",
    }
}
