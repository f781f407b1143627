//! What workers bring is what one process would have brought.

use std::collections::BTreeSet;

use crate::broker::Broker;
use crate::support::{Host, Project};
use crate::team::{Team, by_case, timeless};

fn lines(project: &Project, file: &str) -> BTreeSet<String> {
    project.read(file).lines().map(str::to_owned).collect()
}

#[test]
fn three_workers_make_the_record_of_one_process() {
    let host = Host::new(&[]);
    let project = Project::new(60, &host.url());
    project.expect(0, "run --run-dir alone");
    let alone = host.journal().requests;

    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 3);
    project.expect(0, &format!("run --run-dir together --workers {}", broker.url()));
    assert_eq!(host.journal().requests - alone, 60, "each case was asked once");

    assert_eq!(timeless(by_case(&project, "alone")), timeless(by_case(&project, "together")));
    assert_eq!(lines(&project, "alone/cases.jsonl"), lines(&project, "together/cases.jsonl"));
    assert_eq!(lines(&project, "alone/media.jsonl"), lines(&project, "together/media.jsonl"));
    let scores = |run: &str| project.expect(0, &format!("report {run} --format csv")).out;
    let without_times = |csv: String| -> Vec<String> {
        csv.lines().filter(|line| !line.contains("seconds")).map(str::to_owned).collect()
    };
    assert!(!without_times(scores("together")).is_empty());
    team.dismiss();
}

#[test]
fn a_run_that_is_complete_leaves_nothing_at_the_broker() {
    let host = Host::new(&[]);
    let project = Project::new(5, &host.url());
    let broker = Broker::start();
    let _team = Team::new(&project, &broker.url(), 1);
    project.expect(0, &format!("run --run-dir run --workers {}", broker.url()));
    let streams = broker.folder().join("jetstream/$G/streams");
    let left: Vec<String> = std::fs::read_dir(streams)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["KV_vision-eval-runs"]);
}

#[test]
fn a_worker_without_a_key_leaves_the_candidate_to_others() {
    let host = Host::new(&[]);
    let project = Project::new(6, &host.url());
    project.configure(&crate::support::provider("openai", &host.url()));
    let broker = Broker::start();
    let run = format!("run --run-dir run --workers {}", broker.url());
    let mut keyless = project.command(&format!("worker {}", broker.url()));
    let keyless = keyless.env_remove("OPENAI_API_KEY").spawn().unwrap();
    // The coordinator needs no key either.
    let mut coordinator = project.command(&run);
    let coordinator = coordinator.env_remove("OPENAI_API_KEY").spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(host.journal().requests, 0);
    let team = Team::new(&project, &broker.url(), 1);
    let run = crate::support::ended(coordinator);
    assert_eq!(run.code, Some(0), "{}", run.err);
    crate::support::signal(&keyless, "TERM");
    let keyless = crate::support::ended(keyless);
    assert!(keyless.err.contains("openai/m is left to others"), "{}", keyless.err);
    assert_eq!(host.journal().requests, 6);
    team.dismiss();
}
