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
