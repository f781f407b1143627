//! What the case browser shows, as JSON, in at most so many bytes.

use std::collections::HashMap;

use eval_metrics::value::Verdict;
use eval_summary::{AnswerView, CaseView, Summary, TrialStatus};
use serde_json::{Value, json};

use crate::MediaSource;
use crate::escape;
use crate::trials::name;

/// Texts and media together, so that a page stays under 30 MB.
const MOST_BYTES: usize = 27_000_000;
/// Media take no more of it.
const MOST_MEDIA_BYTES: usize = 15_000_000;
/// With less room than this no further media are read.
const LEAST_MEDIUM: usize = 10_000;
/// Longer answers are cut; the record has more of them.
const MOST_CHARACTERS: usize = 4_000;

pub(super) fn data(
    summary: &Summary,
    cases: impl IntoIterator<Item = CaseView>,
    source: &dyn MediaSource,
) -> String {
    let (mut shown, mut left_out, mut room) = (Vec::new(), 0, MOST_BYTES);
    let mut media = Vec::new();
    for view in cases {
        let text = case(&view).to_string();
        if text.len() > room {
            left_out += 1;
            continue;
        }
        room -= text.len();
        shown.push(text);
        media.push((view.dataset, view.media));
    }
    let (media, places) = embed(&media, source, room.min(MOST_MEDIA_BYTES));
    let providers: Vec<&str> = summary.providers.iter().map(|one| one.label.as_str()).collect();
    let controls: Vec<&str> =
        summary.providers.iter().filter(|one| one.control).map(|one| one.label.as_str()).collect();
    let head = json!({ "providers": providers, "controls": controls, "left_out": left_out, "media": media });
    let head = head.to_string();
    let cases: Vec<String> = shown
        .iter()
        .zip(places)
        .map(|(text, places)| format!("{},\"media\":{places}}}", &text[..text.len() - 1]))
        .collect();
    format!("{},\"cases\":[{}]}}", &head[..head.len() - 1], cases.join(","))
}

/// Each medium once, and which of them each case has.
fn embed(cases: &[(String, Vec<String>)], source: &dyn MediaSource, most: usize) -> (Vec<Value>, Vec<Value>) {
    let (mut media, mut known, mut room) = (Vec::new(), HashMap::new(), most);
    let mut places = Vec::new();
    for (dataset, names) in cases {
        let mut of_case = Vec::new();
        for name in names {
            let place = *known.entry((dataset, name)).or_insert_with(|| {
                media.push(medium(dataset, name, source, &mut room));
                media.len() - 1
            });
            of_case.push(place);
        }
        places.push(json!(of_case));
    }
    (media, places)
}

fn medium(dataset: &str, name: &str, source: &dyn MediaSource, room: &mut usize) -> Value {
    let kind = |mime: &str| ["image", "audio"].into_iter().find(|kind| mime.starts_with(kind));
    if *room > LEAST_MEDIUM
        && let Some((mime, bytes)) = source.media(dataset, name)
        && let Some(kind) = kind(mime)
        && bytes.len().div_ceil(3) * 4 <= *room
    {
        let src = format!("data:{mime};base64,{}", base64_simd::STANDARD.encode_to_string(&bytes));
        *room = room.saturating_sub(src.len());
        return json!({ "name": name, "kind": kind, "src": src });
    }
    let is_web = name.starts_with("https://") || name.starts_with("http://");
    let address = escape::link(name).filter(|_| is_web).or_else(|| {
        // The folder comes from whoever writes the file, the name from the dataset.
        Some(format!("{}{}", source.folder(dataset)?, escape::link(name).filter(|_| !is_web)?))
    });
    json!({ "name": name, "href": address })
}

fn case(view: &CaseView) -> Value {
    json!({
        "dataset": view.dataset, "task": view.task, "case": view.case, "tags": view.tags, "system": view.system,
        "prompt": cut(&view.prompt), "expected": view.expected,
        "answers": view.answers.iter().map(answer).collect::<Vec<_>>(),
    })
}

fn answer(view: &AnswerView) -> Value {
    let findings: Vec<Value> = view
        .findings
        .iter()
        .map(|one| match (one.verdict, one.expected == one.got && one.note.is_none()) {
            // Most are of this kind, and a page must not be larger than it has to be.
            (Verdict::Right, true) => json!([one.path, one.expected]),
            _ => json!([one.path, one.expected, one.got, one.verdict, one.note]),
        })
        .collect();
    let failure = view.failure.as_ref().map(|one| match view.status {
        TrialStatus::Failed => format!("{}: {}", name(Some(&one.kind)), one.message),
        _ => one.message.clone(),
    });
    let status = match view.status {
        TrialStatus::Answered => "",
        status => status.name(),
    };
    let mut out = json!({
        "provider": view.provider, "repeat": view.repeat, "status": status, "text": cut(&view.text), "score": view.score,
        "right": view.fully_right, "findings": findings, "notes": view.notes, "failure": failure,
        "refusal": view.refusal, "parse": view.parse, "stop": view.stop, "seconds": view.seconds,
        "cached": view.cached, "usd": view.usd, "input": view.usage.input, "output": view.usage.output,
        "attempts": view.attempts, "served": view.served,
    });
    let is_empty = |value: &Value| value.is_null() || *value == json!([]) || *value == json!("");
    out.as_object_mut().expect("it was just made").retain(|_, value| !is_empty(value));
    out
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
