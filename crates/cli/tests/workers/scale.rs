//! What workers bring, and what they cost. Measured on request, because it takes minutes and says something only on an
//! idle machine: `cargo xtask bench --workers`.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::broker::Broker;
use crate::cost::{Costs, cost, load};
use crate::lean::LeanHost;
use crate::support::{Project, ended};
use crate::team::Team;

/// A project of so many trials: few cases, often.
fn project(host: &LeanHost, cases: usize, repeats: usize) -> Project {
    let project = Project::new(cases, &host.url());
    let provider = crate::support::provider("compatible", &host.url());
    project.write(
        "eval.toml",
        &format!(
            "repeats = {repeats}\n[[dataset]]\npath = \"data\"\n{}",
            provider.replace("concurrency = 8", "concurrency = 1024")
        ),
    );
    project
}

/// Waits until the host has had so many requests.
#[track_caller]
fn wait_for(host: &LeanHost, requests: u64, coordinator: &mut std::process::Child) {
    while host.requests() < requests {
        assert!(coordinator.try_wait().unwrap().is_none(), "the run ended too early");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// One row of the table: from the first request to the last, so that neither the plan nor the report is in it.
fn row(delay: Duration, workers: usize, trials: usize) {
    const CASES: usize = 100;
    const IN_FLIGHT: usize = 128;
    let host = LeanHost::new(delay);
    let project = project(&host, CASES, trials / CASES);
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), workers);
    let at_once = IN_FLIGHT * workers;
    let words = format!("run --run-dir run --no-progress --quiet -j {at_once} --workers {}", broker.url());
    let mut run = project.spawn(&words);
    let processes = (run.id(), (0..workers).map(|number| team.worker(number).id()).collect(), broker.id());
    wait_for(&host, 1, &mut run);
    let (begun, before) = (Instant::now(), Costs::of(&processes));
    wait_for(&host, trials as u64, &mut run);
    let (seconds, spent) = (begun.elapsed().as_secs_f64(), Costs::of(&processes).since(&before));
    let run = ended(run);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(host.requests(), trials as u64, "each trial is asked once");
    team.dismiss();
    let each = |spent: f64| spent * 1e3 / trials as f64;
    println!(
        "| {} | {workers} | {at_once} | {trials} | {seconds:.1} | {:.0} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
        delay.as_millis(),
        trials as f64 / seconds,
        each(spent.coordinator),
        each(spent.workers),
        each(spent.broker),
        each(spent.host),
        spent.all() / seconds
    );
}

#[test]
#[ignore = "measures for minutes, on an idle machine"]
fn scale_throughput_grows_with_workers_until_the_cores_are_full() {
    println!(
        "load {}, {} cores\n\
         | Host, ms | Workers | In flight | Trials | Seconds | Trials per second | Coordinator, ms per trial | Workers | \
         NATS server | Host | Cores busy |\n|---|---|---|---|---|---|---|---|---|---|---|",
        load(),
        std::thread::available_parallelism().unwrap()
    );
    for workers in [1, 2, 4, 8] {
        row(Duration::from_millis(50), workers, 20_000);
    }
    // So slow that one worker leaves the cores idle.
    for workers in [1, 2, 4, 8] {
        row(Duration::from_millis(500), workers, 4_000 * workers);
    }
    println!("load {}", load());
}

