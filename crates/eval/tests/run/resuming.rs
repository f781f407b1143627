//! Nothing that was paid for is paid for twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use eval::{PromptConfig, SetupError, Steering, Stop, differences};
use vision_core::{ErrorKind, Task, Usd};

use crate::support::{Project, Scripts, answer, failure, trials};

#[tokio::test(start_paused = true)]
async fn an_interrupted_run_and_its_resumption_make_one_undisturbed_run() {
    let project = Project::new(60, Scripts::default().with("good", |_, _| answer()));
    let (asks, stop) = Stop::new(Duration::from_secs(3));
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(450)).await;
        asks.send(true).unwrap();
        std::future::pending::<()>().await;
    });
    let (outcome, record) = project.run(stop).await;
    assert!(outcome.interrupted);
    let before = trials(&record).len();
    assert!((8..40).contains(&before), "{before}");

    let (outcome, record) = project.resume(Stop::never()).await;
    assert!(!outcome.interrupted && outcome.unfinished.is_empty());
    assert_eq!(outcome.recorded as usize + before, 60);
    let cases: BTreeSet<_> = trials(&record).into_iter().map(|trial| trial.key.case).collect();
    assert_eq!(cases.len(), 60);
    assert!(project.scripts.asked("good").values().all(|&(asked, _)| asked == 1), "no case was asked twice");
    let price_of_all = 60.0 * 115.0 * 1000.0 / 1e6;
    assert!(
        (outcome.spent.0 - price_of_all).abs() < 1e-9,
        "what the first part spent counts: {:?}",
        outcome.spent
    );
}

/// Two candidates and one place: one of them only waits for it when the run is stopped.
#[tokio::test(start_paused = true)]
async fn nothing_is_begun_after_the_end_was_asked_for_and_all_that_was_begun_is_recorded() {
    let scripts = Scripts::default().with("good", |_, _| answer()).with("bad", |_, _| answer());
    let project = Project::new(60, scripts);
    let (asks, stop) = Stop::new(Duration::from_secs(3));
    let steering = Steering::default();
    let wheel = steering.clone();
    tokio::spawn(async move {
        let wait = |ms: u64| tokio::time::sleep(Duration::from_millis(ms));
        wait(250).await;
        wheel.run_at_once(1);
        wait(75).await;
        let now = wheel.now(8);
        assert_eq!((now.under_way, now.waiting), (2, 1), "one is asked, and one waits for a place");
        wait(25).await;
        asks.send(true).unwrap();
        std::future::pending::<()>().await;
    });
    let (outcome, record) = project.run_steered(stop, steering).await;
    assert!(outcome.interrupted);
    assert!(outcome.unfinished.iter().all(|it| it.reason == "interrupted"), "{outcome:?}");
    let asked = |kind: &str| project.scripts.asked(kind).values().map(|&(asked, _)| asked).sum::<usize>();
    // Three rounds of four of each, and the one that had the place.
    assert_eq!((asked("good") + asked("bad"), trials(&record).len()), (25, 25));
    assert!((outcome.spent.0 - 25.0 * 115.0 / 1000.0).abs() < 1e-9, "{:?}", outcome.spent);
}

#[tokio::test(start_paused = true)]
async fn what_failed_for_a_while_is_tried_again_and_what_failed_for_good_is_not() {
    let script = |case: &str, time: usize| match case {
        "1.png#0" if time <= 4 => failure(ErrorKind::Timeout),
        "2.png#0" => failure(ErrorKind::InvalidRequest),
        _ => answer(),
    };
    let project = Project::new(4, Scripts::default().with("good", script));
    project.run(Stop::never()).await;
    let (outcome, record) = project.resume(Stop::never()).await;
    assert_eq!(outcome.recorded, 1);
    let failed: Vec<_> = trials(&record).into_iter().filter(|trial| trial.failure().is_some()).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].key.case, "c2");
}

#[tokio::test(start_paused = true)]
async fn a_complete_run_has_nothing_left_to_do() {
    let project = Project::new(4, Scripts::default().with("good", |_, _| answer()));
    project.run(Stop::never()).await;
    let (outcome, _) = project.resume(Stop::never()).await;
    assert_eq!((outcome.recorded, outcome.unfinished.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_changed_dataset_is_refused_by_name() {
    let project = Project::new(4, Scripts::default().with("good", |_, _| answer()));
    project.run(Stop::never()).await;
    let cases = project.folder.path().join("data/cases.jsonl");
    let text = std::fs::read_to_string(&cases).unwrap().replace("chart", "photo");
    std::fs::write(&cases, text).unwrap();
    match project.reopened() {
        Err(SetupError::Changed(changes)) => assert_eq!(changes, ["the dataset `demo` in data was changed"]),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn changed_prompts_and_settings_are_refused_with_a_list() {
    let mut project = Project::new(4, Scripts::default().with("good", |_, _| answer()));
    let prompt = |text: &str| {
        let prompt = PromptConfig { system: None, text: text.to_owned() };
        BTreeMap::from([(Task::Classify, BTreeMap::from([("short".to_owned(), prompt)]))])
    };
    project.config.dataset[0].prompt = Some("short".into());
    project.config.prompt = prompt("What?");
    project.run(Stop::never()).await;
    project.reopened().expect("nothing has changed yet");

    project.config.prompt = prompt("What is this?");
    project.config.media.mode = eval_record::MediaMode::Fit;
    project.config.generation.temperature = Some(0.5);
    project.config.provider[0].settings.insert("organization".into(), "other".into());
    match project.reopened() {
        Err(SetupError::Changed(changes)) => assert_eq!(
            changes,
            [
                "the way media are prepared was changed",
                "the parameters of generation were changed",
                "the prompt of `classify` for `demo` was changed",
                "the settings of `good/m` were changed",
            ]
        ),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_budget_of_a_resumed_run_remembers_what_was_spent() {
    let mut project = Project::new(60, Scripts::default().with("good", |_, _| answer()));
    project.config.budget_usd = Some(3.0);
    let (first, _) = project.run(Stop::never()).await;
    let (second, record) = project.resume(Stop::never()).await;
    assert!(second.spent <= Usd(3.0) && second.spent >= first.spent);
    assert!(trials(&record).len() < 30);
}

#[tokio::test(start_paused = true)]
async fn plans_of_different_runs_are_told_apart_in_words() {
    let project = Project::new(2, Scripts::default().with("good", |_, _| answer()));
    let (_, record) = project.run(Stop::never()).await;
    let mut other = record.plan.clone();
    assert_eq!(differences(&record.plan, &other), Vec::<String>::new());
    other.repeats = 2;
    other.datasets[0].content_hash = "x".into();
    other
        .providers
        .push(eval_record::PlannedProvider { label: "new/m".into(), ..other.providers[0].clone() });
    assert_eq!(
        differences(&record.plan, &other),
        [
            "the number of repeats",
            "the content of the dataset `demo`",
            "the provider `new/m`, which only one of them has"
        ]
    );
}
