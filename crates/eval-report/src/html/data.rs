//! What the case browser shows, as JSON, in at most so many bytes.

use std::collections::HashMap;

use eval_metrics::value::Verdict;
use eval_summary::{AnswerView, CaseView, StandingKind, Summary, TrialStatus};
use serde_json::{Value, json};

use super::embed::{CaseMedia, Interest, embedded};
use super::hints::Hints;
use super::limits;
use super::pool::Pool;
use crate::trials::{is_wrong, name};
use crate::{MediaSource, Page};

/// All texts of the cases together: a page is to be mailed, and to open at once.
const MOST_BYTES: usize = 24_000_000;
/// Longer answers are cut; the record has more of them.
const MOST_CHARACTERS: usize = 4_000;

/// What the page needs to know about its cases.
pub(super) struct Data {
    /// For the script.
    pub json: String,
    /// What mistakes have in common.
    pub hints: Hints,
}

pub(super) fn data(
    summary: &Summary,
    cases: impl IntoIterator<Item = CaseView>,
    source: &dyn MediaSource,
    page: &Page<'_>,
) -> Data {
    let providers = Providers::of(summary);
    let (mut texts, mut hints) = (Pool::default(), Hints::default());
    let (mut shown, mut media, mut left_out, mut room) = (Vec::new(), Vec::new(), 0_u64, MOST_BYTES);
    for view in cases {
        hints.count(&view, |label| providers.is_control(label));
        let text = case(&view, &providers, &mut texts).to_string();
        if text.len() > room {
            left_out += 1;
            continue;
        }
        room -= text.len();
        shown.push(text);
        let interest = interest(&view, &providers);
        media.push(CaseMedia { dataset: view.dataset, names: view.media, interest });
    }
    let embedded = embedded(&media, source, page.embed, page.threads);
    let head = json!({
        "providers": providers.list, "left_out": left_out, "texts": texts.into_list(), "media": embedded.media,
        "held": embedded.held, "trade_off": page.trade_off.map(|it| limits::data(summary, it)),
    });
    let mut json = head.to_string();
    json.truncate(json.len() - 1);
    json.push_str(",\"cases\":[");
    for (at, (text, places)) in shown.into_iter().zip(embedded.places).enumerate() {
        json.push_str(if at > 0 { "," } else { "" });
        json.push_str(&text[..text.len() - 1]);
        json.push_str(&format!(",\"media\":{}}}", json!(places)));
    }
    json.push_str("]}");
    Data { json, hints }
}

/// Everybody in the order of the leaderboard.
struct Providers {
    list: Vec<Value>,
    /// Place in the list, and whether it is a control.
    places: HashMap<String, (usize, bool)>,
}

impl Providers {
    fn of(summary: &Summary) -> Self {
        let rows = &summary.overall.rows;
        let ranked = rows.iter().filter(|row| !row.control).chain(rows.iter().filter(|row| row.control));
        let rest = summary.providers.iter().filter(|one| rows.iter().all(|row| row.provider != one.label));
        let all: Vec<(&str, bool, Option<f64>)> = ranked
            .map(|row| (row.provider.as_str(), row.control, row.score.as_ref().map(|score| score.mean)))
            .chain(rest.map(|one| (one.label.as_str(), one.control, None)))
            .collect();
        let standing = |label: &str| {
            summary.verdict.candidates.iter().find(|it| it.provider == label).map(|it| match it.standing {
                StandingKind::Recommended => "recommended",
                StandingKind::InContention => "in contention",
                StandingKind::Worse => "worse",
            })
        };
        let list = all.iter().map(|(label, control, score)| {
            json!({ "name": label, "control": control, "score": score, "standing": standing(label) })
        });
        let list = list.collect();
        let places =
            all.iter().enumerate().map(|(at, (label, control, _))| ((*label).to_owned(), (at, *control)));
        Self { list, places: places.collect() }
    }

    fn place(&self, label: &str) -> Option<usize> {
        self.places.get(label).map(|(place, _)| *place)
    }

