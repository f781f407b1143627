//! What a judge is asked, what is read from its replies, and what its word counts.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::{put_before, world};

#[test]
fn a_judge_reads_every_different_answer_once_and_sees_the_picture() {
    let world = world(12, &["compatible/sharp", "compatible/dull"]);
    world.run();
    let texts: BTreeSet<(String, String)> = world
        .project
        .trials("run")
        .iter()
        .map(|trial| (trial["case"].to_string(), trial["response"]["text"].to_string()))
        .collect();
    let before = world.host.journal().requests;
    let judge = world.project.start("judge run --judge compatible/fair");
    // The judge is not configured, so that its address is nobody's.
    assert_eq!(judge.code, Some(96), "{}", judge.err);
    world.configure(&["compatible/sharp", "compatible/dull"], &world.judges(&["compatible/fair"]));
    world.judge("-q");
    let asked: Vec<_> = world.host.journal().last.into_iter().filter(|entry| entry.number > before).collect();
    let canaries = 8;
    assert_eq!(asked.len(), texts.len() + canaries);
    for entry in &asked {
        assert_eq!(entry.media.len(), 1, "the judge sees the picture");
        let text = entry.texts.concat();
        assert!(!text.contains("sharp") && !text.contains("dull"), "who answered is not said: {text}");
        assert_eq!(put_before(&text).1.len(), 5);
    }
    let lines = world.judgements();
    assert_eq!(lines.len(), texts.len() + canaries);
    let task = world.judged();
    assert_eq!((&task["answers"], &task["canaries"]), (&texts.len().into(), &canaries.into()), "{task}");
    assert_eq!(task["fell_for"], Value::Null);
    for label in ["compatible/sharp", "compatible/dull"] {
        let raw = world.candidate(label)["judge"].as_f64().unwrap();
        assert!((raw - world.truth(label)).abs() < 1e-9, "{label}: {raw}");
        assert!(world.candidate(label)["rule"].as_f64().unwrap() < raw, "the rule knows no other words");
    }
}

#[test]
fn judging_twice_costs_nothing() {
    let world = world(6, &["compatible/sharp"]);
    world.configure(&["compatible/sharp"], &world.judges(&["compatible/fair"]));
    world.run();
    assert_eq!(world.judged()["answers"], 6, "a run judges at its end");
    let (before, lines) = (world.host.journal().requests, world.judgements());
    let again = world.judge("");
    assert_eq!((world.host.journal().requests, world.judgements()), (before, lines));
    assert!(again.err.contains("all 6 answers are judged"), "{}", again.err);
}

#[test]
fn another_prompt_or_judge_keeps_what_was_said() {
    let world = world(5, &["compatible/sharp"]);
    world.configure(&["compatible/sharp"], &world.judges(&["compatible/fair", "compatible/noisy"]));
    world.run();
    let names = || -> BTreeSet<String> {
        world
            .judgements()
            .iter()
            .map(|it| format!("{} {}", it["judge"]["provider"], it["judge"]["prompt"]))
            .collect()
    };
    assert_eq!(names().len(), 2);
    assert!(world.judged()["judge"].as_str().unwrap().starts_with("compatible/fair"), "the first one counts");
    assert_eq!(world.judged()["others"][0]["answers"], 5);
    let other = world.project.expect(0, "report run --judge compatible/noisy --format json").out;
    let other: Value = serde_json::from_str(&other).unwrap();
    let judge = &other["judging"]["tasks"][0]["judge"];
    assert!(judge.as_str().unwrap().starts_with("compatible/noisy"), "{judge}");
    world.project.expect(96, "report run --judge compatible/nobody");
    let own = "Say what is met.\n\nThe answer, as a JSON string:\n{{answer}}\n\n\
               The statements, as JSON; other words for the same:\n{{checks}}\n\nReply with JSON.";
    world.project.write("strict.txt", own);
    world.judge("-q --judge compatible/fair --prompt strict.txt");
    assert_eq!(names().len(), 3);
    assert!(world.judged()["judge"].as_str().unwrap().contains("· strict-"), "{}", world.judged());
    world.judge("-q --judge compatible/noisy");
    assert!(world.judged()["judge"].as_str().unwrap().starts_with("compatible/noisy"), "it spoke last");
}

#[test]
fn an_uncalibrated_judge_decides_nothing_unless_it_may() {
    let world = world(10, &["compatible/sharp", "compatible/dull"]);
    world.run();
    let (before, verdict) = (world.score("compatible/sharp"), world.summary()["verdict"].clone());
    let judges = world.judges(&["compatible/fair"]);
    world.configure(&["compatible/sharp", "compatible/dull"], &judges);
    let said = world.judge("");
    assert!(said.out.contains("rule-based") && said.out.contains("not calibrated"), "{}", said.out);
    assert_eq!(world.judged()["standing"], "uncalibrated");
    assert_eq!((world.score("compatible/sharp"), &world.summary()["verdict"]), (before, &verdict));
    let warnings = world.summary()["trust"]["warnings"].clone();
    assert!(warnings.as_array().unwrap().iter().any(|it| it["kind"] == "judge-uncalibrated"), "{warnings}");
    let page = world.project.expect(0, "report run --format markdown").out;
    assert!(page.contains("Its scores decide nothing"), "{page}");

    let allowed = judges.replacen("[[judge", "[judge]\nallow_uncalibrated = true\n[[judge", 1);
    world.configure(&["compatible/sharp", "compatible/dull"], &allowed);
    world.judge("-q");
    assert_eq!(world.judged()["standing"], "allowed");
    assert!((world.score("compatible/sharp") - world.truth("compatible/sharp")).abs() < 1e-9);
}

#[test]
fn a_quotation_that_is_not_there_is_not_believed() {
    let world = world(5, &["compatible/sharp"]);
    world.configure(&["compatible/sharp"], &world.judges(&["compatible/liar"]));
    world.run();
    let task = world.judged();
    assert_eq!((&task["misquoted"], &task["candidates"][0]["judge"]), (&25.into(), &0.0.into()), "{task}");
    assert_eq!(task["standing"], "caught", "it says yes to what says nothing");
}

#[test]
fn replies_that_cannot_be_read_leave_the_rule() {
    let world = world(5, &["compatible/sharp"]);
    world.configure(&["compatible/sharp"], &world.judges(&["compatible/rambling"]));
    world.run();
    let task = world.judged();
    assert_eq!((&task["unreadable"], &task["unjudged"]), (&5.into(), &5.into()), "{task}");
    let before = world.host.journal().requests;
    world.judge("-q");
    assert_eq!(world.host.journal().requests, before, "it is not asked again and again");
}

#[test]
fn a_run_without_open_answers_has_nothing_to_judge() {
    let project = crate::support::Project::offline(3);
    project.expect(0, "run -q --run-dir run");
    let ended = project.expect(4, "judge run --judge compatible/fair");
    assert!(ended.err.contains("nothing to judge"), "{}", ended.err);
    project.expect(4, "judge run");
}
