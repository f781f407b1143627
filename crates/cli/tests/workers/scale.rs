//! What workers bring, and what they cost. Measured on request, because it takes minutes and says something only on an
//! idle machine: `cargo test --package vision-eval --features workers --test workers -- --ignored --nocapture scale`.

use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};

use crate::broker::Broker;
use crate::support::{Host, Project, ended};
use crate::team::Team;

/// Processor seconds and the most resident kilobytes of a process, read until it ends.
#[derive(Debug, Default, Clone, Copy)]
struct Cost {
    seconds: f64,
    kilobytes: u64,
}

fn cost(process: u32) -> Option<Cost> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes = most.split_whitespace().next()?.parse().ok()?;
    // A hundred ticks a second on every Linux that this runs on.
    Some(Cost { seconds: ticks / 100.0, kilobytes })
}

/// Waits for a process, and says what it cost.
fn watched(mut child: Child) -> (Cost, Option<i32>) {
    let mut last = Cost::default();
    loop {
        last = cost(child.id()).unwrap_or(last);
        if let Some(status) = child.try_wait().unwrap() {
            return (last, status.code());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A project of so many trials: few cases, often.
fn project(host: &Host, cases: usize, repeats: usize) -> Project {
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

#[test]
#[ignore = "measures for minutes, on an idle machine"]
fn scale_throughput_against_a_host_that_takes_50_ms() {
    println!(
        "| workers | in flight | trials | seconds | trials/s | coordinator ms/trial | workers ms/trial |"
    );
    println!("|---|---|---|---|---|---|---|");
    let host = Host::new(&["slow:50ms"]);
    for workers in [1, 2, 4, 8] {
        let (cases, repeats, at_once) = (100, 100 * workers.min(2), 128 * workers);
        let project = project(&host, cases, repeats);
        let broker = Broker::start();
        let team = Team::new(&project, &broker.url(), workers);
        let before = host.journal().requests;
        let words =
            format!("run --run-dir run --no-progress --quiet -j {at_once} --workers {}", broker.url());
        let begun = Instant::now();
        let (coordinator, code) = watched(project.spawn(&words));
        let seconds = begun.elapsed().as_secs_f64();
        assert_eq!(code, Some(0));
        let trials = cases * repeats;
        assert_eq!(host.journal().requests - before, trials as u64);
        let worked: f64 =
            (0..workers).filter_map(|number| cost(team.worker(number).id())).map(|it| it.seconds).sum();
        println!(
            "| {workers} | {at_once} | {trials} | {seconds:.1} | {:.0} | {:.2} | {:.2} |",
            trials as f64 / seconds,
            coordinator.seconds * 1e3 / trials as f64,
            worked * 1e3 / trials as f64
        );
        team.dismiss();
    }
}

#[test]
#[ignore = "a million trials take an hour"]
fn scale_a_million_trials_with_flat_memory() {
    let host = Host::new(&[]);
    let mut peaks = Vec::new();
    for repeats in [100, 1_000] {
        let project = project(&host, 1_000, repeats);
        let broker = Broker::start();
        let team = Team::new(&project, &broker.url(), 2);
        let words = format!("run --run-dir run --no-progress --quiet -j 256 --workers {}", broker.url());
        let (coordinator, code) = watched(project.spawn(&words));
        assert_eq!(code, Some(0));
        let lines = fs::read_to_string(project.path("run/trials.jsonl")).unwrap().lines().count();
        assert_eq!(lines, 1_000 * repeats);
        println!("{lines} trials: the coordinator's peak is {} MB", coordinator.kilobytes / 1024);
        peaks.push(coordinator.kilobytes);
        team.dismiss();
    }
    assert!(peaks[1] < 4 * peaks[0], "ten times the trials must not take ten times the memory: {peaks:?} KB");
}

#[test]
#[ignore = "reads images for minutes"]
fn scale_local_readers_are_limited_by_cores_only() {
    let project = Project::new(40, "");
    project.configure("[[provider]]\nkind = \"local\"\nmodel = \"fast\"\n");
    let begun = Instant::now();
    project.expect(0, "run --run-dir alone --no-progress --quiet");
    let alone = begun.elapsed().as_secs_f64();
    let broker = Broker::start();
    let team = Team::new(&project, &broker.url(), 4);
    let begun = Instant::now();
    let run =
        project.spawn(&format!("run --run-dir run --no-progress --quiet -j 16 --workers {}", broker.url()));
    assert_eq!(ended(run).code, Some(0));
    println!(
        "one process: {alone:.1} s; 4 workers on the same cores: {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    team.dismiss();
}
