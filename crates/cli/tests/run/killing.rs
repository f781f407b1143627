//! `kill -9`, then resume: nothing that completed is asked twice, nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use eval_statistics::SplitMix64;
use serde_json::Value;

use crate::support::{Host, Project, ended};

/// The answer to each trial, and what was counted for it.
type Answers = BTreeMap<String, (String, Value)>;

fn answers(project: &Project) -> Answers {
    let trials = project.trials("run");
    let count = trials.len();
    let answers: Answers = trials
        .into_iter()
        .map(|trial| {
            let text = trial["response"]["text"].as_str().unwrap().to_owned();
            (trial["case"].as_str().unwrap().to_owned(), (text, trial["response"]["usage"].clone()))
        })
        .collect();
    assert_eq!(answers.len(), count, "no trial is recorded twice");
    answers
}

/// Kills a run and each of its resumptions after a number of requests drawn by lot, and lets the last one finish.
fn check(kills: usize, cases: usize, seed: u64) {
    let undisturbed = {
        let host = Host::new(&[]);
        let project = Project::new(cases, &host.url());
        project.expect(0, "run --run-dir run");
        answers(&project)
    };
    let host = Host::new(&["slow:5ms"]);
    let project = Project::new(cases, &host.url());
    let each = cases / (kills + 1);
    let mut completed = BTreeSet::new();
    let mut lots = SplitMix64::new(seed);
    for kill in 0..kills {
        let before = host.journal().requests;
        let mut child = project.spawn(verb(&project));
        host.wait_for(before + lots.below(each + 1) as u64);
        child.kill().unwrap();
        child.wait().unwrap();
        for (case, times) in host.asked_after(before) {
            assert!(!completed.contains(&case), "{case} was complete, and was asked again after kill {kill}");
            assert_eq!(times, 1, "{case} was asked twice by one process");
        }
        completed = project.trials("run").iter().map(|trial| trial["case"].to_string()).collect();
        completed = completed.iter().map(|case| case.trim_matches('"').to_owned()).collect();
    }
    let before = host.journal().requests;
    let last = ended(project.spawn(verb(&project)));
    assert_eq!(last.code, Some(0), "{}", last.err);
    assert!(host.asked_after(before).keys().all(|case| !completed.contains(case)));
    assert_eq!(answers(&project), undisturbed, "the union is one undisturbed run");
    project.expect(0, "resume run");
    let before = host.journal().requests;
    assert_eq!(host.asked_after(before).len(), 0, "a complete run asks nothing");
}

/// A run that was killed before it had begun is begun anew; everything later is resumed.
fn verb(project: &Project) -> &'static str {
    match project.path("run/cases.jsonl").exists() {
        true => "resume run --no-progress",
        false => "run --run-dir run --no-progress",
    }
}

#[test]
fn twenty_kills_at_random_moments_and_a_resume_make_one_undisturbed_run() {
    check(20, 160, 2);
}
