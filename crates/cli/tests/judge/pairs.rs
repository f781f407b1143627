//! Answers beside each other, in both orders.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::{World, beside, world};

const CANDIDATES: [&str; 2] = ["compatible/sharp", "compatible/dull"];

fn compared(judge: &str, pictures: usize) -> World {
    let world = world(pictures, &CANDIDATES);
    world.configure(&CANDIDATES, &format!("[judge]\npairs = true\n{}", world.judges(&[judge])));
    world.run();
    world
}

fn preference(world: &World) -> Value {
    world.judged()["preference"].clone()
}

#[test]
fn two_answers_are_shown_in_both_orders_and_asked_about_once() {
    let world = compared("compatible/fair", 12);
    let asked: Vec<[String; 2]> = world
        .host
        .journal()
        .last
        .iter()
        .map(|entry| entry.texts.concat())
        .filter(|text| text.contains("The second answer"))
        .map(|text| {
            assert!(!text.contains("sharp") && !text.contains("dull"), "who answered is not said: {text}");
            beside(&text)
        })
        .collect();
    let orders: BTreeSet<[String; 2]> = asked.iter().cloned().collect();
    assert_eq!(orders.len(), asked.len());
    assert!(asked.iter().all(|[a, b]| a != b && orders.contains(&[b.clone(), a.clone()])));
    let lines: Vec<Value> = world.judgements().into_iter().filter(|it| !it["pair"].is_null()).collect();
    assert_eq!(lines.len(), asked.len());
    assert!(lines.iter().all(|it| it["judge"]["prompt"].as_str().unwrap().starts_with("pairs-")));
    let it = preference(&world);
    assert_eq!(it["pairs"].as_u64().unwrap() * 2, asked.len() as u64);
    assert_eq!(it["pairs"].as_u64().unwrap() + it["same"].as_u64().unwrap(), 12);
    // Scores are those of the pointwise question.
    assert!(world.judged()["judge"].as_str().unwrap().contains("· default-"));

    let (before, lines) = (world.host.journal().requests, world.judgements());
    let again = world.judge("");
    assert_eq!((world.host.journal().requests, world.judgements()), (before, lines));
    assert!(again.err.contains("pairs are judged"), "{}", again.err);
    let quote = world.project.expect(0, "judge run --dry-run");
    assert!(
        quote.err.contains("are judged") || quote.out.contains("are judged"),
        "{} {}",
        quote.out,
        quote.err
    );
}

#[test]
fn a_true_preference_is_found() {
    let world = compared("compatible/fair", 40);
    let it = preference(&world);
    assert_eq!((&it["preferred"], &it["order_effect"]), (&CANDIDATES[0].into(), &0.0.into()), "{it}");
    assert_eq!(it["consistent"], it["pairs"]);
    let first = &it["candidates"][0];
    assert_eq!(first["provider"], CANDIDATES[0]);
    assert!(first["interval"]["low"].as_f64().unwrap() > 0.0, "{it}");
    let strengths: f64 = (0..2).map(|at| it["candidates"][at]["strength"].as_f64().unwrap()).sum();
    assert!(strengths.abs() < 1e-9);
    let report = world.project.expect(0, "report run --format markdown").out;
    for words in [
        "Preference",
        "prefers compatible/sharp to every other",
        "it decides no verdict",
        "The order decides 0",
    ] {
        assert!(report.contains(words), "{words}: {report}");
    }
}

#[test]
fn a_judge_that_likes_the_first_place_prefers_nobody() {
    let world = compared("compatible/firstling", 40);
    let it = preference(&world);
    assert_eq!(
        (&it["preferred"], &it["order_effect"], &it["consistent"]),
        (&Value::Null, &0.5.into(), &0.into())
    );
    assert_eq!(it["always_first"], it["pairs"]);
    assert!(it["order_p"].as_f64().unwrap() < 0.001, "{it}");
    for candidate in it["candidates"].as_array().unwrap() {
        let interval = &candidate["interval"];
        assert!(interval["low"].as_f64().unwrap() < 0.0 && interval["high"].as_f64().unwrap() > 0.0, "{it}");
    }
    let said = world.project.expect(0, "report run --format markdown").out;
    assert!(said.contains("favors what is shown first") && said.contains("no candidate is shown"), "{said}");
}

#[test]
fn replies_that_cannot_be_read_are_no_verdicts() {
    let world = compared("compatible/rambling", 6);
    let it = preference(&world);
    assert_eq!((&it["pairs"], &it["preferred"]), (&0.into(), &Value::Null), "{it}");
    assert!(it["unread"].as_u64().unwrap() > 0, "{it}");
}

#[test]
fn pairs_cost_what_their_quote_says_and_stay_in_the_budget() {
    let world = world(6, &CANDIDATES);
    world.run();
    let judge = world.provider("[[judge.provider]]", "compatible/fair", 10.0);
    world.configure(&CANDIDATES, &format!("[judge]\npairs = true\n{judge}"));
    let refused = world.project.expect(96, "judge run -q");
    assert!(world.judgements().is_empty(), "{}", refused.err);
    world.project.expect(0, "judge run -q --budget-usd 5");
    let spent: f64 = world.judgements().iter().map(|it| it["usd"].as_f64().unwrap()).sum();
    let pairs = world.judgements().iter().filter(|it| !it["pair"].is_null()).count();
    assert!(spent > 0.0 && spent <= 5.0 && pairs > 0, "{spent} {pairs}");
}
