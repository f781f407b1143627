//! The budget is the run's, however many workers there are, and whoever stops: what may have been paid is counted once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::broker::Broker;
use crate::support::{Host, Project, ended, lines, signal};
use crate::team::{Team, attempts, by_case};

/// Each request may cost five cents, and costs less.
fn paid(cases: usize, host: &Host) -> Project {
    let project = Project::new(cases, &host.url());
    project.configure(&format!(
        "[[provider]]\nkind = \"compatible\"\nmodel = \"m\"\nbase_url = \"{}\"\nlimits = {{ concurrency = 24 }}\n\
         price = {{ input_per_mtok = 0.0, output_per_mtok = 1000.0 }}\n",
        host.url()
    ));
    // Of a shorter prompt, the host would count fewer tokens than are believed, and the worst case would be charged.
    let manifest = project.read("data/dataset.toml");
    project.write(
        "data/dataset.toml",
        &manifest.replace("odd?", "odd? Say what its picture shows in one word."),
    );
    project
}

fn charged(trial: &Value) -> f64 {
    attempts(trial).iter().map(|attempt| attempt["charged"].as_f64().unwrap_or(0.0)).sum()
}

/// What was put aside for each attempt that was sent, by its number.
fn reserved(project: &Project) -> HashMap<u64, f64> {
    let lines = lines(&project.path("run/reservations.jsonl"));
    lines.iter().map(|line| (line["n"].as_u64().unwrap(), line["usd"].as_f64().unwrap())).collect()
}

#[track_caller]
fn wait_for_reservations(project: &Project, count: usize) {
    let patience = Instant::now() + Duration::from_secs(30);
    while reserved(project).len() < count {
        assert!(Instant::now() < patience, "{count} reservations never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn three_workers_together_spend_no_more_than_the_budget() {
    let host = Host::new(&[]);
    let project = paid(200, &host);
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 3);
    let budget = 0.4;
    let run =
        format!("run --run-dir run --budget-usd {budget} --yes --no-progress --workers {}", broker.url());
    let ended = project.expect(5, &run);
    assert!(ended.err.contains("budget"), "{}", ended.err);
    let trials = project.trials("run");
    let spent: f64 = trials.iter().map(charged).sum();
    assert!(spent > 0.0 && spent <= budget, "{spent} of {budget}");
    assert_eq!(host.journal().requests, trials.len() as u64, "what was asked is what was recorded");
    assert!(trials.len() < 200);
    let numbered = trials.iter().flat_map(attempts).all(|attempt| attempt["reservation"].is_u64());
    assert!(numbered, "each attempt names its reservation");
    team.dismiss();
}

#[test]
fn what_a_worker_that_is_killed_may_have_paid_is_marked_and_counted_with_its_worst_case() {
    let host = Host::new(&["slow:400ms"]);
    let project = paid(60, &host);
    let broker = Broker::start();
    let mut team = Team::new(&project, &broker.url(), 2);
    let run = project
        .spawn(&format!("run --run-dir run --budget-usd 9 -q --workers {} --worker-timeout 1", broker.url()));
    host.wait_for(30);
    team.replace(0);
    let run = ended(run);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let (trials, reserved) = (by_case(&project, "run"), reserved(&project));
    let marked: Vec<&Value> =
        trials.values().flat_map(attempts).filter(|it| it["interrupted"] == true).collect();
    let twice = usize::try_from(host.journal().requests).unwrap() - 60;
    assert!(twice > 0 && twice <= marked.len(), "{twice} sent twice, {} marked", marked.len());
    let worst: f64 = marked.iter().map(|it| reserved[&it["reservation"].as_u64().unwrap()]).sum();
    let counted: f64 = marked.iter().map(|it| it["charged"].as_f64().unwrap()).sum();
    assert!((worst - counted).abs() < 1e-9 && worst > 0.0, "{counted} counted of {worst}");
    // Nothing else is open, and the report says how many and how much.
    let said = project.expect(0, "report run --format md").out;
    let warning = format!("{} requests ended without an answer or a bill", marked.len());
    assert!(said.contains(&warning), "{warning}: {said}");
    assert!(!said.contains("interrupted without a recorded outcome"), "{said}");
    team.dismiss();
}

/// The answers of a killed coordinator's requests are at the broker. Its reservations and those under which the answers
/// are recorded are for the same attempts.
#[test]
fn a_resumed_run_counts_the_answers_that_it_collects_once() {
    const UNDER_WAY: usize = 8;
    let host = Host::new(&["slow:1s"]);
    let project = paid(20, &host);
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 2);
    let words = |verb: &str, budget: f64| {
        format!("{verb} --budget-usd {budget} --yes -q -j {UNDER_WAY} --workers {}", broker.url())
    };
    let mut run = project.spawn(&words("run --run-dir run", 5.0));
    host.wait_for(UNDER_WAY as u64);
    run.kill().unwrap();
    run.wait().unwrap();
    let worst = reserved(&project)[&1];
    // On a busy machine, the first may have been answered before the last was sent.
    let answered: f64 = by_case(&project, "run").values().map(charged).sum();
    // Room for what is open and one request: without counting the open ones anew, as soon as they are known to be cheap.
    let budget = answered + worst * (UNDER_WAY as f64 + 1.0) + 1e-4;
    let resumed = project.start(&words("resume run", budget));
    assert_eq!(resumed.code, Some(0), "{}\n{}", resumed.out, resumed.err);
    let trials = by_case(&project, "run");
    assert_eq!((trials.len(), host.journal().requests), (20, 20), "nothing is asked twice");
    let spent: f64 = trials.values().map(charged).sum();
    assert!(spent > 0.0 && spent < budget - worst, "{spent} of {budget}");
    let report = project.expect(0, "report run --format md").out;
    assert!(!report.contains("may have been billed"), "no money is left open");
    team.dismiss();
}

#[test]
fn what_no_worker_has_taken_when_a_run_is_interrupted_costs_nothing() {
    let host = Host::new(&[]);
    let project = paid(30, &host);
    let broker = Broker::start();
    let words = format!("--budget-usd 5 --yes -j 6 --workers {}", broker.url());
    let run = project.spawn(&format!("run --run-dir run --no-progress {words}"));
    wait_for_reservations(&project, 6);
    signal(&run, "INT");
    assert_eq!(ended(run).code, Some(130));
    assert!(reserved(&project).values().all(|usd| *usd == 0.0), "{:?}", reserved(&project));
    let team = Team::new(&project, &broker.url(), 1);
    let resumed = project.expect(0, &format!("resume run --no-progress {words}"));
    assert!(!resumed.err.contains("count as spent"), "{}", resumed.err);
    assert_eq!(host.journal().requests, 30);
    team.dismiss();
}
