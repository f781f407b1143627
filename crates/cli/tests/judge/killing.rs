//! `kill -9` while judges are asked.

use std::collections::BTreeMap;

use vision_testkit::server::Settings;

use crate::support::read;
use crate::world::world_with;

#[test]
fn nothing_that_was_judged_is_asked_again_after_a_kill() {
    let slow = Settings { faults: read(&["slow:15ms"]), ..Settings::default() };
    let world = world_with(30, &["compatible/sharp", "compatible/dull"], slow);
    world.run();
    let judge = world.judges(&["compatible/fair"]).replace("price", "limits = { concurrency = 2 }\nprice");
    world.configure(&["compatible/sharp", "compatible/dull"], &judge);
    let start = world.host.journal().requests;
    let mut kills = 0;
    for more in [0, 3, 9, 1, 14, 5] {
        let before = world.host.journal().requests;
        let mut child = world.project.spawn("judge run --no-progress");
        if more > 0 {
            world.host.wait_for(before + more);
        } else {
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
        child.kill().unwrap();
        kills += u64::from(child.wait().unwrap().code().is_none());
    }
    assert_eq!(kills, 6);
    world.judge("-q");
    let mut times: BTreeMap<String, u64> = BTreeMap::new();
    for entry in world.host.journal().last.iter().filter(|entry| entry.number > start) {
        // With its statements: canaries of two cases have the same words.
        *times.entry(entry.texts.concat()).or_default() += 1;
    }
    let lines = world.judgements();
    let mut answers: Vec<String> = lines.iter().map(|line| line["answer"].to_string()).collect();
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), lines.len(), "no answer is judged twice");
    let again: u64 = times.values().map(|count| count - 1).sum();
    // Two at once: no more than these can have been under way at a kill.
    assert!(again <= kills * 2, "{again} asked again after {kills} kills");
    assert_eq!(world.judged()["unjudged"], 0);
}

/// What a record says of prices and budgets is the user's own word only if the user planned it.
#[test]
fn a_judging_that_was_planned_by_somebody_else_is_begun_anew() {
    let slow = Settings { faults: read(&["slow:15ms"]), ..Settings::default() };
    let world = world_with(10, &["compatible/sharp"], slow);
    world.run();
    let judge = world.judges(&["compatible/fair"]).replace("price", "limits = { concurrency = 1 }\nprice");
    world.configure(&["compatible/sharp"], &judge);
    let start = world.host.journal().requests;
    let mut child = world.project.spawn("judge run --no-progress");
    world.host.wait_for(start + 4);
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::remove_dir_all(world.project.path("home/.cache/vision-eval/plans")).unwrap();
    world.judge("-q");
    assert_eq!(world.judged()["unjudged"], 0);
    let asked = world.host.journal().requests - start;
    let judged = world.judgements().len() as u64;
    assert!(asked >= judged + 3, "{asked} requests for {judged} judgements");
}
