//! A run obeys what is written into its folder while it goes on: pause, resume, other concurrency, stop.

use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Ended, Host, Project, ended};

/// A run against a host that takes its time, and that somebody watches.
struct Steered {
    host: Host,
    project: Project,
    child: Child,
}

impl Steered {
    fn start(flags: &str, (cases, slow): (usize, &str)) -> Self {
        let host = Host::new(&[slow]);
        let project = Project::new(cases, &host.url());
        // Of an earlier part of the run: nobody obeys it.
        std::fs::create_dir(project.path("run")).unwrap();
        project.write("run/control.jsonl", "{\"at\":\"t\",\"by\":\"anna\",\"do\":\"stop\"}\n");
        let child = project.spawn(&format!("run --run-dir run --no-progress {flags}"));
        host.wait_for(2);
        Self { host, project, child }
    }

    fn wish(&self, wish: &str) {
        let line = format!("{{\"at\":\"t\",\"by\":\"anna\",{wish}}}\n");
        let mut file =
            std::fs::File::options().append(true).open(self.project.path("run/control.jsonl")).unwrap();
        std::io::Write::write_all(&mut file, line.as_bytes()).unwrap();
    }

    fn asked(&self) -> u64 {
        self.host.journal().requests
    }

    fn now(&self) -> Option<Value> {
        serde_json::from_str(&std::fs::read_to_string(self.project.path("run/now.json")).ok()?).ok()
    }

    /// Waits until the run says so of itself.
    #[track_caller]
    fn until(&self, is: impl Fn(&Value) -> bool) -> Value {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            match self.now() {
                Some(now) if is(&now) => return now,
                now => assert!(Instant::now() < patience, "{now:?}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn end(self) -> (Ended, Project, Host) {
        (ended(self.child), self.project, self.host)
    }
}

#[test]
fn a_paused_run_asks_nothing_until_it_is_resumed_and_a_stopped_one_ends_as_with_ctrl_c() {
    let run = Steered::start("-j 4", (200, "slow:100ms"));
    run.wish("\"do\":\"pause\"");
    run.until(|now| now["paused"] == true && now["under_way"] == 0);
    let asked = run.asked();
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(run.asked(), asked, "nothing is sent while it is paused");
    run.wish("\"do\":\"resume\"");
    run.host.wait_for(asked + 8);
    run.wish("\"do\":\"stop\"");
    let (ended, project, host) = run.end();
    assert_eq!(ended.code, Some(130), "{}", ended.err);
    assert!(ended.err.contains("go on with: vision-eval resume"), "{}", ended.err);
    assert!(!project.path("run/now.json").exists(), "nothing is done any longer");
    let before = host.journal().requests;
    assert!(before < 200 && project.trials("run").len() as u64 == before, "all that was asked is recorded");
    // The old wishes are past: the rest is done, and nothing again.
    project.expect(0, "resume run --no-progress");
    assert_eq!((project.trials("run").len() as u64, host.journal().requests), (200, 200));
}

#[test]
fn a_run_paused_at_its_beginning_can_be_stopped() {
    let run = Steered::start("-j 1", (200, "slow:100ms"));
    run.wish("\"do\":\"pause\"");
    run.until(|now| now["paused"] == true && now["under_way"] == 0);
    let begun = Instant::now();
    run.wish("\"do\":\"stop\"");
    let (ended, ..) = run.end();
    assert_eq!(ended.code, Some(130), "{}", ended.err);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn concurrency_changes_while_it_runs_and_noise_is_no_wish() {
    let run = Steered::start("-j 2", (80, "slow:1500ms"));
    run.wish("\"do\":\"watch\"");
    let usual = run.until(|now| now["under_way"].as_u64() > Some(0));
    assert_eq!(usual["max_concurrency"], 2);
    run.wish("\"do\":\"dance\"");
    run.wish("\"do\":\"concurrency\",\"requests\":16");
    // What the configuration sets for a host stays the limit there.
    run.until(|now| now["max_concurrency"] == 16 && now["under_way"] == 8);
    run.wish("\"do\":\"concurrency\",\"requests\":1");
    run.until(|now| now["max_concurrency"] == 1 && now["under_way"].as_u64() <= Some(1));
    run.wish("\"do\":\"concurrency\",\"requests\":16");
    let (ended, project, host) = run.end();
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!((project.trials("run").len() as u64, host.journal().requests), (80, 80));
}
