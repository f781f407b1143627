//! Ctrl-C, and the signal that ends a process, at any time: the process ends at once, with the code that is documented.

use std::time::{Duration, Instant};

use crate::support::{Ended, Host, Project, ended, signal};

/// A pipe without a reader: whoever writes there is busy for ever.
fn busy(project: &Project, name: &str) {
    let made = std::process::Command::new("mkfifo").arg(project.path(name)).status().unwrap();
    assert!(made.success());
}

/// Waits until the run's own page is there, so that the next report is being written.
fn wait_for_page(project: &Project) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !project.path("run/report.html").exists() {
        assert!(Instant::now() < patience, "the page was never written");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(200));
}

#[track_caller]
fn ends_at_once(child: std::process::Child, name: &str) -> Ended {
    let begun = Instant::now();
    signal(&child, name);
    let ended = ended(child);
    assert_eq!(ended.code, Some(130), "{name}: {}", ended.err);
    assert!(begun.elapsed() < Duration::from_secs(3), "{name} took {:?}", begun.elapsed());
    ended
}

#[test]
fn a_report_that_is_being_written_is_left_at_once() {
    for name in ["INT", "TERM"] {
        let project = Project::offline(3);
        busy(&project, "report.md");
        let child = project.spawn("run --run-dir run --no-progress -o report.md");
        wait_for_page(&project);
        let ended = ends_at_once(child, name);
        assert!(ended.err.contains("every trial that ended is recorded"), "{}", ended.err);
        assert_eq!(project.trials("run").len(), 3);
    }
}

#[test]
fn so_is_the_report_on_a_run_that_was_interrupted() {
    let host = Host::new(&["slow:60ms"]);
    let project = Project::new(150, &host.url());
    busy(&project, "report.md");
    let child = project.spawn("run --run-dir run --no-progress -o report.md");
    host.wait_for(10);
    signal(&child, "INT");
    wait_for_page(&project);
    ends_at_once(child, "INT");
}

#[test]
fn every_other_command_ends_at_once_too() {
    let project = Project::offline(3);
    project.expect(0, "run -q --run-dir run");
    for name in ["INT", "TERM"] {
        busy(&project, &format!("{name}.md"));
        let child = project.spawn(&format!("report run -o {name}.md"));
        // Nobody sees from outside how far it is; what is busy after two seconds is at the pipe.
        std::thread::sleep(Duration::from_secs(2));
        ends_at_once(child, name);
    }
}
