use super::*;
use crate::value::Verdict;

fn table() -> Value {
    json!({ "title": "Revenue", "columns": ["Quarter", "2023", "2024"], "rows": [["Q1", 100, 200], ["Q2", 1500, null]] })
}

#[track_caller]
fn scored(answer: &str) -> Scored {
    metric("chart-table", json!(null)).score(&table(), answer).unwrap()
}

#[test]
fn reads_numbers_whatever_their_spelling() {
    let answer = r#"{"title": "revenue", "columns": ["Quarter", "2023", "2024"], "rows": [["Q1", "$100", 200.0], ["Q2", "1,500", null]]}"#;
    let scored = scored(answer);
    assert_eq!(scored.headline, Some(1.0), "{:#?}", scored.explanation);
    assert_eq!(value(&scored, "fully_right"), Some(1.0));
    assert_eq!(value(&scored, "labels_f1"), Some(1.0));
    assert_eq!(value(&scored, "title_right"), Some(1.0));
}

#[test]
fn accepts_the_transposed_table() {
    let scored =
        scored(r#"{"columns": ["Year", "Q1", "Q2"], "rows": [["2023", 100, 1500], ["2024", 200, null]]}"#);
    // Keys are the names of row and column in this order, so the transposed reading is an exact one.
    assert_eq!((scored.headline, value(&scored, "transposed")), (Some(1.0), Some(1.0)));
    assert_eq!(value(&scored, "title_right"), Some(0.0));
}

#[test]
fn judges_values_by_their_error_and_labels_apart() {
    let scored =
        scored(r#"{"columns": ["", "2023", "2025"], "rows": [["Q1", 100.5, 209], ["Q2", 1580, 7]]}"#);
    assert_eq!(value(&scored, "exact"), Some(0.0));
    assert_eq!(value(&scored, "within_1"), Some(1.0 / 3.0));
    // Another year is another column, whatever its values.
    assert_eq!(value(&scored, "within_5"), Some(1.0 / 3.0));
    assert_eq!(value(&scored, "within_10"), Some(2.0 / 3.0));
    assert_eq!(value(&scored, "invented"), Some(2.0));
    assert_eq!(value(&scored, "wrong"), Some(1.0));
    assert_eq!(verdict(&scored, "column 2024"), Verdict::Wrong);
    assert_eq!(value(&scored, "fully_right"), Some(0.0));
}

#[test]
fn takes_rows_of_objects_and_markdown() {
    for answer in [
        r#"[{"Quarter": "Q1", "2023": 100, "2024": 200}, {"Quarter": "Q2", "2023": 1500}]"#,
        r#"{"rows": [{"Quarter": "Q1", "2023": 100, "2024": 200}, {"Quarter": "Q2", "2023": 1500}]}"#,
        "| Quarter | 2023 | 2024 |\n|---|---:|---|\n| Q1 | 100 | 200 |\n| Q2 | 1,500 | - |",
    ] {
        assert_eq!(scored(answer).headline, Some(1.0), "{answer}");
    }
    let none = scored("There is no table.");
    assert_eq!((none.headline, none.parse), (Some(0.0), Parse::Unreadable));
    assert_eq!(value(&none, "missing"), Some(3.0));
}

#[test]
fn takes_a_header_in_the_first_row() {
    let scored = scored(r#"[["Quarter", "2023", "2024"], ["Q1", 100, 200], ["Q2", 1500, null]]"#);
    assert_eq!((scored.headline, value(&scored, "labels_f1")), (Some(1.0), Some(1.0)));
}

#[test]
fn scores_a_flood_of_cells() {
    let row = |index: usize| {
        let mut row = vec![json!(format!("r{index}"))];
        row.extend((0..1_000).map(|cell| json!(cell)));
        json!(row)
    };
    let columns: Vec<String> = (0..1_001).map(|index| format!("c{index}")).collect();
    let wide = json!({ "columns": columns, "rows": (0..400).map(row).collect::<Vec<_>>() });
    let expected = json!({ "columns": columns[..11], "rows": (0..4).map(|index| json!(row(index).as_array().unwrap()[..11])).collect::<Vec<_>>() });
    let scored = metric("chart-table", json!(null)).score(&expected, &wide.to_string()).unwrap();
    assert_eq!(value(&scored, "missing"), Some(0.0));
    assert!(scored.notes[0].starts_with("only the first 25000 of 400000"), "{:?}", scored.notes);
}

#[track_caller]
fn asked(expected: Value, answer: &str, right: Verdict) {
    let scored = metric("chart-question", json!(null)).score(&expected, answer).unwrap();
    assert_eq!(verdict(&scored, "answer"), right, "{expected} {answer} {:?}", scored.explanation[0].note);
}

#[test]
fn finds_numbers_with_units_in_json_and_prose() {
    let number = json!({ "type": "number", "value": 620, "unit": "$K", "tolerance": 0.02 });
    for answer in [
        r#"{"answer": 620}"#,
        r#"{"answer": "$620K"}"#,
        r#"{"answer": 620000}"#,
        "620",
        "$0.62 million",
        "630.5",
        "In Q4 2024 the revenue was about $620K.",
        "It went from $400K to... so the answer is **$620K**.",
        "= 1240/2 = 620",
    ] {
        asked(number.clone(), answer, Verdict::Right);
    }
    asked(number.clone(), r#"{"answer": 640}"#, Verdict::Wrong);
    asked(number.clone(), r#"{"answer": 600}"#, Verdict::Rounded);
    asked(number.clone(), r#"{"answer": 62}"#, Verdict::Shifted);
    asked(number.clone(), "€620K", Verdict::Wrong);
    asked(number.clone(), "620 million", Verdict::Wrong);
    asked(number.clone(), r#"{"answer": null}"#, Verdict::Missing);
    asked(number, "I cannot tell.", Verdict::Missing);
    let share = json!({ "type": "number", "value": 45, "unit": "%", "tolerance": 0.0 });
    asked(share.clone(), "45%", Verdict::Right);
    asked(share.clone(), "It was 45 percent in 2019", Verdict::Right);
    asked(share, "46 %", Verdict::Wrong);
    asked(
        json!({ "type": "number", "value": -3.5, "unit": null }),
        "about -3.5 degrees in 2019",
        Verdict::Right,
    );
    asked(json!({ "type": "number", "value": 2019 }), "2019", Verdict::Right);
    asked(json!({ "type": "number", "value": 0 }), "0", Verdict::Right);
}

#[test]
fn compares_categories_by_name_and_alias() {
    let category = json!({ "type": "category", "value": "Q4", "aliases": ["fourth quarter"] });
    for answer in [
        r#"{"answer": "q4"}"#,
        "Q4",
        "The highest is Q4.",
        "the fourth quarter",
        r#"{"answer": "Fourth quarter"}"#,
    ] {
        asked(category.clone(), answer, Verdict::Right);
    }
    for answer in [r#"{"answer": "Q3"}"#, r#"{"answer": "Q3 and Q4"}"#, "Q40"] {
        asked(category.clone(), answer, Verdict::Wrong);
    }
    asked(category, "", Verdict::Missing);
}

#[test]
fn reads_trends_and_opinions() {
    let trend = |value: &str| json!({ "type": "trend", "value": value });
    asked(trend("up"), r#"{"answer": "increasing"}"#, Verdict::Right);
    asked(trend("up"), "It rose steadily", Verdict::Right);
    asked(trend("down"), "Sales declined", Verdict::Right);
    asked(trend("flat"), "no change", Verdict::Right);
    asked(trend("mixed"), "first up, then down", Verdict::Right);
    asked(trend("up"), "down", Verdict::Wrong);
    asked(trend("up"), "the upper bars", Verdict::Missing);
    let yes = json!({ "type": "yes_no", "value": true });
    asked(yes.clone(), r#"{"answer": true}"#, Verdict::Right);
    asked(yes.clone(), "Yes, and not by chance", Verdict::Right);
    asked(yes.clone(), "No.", Verdict::Wrong);
    asked(yes, "Perhaps", Verdict::Missing);
}

#[test]
fn a_turned_table_is_right_in_every_figure() {
    let expected = json!({ "columns": ["Year", "A", "B"], "rows": [["2020", 10, 20], ["2021", 30, 40]] });
    let turned = r#"{"columns": ["Series", "2020", "2021"], "rows": [["A", 10, 30], ["B", 20, 40]]}"#;
    let scored = metric("chart-table", json!(null)).score(&expected, turned).unwrap();
    for name in ["rms_f1", "rms_precision", "rms_recall", "exact", "labels_f1", "fully_right", "transposed"] {
        assert_eq!(value(&scored, name), Some(1.0), "{name}");
    }
    assert!(scored.explanation.iter().all(|finding| finding.verdict == Verdict::Right), "{scored:#?}");
}
