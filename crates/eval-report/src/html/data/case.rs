//! One case with all its answers, as the script of the page reads it.

use std::collections::{BTreeSet, HashMap};

use eval_metrics::task::Finding;
use eval_metrics::value::Verdict;
use eval_summary::{AnswerView, CaseView, TrialStatus};
use serde_json::{Value, json};
use vision_core::Evidence;

use crate::html::pool::Pool;
use crate::trials::{is_wrong, name};

/// Longer answers are cut; the record has more of them.
const MOST_CHARACTERS: usize = 4_000;

/// Where an answer stands among the others: its provider, and its run where there are several.
#[derive(Debug, Clone, Copy)]
pub(in crate::html) struct Place {
    pub provider: Option<usize>,
    pub side: Option<usize>,
}

/// Collects the answers of a case.
pub(in crate::html) struct CaseData<'t> {
    texts: &'t mut Pool,
    /// What is expected of a field stands once, however many have answered.
    fields: Vec<Value>,
    known: HashMap<(String, String), usize>,
    wrong: BTreeSet<String>,
    answers: Vec<((usize, usize), Value)>,
}

impl<'t> CaseData<'t> {
    pub fn new(texts: &'t mut Pool) -> Self {
        Self { texts, fields: Vec::new(), known: HashMap::new(), wrong: BTreeSet::new(), answers: Vec::new() }
    }

    /// The answer of a candidate, whose mistakes the case can be found by.
    pub fn candidate(&mut self, place: Place, view: &AnswerView) {
        let wrong = view.findings.iter().filter(|it| is_wrong(it.verdict));
        self.wrong.extend(wrong.map(|it| it.field.clone()));
        self.control(place, view);
    }

    pub fn control(&mut self, place: Place, view: &AnswerView) {
        let findings: Vec<Value> = view.findings.iter().map(|finding| self.finding(finding)).collect();
        let answer = self.answer(place, view, findings);
        self.push(place, answer);
    }

    pub fn push(&mut self, place: Place, answer: Value) {
        self.answers.push(((place.provider.unwrap_or(usize::MAX), place.side.unwrap_or(0)), answer));
    }

    fn finding(&mut self, finding: &Finding) -> Value {
        let key = (finding.path.clone(), finding.expected.to_string());
        let fields = &mut self.fields;
        let place = *self.known.entry(key).or_insert_with(|| {
            fields.push(json!([finding.path, finding.expected]));
            fields.len() - 1
        });
        match (finding.verdict, finding.expected == finding.got && finding.note.is_none()) {
            // Most are of this kind, and a page must not be larger than it has to be.
            (Verdict::Right, true) => json!(place),
            _ => json!([place, finding.got, finding.verdict, finding.note]),
        }
    }

    fn answer(&mut self, place: Place, view: &AnswerView, findings: Vec<Value>) -> Value {
        let failure = view.failure.as_ref().map(|one| match view.status {
            TrialStatus::Failed => format!("{}: {}", name(Some(&one.kind)), one.message),
            _ => one.message.clone(),
        });
        let status = match view.status {
            TrialStatus::Answered if view.referred.is_some() => Some("referred"),
            TrialStatus::Answered => None,
            status => Some(status.name()),
        };
        let stop = name(view.stop.as_ref());
        slim(json!({
            "provider": place.provider, "side": place.side, "repeat": some(view.repeat), "status": status,
            "text": cut(&view.text), "score": view.score.map(|score| rounded(score, 1e6)),
            "right": view.fully_right.then_some(true), "findings": findings, "notes": view.notes, "failure": failure,
            "refusal": view.refusal, "parse": view.parse, "stop": (stop != "complete").then_some(stop),
            "seconds": view.seconds.map(|it| rounded(it, 1e3)),
            "first": view.first_token_seconds.map(|it| rounded(it, 1e3)),
            "speed": view.tokens_per_second.map(|it| rounded(it, 10.0)), "cached": view.cached.then_some(true),
            "usd": view.usd.map(|it| rounded(it, 1e8)), "input": view.usage.input, "output": view.usage.output,
            "attempts": some(view.attempts).filter(|count| *count > 1),
            "served": view.served.as_ref().map(|served| self.texts.place(served)),
            "evidence": evidence(&view.evidence),
        }))
    }

    /// The case as JSON, with what was asked.
    pub fn of(mut self, view: &CaseView) -> Value {
        self.answers.sort_by_key(|(place, _)| *place);
        let texts = &mut self.texts;
        slim(json!({
            "dataset": view.dataset, "task": view.task, "case": view.case, "tags": view.tags,
            "system": view.system.as_ref().map(|text| texts.place(&cut(text))),
            "prompt": texts.place(&cut(&view.prompt)), "expected": view.expected, "fields": self.fields,
            "wrong": self.wrong, "answers": self.answers.into_iter().map(|(_, answer)| answer).collect::<Vec<_>>(),
        }))
    }
}

/// The most places of one answer, and the most characters of each.
const MOST_PLACES: usize = 500;
const LONGEST_PLACE: usize = 200;

/// Path, page, box, confidence and text of each, with no more digits than anybody can see.
fn evidence(all: &[Evidence]) -> Vec<Value> {
    let rounded = |value: f64, by: f64| (value * by).round() / by;
    let one = |it: &Evidence| {
        let corners = it.bounds.map(|it| [it.left, it.top, it.right, it.bottom].map(|at| rounded(at, 1e4)));
        let text = it.text.as_ref().map(|text| text.chars().take(LONGEST_PLACE).collect::<String>());
        json!([it.path, it.page, corners, it.confidence.map(|it| rounded(it, 1e3)), text])
    };
    all.iter().take(MOST_PLACES).map(one).collect()
}

/// Nobody reads more digits, and thousands of them take room.
pub(in crate::html) fn rounded(value: f64, by: f64) -> f64 {
    (value * by).round() / by
}

fn some(count: u32) -> Option<u32> {
    (count > 0).then_some(count)
}

/// Without what is empty.
pub(in crate::html) fn slim(mut value: Value) -> Value {
    let is_empty =
        |value: &Value| value.is_null() || *value == json!([]) || *value == json!("") || *value == json!({});
    value
        .as_object_mut()
        .expect("it was made as one")
        .retain(|key, value| key == "expected" || !is_empty(value));
    value
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((at, _)) => format!("{}… (cut here; the record has more)", &text[..at]),
        None => text.to_owned(),
    }
}
