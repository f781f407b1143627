//! Workers that hang, and a broker that is away for a while.

use std::time::Duration;

use crate::broker::Broker;
use crate::support::{Host, Project, ended, signal};
use crate::team::{Team, by_case, check_account};

const CASES: usize = 120;

fn words(broker: &Broker) -> String {
    format!("run --run-dir run --no-progress --quiet --workers {} --worker-timeout 1", broker.url())
}

#[test]
fn what_a_worker_that_hangs_had_taken_is_done_by_others_and_marked() {
    let host = Host::new(&["slow:20ms"]);
    let project = Project::new(CASES, &host.url());
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 2);
    let run = project.spawn(&words(&broker));
    host.wait_for(20);
    signal(team.worker(0), "STOP");
    host.wait_for(60);
    std::thread::sleep(Duration::from_secs(2));
    signal(team.worker(0), "CONT");
    let run = ended(run);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let trials = by_case(&project, "run");
    assert_eq!(trials.len(), CASES);
    check_account(&host.asked_after(0), &trials);
    team.dismiss();
}

#[test]
fn a_broker_that_is_stopped_and_continued_loses_nothing() {
    let host = Host::new(&["slow:20ms"]);
    let project = Project::new(CASES, &host.url());
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 3);
    let run = project.spawn(&words(&broker));
    for requests in [20, 60] {
        host.wait_for(requests);
        broker.signal("STOP");
        std::thread::sleep(Duration::from_secs(2));
        broker.signal("CONT");
    }
    let run = ended(run);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let trials = by_case(&project, "run");
    assert_eq!(trials.len(), CASES);
    check_account(&host.asked_after(0), &trials);
    team.dismiss();
}

#[test]
fn a_broker_that_is_killed_and_started_again_loses_nothing() {
    let host = Host::new(&["slow:20ms"]);
    let project = Project::new(CASES, &host.url());
    let mut broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 3);
    let run = project.spawn(&words(&broker));
    for requests in [20, 60] {
        host.wait_for(requests);
        broker.restart();
    }
    let run = ended(run);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let trials = by_case(&project, "run");
    assert_eq!(trials.len(), CASES);
    check_account(&host.asked_after(0), &trials);
    team.dismiss();
}
