use super::*;
use crate::value::Verdict;

fn expected() -> Value {
    json!({
        "store": "Corner Café", "date": "2025-12-31",
        "items": [
            { "name": "Espresso", "quantity": 2, "price": 5.0 },
            { "name": "Club sandwich", "quantity": 1, "price": 414.5 },
        ],
        "subtotal": 419.5, "tax": 0.5, "tip": null, "total": 420.0,
    })
}

#[track_caller]
fn scored(answer: Value) -> Scored {
    metric("receipt", json!(null)).score(&expected(), &answer.to_string()).unwrap()
}

#[test]
fn gives_full_marks_whatever_the_spelling_and_order() {
    let scored = scored(json!({
        "store": "CORNER CAFE", "date": "31.12.2025",
        "items": [
            { "name": "club  sandwich", "quantity": "1", "price": "414,50 €" },
            { "name": "Espresso", "quantity": "2 x", "price": "5.00" },
        ],
        "subtotal": "EUR 419,50", "tax": 0.5, "total": "420.00", "payment_method": null,
    }));
    assert_eq!(scored.headline, Some(1.0), "{:#?}", scored.explanation);
    assert_eq!(value(&scored, "fully_right"), Some(1.0));
    assert_eq!(value(&scored, "item_f1"), Some(1.0));
    assert_eq!(value(&scored, "arithmetic_ok"), Some(1.0));
}

#[test]
fn counts_each_kind_of_mistake_apart() {
    let scored = scored(json!({
        "store": "Another shop altogether", "date": null,
        "items": [
            { "name": "Espresso", "quantity": 2, "price": 5.0 },
            { "name": "Club sandwich", "quantity": 1, "price": 441.5 },
            { "name": "Side salad", "quantity": 1, "price": 7.0 },
        ],
        "subtotal": 420, "tax": 0.5, "tip": 1.0, "total": 420.0,
    }));
    assert_eq!(verdict(&scored, "store"), Verdict::Wrong);
    assert_eq!(verdict(&scored, "date"), Verdict::Missing);
    assert_eq!(verdict(&scored, "items[1].price"), Verdict::Shifted);
    assert_eq!(verdict(&scored, "items[+2].name"), Verdict::Invented);
    assert_eq!(verdict(&scored, "subtotal"), Verdict::Rounded);
    assert_eq!(verdict(&scored, "tip"), Verdict::Invented);
    assert_eq!(verdict(&scored, "total"), Verdict::Right);
    for (name, count) in [
        ("wrong", 1.0),
        ("missing", 1.0),
        ("shifted", 1.0),
        ("rounded", 1.0),
        ("invented", 4.0),
        ("right", 7.0),
    ] {
        assert_eq!(value(&scored, name), Some(count), "{name}");
    }
    // 7 right; 7 + wrong, shifted, rounded + 4 invented given; 7 + those + 1 missing labelled.
    assert_eq!(scored.headline, Some(14.0 / 25.0));
    assert_eq!(value(&scored, "item_f1"), Some(2.0 / 5.0));
    assert_eq!(value(&scored, "items_invented"), Some(1.0));
    assert_eq!(value(&scored, "fully_right"), Some(0.0));
}

