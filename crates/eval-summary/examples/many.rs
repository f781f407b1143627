//! How long does a large record take, and how much memory? `many FOLDER [TRIALS [THREADS]]`
//!
//! Writes a synthetic record of receipts, labels and texts by eight providers if the folder has none, then summarises
//! it. On Linux the peak of memory is printed, too.

use std::path::Path;
use std::time::Instant;

use eval_record::Record;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Options, Summary};
use vision_core::Task;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("usage: many FOLDER [TRIALS [THREADS]]");
    let trials: u64 = arguments.next().map_or(1_000_000, |text| text.parse().expect("a number"));
    let threads = arguments.next().map_or(1, |text| text.parse().expect("a number"));
    let dir = Path::new(&folder);
    if !dir.join("plan.json").exists() {
        write(dir, trials);
    }
    let begun = Instant::now();
    let record = Record::open(dir).expect("a record");
    let options =
        Options { threads: std::num::NonZeroUsize::new(threads).expect("a thread"), ..Options::default() };
    let summary = Summary::of(&record, &options).expect("a summary");
    let seconds = begun.elapsed().as_secs_f64();
    let scored: u64 = summary.overall.rows.iter().map(|row| row.answers.trials).sum();
    println!("{scored} trials in {seconds:.1} s with {threads} threads; {:?}", summary.verdict.decision);
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        println!("{peak}");
    }
}

fn write(dir: &Path, trials: u64) {
    let provider = |number: u32| {
        SyntheticProvider::new(
            &format!("synthetic/{number}"),
            u64::from(number),
            0.9 + f64::from(number) / 100.0,
        )
    };
    let run = SyntheticRun {
        cases: trials.div_ceil(24),
        repeats: 1,
        tasks: vec![Task::Receipt, Task::Classify, Task::Text],
        providers: (1..=8).map(provider).collect(),
        ..SyntheticRun::varied()
    };
    let begun = Instant::now();
    run.write(dir).expect("a record");
    println!("written in {:.1} s", begun.elapsed().as_secs_f64());
}