    fn is_control(&self, label: &str) -> bool {
        self.places.get(label).is_some_and(|(_, control)| *control)
    }
}

/// How likely a reader opens the case.
fn interest(view: &CaseView, providers: &Providers) -> Interest {
    let answers = || view.answers.iter().filter(|answer| !providers.is_control(&answer.provider));
    let scores = || answers().filter_map(|answer| answer.score);
    let (least, most) =
        scores().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)));
    if most - least > 1e-9 {
        Interest::Split
    } else if answers().any(|answer| answer.status == TrialStatus::Failed || !answer.fully_right) {
        Interest::Wrong
    } else {
        Interest::Sample
    }
}

fn case(view: &CaseView, providers: &Providers, texts: &mut Pool) -> Value {
    // What is expected of a field stands once, however many have answered.
    let (mut fields, mut known) = (Vec::new(), HashMap::new());
    let mut answers: Vec<(usize, Value)> = view
        .answers
        .iter()
        .map(|one| {
            let findings: Vec<Value> = one
                .findings
                .iter()
                .map(|finding| {
                    let key = (finding.path.clone(), finding.expected.to_string());
                    let place = *known.entry(key).or_insert_with(|| {
                        fields.push(json!([finding.path, finding.expected]));
                        fields.len() - 1
                    });
                    match (finding.verdict, finding.expected == finding.got && finding.note.is_none()) {
                        // Most are of this kind, and a page must not be larger than it has to be.
                        (Verdict::Right, true) => json!(place),
                        _ => json!([place, finding.got, finding.verdict, finding.note]),
                    }
                })
                .collect();
            let place = providers.place(&one.provider);
            (place.unwrap_or(usize::MAX), answer(one, place, findings, texts))
        })
        .collect();
    answers.sort_by_key(|(place, _)| *place);
    let wrong =
        view.answers.iter().filter(|it| !providers.is_control(&it.provider)).flat_map(|it| &it.findings);
    let mut wrong: Vec<&str> = wrong.filter(|it| is_wrong(it.verdict)).map(|it| it.field.as_str()).collect();
    wrong.sort_unstable();
    wrong.dedup();
    slim(json!({
        "dataset": view.dataset, "task": view.task, "case": view.case, "tags": view.tags,
        "system": view.system.as_ref().map(|text| texts.place(&cut(text))), "prompt": texts.place(&cut(&view.prompt)),
        "expected": view.expected, "fields": fields, "wrong": wrong,
        "answers": answers.into_iter().map(|(_, answer)| answer).collect::<Vec<_>>(),
    }))
}

fn answer(view: &AnswerView, place: Option<usize>, findings: Vec<Value>, texts: &mut Pool) -> Value {
    let failure = view.failure.as_ref().map(|one| match view.status {
        TrialStatus::Failed => format!("{}: {}", name(Some(&one.kind)), one.message),
        _ => one.message.clone(),
    });
    let status = match view.status {
        TrialStatus::Answered => None,
        status => Some(status.name()),
    };
    let stop = name(view.stop.as_ref());
    // Nobody reads more digits, and thousands of them take room.
    let rounded = |value: f64, by: f64| (value * by).round() / by;
    slim(json!({
        "provider": place, "repeat": some(view.repeat), "status": status, "text": cut(&view.text),
        "score": view.score.map(|score| rounded(score, 1e6)), "right": view.fully_right.then_some(true),
        "findings": findings, "notes": view.notes, "failure": failure, "refusal": view.refusal, "parse": view.parse,
        "stop": (stop != "complete").then_some(stop), "seconds": view.seconds.map(|it| rounded(it, 1e3)),
        "cached": view.cached.then_some(true), "usd": view.usd.map(|it| rounded(it, 1e8)),
        "input": view.usage.input, "output": view.usage.output,
        "attempts": some(view.attempts).filter(|count| *count > 1),
        "served": view.served.as_ref().map(|served| texts.place(served)),
    }))
}

fn some(count: u32) -> Option<u32> {
    (count > 0).then_some(count)
}

/// Without what is empty.
fn slim(mut value: Value) -> Value {
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
