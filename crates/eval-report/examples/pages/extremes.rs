//! Runs that are hard to lay out.

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use vision_core::Task;

/// By the name of the page.
pub fn all() -> Vec<(&'static str, SyntheticRun)> {
    let tie =
        |number: u32| SyntheticProvider { price: Some(1.0), ..provider(&format!("tied/{number}"), 1, 0.9) };
    let failing =
        |number: u32| SyntheticProvider { failing: 1.0, ..provider(&format!("dead/{number}"), number, 0.9) };
    vec![
        ("two", run(40, vec![provider("openai/large", 1, 0.97), free("local/small", 2, 0.9)])),
        (
            "dozen",
            run(40, (1..=12).map(|number| spread(&format!("synthetic/model-{number}"), number)).collect()),
        ),
        ("many", run(20, (1..=24).map(|number| spread(&long(number), number)).collect())),
        ("ties", run(30, (1..=6).map(tie).collect())),
        ("failed", run(12, (1..=3).map(failing).collect())),
        ("one", run(1, vec![provider("a/only", 1, 0.9), provider("b/other", 2, 0.8)])),
    ]
}

/// A run of a comparison: its name, and whether its record is there.
type Side = (&'static str, SyntheticRun, bool);

/// Runs to compare, by the name of the page.
pub fn compared() -> Vec<(&'static str, Vec<Side>)> {
    let before = |run: SyntheticRun| ("main", run, true);
    let now = |run: SyntheticRun| ("runs/20261201T080000Z-eval", run, true);
    let spread = |share: f64| -> Vec<SyntheticProvider> {
        let worse = |number: u32| SyntheticProvider {
            damage: share * f64::from(number % 3),
            ..provider(&long(number), number, 0.9 + f64::from(number) / 200.0)
        };
        (1..=12).map(worse).collect()
    };
    let two = |damage: f64| {
        let large = SyntheticProvider { damage, ..provider("openai/large", 1, 0.97) };
        vec![large, free("local/small", 2, 0.9)]
    };
    let dead = || vec![SyntheticProvider { failing: 1.0, ..provider("openai/large", 1, 0.9) }];
    let one = |label: &str, seed: u32| vec![provider(label, seed, 0.9)];
    let other = SyntheticRun { tasks: vec![Task::Transcribe], ..run(12, two(0.0)) };
    vec![
        ("two", vec![before(run(40, two(0.0))), now(run(38, two(0.2)))]),
        ("dozen", vec![before(run(30, spread(0.0))), now(run(30, spread(0.12)))]),
        ("scores", vec![("main", run(40, two(0.0)), false), now(run(40, two(0.2)))]),
        ("same", vec![before(run(20, two(0.0))), now(run(20, two(0.0)))]),
        ("failed", vec![before(run(12, one("openai/large", 1))), now(run(12, dead()))]),
        ("renamed", vec![before(run(20, one("openai/old", 1))), now(run(20, one("openai/new", 5)))]),
        ("apart", vec![before(run(12, two(0.0))), now(other)]),
        (
            "three",
            vec![
                before(run(20, two(0.0))),
                ("tuesday", run(20, two(0.1)), true),
                ("wednesday", run(20, two(0.3)), true),
            ],
        ),
    ]
}

fn run(cases: usize, providers: Vec<SyntheticProvider>) -> SyntheticRun {
    SyntheticRun {
        cases: cases as u64,
        repeats: 1,
        tasks: vec![Task::Receipt, Task::Classify, Task::Text],
        providers,
        ..SyntheticRun::varied()
    }
}

fn provider(label: &str, seed: u32, accuracy: f64) -> SyntheticProvider {
    SyntheticProvider::new(label, u64::from(seed), accuracy)
}

fn free(label: &str, seed: u32, accuracy: f64) -> SyntheticProvider {
    SyntheticProvider { price: Some(0.0), local: true, milliseconds: 90, ..provider(label, seed, accuracy) }
}

/// The better, the dearer and the slower, so that limits matter.
fn spread(label: &str, number: u32) -> SyntheticProvider {
    SyntheticProvider {
        price: Some(f64::from(number * number) / 20.0),
        milliseconds: u64::from(200 + 150 * number),
        ..provider(label, number, 0.75 + f64::from(number) / 100.0)
    }
}

/// Sixty letters without a place to break.
fn long(number: u32) -> String {
    let label = format!("some-cloud/an-uncommonly-long-model-name-with-a-date-{number:02}-");
    format!("{label:x<60}")
}
