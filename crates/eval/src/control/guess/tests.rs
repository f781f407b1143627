use std::collections::BTreeMap;

use eval_datasets::Case;
use serde_json::{Value, json};
use vision_core::Task;

use super::{Guesses, Reads};

fn case(at: usize, task: Task, expected: Value) -> Case {
    Case {
        id: at.to_string(),
        task,
        media: vec![],
        expected,
        tags: BTreeMap::new(),
        source: at.to_string(),
        fields: BTreeMap::new(),
        schema: None,
        own_schema: None,
        evidence: BTreeMap::new(),
    }
}

fn asked(at: usize, question: &str, kind: &str, value: Value) -> Case {
    let expected = json!({"type": kind, "value": value});
    let fields = [("question".to_owned(), question.to_owned())].into();
    Case { fields, ..case(at, Task::ChartQuestion, expected) }
}

fn labels(labels: impl Iterator<Item = &'static str>) -> Vec<Case> {
    labels.enumerate().map(|(at, label)| case(at, Task::Classify, json!({ "label": label }))).collect()
}

fn guesses(cases: &[Case], reads: Reads) -> Guesses {
    let mut guesses = Guesses::new(reads);
    cases.iter().for_each(|case| guesses.count(case));
    guesses
}

/// The share of cases whose whole label is guessed.
fn right(cases: &[Case], reads: Reads) -> f64 {
    let guesses = guesses(cases, reads);
    let hits = cases.iter().filter(|case| {
        let expected = super::label(case).to_string();
        guesses.answer(case) == expected
    });
    hits.count() as f64 / cases.len() as f64
}

const CLASSES: [&str; 6] = ["chart", "diagram", "document", "photo", "receipt", "screenshot"];

#[test]
fn balanced_labels_are_guessed_as_often_as_chance_says() {
    for per_class in [1, 2, 11, 50] {
        let cases = labels(CLASSES.into_iter().cycle().take(6 * per_class));
        assert!((right(&cases, Reads::Nothing) - 1.0 / 6.0).abs() < 1e-9, "{per_class} of each class");
    }
}

#[test]
fn random_labels_are_guessed_little_more_often_than_chance_says() {
    let mut state = 7_u64;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        CLASSES[(state >> 33) as usize % 6]
    };
    let mean =
        (0..200).map(|_| right(&labels((0..120).map(|_| draw())), Reads::Nothing)).sum::<f64>() / 200.0;
    assert!((1.0 / 6.0..0.23).contains(&mean), "{mean}");
}

#[test]
fn the_majority_is_the_answer_to_every_case() {
    let cases = labels(["chart", "photo", "photo"].into_iter());
    let guesses = guesses(&cases, Reads::Nothing);
    assert!(cases.iter().all(|case| guesses.answer(case) == r#"{"label":"photo"}"#));
}

#[test]
fn each_field_has_an_answer_of_its_own() {
    let document = |at, a, b| case(at, Task::Document, json!({"a": a, "b": b}));
    let cases = [document(0, 1, "x"), document(1, 1, "y"), document(2, 2, "y")];
    assert_eq!(guesses(&cases, Reads::Nothing).answer(&cases[2]), r#"{"a":1,"b":"y"}"#);
}

#[test]
fn what_only_one_source_says_is_not_known_beforehand() {
    let receipt = |at, store: &str| case(at, Task::Receipt, json!({ "store": store }));
    let mut cases = vec![receipt(0, "A"), receipt(1, "B")];
    cases.push(Case { source: "1".into(), ..receipt(2, "B") });
    assert_eq!(guesses(&cases, Reads::Nothing).answer(&cases[0]), r#"{"store":null}"#);
    let text = [case(0, Task::Text, json!("hello"))];
    assert_eq!(guesses(&text, Reads::Nothing).answer(&text[0]), "");
}

#[test]
fn types_of_questions_have_answers_of_their_own() {
    let cases: Vec<Case> = (0..8)
        .map(|at| asked(at, "Is it more?", "yes_no", json!(at != 0)))
        .chain((8..12).map(|at| asked(at, "How many are there?", "number", json!(3))))
        .collect();
    assert!((right(&cases, Reads::Nothing) - 11.0 / 12.0).abs() < 1e-9);
}

#[test]
fn reading_the_question_helps_where_the_question_gives_it_away() {
    let yes = |at| asked(at, &format!(r#"Is "{at}" higher than "{}"?"#, at + 1), "yes_no", json!(true));
    let no = |at| asked(at, &format!("Does {at} fall below zero?"), "yes_no", json!(false));
    let cases: Vec<Case> = (0..10).map(yes).chain((10..20).map(no)).collect();
    assert!((right(&cases, Reads::Nothing) - 0.5).abs() < 1e-9);
    assert!((right(&cases, Reads::Question) - 1.0).abs() < 1e-9);
}

#[test]
fn few_questions_of_a_kind_are_no_evidence() {
    let questions = ["Is it red?", "Was it late?", "Does it end?", "Are they open?"];
    let cases: Vec<Case> =
        questions.iter().enumerate().map(|(at, one)| asked(at, one, "yes_no", json!(at % 2 == 0))).collect();
    assert!((right(&cases, Reads::Question) - 0.5).abs() < 1e-9);
}

#[test]
fn without_evidence_a_name_of_the_question_is_the_guess() {
    let cases = [asked(0, r#"Which is larger, "North" or "South"?"#, "category", json!("North"))];
    assert_eq!(guesses(&cases, Reads::Question).answer(&cases[0]), r#"{"answer":"North"}"#);
    assert_eq!(guesses(&cases, Reads::Nothing).answer(&cases[0]), r#"{"answer":null}"#);
}
