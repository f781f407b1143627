//! Workers of one project, and what a host and a record say of their work.

use std::collections::BTreeMap;
use std::process::Child;

use serde_json::Value;

use crate::support::{Ended, Project, ended};

/// Workers in the folder of a project. They are killed when this is dropped.
pub struct Team<'a> {
    project: &'a Project,
    url: String,
    workers: Vec<Child>,
}

impl<'a> Team<'a> {
    pub fn new(project: &'a Project, url: &str, count: usize) -> Self {
        let mut team = Self { project, url: url.to_owned(), workers: Vec::new() };
        (0..count).for_each(|_| team.add());
        team
    }

    pub fn add(&mut self) {
        self.workers.push(self.project.spawn(&format!("worker {} --quiet", self.url)));
    }

    /// `kill -9`, and another one takes its place.
    pub fn replace(&mut self, number: usize) {
        let mut worker = self.workers.remove(number);
        worker.kill().unwrap();
        worker.wait().unwrap();
        self.add();
    }

    pub fn worker(&self, number: usize) -> &Child {
        &self.workers[number]
    }

    /// Asks all of them to go, and insists that they go in peace.
    pub fn dismiss(mut self) {
        for worker in self.workers.drain(..) {
            crate::support::signal(&worker, "TERM");
            let Ended { code, err, .. } = ended(worker);
            assert_eq!(code, Some(0), "{err}");
        }
    }
}

impl Drop for Team<'_> {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            worker.kill().ok();
            worker.wait().ok();
        }
    }
}

/// The trials of a run by their cases. None may be there twice.
pub fn by_case(project: &Project, run: &str) -> BTreeMap<String, Value> {
    let trials = project.trials(run);
    let count = trials.len();
    let by_case: BTreeMap<String, Value> =
        trials.into_iter().map(|trial| (trial["case"].as_str().unwrap().to_owned(), trial)).collect();
    assert_eq!(by_case.len(), count, "a trial is recorded twice");
    by_case
}

/// Trials without what no two runs have in common: times, and what became of attempts on the way.
pub fn timeless(trials: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let strip = |mut trial: Value| {
        trial.as_object_mut().unwrap().remove("at_ms");
        if let Some(response) = trial["response"].as_object_mut() {
            ["timing", "attempts", "request_id"].iter().for_each(|name| _ = response.remove(*name));
        }
        trial
    };
    trials.into_iter().map(|(case, trial)| (case, strip(trial))).collect()
}

/// The attempts of a trial.
pub fn attempts(trial: &Value) -> &[Value] {
    let outcome = if trial["response"].is_null() { &trial["failure"] } else { &trial["response"] };
    outcome["attempts"].as_array().map_or(&[], Vec::as_slice)
}

/// Those of which nobody knows how they ended.
pub fn interrupted(trial: &Value) -> usize {
    attempts(trial).iter().filter(|attempt| attempt["interrupted"] == true).count()
}

/// Whatever was asked at the host is in the record: as the answer, or marked.
#[track_caller]
pub fn check_account(asked: &BTreeMap<String, usize>, trials: &BTreeMap<String, Value>) -> (usize, usize) {
    let (mut twice, mut marked) = (0, 0);
    for (case, trial) in trials {
        let times = asked.get(case).copied().unwrap_or(0);
        assert!(times > 0, "{case} was never asked");
        assert!(
            times <= attempts(trial).len(),
            "{case} was asked {times} times, and the record knows of {}",
            attempts(trial).len()
        );
        twice += times - 1;
        marked += interrupted(trial);
    }
    assert!(twice <= marked, "{twice} requests were sent twice, and {marked} are marked");
    (twice, marked)
}
