//! Runs that end when their referee says so.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use eval::{Document, EarlierRuns, EndedTrials, Referee, Stop, equip, plan, run};
use eval_record::{About, Look, Record, Sequential, Trial};
use vision_core::{ErrorKind, Usd};

use crate::support::{Project, Scripts, answer, failure, prices, settings, trials};

/// Puts `bad` out after some documents, and is settled after others.
struct Told {
    out: u64,
    settled: u64,
    noted: Mutex<Vec<(String, String)>>,
}

impl Told {
    fn new(out: u64, settled: u64) -> Arc<Self> {
        Arc::new(Self { out, settled, noted: Mutex::default() })
    }
}

impl Referee for Told {
    fn note(&self, trial: &Trial) {
        self.noted.lock().unwrap().push((trial.key.provider.clone(), trial.key.case.clone()));
    }

    fn look(&self, documents: u64) -> Look {
        let out = (documents >= self.out).then(|| ("bad/m".to_owned(), self.out)).into_iter().collect();
        Look { documents, of: 40, out, settled: documents >= self.settled, ..Look::default() }
    }
}

fn project() -> Project {
    Project::new(40, Scripts::default().with("good", |_, _| answer()).with("bad", |_, _| answer()))
}

async fn start(
    project: &Project,
    referee: Arc<dyn Referee>,
    stop: Stop,
) -> (eval::RunOutcome, Record, Vec<Document>) {
    let (prices, earlier_runs) = (prices(), EarlierRuns::default());
    let mut setup = project.setup(&prices, &earlier_runs);
    setup.sequential =
        Some(Sequential { block: 4, tolerance: 0.01, prefer_time: false, about: About::default() });
    let planned = plan(&project.config, &setup, &project.scripts).unwrap();
    let prepared = equip(planned, &project.scripts).unwrap();
    let documents = prepared.documents().unwrap();
    let record = Record::create(&project.folder.path().join("run"), prepared.plan.clone()).unwrap();
    let mut settings = settings(EndedTrials::default(), Usd::ZERO, stop);
    settings.referee = Some(referee);
    let outcome = run(prepared, &record, settings).await.unwrap();
    (outcome, record, documents)
}

fn asked(record: &Record, provider: &str) -> BTreeSet<String> {
    trials(record).into_iter().filter(|it| it.key.provider == provider).map(|it| it.key.case).collect()
}

fn first(documents: &[Document], count: usize) -> BTreeSet<String> {
    documents[..count].iter().flat_map(|it| &it.cases).map(|(_, case, _)| case.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn who_is_out_is_asked_no_more_and_a_decided_run_ends() {
    let project = project();
    let referee = Told::new(8, 20);
    let (outcome, record, documents) = start(&project, referee.clone(), Stop::never()).await;
    assert_eq!(outcome.unfinished, []);
    assert_eq!(asked(&record, "bad/m"), first(&documents, 8));
    assert_eq!(asked(&record, "good/m"), first(&documents, 20));
    assert_eq!(referee.noted.lock().unwrap().len(), 28);
    let looks: Vec<_> = record.looks().unwrap().iter().map(|look| (look.documents, look.settled)).collect();
    assert_eq!(looks, [(4, false), (8, false), (12, false), (16, false), (20, true)]);
}

#[tokio::test(start_paused = true)]
async fn what_is_never_decided_uses_up_the_cases() {
    let project = project();
    let (outcome, record, _) = start(&project, Told::new(100, 100), Stop::never()).await;
    assert_eq!((outcome.recorded, outcome.unfinished.len()), (80, 0));
    assert_eq!(record.looks().unwrap().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_run_goes_on_in_the_same_sequence() {
    let project = project();
    let (asks, stop) = Stop::new(Duration::from_secs(3));
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(350)).await;
        asks.send(true).unwrap();
        std::future::pending::<()>().await;
    });
    let (outcome, record, documents) = start(&project, Told::new(100, 24), stop).await;
    assert!(outcome.interrupted);
    let before = asked(&record, "good/m").len();
    assert!((4..24).contains(&before), "{before}");
    let (prepared, record, ended, spent) = project.reopened().unwrap();
    assert_eq!(prepared.documents().unwrap(), documents);
    let mut settings = settings(ended, spent, Stop::never());
    let referee = Told::new(100, 24);
    settings.referee = Some(referee.clone());
    let outcome = run(prepared, &record, settings).await.unwrap();
    assert_eq!(outcome.unfinished, []);
    assert_eq!(asked(&record, "good/m"), first(&documents, 24));
    assert_eq!(referee.noted.lock().unwrap().len(), 48, "those of the first part are told, too");
    assert!(project.scripts.asked("good").values().all(|&(asked, _)| asked == 1));
    let looks: Vec<_> = record.looks().unwrap().iter().map(|look| look.documents).collect();
    assert_eq!(looks, [4, 8, 12, 16, 20, 24]);
}

#[tokio::test(start_paused = true)]
async fn a_candidate_that_gives_up_holds_nobody_up() {
    let scripts =
        Scripts::default().with("good", |_, _| answer()).with("bad", |_, _| failure(ErrorKind::Auth));
    let project = Project::new(40, scripts);
    let (outcome, record, documents) = start(&project, Told::new(100, 24), Stop::never()).await;
    assert_eq!(outcome.unfinished.len(), 1);
    assert_eq!(asked(&record, "good/m"), first(&documents, 24));
}
