//! Many cases at once: neither memory nor open files grow with their number.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use crate::support::{Host, Project, ended, provider};

/// What a process holds.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    files: usize,
    kilobytes: u64,
}

impl Held {
    /// `None` once the process has ended.
    fn by(process: u32) -> Option<Self> {
        let files = fs::read_dir(format!("/proc/{process}/fd")).ok()?.count();
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        Some(Self { files, kilobytes: line.split_whitespace().nth(1)?.parse().ok()? })
    }

    fn most(of: &[Self]) -> Self {
        let files = of.iter().map(|held| held.files).max().unwrap_or_default();
        Self { files, kilobytes: of.iter().map(|held| held.kilobytes).max().unwrap_or_default() }
    }
}

/// Runs so many cases of one picture, 128 at once, and looks at the process all the while.
fn check(cases: usize) {
    let host = Host::new(&["500@0.02", "cut@0.02", "slow:50ms"]);
    let project = Project::new(1, "");
    let case = |number: usize| {
        let parity = if number % 2 == 1 { ("odd", "chart") } else { ("even", "photo") };
        format!(
            "{{\"id\":\"c{number}\",\"media\":[\"0.png\"],\"expected\":{{\"label\":\"{}\"}},\
             \"fields\":{{\"number\":\"c{number}\",\"parity\":\"{}\"}}}}\n",
            parity.1, parity.0
        )
    };
    project.write("data/cases.jsonl", &(0..cases).map(case).collect::<String>());
    project.configure(&provider("compatible", &host.url()).replace("concurrency = 8", "concurrency = 128"));
    let child = project.spawn("run --run-dir run --no-progress -q -j 128 --format json");
    let process = child.id();
    let mut held = Vec::new();
    // Until all was asked: scoring and reporting come later, and hold what they need.
    while host.journal().requests < cases as u64 {
        match Held::by(process) {
            Some(now) if now.files > 0 => held.push(now),
            _ => break,
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let run = ended(child);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(project.trials("run").len(), cases);
    let (first, last) = held.split_at(held.len() / 2);
    let (first, last) = (Held::most(first), Held::most(last));
    println!("{cases} cases: {first:?} in the first half, {last:?} in the second");
    // A connection and a picture that is being read for each place, and some for the process itself.
    assert!(last.files <= 2 * 128 + 64, "{last:?}");
    assert!(last.kilobytes < first.kilobytes * 5 / 4 + 8_192, "memory grows: {first:?}, then {last:?}");
    assert!(last.kilobytes < 120 << 10, "{last:?}");
    let peak = host.journal().peak;
    assert!((32..=128).contains(&peak), "{peak} at once");
}

#[test]
fn memory_and_open_files_do_not_grow_with_the_number_of_cases() {
    check(1_500);
}

#[test]
#[ignore = "a hundred thousand cases take minutes; run it by name"]
fn a_hundred_thousand_cases_take_no_more_memory_than_a_thousand() {
    check(100_000);
}
