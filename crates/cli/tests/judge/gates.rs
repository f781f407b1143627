//! Two runs of judged answers: gates, comparisons, baselines and history rest on what people say.

use serde_json::Value;

use crate::people::fill_in;
use crate::world::{World, world};

/// Whom the judge takes as they are, and whom it flatters.
const PLAIN: &str = "compatible/sharp";
const FLATTERED: &str = "openai/gpt-5.6-luna";
const JUDGE: &str = "openai/kin";

/// A run of a good candidate, and one of a worse that the judge flatters.
fn two_runs() -> World {
    let world = world(60, &[PLAIN]);
    for (run, candidate) in [("before", PLAIN), ("now", FLATTERED)] {
        configure(&world, candidate, "");
        world.project.expect(0, &format!("run -q --run-dir {run}"));
    }
    world
}

fn configure(world: &World, candidate: &str, settings: &str) {
    world.configure(&[candidate], &format!("[judge]\n{settings}\n{}", world.judges(&[JUDGE])));
}

fn calibrate(world: &World, run: &str) {
    world.project.expect(0, &format!("judge {run} -q --sample 40 -o {run}.csv"));
    fill_in(world, &format!("{run}.csv"));
    world.project.expect(0, &format!("judge {run} -q --calibrate {run}.csv"));
}

fn json(world: &World, code: i32, command: &str) -> Value {
    let ended = world.project.expect(code, &format!("{command} --format json"));
    serde_json::from_str(&ended.out).unwrap()
}

/// The paired line of the only candidate.
fn paired(comparison: &Value) -> Value {
    comparison["against"][0]["differences"][0].clone()
}

#[test]
fn a_loss_that_the_judge_likes_fails_the_gate() {
    let world = two_runs();
    for run in ["before", "now"] {
        calibrate(&world, run);
    }
    let truth = world.truth_in("now", FLATTERED) - world.truth_in("before", PLAIN);
    assert!(truth < -0.15, "{truth}");
    let raw = |run: &str| world.judged_in(run)["candidates"][0]["judge"].as_f64().unwrap();
    assert!(raw("now") >= raw("before"), "the judge sees no loss: {} {}", raw("before"), raw("now"));

    let gate = json(&world, 100, "gate now --baseline before");
    let check = &gate["checks"][0];
    assert_eq!((&check["verdict"], &check["reason"]["kind"]), (&"regressed".into(), &"compared".into()));
    let loss = &check["loss"];
    let interval = [&loss["interval"]["low"], &loss["interval"]["high"]].map(|it| it.as_f64().unwrap());
    assert!(interval[0] < truth && truth < interval[1], "{truth}: {loss}");
    assert_eq!(loss["interval"]["method"], "judge corrected by people");

    // One figure in the report, the comparison, the gate and the history.
    let line = paired(&json(&world, 0, "compare before now"));
    assert_eq!(
        (&line["difference"]["opinion"], &line["undecided"]),
        (&"worse".into(), &Value::Null),
        "{line}"
    );
    assert_eq!(line["difference"]["difference"], loss["difference"]);
    for (run, mean) in [("before", &line["difference"]["mean_a"]), ("now", &line["difference"]["mean_b"])] {
        let corrected = world.judged_in(run)["candidates"][0]["corrected"]["mean"].as_f64().unwrap();
        assert!((corrected - mean.as_f64().unwrap()).abs() < 1e-9, "{run}: {corrected} {mean}");
        let history = json(&world, 0, "history .");
        let of = history["lines"].as_array().unwrap().iter().find(|it| it["run"] == run).unwrap().clone();
        assert!((of["score"]["mean"].as_f64().unwrap() - corrected).abs() < 1e-9, "{of}");
    }

    // A file holds what people said, too.
    world.project.expect(0, "baseline set main before");
    let of_file = json(&world, 100, "gate now --baseline main");
    assert_eq!(of_file["checks"][0]["loss"]["difference"], loss["difference"]);

    // Of a judge's figures people correct the score alone.
    let bound = json(&world, 3, "gate now --cutoff pictures/describe.fully_right=0.0");
    assert_eq!(bound["checks"][0]["reason"]["kind"], "not-corrected");
    json(&world, 100, "gate now --cutoff score=0.9");
    json(&world, 0, "gate now --cutoff score=0.1");
}

#[test]
fn an_uncalibrated_judge_decides_no_gate_and_no_comparison() {
    let world = two_runs();
    calibrate(&world, "before");
    let gate = world.project.expect(3, "gate now --baseline before");
    let said = gate.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["nothing is decided here", "people judged 0 of 20 needed answers", "Inconclusive"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let bound = json(&world, 3, "gate now --cutoff score=0.1");
    assert_eq!(bound["checks"][0]["reason"]["kind"], "uncalibrated", "{bound}");
    json(&world, 0, "gate now --cutoff failures=0");
    let compared = world.project.expect(0, "compare before now");
    assert!(compared.out.contains("not decided"), "{}", compared.out);
    let line = paired(&json(&world, 0, "compare before now"));
    assert_eq!(
        (&line["undecided"]["run"], &line["difference"]["opinion"]),
        (&"now".into(), &"cannot-tell".into())
    );

    // Who allows it gets the judge's word as it is.
    configure(&world, FLATTERED, "allow_uncalibrated = true");
    let line = paired(&json(&world, 0, "compare before now"));
    assert_eq!(line["undecided"], Value::Null);
    let raw = |run: &str| world.project.expect(0, &format!("report {run} --format json")).out;
    let raw = |run: &str| -> f64 {
        let summary: Value = serde_json::from_str(&raw(run)).unwrap();
        summary["judging"]["tasks"][0]["candidates"][0]["judge"].as_f64().unwrap()
    };
    let difference = line["difference"]["difference"].as_f64().unwrap();
    assert!((difference - (raw("now") - raw("before"))).abs() < 1e-9, "{line}");
}

#[test]
fn equal_runs_pass_whatever_the_judge_says() {
    let world = world(60, &["compatible/sharp"]);
    let judges = world.judges(&["compatible/noisy"]);
    world.configure(&["compatible/sharp"], &judges);
    for run in ["before", "now"] {
        world.project.expect(0, &format!("run -q --run-dir {run}"));
        calibrate(&world, run);
    }
    let gate = json(&world, 0, "gate now --baseline before");
    assert_eq!(gate["checks"][0]["loss"]["difference"], 0.0, "{gate}");
}
