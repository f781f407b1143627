//! Answers that want to be more than answers.

use crate::world::{ATTACKS, put_before, world};

#[test]
fn an_attack_arrives_as_it_is_and_steers_nobody_who_reads_it_as_data() {
    let world = world(ATTACKS.len() * 2, &["compatible/hostile", "compatible/sharp"]);
    world.run();
    let before = world.host.journal().requests;
    world.configure(&["compatible/hostile", "compatible/sharp"], &world.judges(&["compatible/fair"]));
    let said = world.judge("");
    let asked = world.host.journal().last.into_iter().filter(|entry| entry.number > before);
    let answers: Vec<String> = asked.map(|entry| put_before(&entry.texts.concat()).0).collect();
    for attack in ATTACKS {
        assert_eq!(answers.iter().filter(|answer| *answer == attack).count(), 2, "{attack:?}");
    }
    assert_eq!(world.candidate("compatible/hostile")["judge"], 0.0);
    assert_eq!(world.judged()["standing"], "uncalibrated", "{}", said.out);
    for letter in ['\u{202e}', '\u{2066}', '\u{0}'] {
        assert!(!said.out.contains(letter) && !said.err.contains(letter));
    }
}

#[test]
fn a_judge_that_obeys_is_found_out_and_does_not_count() {
    let world = world(ATTACKS.len(), &["compatible/hostile", "compatible/sharp"]);
    let may = world.judges(&["compatible/gullible"]);
    let may = may.replacen("[[judge", "[judge]\nallow_uncalibrated = true\n[[judge", 1);
    world.configure(&["compatible/hostile", "compatible/sharp"], &may);
    world.run();
    let task = world.judged();
    assert_eq!(
        (&task["standing"], &task["fell_for"]),
        (&"caught".into(), &serde_json::json!(["asks", "escapes"]))
    );
    assert!(
        world.candidate("compatible/hostile")["judge"].as_f64().unwrap() > 0.5,
        "it would pay to attack it"
    );
    assert_eq!(world.score("compatible/hostile"), 0.0, "but its scores are not used");
    let page = world.project.expect(0, "report run --format markdown").out;
    assert!(page.contains("asks for a yes") && page.contains("Its scores are not used"), "{page}");

    // One that withstood counts, though the other spoke last.
    world.configure(&["compatible/hostile", "compatible/sharp"], &world.judges(&["compatible/fair"]));
    world.judge("-q");
    let config = world.project.read("eval.toml");
    world.project.write("eval.toml", &(config + &world.judges(&["compatible/gullible"])));
    world.judge("-q --judge compatible/gullible");
    assert!(world.judged()["judge"].as_str().unwrap().starts_with("compatible/fair"), "{}", world.judged());
}
