use proptest::prelude::*;
use serde_json::json;

use super::*;

#[track_caller]
fn check(text: &str, state: State, value: Value) {
    let answer = read(text);
    assert_eq!((answer.state, answer.value), (state, Some(value)), "{text}\nrepairs: {:?}", answer.repairs);
}

#[test]
fn takes_valid_json_as_it_is() {
    check(r#"{"a": [1, 2.50, null, "x"]}"#, State::Valid, json!({"a": [1, 2.5, null, "x"]}));
    check(" 42 ", State::Valid, json!(42));
}

#[test]
fn looks_through_fences_thoughts_and_prose() {
    let value = || json!({"a": 1});
    check("```json\n{\"a\": 1}\n```", State::Valid, value());
    check("```\n{\"a\": 1}", State::Valid, value());
    check("Here it is:\n```JSON\n{\"a\": 1}\n```\nAnything else?", State::Valid, value());
    check("<think>maybe {\"b\": 2}?</think>\n{\"a\": 1}", State::Valid, value());
    check("so {b: 2} it is</think>{\"a\": 1}", State::Valid, value());
    check("The answer is {\"a\": 1}. I used {x} for it.", State::Valid, value());
    check("First try {\"a\": 0}, then {\"a\": 1, \"b\": 2}", State::Valid, json!({"a": 1, "b": 2}));
}

#[test]
fn repairs_what_python_and_javascript_write() {
    check(
        "{'a': 'it's', 'b': True, 'c': None,}",
        State::Repaired,
        json!({"a": "it's", "b": true, "c": null}),
    );
    check("{a: 1, b_c: 'x', // why\n d: .5}", State::Repaired, json!({"a": 1, "b_c": "x", "d": 0.5}));
    check(
        "{\"a\": NaN, \"b\": -Infinity, \"c\": 1e999}",
        State::Repaired,
        json!({"a": null, "b": null, "c": null}),
    );
    check("{“a”: “x”, 'b': \"it's\"}", State::Repaired, json!({"a": "x", "b": "it's"}));
}

#[test]
fn repairs_commas_and_brackets() {
    check("{\"a\": 1,, \"b\": [1, 2,],}", State::Repaired, json!({"a": 1, "b": [1, 2]}));
    check(
        "{\"a\": 1 \"b\": 2\n\"c\": \"x\" \"d\": 3}",
        State::Repaired,
        json!({"a": 1, "b": 2, "c": "x", "d": 3}),
    );
    check("{\"a\": [{\"b\": 1], \"c\": 2}", State::Repaired, json!({"a": [{"b": 1}], "c": 2}));
    check("\"a\": 1, \"b\": 2\n.", State::Repaired, json!({"a": 1, "b": 2}));
    check("{\"a\": 1, see below, \"b\": 2}", State::Repaired, json!({"a": 1, "b": 2}));
}

#[test]
fn repairs_texts() {
    check("{\"a\": \"two\nlines\"}", State::Repaired, json!({"a": "two\nlines"}));
    check(r#"{"a": "5" pipe", "b": "C:\dir"}"#, State::Repaired, json!({"a": "5\" pipe", "b": "C:\\dir"}));
    check(r#"{"a": "\ud83d\ude00 \ud83d"}"#, State::Repaired, json!({"a": "😀 \u{fffd}"}));
}

#[test]
fn reads_amounts_without_quotes() {
    check(
        "{\"a\": $12.50, \"b\": 12,50 €, \"c\": 45%}",
        State::Repaired,
        json!({"a": "$12.50", "b": "12,50 €", "c": "45%"}),
    );
    check("{\"a\": 1,234.50, \"b\": 2}", State::Repaired, json!({"a": 1234.5, "b": 2}));
    check("{\"a\": [1,234]}", State::Valid, json!({"a": [1, 234]}));
}

#[test]
fn keeps_what_was_complete_before_the_cut() {
    check(
        r#"{"a": 1, "items": [{"n": "x", "p": 2}, {"n": "y", "p": 12"#,
        State::Truncated,
        json!({"a": 1, "items": [{"n": "x", "p": 2}, {"n": "y"}]}),
    );
    check(r#"{"items": [{"n": "x"}, {"n"#, State::Truncated, json!({"items": [{"n": "x"}]}));
    check(r#"{"a": "half a te"#, State::Truncated, json!({}));
    check("```json\n{\"a\": 1, \"b\": tr", State::Truncated, json!({"a": 1}));
    check(r#"{"a": 1"#, State::Truncated, json!({}));
    check("{\"a\": 1\n", State::Truncated, json!({"a": 1}));
}

#[test]
fn says_when_there_is_nothing_to_read() {
    for text in [
        "",
        "  ",
        "I cannot read this receipt.",
        "a {brace} and [some] more",
        "<think>hm, {\"a\": 1}",
        "```\n```",
    ] {
        let answer = read(text);
        assert_eq!((answer.state, answer.value), (State::Unreadable, None), "{text}");
    }
}

#[test]
fn survives_deep_and_hostile_texts() {
    for unit in [
        "[",
        "{",
        "{\"a\":",
        "[{",
        "\"",
        "\\",
        "{'",
        "```",
        "<think>",
        "{\"a\":\"",
        "/*",
        "{a:[",
        "[1,",
        "{\"a\" \"",
        "{,",
        "“",
    ] {
        let text = unit.repeat(60_000);
        let _ = read(&text);
    }
}

#[test]
fn takes_the_last_complete_answer() {
    let right = || json!({"total": 12.5, "tax": 1});
    for text in [
        // An example or a schema is no answer.
        "{\"total\": 12.5, \"tax\": 1}\n\nThe schema was:\n{\"type\": \"object\", \"properties\": {\"total\": {\"type\": \"number\"}}, \"required\": [\"total\", \"tax\"]}",
        "```json\n{\"total\": 12.5, \"tax\": 1}\n```\nThe format is\n```json\n{\"total\": \"<number>\", \"tax\": \"<number>\", \"tip\": \"...\"}\n```",
        "{\"total\": 12.5, \"tax\": 1}\nFor example, a refund would be {\"total\": -3, \"tax\": 0}.",
        // A correction is the answer, however short.
        "Draft: {\"total\": 99, \"tax\": 4, \"note\": \"the print is pale, so this is a guess\"}\nWait, the tax is 1.\n{\"total\": 12.5, \"tax\": 1}",
        "```json\n{\"total\": 99, \"tax\": 1}\n```\nCorrected: {\"total\": 12.5, \"tax\": 1}",
        // What was broken off is no answer either.
        "{\"total\": 99, \"tax\": \n\nLet me start again:\n{\"total\": 12.5, \"tax\": 1}",
        "```json\n{\"total\": 99,\n```\nAgain:\n```json\n{\"total\": 12.5, \"tax\": 1}\n```",
        "{\"total\": 99,\n{\"total\": 12.5, \"tax\": 1}",
        "{\"total\": 12.5, \"tax\": 1}\nAnd once more: {\"total\": 9",
        // Neither is a remark.
        "{\"total\": 12.5, \"tax\": 1} as in line [3].",
        "See [1]: {\"total\": 12.5, \"tax\": 1}",
    ] {
        assert_eq!(read(text).value, Some(right()), "{text}");
    }
    let remark = "{\"a\": 1, \"b\": 2, \"c\": 3}\nI could not read {\"d\": null}.";
    assert_eq!(read(remark).value, Some(json!({"a": 1, "b": 2, "c": 3})));
    check(
        "\"items\": [{\"a\": 1}], \"total\": 3\n.",
        State::Repaired,
        json!({"items": [{"a": 1}], "total": 3}),
    );
    check("Here it is:\n```json\n42\n```", State::Valid, json!(42));
}

#[test]
fn finds_the_answer_behind_hostile_text() {
    for unit in ["{", "{\"a\":1}", "```json\n", "word {x} "] {
        let text = format!("{}\n\n{{\"a\": 1, \"b\": 2}}", unit.repeat(300_000 / unit.len()));
        assert_eq!(read(&text).value, Some(json!({"a": 1, "b": 2})), "{unit}");
    }
}

/// Texts that a reader could stumble over again and again.
const HOSTILE: [&str; 28] = [
    "```json\n",
    "```",
    "{",
    "[",
    "{}",
    "[]",
    "\"",
    "\\",
    "'",
    "{\"",
    "{\"a\":",
    "{\"a\":\"",
    "{\"a\" \"",
    "{'",
    "{,",
    "{a:[",
    "[{",
    "[1,",
    "[a, ",
    "[a]",
    "<think>",
    "</think>",
    "/*",
    "//",
    "“",
    "word",
    "{a b}",
    "{\"a\":1}",
];

#[test]
fn reads_hostile_texts_in_linear_time() {
    let time = |text: &str, times: usize| {
        let start = std::time::Instant::now();
        (0..times).for_each(|_| drop((read(text), plain_text(text))));
        start.elapsed().as_secs_f64()
    };
    for unit in HOSTILE {
        let text = |bytes: usize| unit.repeat(bytes / unit.len());
        let (short, long) = (text(2_000), text(32_000));
        // As many bytes in sixteen pieces as in one: quadratic work would take sixteen times as long in one. Side by side,
        // since a busy machine slows both down.
        let ratio = || time(&long, 1) / time(&short, 16).max(1e-3);
        let is_linear = (0..20).any(|_| ratio() < 6.0);
        assert!(is_linear, "{unit:?} takes several times as long in one piece as in sixteen");
    }
}

#[test]
fn takes_the_text_out_of_a_plain_answer() {
    for (text, plain) in [
        ("<think>x</think>\nHello", "Hello"),
        ("```text\nHello\nyou\n```", "Hello\nyou"),
        ("{\"text\": \"Hello\"}", "Hello"),
        ("Hello ```x``` you", "Hello ```x``` you"),
        ("{\"a\": \"b\", \"c\": 1}", "{\"a\": \"b\", \"c\": 1}"),
    ] {
        assert_eq!(plain_text(text), plain, "{text}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        "[ -~äß日\n\t]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::hash_map("[a-z_]{1,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn holds_its_invariants_on_any_text(text in "\\PC{0,200}") {
        check_invariants(text.as_bytes());
    }

    #[test]
    fn holds_its_invariants_on_broken_json(value in any_json(), cut in 0.0..1.0_f64, noise in "[{}\\[\\]\"',: \\\\n]{0,3}") {
        let mut text = value.to_string();
        let mut at = (text.len() as f64 * cut) as usize;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        check_invariants(&text.as_bytes()[..at]);
        text.insert_str(at, &noise);
        check_invariants(text.as_bytes());
    }

    #[test]
    fn reads_valid_json_leniently_as_well(value in any_json()) {
        if value.is_object() || value.is_array() {
            let parsed = lenient::container(&value.to_string()).unwrap();
            prop_assert_eq!(parsed.value, value);
            prop_assert!(parsed.repairs.is_empty());
        }
    }
}
