use std::collections::BTreeMap;

use eval_datasets::task_template;
use eval_metrics::task::TaskMetric;
use eval_metrics::value::{DateOrder, FieldType};
use serde_json::{Value, json};
use vision_core::Task;

use super::{as_label, same, shown, understand};
use crate::event::Label;
use crate::field::{Column, Field, Shape, expected, fields};
use crate::project::Project;

fn of(shape: Shape) -> Field {
    Field { name: "f".to_owned(), shape, critical: false, nullable: true }
}

fn kind(kind: FieldType) -> Field {
    of(Shape::One { kind, choices: Vec::new() })
}

#[track_caller]
fn reads(field: &Field, text: &str, value: Value) {
    assert_eq!(understand(field, text, None).map(|it| it.value), Ok(value));
}

#[test]
fn amounts_and_numbers_are_read_as_the_scorer_reads_them() {
    reads(&kind(FieldType::Money), " 1.234,50 € ", json!(1234.5));
    reads(&kind(FieldType::Money), "$12", json!(12));
    reads(&kind(FieldType::Quantity), "2 x", json!(2));
    assert!(understand(&kind(FieldType::Money), "twelve apples", None).is_err());
    assert!(understand(&kind(FieldType::Money), "  ", None).unwrap_err().contains("empty"));
}

#[test]
fn the_word_for_nothing_is_no_amount() {
    for text in ["null", "Null", "NULL", " n/a ", "-"] {
        for of in [FieldType::Money, FieldType::Number, FieldType::Quantity, FieldType::Date] {
            let understood = understand(&kind(of), text, None).unwrap();
            assert!(understood.shown.contains("nothing"), "{understood:?}");
            assert_eq!(understood.label(), Label::Absent, "{text}");
        }
    }
    let needed = Field { nullable: false, ..kind(FieldType::Money) };
    assert!(understand(&needed, "null", None).unwrap_err().contains("cannot be null"));
    reads(&kind(FieldType::Money), "0", json!(0));
    reads(&kind(FieldType::Name), "Null", json!("Null"));
    let columns = [("name", FieldType::Name), ("price", FieldType::Money)];
    let columns = columns.map(|(name, kind)| Column { name: name.to_owned(), kind }).to_vec();
    reads(&of(Shape::Rows { columns }), "Bag | null", json!([{"name": "Bag", "price": null}]));
}

#[test]
fn a_date_with_two_readings_is_asked_about_unless_the_order_is_known() {
    let date = kind(FieldType::Date);
    reads(&date, "25.9.2017", json!("2017-09-25"));
    let message = understand(&date, "03/04/2024", None).unwrap_err();
    assert!(message.contains("2024-04-03") && message.contains("2024-03-04"), "{message}");
    let order = DateOrder::of("dmy");
    assert_eq!(understand(&date, "03/04/2024", order).map(|it| it.value), Ok(json!("2024-04-03")));
}

#[test]
fn choices_are_found_by_their_beginning_and_by_what_the_scorer_takes_for_the_same() {
    let (spec, schema) = task_template(Task::Receipt);
    let all = fields(Task::Receipt, &spec, schema.as_ref()).unwrap();
    let payment = all.iter().find(|field| field.name == "payment_method").unwrap();
    reads(payment, "CASH", json!("cash"));
    reads(payment, "vou", json!("voucher"));
    reads(payment, "visa", json!("card"));
    assert!(understand(payment, "c", None).unwrap_err().contains("none of cash, card"));
}

