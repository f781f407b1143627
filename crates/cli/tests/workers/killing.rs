//! `kill -9` of workers and of the coordinator: nothing is lost, nothing is recorded twice, and what may have been paid
//! twice is marked.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Child;

use eval_statistics::SplitMix64;

use crate::broker::Broker;
use crate::support::{Host, Project, case_of, ended};
use crate::team::{Team, attempts, by_case, check_account, timeless};

fn coordinator(project: &Project, broker: &Broker) -> Child {
    let verb = match project.path("run/cases.jsonl").exists() {
        true => "resume run",
        false => "run --run-dir run",
    };
    let words = format!("{verb} --no-progress --quiet --workers {} --worker-timeout 1", broker.url());
    project.spawn(&words)
}

/// What a host was asked, which remembers only the last few hundred requests.
#[derive(Default)]
struct Asked {
    numbers: BTreeSet<u64>,
    by_case: BTreeMap<String, usize>,
}

impl Asked {
    fn note(&mut self, host: &Host) {
        // They do not come in the order of their numbers.
        for entry in host.journal().last.iter().filter(|entry| self.numbers.insert(entry.number)) {
            *self.by_case.entry(case_of(entry)).or_default() += 1;
        }
    }
}

#[test]
fn twenty_kills_of_workers_and_coordinators_make_one_undisturbed_run() {
    const KILLS: usize = 20;
    const CASES: usize = 420;
    let undisturbed = {
        let host = Host::new(&[]);
        let project = Project::new(CASES, &host.url());
        project.expect(0, "run --run-dir run");
        timeless(by_case(&project, "run"))
    };
    let host = Host::new(&["slow:20ms"]);
    let project = Project::new(CASES, &host.url());
    let broker = Broker::start();
    let mut team = Team::new(&project, &broker.url(), 3);
    let mut running = coordinator(&project, &broker);
    let mut lots = SplitMix64::new(5);
    let mut asked = Asked::default();
    for kill in 0..KILLS {
        let before = host.journal().requests;
        host.wait_for(before + 1 + lots.below(CASES / (KILLS + 1) - 1) as u64);
        asked.note(&host);
        if kill % 2 == 0 {
            team.replace(lots.below(3));
        } else {
            running.kill().unwrap();
            running.wait().unwrap();
            running = coordinator(&project, &broker);
        }
    }
    // It would have forgotten the first of them by the end.
    while running.try_wait().unwrap().is_none() {
        asked.note(&host);
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let last = ended(running);
    assert_eq!(last.code, Some(0), "{}", last.err);
    let trials = by_case(&project, "run");
    assert_eq!(trials.len(), CASES, "nothing is lost");
    asked.note(&host);
    let (_, marked) = check_account(&asked.by_case, &trials);
    // The host counts each request when it comes; of one that is broken off it remembers no more than that.
    let requests = usize::try_from(host.journal().requests).unwrap();
    assert!(requests >= CASES);
    let twice = requests - CASES;
    assert!(twice <= marked, "{twice} requests were sent twice, and {marked} are marked");
    assert_eq!(trials.values().map(|trial| attempts(trial).len()).sum::<usize>(), CASES + marked);
    println!("{KILLS} kills, {CASES} cases: {twice} requests sent twice, {marked} attempts marked");
    assert_eq!(timeless(trials), undisturbed);
}
