//! No text makes a metric panic, whether it is a label or an answer.

#![expect(clippy::unwrap_used, reason = "the helpers of a test are tests, too")]

use eval_metrics::task::{CaseFacts, TaskMetric};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use serde_json::{Value, json};

/// Signs and words of one to four bytes, of which positions in one spelling are none in another.
const PIECES: &[&str] = &[
    "₂",
    "½",
    "¼",
    "1½",
    "²",
    "³",
    "①",
    "Ⅳ",
    "٣",
    "۵",
    "५",
    "๕",
    "１",
    "３千",
    "1万",
    "五",
    "半",
    "〇",
    "兆",
    "İ",
    "ı",
    "ß",
    "ẞ",
    "ﬁ",
    "é",
    "e\u{301}",
    "שָׁ",
    "شكراً",
    "ก่",
    "हाँ",
    "한국",
    "日本です",
    "🏳️‍🌈",
    "5️⃣",
    "\u{200d}",
    "\u{feff}",
    "−",
    "–",
    "～",
    "、",
    "。",
    "€",
    "$",
    "C$",
    "R$",
    "£",
    "¥",
    "%",
    "‰",
    "°",
    "CO",
    "m",
    "kg",
    "t",
    " ",
    "\n",
    "\t",
    ".",
    ",",
    ":",
    ";",
    "-",
    "/",
    "'",
    "’",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=",
    "<",
    ">",
    "+",
    "*",
    "@",
    "_",
    "0",
    "1",
    "12",
    "2024",
    "03",
    "3e5",
    "10^",
    "no",
    "not",
    "pas",
    "не",
    "ist",
    "is",
    "it's",
    "c'est la",
    "l'",
    "and a half",
    "und",
    "and",
    "between",
    "from",
    "to",
    "à",
    "a",
    "Q4",
    "FY24",
    "may",
    "mardi",
    "uhr",
    "am",
    "two",
    "fünf",
    "vingt",
    "hundred",
    "million",
    "Billionen",
    "dozen",
    "yes",
    "probably",
    "nobody",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => Just(String::from(" ")),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn labels(text: &str) -> Vec<(&'static str, Value, Value)> {
    let fields = |kind: &str| json!({ "fields": { "v": kind } });
    let question =
        |kind: &str, value: Value| ("chart-question", Value::Null, json!({ "type": kind, "value": value }));
    let mut all = vec![
        question("category", json!(text)),
        question("trend", json!("up")),
        question("yes_no", json!(true)),
        ("transcribe", Value::Null, json!(text)),
        ("text", Value::Null, json!(text)),
        ("classify", json!({ "labels": ["photo", "chart"] }), json!({ "label": "chart" })),
        (
            "compare",
            Value::Null,
            json!({ "differences": [{ "kind": "changed", "element": text, "before": text, "after": "2" }] }),
        ),
        ("checks", Value::Null, json!({ "must": [{ "text": text, "accepted": [text] }] })),
        (
            "receipt",
            Value::Null,
            json!({ "store": text, "total": 12.5, "items": [{ "name": text, "price": 1 }] }),
        ),
        ("chart-table", Value::Null, json!({ "columns": [text, "b"], "rows": [[text, 1]] })),
    ];
    all.extend(
        ["USD", "kg", "hours", "%"].map(|unit| {
            ("chart-question", Value::Null, json!({ "type": "number", "value": 5, "unit": unit }))
        }),
    );
    let kinds =
        ["text", "list", "name", "person", "code", "enum", "phone", "email", "quantity", "money", "date"];
    all.extend(kinds.map(|kind| ("document", fields(kind), json!({ "v": text }))));
    all
}

fn score_everywhere(label: &str, answer: &str) {
    let facts = CaseFacts { question: Some(label.to_owned()), ..CaseFacts::default() };
    let answers = [answer.to_owned(), json!({ "v": answer, "answer": answer, "total": answer }).to_string()];
    for (task, settings, expected) in labels(label) {
        let metric = TaskMetric::from_settings(task, &settings, &[], None).unwrap();
        for answer in &answers {
            // A label may be refused, but nothing may panic.
            drop(metric.score_case(&expected, answer, &facts));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_label_and_any_answer_are_scored(label in text(), answer in text()) {
        score_everywhere(&label, &answer);
    }
}

#[test]
fn signs_that_are_numbers_and_no_digits_are_scored() {
    for label in PIECES.iter().chain(&["CO₂", "¼ cup", "½ kg", "10 m²", "Team ①", "t CO₂", "½½", "5 ½"])
    {
        for answer in ["Germany", label] {
            score_everywhere(label, answer);
        }
    }
}