#[test]
fn rows_are_typed_a_line_each_and_shown_as_they_are_typed() {
    let columns = [("name", FieldType::Name), ("quantity", FieldType::Quantity), ("price", FieldType::Money)];
    let columns = columns.map(|(name, kind)| Column { name: name.to_owned(), kind }).to_vec();
    let field = of(Shape::Rows { columns });
    let value = json!([{"name": "Milk", "quantity": 2, "price": 3.98}, {"name": "Bag", "quantity": null, "price": null}]);
    reads(&field, "Milk | 2 | 3,98\n\nBag\n", value.clone());
    reads(&field, "Milk\t2\t3.98\nBag", value.clone());
    assert_eq!(shown(&value), "Milk | 2 | 3.98\nBag", "empty cells at the end are not shown");
    reads(&field, &shown(&value), value);
    let gaps = json!([{"name": null, "quantity": 1, "price": null}, {"name": null, "quantity": null, "price": null}]);
    assert_eq!(shown(&gaps), " | 1\n|");
    reads(&field, &shown(&gaps), gaps);
    assert!(understand(&field, "a | b", None).unwrap_err().starts_with("line 1: quantity: "));
    assert!(understand(&field, "a | 1 | 2 | 3", None).unwrap_err().contains("4 values for 3 columns"));
}

#[test]
fn answers_become_labels_and_labels_are_compared_by_meaning() {
    let (date, money, name) = (kind(FieldType::Date), kind(FieldType::Money), kind(FieldType::Name));
    let label = |field: &Field, answer: Value| as_label(field, &answer, None);
    assert_eq!(label(&date, json!("31 March 2026")), Some(Label::Value(json!("2026-03-31"))));
    assert_eq!(label(&money, json!(null)), Some(Label::Absent));
    let columns = vec![Column { name: String::new(), kind: FieldType::Text }];
    let list = Field { nullable: false, ..of(Shape::Rows { columns }) };
    assert_eq!(label(&list, json!(null)), Some(Label::Value(json!([]))), "no entry is an empty list");
    assert_eq!((label(&money, json!({"odd": 1})), label(&date, json!("soon"))), (None, None));
    let value = |value: Value| Label::Value(value);
    assert!(same(&money, &value(json!(12)), &value(json!(12.0))));
    assert!(same(&name, &value(json!("ALDI  Süd")), &value(json!("Aldi Süd"))));
    assert!(!same(&name, &value(json!("Aldi Süd")), &value(json!("Aldi Sud"))), "a letter is a letter");
    assert!(same(&name, &Label::Absent, &Label::Absent) && !same(&name, &Label::Absent, &Label::Unlabeled));
}

#[test]
fn checks_are_typed_line_by_line_and_shown_as_they_were_typed() {
    let fields = Project::from_template("description", &[]).unwrap().fields().unwrap();
    let text = "sailing boats | sailboats; yachts | 2\na harbor\nevening |  | 0.5";
    let understood = understand(&fields[0], text, None).unwrap();
    let check = |text: &str, accepted: Value, weight: Value| json!({"text": text, "accepted": accepted, "weight": weight});
    let all = json!([
        check("sailing boats", json!(["sailboats", "yachts"]), json!(2)),
        check("a harbor", Value::Null, Value::Null),
        check("evening", Value::Null, json!(0.5)),
    ]);
    assert_eq!(understood.value, all);
    assert_eq!(understand(&fields[0], &shown(&all), None).unwrap().value, all);
    let values = BTreeMap::from([("must", all), ("must_not", json!([]))]);
    let label = expected(Task::Describe, &values);
    assert_eq!(
        label["must"],
        json!([
            {"text": "sailing boats", "accepted": ["sailboats", "yachts"], "weight": 2},
            {"text": "a harbor"},
            {"text": "evening", "weight": 0.5},
        ])
    );
    let metric = TaskMetric::from_settings("checks", &json!({}), &[], None).unwrap();
    assert!(metric.score(&label, "A harbor with yachts.").is_ok());
    // Labels of a dataset may be bare texts.
    let bare = as_label(&fields[0], &json!(["a harbor", {"text": "evening"}]), None).unwrap();
    assert_eq!(
        bare,
        Label::Value(json!([
            check("a harbor", Value::Null, Value::Null),
            check("evening", Value::Null, Value::Null)
        ]))
    );
}
