//! What judges may spend.

use crate::support::ended;
use crate::world::{World, world};

fn paid() -> World {
    let world = world(8, &["compatible/sharp"]);
    world.run();
    let judge = world.provider("[[judge.provider]]", "compatible/fair", 1000.0);
    world.configure(&["compatible/sharp"], &judge);
    world
}

#[test]
fn a_paid_judge_needs_a_budget() {
    let world = paid();
    let before = world.host.journal().requests;
    let refused = world.project.expect(96, "judge run");
    assert!(refused.err.contains("--budget-usd"), "{}", refused.err);
    world.project.expect(96, "run -q --run-dir again --budget-usd 1");
    assert_eq!(world.host.journal().requests, before);
    assert!(world.judgements().is_empty());
}

#[test]
fn a_judging_without_any_room_is_an_error_of_the_output() {
    let world = world(2, &["compatible/sharp"]);
    world.run();
    world.configure(&["compatible/sharp"], &world.judges(&["compatible/fair"]));
    // Without a trap the signal would end the process.
    let script = format!("trap '' XFSZ; ulimit -f 0; exec {} judge run", env!("CARGO_BIN_EXE_vision-eval"));
    let full = ended(world.project.program("bash", "-c").arg(script).spawn().unwrap());
    assert_eq!(full.code, Some(110), "{}", full.err);
    assert!(full.err.contains("judging") && full.err.contains("cannot be written"), "{}", full.err);
    world.judge("");
    assert!(!world.judgements().is_empty());
}

#[test]
fn a_quote_sends_nothing_and_leaves_nothing() {
    let world = paid();
    let before = world.host.journal().requests;
    for words in ["judge run --dry-run", "judge run --quote"] {
        let quote = world.project.expect(0, words);
        assert!(quote.out.contains("compatible/fair") && quote.out.contains('$'), "{}", quote.out);
    }
    assert_eq!(world.host.journal().requests, before);
    let left: Vec<_> = std::fs::read_dir(world.project.path("run/judging")).into_iter().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_budget_ends_a_judging_and_more_money_goes_on_with_it() {
    let world = paid();
    let whole = world.project.expect(0, "judge run --dry-run").out;
    let before = world.host.journal().requests;
    // Each request may cost its whole output: a few of them fit.
    let ended = world.project.expect(5, "judge run --budget-usd 6");
    let asked = world.host.journal().requests - before;
    assert!(asked > 0 && asked < 16, "{asked} of 16: {}\n{whole}", ended.err);
    assert!(ended.err.contains("go on with: vision-eval judge run"), "{}", ended.err);
    let known = world.judgements().len() as u64;
    assert_eq!(known, asked, "what was answered is kept");
    world.project.expect(0, "judge run -q --budget-usd 1000");
    assert_eq!(
        (world.host.journal().requests - before, world.judgements().len()),
        (16, 16),
        "nothing is asked twice"
    );
    let task = world.judged();
    let usd: f64 = world.judgements().iter().map(|it| it["usd"].as_f64().unwrap()).sum();
    assert!((task["usd"].as_f64().unwrap() - usd).abs() < 1e-9, "{task}");
}
