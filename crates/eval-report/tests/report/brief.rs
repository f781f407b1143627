//! What a run prints fits a screen, whatever ran.

use eval_report::Look;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use vision_core::Task;

use crate::runs::scores;

fn many(count: usize, failing: f64) -> SyntheticRun {
    let provider = |at: usize| {
        let label = format!("a-rather-long-company/a-model-with-a-name-of-sixty-letters-{at:02}");
        SyntheticProvider { failing, ..SyntheticProvider::new(&label, at as u64, 0.9) }
    };
    SyntheticRun {
        cases: 6,
        repeats: 1,
        tasks: vec![Task::Receipt, Task::Classify],
        providers: (0..count).map(provider).collect(),
        ..SyntheticRun::varied()
    }
}

#[test]
fn a_run_prints_at_most_25_lines() {
    for count in [1, 2, 5, 12, 24] {
        for failing in [0.0, 0.3, 1.0] {
            let (summary, _) = scores(&many(count, failing), "main");
            for columns in [80, 160] {
                let text = eval_report::terminal_brief(&summary, Look { columns, color: false });
                assert!(text.lines().count() <= 25, "{count} candidates, {failing} failing:\n{text}");
                assert!(text.contains("LEADERBOARD"), "{text}");
            }
        }
    }
}