#[test]
#[ignore = "reads images for minutes"]
fn scale_local_readers_are_limited_by_cores_only() {
    const WORKERS: usize = 4;
    let receipts =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/receipts").canonicalize().unwrap();
    let project = Project::new(1, "");
    let config = "[[provider]]\nkind = \"local\"\nmodel = \"fast\"\n";
    project.write("eval.toml", &format!("repeats = 2\n[[dataset]]\npath = {receipts:?}\n{config}"));
    let broker = Broker::start();
    println!(
        "load {}\n| Readers | Pages | Seconds | Processor seconds per page | Cores busy |\n|---|---|---|---|---|",
        load()
    );
    let mut best = [f64::INFINITY; 2];
    // In turns: the machine's own speed changes within minutes.
    for round in 0..3 {
        for (number, workers) in [0, WORKERS].into_iter().enumerate() {
            let team = Team::new(&project, &broker.url(), workers);
            let dir = format!("run-{round}-{workers}");
            let engaged = match workers {
                0 => String::new(),
                _ => format!("-j 64 --workers {}", broker.url()),
            };
            let begun = Instant::now();
            let run = project.spawn(&format!("run --run-dir {dir} --no-progress --quiet {engaged}"));
            let (own, code) = crate::cost::watched(run);
            assert_eq!(code, Some(0));
            let seconds = begun.elapsed().as_secs_f64();
            let theirs: f64 =
                (0..workers).filter_map(|number| cost(team.worker(number).id())).map(|it| it.seconds).sum();
            let pages = project.trials(&dir).len();
            let each = (own.seconds + theirs) / pages as f64;
            best[number] = best[number].min(each);
            let who = if workers == 0 { "one process".to_owned() } else { format!("{workers} workers") };
            println!(
                "| {who} | {pages} | {seconds:.1} | {each:.3} | {:.2} |",
                (own.seconds + theirs) / seconds
            );
            team.dismiss();
        }
    }
    println!("processor time by workers / in one process: {:.2}", best[1] / best[0]);
    assert!(
        best[1] < 1.25 * best[0],
        "a page costs {:.3} s by workers, and {:.3} s in one process",
        best[1],
        best[0]
    );
}

/// Memory of the coordinator and the server when a tenth, a half and all of the trials have been asked.
fn memory_is_flat(trials: usize) {
    const CASES: usize = 1_000;
    let host = LeanHost::new(Duration::ZERO);
    let project = project(&host, CASES, trials / CASES);
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 2);
    let begun = Instant::now();
    let mut run =
        project.spawn(&format!("run --run-dir run --no-progress --quiet -j 256 --workers {}", broker.url()));
    let mut resident = Vec::new();
    for percent in [1, 10, 50, 100] {
        wait_for(&host, (trials * percent / 100) as u64, &mut run);
        let [coordinator, server, worker] = [run.id(), broker.id(), team.worker(0).id()]
            .map(|process| cost(process).unwrap().kilobytes as f64 / 1024.0);
        println!(
            "{percent:3} %, {:4.0} s: coordinator {coordinator:.0} MiB, NATS server {server:.0} MiB, a worker {worker:.0} MiB",
            begun.elapsed().as_secs_f64()
        );
        resident.push([coordinator, server]);
    }
    let (whole, code) = crate::cost::watched(run);
    assert_eq!(code, Some(0));
    let recorded = std::fs::read(project.path("run/trials.jsonl")).unwrap();
    assert_eq!(recorded.iter().filter(|byte| **byte == b'\n').count(), trials);
    println!(
        "{trials} trials in {:.0} s; the coordinator took {:.2} ms of processor time each, its report included",
        begun.elapsed().as_secs_f64(),
        whole.seconds * 1e3 / trials as f64
    );
    team.dismiss();
    let [[early, _], [_, half], [late, all]] = [resident[1], resident[2], resident[3]];
    assert!(late < 1.2 * early, "the coordinator grew from {early} to {late} MiB");
    // The server remembers for two minutes what was said: before that it grows.
    if begun.elapsed() > 2 * Duration::from_secs(120) {
        assert!(all < 1.2 * half, "the server grew from {half} to {all} MiB");
    }
}

#[test]
#[ignore = "takes many minutes"]
fn long_a_million_trials_with_flat_memory() {
    memory_is_flat(1_000_000);
}

#[test]
#[ignore = "takes minutes"]
fn long_two_hundred_thousand_trials_with_flat_memory() {
    memory_is_flat(200_000);
}
