use super::*;
use crate::value::Verdict;

#[track_caller]
fn classified(answer: &str, wanted: Verdict) -> Scored {
    let settings = json!({ "labels": ["photo", "chart", "receipt"], "aliases": { "photo": ["photograph"] } });
    let scored = metric("classify", settings).score(&json!({ "label": "chart" }), answer).unwrap();
    assert_eq!(verdict(&scored, "label"), wanted, "{answer}");
    scored
}

#[test]
fn finds_the_label_in_json_and_prose() {
    for answer in [
        r#"{"label": "chart"}"#,
        r#"{"Label": "Chart"}"#,
        "chart",
        "This is a chart.",
        "```json\n{\"label\": \"chart\"}\n```",
        "\"chart\"",
        "**Chart**",
    ] {
        assert_eq!(classified(answer, Verdict::Right).headline, Some(1.0));
    }
    let wrong = classified("a photograph", Verdict::Wrong);
    assert_eq!(wrong.labels.unwrap().predicted.as_deref(), Some("photo"));
}

#[test]
fn counts_anything_else_as_malformed() {
    for answer in
        [r#"{"label": "diagram"}"#, "a chart or a photo", "", r#"{"label": 3}"#, r#"{"colour": "chart"}"#]
    {
        let scored = classified(answer, Verdict::Malformed);
        assert!(scored.malformed);
        assert_eq!((scored.headline, value(&scored, "wrong")), (Some(0.0), Some(0.0)));
        assert_eq!(scored.labels.unwrap().predicted, None);
    }
}

fn differences() -> Value {
    json!({ "differences": [
        { "kind": "changed", "element": "price label", "before": "$10", "after": "$12" },
        { "kind": "removed", "element": "red car", "before": null, "after": null },
    ] })
}

#[track_caller]
fn compared(answer: &str) -> Scored {
    metric("compare", json!(null)).score(&differences(), answer).unwrap()
}

#[test]
fn matches_differences_in_any_order_and_wording() {
    let scored = compared(
        r#"{"differences": [
        {"kind": "removed", "element": "the red car"}, {"kind": "changed", "element": "Price label", "before": "$10", "after": "$12"}]}"#,
    );
    assert_eq!(scored.headline, Some(1.0), "{:#?}", scored.explanation);
    assert_eq!(value(&scored, "details_right"), Some(1.0));
}

#[test]
fn counts_missed_and_invented_differences() {
    let scored = compared(
        r#"{"differences": [
        {"kind": "changed", "element": "price label", "before": "$10", "after": "$21"}, {"kind": "added", "element": "green tree"}]}"#,
    );
    for (name, count) in [
        ("found", 1.0),
        ("missed", 1.0),
        ("invented", 1.0),
        ("f1", 0.375),
        ("details_right", 0.0),
        ("wrong_kind", 0.0),
    ] {
        assert_eq!(value(&scored, name), Some(count), "{name}");
    }
    let kind = compared(r#"{"differences": [{"kind": "moved", "element": "red car"}]}"#);
    assert_eq!((value(&kind, "wrong_kind"), value(&kind, "found")), (Some(1.0), Some(0.0)));
}

#[test]
fn believes_no_differences_only_if_they_were_denied() {
    let metric = metric("compare", json!(null));
    let none = json!({ "differences": [] });
    assert_eq!(metric.score(&none, r#"{"differences": []}"#).unwrap().headline, Some(1.0));
    assert_eq!(metric.score(&none, "sorry").unwrap().headline, Some(0.0));
    assert_eq!(
        metric.score(&none, r#"{"differences": [{"kind": "added", "element": "x"}]}"#).unwrap().headline,
        Some(0.0)
    );
}

#[test]
fn scores_transcripts_and_texts() {
    let scored =
        metric("transcribe", json!(null)).score(&json!("Hello, world 1,000"), "hello world 1000").unwrap();
    assert_eq!((scored.headline, scored.parse), (Some(1.0), Parse::NotNeeded));
    assert_eq!(value(&scored, "wer"), Some(2.0 / 3.0));
    let scored = metric("transcribe", json!(null)).score(&json!("a b c d"), "a x c").unwrap();
    assert_eq!((scored.headline, value(&scored, "word_edits")), (Some(0.5), Some(2.0)));
    let text = metric("text", json!(null));
    assert_eq!(text.score(&json!("abcd"), "```\nabcx\n```").unwrap().headline, Some(0.75));
    assert_eq!(text.score(&json!(""), "").unwrap().headline, Some(1.0));
    assert_eq!(text.score(&json!(""), "x").unwrap().headline, Some(0.0));
    assert_eq!(value(&text.score(&json!(""), "x").unwrap(), "cer"), None);
}

#[test]
fn compares_documents_by_the_types_of_their_fields() {
    let settings = json!({ "fields": { "type": "enum", "date": "date", "total": "money", "number": "code", "sender": "name" } });
    let metric = metric("document", settings);
    let expected = json!({ "type": "invoice", "date": "2025-03-01", "total": 1234.5, "number": "RE-2025 001", "sender": "Müller GmbH" });
    let answer = r#"{"type": "Invoice", "date": "1. März 2025", "total": "1.234,50 €", "number": "re-2025001", "sender": "Mueller GmbH"}"#;
    let scored = metric.score(&expected, answer).unwrap();
    assert_eq!(scored.headline, Some(1.0), "{:#?}", scored.explanation);
    let wrapped = metric.score(&expected, &format!("{{\"document\": {answer}}}")).unwrap();
    assert_eq!(wrapped.headline, Some(1.0));
}
