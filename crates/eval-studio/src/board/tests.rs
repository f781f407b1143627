use eval_metrics::value::FieldType;
use serde_json::json;

use super::{Board, Truth};
use crate::event::{Batch, Event, Label, Labeled, Mark, Origin, Shown};
use crate::field::{Field, Shape};

fn field(name: &str) -> Field {
    let shape = Shape::One { kind: FieldType::Money, choices: Vec::new() };
    Field { name: name.to_owned(), shape, critical: false, nullable: true }
}

fn label(field: &str, value: f64, settles: bool) -> Event {
    Event::Label(Labeled {
        document: "a".to_owned(),
        field: field.to_owned(),
        label: Label::Value(json!(value)),
        origin: Origin::Entered,
        content: String::new(),
        settles,
    })
}

fn board(batches: &[(&str, Vec<Event>)]) -> Board {
    let mut board = Board::default();
    for (n, (by, events)) in (1..).zip(batches) {
        board.apply(&Batch { n, at: "t".to_owned(), by: (*by).to_owned(), events: events.clone() });
    }
    board
}

#[test]
fn the_last_label_stands_and_undo_brings_back_the_one_before() {
    let first = ("anna", vec![label("total", 1.0, false), label("tax", 2.0, false)]);
    let second = ("anna", vec![label("total", 3.0, false)]);
    let of = |board: &Board| board.standing("a", "total", "anna").map(|it| it.batch);
    let two = board(&[first.clone(), second.clone()]);
    assert_eq!(of(&two), Some(2));
    assert!(two.is_done("a", &[field("total"), field("tax")]) && !two.is_done("a", &[field("tip")]));
    assert!(two.check_undo(1, "anna").unwrap_err().contains("changed since"), "a later label stands over it");
    assert!(two.check_undo(2, "ben").unwrap_err().contains("anna"));
    let undone = board(&[first, second, ("anna", vec![Event::Undo { batch: 2 }])]);
    assert_eq!(of(&undone), Some(1));
    assert!(undone.check_undo(2, "anna").unwrap_err().contains("undone already"));
    assert_eq!(undone.check_undo(1, "anna"), Ok(()));
}

#[test]
fn people_agree_disagree_and_settle() {
    let total = field("total");
    let alike =
        board(&[("anna", vec![label("total", 1.0, false)]), ("ben", vec![label("total", 1.0, false)])]);
    assert!(matches!(alike.truth("a", &total), Truth::One(it) if it.by == "anna"));
    let (anna, ben) = (("anna", vec![label("total", 1.0, false)]), ("ben", vec![label("total", 2.0, false)]));
    assert!(
        matches!(board(&[anna.clone(), ben.clone()]).truth("a", &total), Truth::Disagreed(all) if all.len() == 2)
    );
    let settled = board(&[anna, ben, ("ben", vec![label("total", 1.5, true)])]);
    assert!(matches!(settled.truth("a", &total), Truth::One(it) if it.label == Label::Value(json!(1.5))));
    assert_eq!(settled.truth("a", &field("tax")), Truth::None);
}

#[test]
fn a_document_is_held_by_whoever_opened_it_lately() {
    let shown = Shown {
        document: "a".to_owned(),
        blind: true,
        drawn: false,
        content: String::new(),
        filled: Default::default(),
        offered: Default::default(),
    };
    let mut board = Board::default();
    let at = "2026-11-29T12:00:00Z".to_owned();
    board.apply(&Batch { n: 1, at, by: "anna".to_owned(), events: vec![Event::Shown(shown)] });
    let is_held = |board: &Board, by: &str, now: &str| board.is_held("a", &[field("total")], by, now);
    assert!(is_held(&board, "ben", "2026-11-29T12:14:00Z"));
    assert!(
        !is_held(&board, "ben", "2026-11-29T12:16:00Z") && !is_held(&board, "anna", "2026-11-29T12:01:00Z")
    );
    board.apply(&Batch {
        n: 2,
        at: "t".to_owned(),
        by: "anna".to_owned(),
        events: vec![label("total", 1.0, false)],
    });
    assert!(!is_held(&board, "ben", "2026-11-29T12:01:00Z"), "she is done with it");
}

#[test]
fn a_document_is_marked_until_it_is_not() {
    let mark = |on: bool| Event::Mark {
        document: "a".to_owned(),
        mark: Mark::Flagged,
        on,
        reason: "torn".to_owned(),
    };
    assert_eq!(board(&[("anna", vec![mark(true)])]).mark("a", Mark::Flagged), Some("torn"));
    assert_eq!(
        board(&[("anna", vec![mark(true)]), ("ben", vec![mark(false)])]).mark("a", Mark::Flagged),
        None
    );
}
