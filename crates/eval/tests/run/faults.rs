//! What a run does when providers fail.

use std::io;
use std::time::Duration;

use eval::{ProviderConfig, Stop};
use tokio::time::Instant;
use vision_core::{Error, ErrorKind, Response, Result, Usd};

use crate::support::{Project, Scripts, answer, failure, trials};

#[tokio::test(start_paused = true)]
async fn every_case_is_answered_although_hosts_fail_now_and_then() {
    let flaky = |case: &str, time: usize| match (case.len() + time) % 3 {
        0 if time < 3 => failure(ErrorKind::RateLimited),
        1 if time < 3 => failure(ErrorKind::Unavailable),
        _ => answer(),
    };
    let project = Project::new(40, Scripts::default().with("bad", flaky));
    let (outcome, record) = project.run(Stop::never()).await;
    let trials = trials(&record);
    assert_eq!((outcome.recorded, trials.len()), (40, 40));
    assert!(trials.iter().all(|trial| trial.response().is_some()));
    assert!(trials.iter().any(|trial| trial.attempts().len() > 1), "retries are in the record");
    let longest = trials.iter().filter_map(|trial| trial.latency()).max().unwrap();
    assert!(longest < Duration::from_millis(110), "waits never count as the provider's time: {longest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_stops_its_provider_and_nobody_else() {
    let scripts =
        Scripts::default().with("good", |_, _| answer()).with("bad", |_, _| failure(ErrorKind::Auth));
    let project = Project::new(50, scripts);
    let (outcome, record) = project.run(Stop::never()).await;
    let asked = project.scripts.asked("bad").len();
    assert!(asked < 10, "asked {asked} times with a key that is refused");
    assert_eq!(outcome.unfinished.len(), 1);
    assert_eq!(outcome.unfinished[0].provider, "bad/m");
    assert!(outcome.unfinished[0].reason.contains("auth"));
    let answered = trials(&record).iter().filter(|trial| trial.response().is_some()).count();
    assert_eq!(answered, 50);
}

#[tokio::test(start_paused = true)]
async fn a_dead_host_is_probed_and_given_up() {
    let project = Project::new(200, Scripts::default().with("bad", |_, _| failure(ErrorKind::Unavailable)));
    let (outcome, _) = project.run(Stop::never()).await;
    assert!(outcome.recorded < 15, "{}", outcome.recorded);
    let unfinished = &outcome.unfinished[0];
    assert_eq!(unfinished.missing + unfinished.failed, 200, "what failed is left to do, too");
}

#[tokio::test(start_paused = true)]
async fn a_host_that_comes_back_gets_its_places_back() {
    let slow_start = |_: &str, time: usize| if time < 3 { failure(ErrorKind::Unavailable) } else { answer() };
    let project = Project::new(30, Scripts::default().with("bad", slow_start));
    let (outcome, record) = project.run(Stop::never()).await;
    assert_eq!((outcome.unfinished.len(), trials(&record).len()), (0, 30));
}

/// One provider that may be asked eight times at once.
fn wide(count: usize, script: impl Fn(&str, usize) -> Result<Response> + Send + Sync + 'static) -> Project {
    let mut project = Project::new(count, Scripts::default().with("bad", script));
    project.config.provider[0].limits.concurrency = Some(8);
    project
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_nothing_while_probes_are_left() {
    let begun = Instant::now();
    let down = move |_: &str, _: usize| match begun.elapsed() < Duration::from_secs(30) {
        true => failure(ErrorKind::Unavailable),
        false => answer(),
    };
    let project = wide(60, down);
    let (outcome, record) = project.run(Stop::never()).await;
    assert_eq!((outcome.unfinished.as_slice(), outcome.recorded), ([].as_slice(), 60));
    let answered = trials(&record).iter().filter(|trial| trial.response().is_some()).count();
    assert!(answered >= 45, "what was on its way failed, and two or three probes: {answered}");
}

#[tokio::test(start_paused = true)]
async fn a_model_that_is_not_there_is_asked_a_few_times() {
    let missing = |_: &str, _: usize| {
        let mut error = Error::new(ErrorKind::InvalidRequest, "no such model");
        error.details.status = Some(404);
        Err(error)
    };
    let project = wide(60, missing);
    let (outcome, _) = project.run(Stop::never()).await;
    assert!(outcome.recorded <= 8, "{}", outcome.recorded);
    assert!(outcome.unfinished[0].reason.contains("no such model"), "{:?}", outcome.unfinished);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_nobody_answered_is_unfinished() {
    for kind in [ErrorKind::RateLimited, ErrorKind::InvalidRequest, ErrorKind::Malformed] {
        let project = Project::new(6, Scripts::default().with("bad", move |_, _| failure(kind)));
        let (outcome, _) = project.run(Stop::never()).await;
        assert!(outcome.unfinished[0].reason.contains("no trial was answered"), "{kind}: {outcome:?}");
        let (again, _) = project.resume(Stop::never()).await;
        assert!(again.unfinished[0].reason.contains("no trial was answered"), "{kind}: {again:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_trial_that_is_left_to_do() {
    let panics =
        |case: &str, _: usize| if case.starts_with("3.") { panic!("a test's own") } else { answer() };
    let project = Project::new(6, Scripts::default().with("bad", panics));
    let (outcome, _) = project.run(Stop::never()).await;
    assert_eq!((outcome.recorded, outcome.unfinished[0].missing), (5, 1));
    assert!(outcome.unfinished[0].reason.contains("panic"), "{:?}", outcome.unfinished);
}

#[tokio::test(start_paused = true)]
async fn a_shortage_of_file_descriptors_is_waited_for_and_never_recorded() {
    let shortage =
        || Err(Error::new(ErrorKind::Unavailable, "no").with_source(io::Error::from_raw_os_error(24)));
    let project = wide(20, move |_, time| if time <= 6 { shortage() } else { answer() });
    let (outcome, record) = project.run(Stop::never()).await;
    assert!(outcome.unfinished.is_empty(), "{outcome:?}");
    assert!(trials(&record).iter().all(|trial| trial.response().is_some()));

    let project = wide(20, move |_, _| shortage());
    let (outcome, _) = project.run(Stop::never()).await;
    assert_eq!((outcome.recorded, outcome.unfinished[0].missing), (0, 20));
    assert!(outcome.unfinished[0].reason.contains("open files"), "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn the_budget_ends_a_run_cleanly_and_is_never_overshot() {
    let mut project = Project::new(60, Scripts::default().with("good", |_, _| answer()));
    // An answer costs 11.5 cents, and the worst case is four bytes a token and the whole cap.
    project.config.budget_usd = Some(3.0);
    let (outcome, record) = project.run(Stop::never()).await;
    assert!(outcome.spent <= Usd(3.0), "{:?}", outcome.spent);
    assert!(outcome.spent > Usd(2.0), "most of it is used: {:?}", outcome.spent);
    assert!(outcome.unfinished[0].reason.contains("budget"), "{:?}", outcome.unfinished);
    let answered = trials(&record).len() as u64;
    assert_eq!(answered + outcome.unfinished[0].missing + outcome.unfinished[0].failed, 60);
}

#[tokio::test(start_paused = true)]
async fn what_a_provider_cannot_do_is_skipped_with_its_reason_and_never_asked() {
    let mut project = Project::new(5, Scripts::default().with("good", |_, _| answer()));
    project.config.provider.push(ProviderConfig::new("good", "receipts-only"));
    let (outcome, record) = project.run(Stop::never()).await;
    assert_eq!(outcome.recorded, 5);
    let skipped = &record.plan.skipped[0];
    assert_eq!((skipped.provider.as_str(), skipped.cases), ("good/receipts-only", 5));
    assert!(skipped.reason.contains("task `classify` not supported"), "{}", skipped.reason);
}

#[tokio::test(start_paused = true)]
async fn missing_files_leave_out_their_cases_by_name_and_no_other() {
    let project = Project::new(5, Scripts::default().with("good", |_, _| answer()));
    for name in ["data/1.png", "data/2.png", "data/3.png"] {
        std::fs::remove_file(project.folder.path().join(name)).unwrap();
    }
    let (outcome, record) = project.run(Stop::never()).await;
    let trials = trials(&record);
    assert!(trials.iter().all(|trial| trial.failure().is_none()));
    let [left] = outcome.unfinished.as_slice() else { panic!("{:?}", outcome.unfinished) };
    assert_eq!((outcome.recorded, left.missing), (2, 3));
    assert!(left.reason.contains(".png"), "{}", left.reason);
}

#[tokio::test(start_paused = true)]
async fn the_controls_answer_without_looking() {
    let mut project = Project::new(5, Scripts::default().with("good", |_, _| answer()));
    project
        .config
        .provider
        .extend([ProviderConfig::new("control", "blank"), ProviderConfig::new("control", "prior")]);
    let (_, record) = project.run(Stop::never()).await;
    let text = |provider: &str| {
        let trials = trials(&record);
        let trial = trials.iter().find(|trial| trial.key.provider == provider).unwrap();
        trial.response().unwrap().text.clone()
    };
    assert_eq!(text("control/blank"), "");
    assert_eq!(text("control/prior"), r#"{"label":"chart"}"#);
}

#[tokio::test(start_paused = true)]
async fn repeats_are_trials_of_their_own() {
    let mut project = Project::new(4, Scripts::default().with("good", |_, _| answer()));
    project.config.repeats = 3;
    let (outcome, _) = project.run(Stop::never()).await;
    assert_eq!(outcome.recorded, 12);
    assert_eq!(project.scripts.asked("good").len(), 12);
}