#[test]
fn judges_only_what_is_labelled() {
    let metric = metric("receipt", json!(null));
    let scored = metric
        .score(&json!({ "total": 12 }), r#"{"total": 12, "store": "X", "items": [{"name": "y"}]}"#)
        .unwrap();
    assert_eq!(scored.headline, Some(1.0));
    assert_eq!(verdict(&scored, "store"), Verdict::Unlabelled);
    assert_eq!(value(&scored, "item_f1"), None);
    let nothing = metric.score(&json!({}), r#"{"total": 12}"#).unwrap();
    assert_eq!((nothing.headline, value(&nothing, "fully_right")), (None, None));
}

#[test]
fn takes_rightly_absent_values_for_right() {
    let metric = metric("receipt", json!(null));
    let expected = json!({ "tip": null, "items": [] });
    assert_eq!(metric.score(&expected, "{}").unwrap().headline, Some(1.0));
    assert_eq!(metric.score(&expected, r#"{"tip": 2}"#).unwrap().headline, Some(0.0));
    let invented =
        metric.score(&json!({ "items": null }), r#"{"items": [{"name": "x", "price": 2}]}"#).unwrap();
    assert_eq!(value(&invented, "items_invented"), Some(1.0));
    assert_eq!(value(&invented, "invented"), Some(2.0));
}

#[test]
fn watches_critical_fields() {
    let critical = ["total".to_owned(), "items".to_owned()];
    let metric = TaskMetric::from_settings("receipt", &json!(null), &critical, None).unwrap();
    assert!(metric.fields().iter().any(|field| field.name == "items.price" && field.critical));
    let expected = json!({ "total": 12, "tax": 1, "items": [{ "name": "x", "price": 12 }] });
    let scored =
        metric.score(&expected, r#"{"total": 12, "tax": 2, "items": [{"name": "x", "price": 11}]}"#).unwrap();
    assert_eq!(value(&scored, "critical_right"), Some(2.0 / 3.0));
    assert_eq!(value(&scored, "critical_all_right"), Some(0.0));
}

#[test]
fn adds_up_the_amounts_of_the_answer() {
    #[track_caller]
    fn adds_up(answer: &str, ok: impl Into<Option<bool>>) {
        let scored = metric("receipt", json!(null)).score(&json!({ "total": 1 }), answer).unwrap();
        assert_eq!(value(&scored, "arithmetic_ok"), ok.into().map(f64::from), "{answer} {:?}", scored.notes);
    }
    adds_up(r#"{"subtotal": 10, "tax": 1.9, "tip": 1, "total": 12.9}"#, true);
    adds_up(r#"{"subtotal": 10, "tax": 1.9, "total": 10}"#, true);
    adds_up(r#"{"subtotal": 10, "tax": 1.9, "total": 12}"#, false);
    adds_up(r#"{"items": [{"price": 6}, {"price": "-1,50"}], "subtotal": 4.5}"#, true);
    adds_up(r#"{"items": [{"price": 6}, {"price": 1.5}], "total": 7.5}"#, true);
    adds_up(r#"{"items": [{"price": 6}, {"price": 1.5}], "subtotal": 7, "total": 7}"#, false);
    adds_up(r#"{"total": 7}"#, None);
}

#[test]
fn explains_a_receipt() {
    let scored = scored(json!({
        "store": "Corner Cafe", "date": "2025-12-31",
        "items": [{ "name": "Expresso", "quantity": 2, "price": 5 }, { "name": "Bread", "quantity": 1, "price": 3 }],
        "subtotal": 8, "total": 42,
    }));
    let lines: Vec<String> = scored
        .explanation
        .iter()
        .map(|finding| {
            let note = finding.note.as_ref().map_or_else(String::new, |note| format!(" ({note})"));
            format!("{}: {} -> {} {:?}{note}", finding.path, finding.expected, finding.got, finding.verdict)
        })
        .collect();
    insta::assert_snapshot!(format!("{}\n{}", lines.join("\n"), scored.notes.join("\n")));
}

#[test]
fn never_counts_a_long_right_answer_as_invented() {
    // More pairs than an answer usually gets: the bound is for floods, not for long receipts.
    let items: Vec<Value> = (0..1_200).map(|index| json!({ "price": index })).collect();
    let expected = json!({ "items": items });
    let scored = metric("receipt", json!(null)).score(&expected, &expected.to_string()).unwrap();
    assert_eq!((scored.headline, value(&scored, "items_invented")), (Some(1.0), Some(0.0)));
}

#[test]
fn matches_hundreds_of_items_and_bounds_thousands() {
    let item = |index: usize| json!({ "name": format!("item {index}"), "quantity": 1, "price": index });
    let expected = json!({ "items": (1..200).map(item).collect::<Vec<_>>() });
    let answer = json!({ "items": (1..200).rev().map(item).collect::<Vec<_>>() });
    let metric = metric("receipt", json!(null));
    assert_eq!(metric.score(&expected, &answer.to_string()).unwrap().headline, Some(1.0));
    let flood = json!({ "items": (1..20_000).map(item).collect::<Vec<_>>() });
    let scored = metric.score(&expected, &flood.to_string()).unwrap();
    assert_eq!(value(&scored, "items_invented"), Some(19_800.0));
}
