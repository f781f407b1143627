//! `kill -9` at any moment: no answer is lost, and nothing is paid twice.

use std::time::Duration;

use eval_statistics::SplitMix64;
use vision_testkit::server::{BatchStep, Batches};

use crate::project::{answered, host, host_with, project};
use crate::support::{Project, ended};

const CASES: usize = 24;

/// A run that was killed before it had begun is begun anew; everything later is resumed.
fn verb(project: &Project) -> &'static str {
    match project.path("run/cases.jsonl").exists() {
        true => "resume run --no-progress --wait --look-every 0.02 --batch-size 3",
        false => {
            "run --batch --budget-usd 50 --run-dir run --no-progress --wait --look-every 0.02 --batch-size 3"
        }
    }
}

#[test]
fn twenty_kills_at_random_moments_neither_lose_nor_pay_twice() {
    // Every step takes its time, so that the moments between them are met.
    let host = host_with(&[
        (BatchStep::Upload, "slow:10ms"),
        (BatchStep::Create, "slow:10ms"),
        (BatchStep::Created, "slow:10ms"),
        (BatchStep::Results, "slow:5ms"),
    ]);
    let project = project(CASES, &host);
    let mut lots = SplitMix64::new(7);
    for _ in 0..20 {
        let mut child = project.spawn(verb(&project));
        std::thread::sleep(Duration::from_millis(60 + lots.below(240) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let most = host.journal().batched.values().copied().max().unwrap_or(0);
        assert!(most <= 1, "a question was submitted {most} times");
    }
    let mut last = ended(project.spawn(verb(&project)));
    if last.err.contains("--resubmit") {
        // The host was never asked to create it: the process died in between.
        last = ended(project.spawn(&format!("{} --resubmit", verb(&project))));
    }
    assert_eq!(last.code, Some(0), "{}", last.err);
    let counts: Vec<u64> = host.journal().batched.values().copied().collect();
    assert_eq!(counts, vec![1; CASES], "each question is paid for once");
    assert_eq!((answered(&project).len(), project.trials("run").len()), (CASES, CASES));
    let lost = eval_record::Record::open(&project.path("run")).unwrap().lost().unwrap();
    assert_eq!((lost.waiting, lost.usd.0), (0, 0.0), "nothing is put aside any more");
}

#[test]
fn of_two_resumes_at_once_one_does_it() {
    let host = host(Batches { looks: 3, ..Batches::default() });
    let project = project(6, &host);
    project.expect(5, "run --batch --run-dir run --budget-usd 5 --no-progress");
    let words = "resume run --no-progress --wait --look-every 0.3";
    let (one, other) = (project.spawn(words), project.spawn(words));
    let (one, other) = (ended(one), ended(other));
    let codes = [one.code, other.code];
    assert!(codes.contains(&Some(0)), "{}\n{}", one.err, other.err);
    let refused = [one, other].into_iter().find(|ended| ended.code != Some(0)).unwrap();
    assert!(refused.err.contains("another process is running or resuming this run"), "{}", refused.err);
    assert_eq!(project.trials("run").len(), 6);
    assert_eq!(host.journal().batched.values().copied().collect::<Vec<_>>(), [1; 6]);
}
