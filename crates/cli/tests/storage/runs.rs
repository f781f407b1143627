//! Runs are recorded in a bucket, and go on wherever somebody resumes them.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::bucket::Bucket;
use crate::support::{Host, Project, ended};

const RUN: &str = "s3://bucket/runs/one";

fn cases(text: &str) -> Vec<String> {
    let case = |line: &str| {
        let trial: serde_json::Value = serde_json::from_str(line).unwrap();
        trial["case"].as_str().unwrap().to_owned()
    };
    text.lines().map(case).collect()
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn a_run_in_a_bucket_is_read_by_every_verb() {
    let (host, bucket) = (Host::new(&[]), Bucket::start());
    let project = Project::new(8, &host.url());
    let ran = bucket.expect(&project, "one", 0, &format!("run --run-dir {RUN}"));
    assert!(ran.err.contains(&format!("record   {RUN}")), "{}", ran.err);
    let keys = bucket.keys("runs/one");
    for name in ["plan.json", "cases.jsonl", "trials.jsonl", "media.jsonl", "summary.json", "report.html"] {
        assert!(keys.iter().any(|key| key == name), "{name} is not among {keys:?}");
    }
    assert!(!keys.iter().any(|key| key.starts_with("checkpoints/") || key == "lock"), "{keys:?}");

    project.expect(0, "run -q --run-dir local");
    for (code, verb) in [
        (0, format!("report {RUN} --format csv")),
        (0, format!("report {RUN} -o trials.jsonl")),
        (0, format!("score {RUN}")),
        (0, format!("compare local {RUN}")),
        (0, format!("baseline set there {RUN}")),
        // Eight cases are too few to rule a loss out.
        (3, format!("gate {RUN} --baseline there")),
        // None of them has failed.
        (4, format!("run -q --failed-from {RUN} --dry-run")),
    ] {
        bucket.expect(&project, "another", code, &verb);
    }
    for verb in ["judge RUN", "studio RUN", "batch list RUN"] {
        let refused = bucket.expect(&project, "another", 96, &verb.replace("RUN", RUN));
        assert!(refused.err.contains("object storage"), "{verb}: {}", refused.err);
    }
    assert!(!project.path("s3:").exists(), "no address is taken for a folder");
    let second = bucket.expect(&project, "another", 96, &format!("run -q --run-dir {RUN}"));
    assert!(second.err.contains("holds a run already"), "{}", second.err);
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn a_run_that_was_killed_goes_on_elsewhere_from_its_last_checkpoint() {
    let (host, bucket) = (Host::new(&["slow:60ms"]), Bucket::start());
    let project = Project::new(200, &host.url());
    let words = format!("run -q --run-dir {RUN} -j 4 --checkpoint 0.3");
    let mut run = bucket.command(&project, "first", &words).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(180);
    while bucket.keys("runs/one").iter().filter(|key| key.contains("checkpoints/trials.jsonl")).count() < 2 {
        assert!(Instant::now() < patience && run.try_wait().unwrap().is_none(), "no checkpoint came");
        std::thread::sleep(Duration::from_millis(50));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let pieces: Vec<String> = bucket
        .keys("runs/one")
        .into_iter()
        .filter(|key| key.starts_with("checkpoints/trials.jsonl"))
        .collect();
    let copied: String = pieces.iter().map(|key| bucket.get(&format!("runs/one/{key}"))).collect();
    let copied: BTreeSet<String> = cases(&copied).into_iter().collect();
    let before = host.journal().requests;
    assert!(!copied.is_empty() && (before as usize) < 200, "{} copied, {before} asked", copied.len());

    // Another machine: it has nothing but what is in the bucket.
    bucket.expect(&project, "second", 0, &format!("resume -q {RUN} --checkpoint 0.3"));
    let asked = host.asked_after(before);
    assert!(asked.keys().all(|case| !copied.contains(case)), "what was copied is not asked again");
    assert_eq!(asked.len(), 200 - copied.len());
    let recorded = cases(&bucket.get("runs/one/trials.jsonl"));
    assert_eq!(recorded.len(), 200, "each trial stands there once");
    assert!(bucket.keys("runs/one").iter().all(|key| !key.starts_with("checkpoints/")));

    // The first machine sees what the second has done.
    let resumed = bucket.expect(&project, "first", 0, &format!("resume {RUN}"));
    assert!(resumed.err.contains("200 trials done"), "{}", resumed.err);
    assert_eq!(host.journal().requests - before, asked.len() as u64);
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn the_same_machine_loses_nothing_after_a_kill() {
    let (host, bucket) = (Host::new(&["slow:60ms"]), Bucket::start());
    let project = Project::new(60, &host.url());
    // Nothing but the plan is ever copied.
    let words = format!("run -q --run-dir {RUN} -j 4 --checkpoint 3600");
    let mut run = bucket.command(&project, "cache", &words).spawn().unwrap();
    host.wait_for(30);
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(bucket.keys("runs/one"), ["plan.json"]);
    bucket.expect(&project, "cache", 0, &format!("resume -q {RUN}"));
    let recorded: BTreeSet<String> = cases(&bucket.get("runs/one/trials.jsonl")).into_iter().collect();
    assert_eq!(recorded.len(), 60);
    // Those that were under way when it was killed, and no others, are asked twice.
    assert!(host.journal().requests <= 60 + 8, "{} requests", host.journal().requests);
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn of_two_that_go_on_with_one_run_the_second_ends() {
    let (host, bucket) = (Host::new(&["slow:80ms"]), Bucket::start());
    let project = Project::new(300, &host.url());
    let words = format!("run -q --run-dir {RUN} -j 2 --checkpoint 0.3");
    let mut run = bucket.command(&project, "first", &words).spawn().unwrap();
    host.wait_for(10);
    run.kill().unwrap();
    run.wait().unwrap();
    let resume = |cache: &str| {
        bucket.command(&project, cache, &format!("resume -q {RUN} -j 2 --checkpoint 0.4")).spawn().unwrap()
    };
    let (one, other) = (resume("second"), resume("third"));
    let ends = [ended(one), ended(other)];
    let refused: Vec<_> =
        ends.iter().filter(|end| end.err.contains("is written by another process")).collect();
    assert_eq!(refused.len(), 1, "{ends:?}");
    assert_ne!(refused[0].code, Some(0));
    assert_eq!(cases(&bucket.get("runs/one/trials.jsonl")).len(), 300);
}
