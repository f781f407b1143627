use eval_summary::{AnswerView, CaseView, Summary};
use serde_json::{Value, json};

use crate::MediaSource;
use crate::escape;
use crate::trials::name;

/// All embedded media together, so that a page stays under 30 MB.
const MOST_MEDIA_BYTES: usize = 12_000_000;
/// Longer answers are cut; the record has all of them.
const MOST_CHARACTERS: usize = 4_000;

/// What the case browser shows, as JSON.
pub(super) fn data(
    summary: &Summary,
    cases: impl IntoIterator<Item = CaseView>,
    media: &dyn MediaSource,
) -> String {
    let mut room = MOST_MEDIA_BYTES;
    let cases: Vec<Value> = cases.into_iter().map(|view| case(&view, media, &mut room)).collect();
    let providers: Vec<&str> = summary.providers.iter().map(|one| one.label.as_str()).collect();
    let controls: Vec<&str> =
        summary.providers.iter().filter(|one| one.control).map(|one| one.label.as_str()).collect();
    json!({ "providers": providers, "controls": controls, "cases": cases }).to_string()
}

fn case(view: &CaseView, source: &dyn MediaSource, room: &mut usize) -> Value {
    let media: Vec<Value> = view.media.iter().map(|name| medium(view, name, source, room)).collect();
    json!({
        "dataset": view.dataset, "task": view.task, "case": view.case, "tags": view.tags, "system": view.system,
        "prompt": cut(&view.prompt), "expected": view.expected, "media": media,
        "answers": view.answers.iter().map(answer).collect::<Vec<_>>(),
    })
}

fn medium(view: &CaseView, name: &str, source: &dyn MediaSource, room: &mut usize) -> Value {
    if let Some((mime, bytes)) = source.media(&view.dataset, name)
        && mime.starts_with("image/")
        && bytes.len() <= *room
    {
        *room -= bytes.len();
        let src = format!("data:{mime};base64,{}", base64_simd::STANDARD.encode_to_string(&bytes));
        return json!({ "name": name, "src": src });
    }
    let is_web = name.starts_with("https://") || name.starts_with("http://");
    let address = if is_web { name.to_owned() } else { format!("{}/{name}", view.folder) };
    json!({ "name": name, "href": escape::link(&address) })
}

fn answer(view: &AnswerView) -> Value {
    let findings: Vec<Value> = view
        .findings
        .iter()
        .map(|one| json!([one.path, one.expected, one.got, one.verdict, one.note]))
        .collect();
    let failure = view.failure.as_ref().map(|one| format!("{}: {}", name(Some(&one.kind)), one.message));
    json!({
        "provider": view.provider, "repeat": view.repeat, "text": cut(&view.text), "score": view.score,
        "right": view.fully_right, "findings": findings, "notes": view.notes, "failure": failure,
        "refusal": view.refusal, "parse": view.parse, "stop": view.stop, "seconds": view.seconds,
        "cached": view.cached, "usd": view.usd, "input": view.usage.input, "output": view.usage.output,
        "attempts": view.attempts, "served": view.served,
    })
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
