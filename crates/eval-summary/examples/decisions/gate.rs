//! A run of five tasks against its baseline, through the gate itself: each provider on all its cases first, then task
//! by task, in one family.

use eval_statistics::SplitMix64;
use eval_summary::{
    Baseline, BaselineProvider, BaselineTask, CaseScore, GateRules, GateVerdict, Options, compare_runs,
    loss_checks,
};
use vision_core::Task;

use crate::study::normal;

/// Cases of each of the five tasks.
const SIZES: [usize; 5] = [2, 12, 20, 40, 200];

const TASKS: [Task; 5] = [Task::Receipt, Task::ChartQuestion, Task::Classify, Task::Document, Task::Text];

/// The scores of one case of this task, before and now.
type Case = fn(&mut SplitMix64, usize) -> (f64, f64);

const SHAPES: &[(&str, Case)] = &[
    ("nothing; 10 % of yes/no cases flip", |s, _| flipped(s, 0.1, 0.0)),
    ("nothing; half of the graded cases move by 0.1", |s, _| moved(s, 0.1)),
    ("nothing; half of the graded cases move by 0.25", |s, _| moved(s, 0.25)),
    ("nothing; two tasks of each kind, one that never changes", mixed),
    ("5 points lost; yes/no, 10 % flip", |s, _| flipped(s, 0.1, 0.05)),
    ("10 points lost; yes/no, 10 % flip", |s, _| flipped(s, 0.1, 0.1)),
    ("20 points lost; yes/no, 10 % flip", |s, _| flipped(s, 0.1, 0.2)),
    ("20 points lost on one task; yes/no, 10 % flip", |s, task| {
        flipped(s, 0.1, if task == 0 { 0.2 } else { 0.0 })
    }),
    ("50 points lost on one task; yes/no, 10 % flip", |s, task| {
        flipped(s, 0.1, if task == 0 { 0.5 } else { 0.0 })
    }),
];

/// Of every ten cases so many flip, half of them up; of the others some are lost.
fn flipped(stream: &mut SplitMix64, noise: f64, loss: f64) -> (f64, f64) {
    match stream.unit() {
        up if up < noise / 2.0 => (0.0, 1.0),
        down if down < noise + loss => (1.0, 0.0),
        _ => (1.0, 1.0),
    }
}

fn moved(stream: &mut SplitMix64, by: f64) -> (f64, f64) {
    let before = 0.3 + 0.5 * stream.unit();
    let moves = if stream.unit() < 0.5 { by * normal(stream) } else { 0.0 };
    (before, (before + moves).clamp(0.0, 1.0))
}

fn mixed(stream: &mut SplitMix64, task: usize) -> (f64, f64) {
    match task {
        0 | 1 => flipped(stream, 0.1, 0.0),
        2 | 3 => moved(stream, 0.25),
        _ => (1.0, 1.0),
    }
}

/// The same run before and now.
fn runs(case: Case, size: usize, stream: &mut SplitMix64) -> [Baseline; 2] {
    let mut scores = [Vec::new(), Vec::new()];
    for (number, task) in TASKS.into_iter().enumerate() {
        for at in 0..size {
            let (before, now) = case(stream, number);
            for (side, score) in scores.iter_mut().zip([before, now]) {
                side.push(CaseScore {
                    dataset: task.name().to_owned(),
                    task,
                    case: format!("{at:04}"),
                    provider: "a/provider".to_owned(),
                    source: String::new(),
                    scores: vec![score],
                    failed: 0,
                    people: None,
                    wrong: Vec::new(),
                    tags: Default::default(),
                });
            }
        }
    }
    scores.map(run)
}

fn run(scores: Vec<CaseScore>) -> Baseline {
    let text = String::new;
    let task = |task: Task| BaselineTask {
        dataset: task.name().to_owned(),
        task,
        version: text(),
        content_hash: text(),
        prompt_hash: text(),
        metric: text(),
        metric_hash: text(),
        judge: None,
    };
    Baseline {
        v: 1,
        name: "before".to_owned(),
        run: text(),
        started: text(),
        tool: text(),
        scorer: text(),
        command: text(),
        repeats: 1,
        price_date: text(),
        settings: text(),
        tasks: TASKS.map(task).to_vec(),
        providers: vec![BaselineProvider {
            label: "a/provider".to_owned(),
            model: text(),
            settings: text(),
            served: Vec::new(),
            figures: None,
        }],
        scores,
    }
}

fn verdict(case: Case, size: usize, stream: &mut SplitMix64) -> GateVerdict {
    let options = Options::default();
    let sides = runs(case, size, stream);
    let compared = compare_runs(&sides, &options).expect("two runs");
    let [before, now] = &sides;
    let checks = loss_checks(before, now, &compared.against[0], &GateRules::default(), &options);
    checks.iter().filter(|check| !check.part).map(|check| check.verdict).max().expect("there are checks")
}

/// Prints the table.
pub fn print(runs: u64, seed: u64) {
    println!("\n### The gate on five tasks: regressed / exit 0 (pass or no loss found), in % of runs\n");
    println!("{runs} runs for each figure, through the gate's own code.\n");
    let columns: Vec<String> = SIZES.iter().map(|size| format!("5 × {size}")).collect();
    println!("| what happened since the baseline | {} |", columns.join(" | "));
    println!("| --- |{}", " ---: |".repeat(columns.len()));
    for (number, (name, case)) in SHAPES.iter().enumerate() {
        let cell = |size: &usize| {
            let mut stream = SplitMix64::new(seed ^ (number as u64) << 32 ^ *size as u64);
            let (mut regressed, mut exit_zero) = (0_u64, 0_u64);
            for _ in 0..runs {
                match verdict(*case, *size, &mut stream) {
                    GateVerdict::Regressed => regressed += 1,
                    GateVerdict::Pass | GateVerdict::NoLossFound => exit_zero += 1,
                    _ => {}
                }
            }
            let share = |count: u64| 100.0 * count as f64 / runs as f64;
            format!("{:.1} / {:.1}", share(regressed), share(exit_zero))
        };
        println!("| {name} | {} |", SIZES.iter().map(cell).collect::<Vec<_>>().join(" | "));
    }
}
