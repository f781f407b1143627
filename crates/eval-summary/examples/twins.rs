//! How often are two identical providers declared different? `twins [RUNS [CASES [SEED]]]`
//!
//! Each run is a synthetic record on disk, scored and summarised like any other.

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Opinion, Options, Summary};
use vision_core::Task;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse().expect("a number"));
    let (runs, cases, seed) =
        (arguments.next().unwrap_or(1_000), arguments.next().unwrap_or(60), arguments.next().unwrap_or(1));
    println!("{runs} runs of {cases} cases, seed {seed}; two identical providers at 90 %");
    let mut all = 0;
    let tasks = [Task::Receipt, Task::Classify, Task::Text];
    for task in tasks {
        let different = (0..runs).filter(|run| is_different(task, cases, seed + run)).count();
        print(task.name(), different, runs);
        all += different;
    }
    print("all", all, runs * tasks.len() as u64);
}

fn print(what: &str, different: usize, runs: u64) {
    let share = different as f64 / runs as f64;
    let error = (share * (1.0 - share) / runs as f64).sqrt();
    println!("{what:<10} declared different: {different:>4} = {:.1} % ± {:.1}", 100.0 * share, 100.0 * error);
}

fn is_different(task: Task, cases: u64, seed: u64) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = SyntheticRun {
        seed,
        cases,
        repeats: 1,
        tasks: vec![task],
        providers: vec![SyntheticProvider::new("twin/a", 1, 0.9), SyntheticProvider::new("twin/b", 2, 0.9)],
        ..SyntheticRun::varied()
    };
    let record = run.write(folder.path()).expect("a record is written");
    let summary = Summary::of(&record, &Options::default()).expect("a record is summarised");
    summary.differences[0].pairs[0].opinion != Opinion::CannotTell
}
