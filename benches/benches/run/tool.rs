//! The tool itself: plan, run, record, summary.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eval::{
    Built, Config, DatasetConfig, EarlierRuns, EndedTrials, ProviderConfig, Registry, RunSettings, Setup,
};
use eval::{SetupError, Stop};
use eval_datasets::{Range, Selection};
use eval_record::{PriceBook, Record};
use eval_summary::testdata::SyntheticRun;
use eval_summary::{Options, Summary};
use vision_core::Usd;
use vision_http::{HttpSettings, HttpTransport};
use vision_layers::RetryPolicy;

use crate::measure::{Measured, cpu, open_files};

/// Any model of one server on this machine.
struct Loopback<'a>(&'a str);

impl Registry for Loopback<'_> {
    fn build(&self, config: &ProviderConfig) -> Result<Built, SetupError> {
        let preset = provider_compatible::preset("compatible").expect("it is always there");
        let transport = Arc::new(HttpTransport::new(HttpSettings::default()).expect("a transport"));
        let config = provider_compatible::Config {
            base_url: self.0.to_owned(),
            ..provider_compatible::Config::new(preset, &config.model, None)
        };
        Ok(Built {
            provider: provider_compatible::provider(config, transport).expect("a provider"),
            host: "loopback".to_owned(),
            base_url: Some(self.0.to_owned()),
            concurrency: 128,
            local: true,
            about: String::new(),
            batching: None,
            cascade: None,
        })
    }
}

pub fn run(url: &str, folder: &Path, cases: usize, at_once: usize) {
    let files = open_files();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config {
        dataset: vec![DatasetConfig { path: folder.display().to_string(), ..DatasetConfig::default() }],
        provider: vec![ProviderConfig::new("compatible", "m")],
        max_concurrency: at_once,
        ..Config::default()
    };
    let setup = Setup {
        root: Path::new(""),
        selection: Selection { range: Some(Range { first: 1, last: cases }), ..Selection::default() },
        listed: None,
        degrade: Vec::new(),
        candidates: Vec::new(),
        sequential: None,
        started: "2026-11-21T10:00:00Z".to_owned(),
        tool: "bench".to_owned(),
        commit: None,
        command: "cargo bench".to_owned(),
        prices: PriceBook::embedded(),
        earlier_runs: &EarlierRuns::default(),
        media_hashes: None,
    };
    let dir = tempfile::tempdir_in(folder).expect("room for a record");
    let planned = eval::plan(&config, &setup, &Loopback(url)).expect("a plan");
    let prepared = eval::equip(planned, &Loopback(url)).expect("providers");
    let planning = cpu();
    let record = Record::create(dir.path(), prepared.plan.clone()).expect("a record");
    let settings = RunSettings {
        max_concurrency: at_once,
        max_connections: usize::MAX,
        timeout: Duration::from_secs(60),
        retry: RetryPolicy::default(),
        spent: Usd::ZERO,
        batch: eval::BatchSettings::default(),
        ended: EndedTrials::default(),
        observer: Arc::new(()),
        stop: Stop::never(),
        referee: None,
        outer_layer: Arc::new(|_, provider| provider),
        workers: None,
        steering: eval::Steering::default(),
    };
    let begun = Instant::now();
    let outcome = runtime.block_on(eval::run(prepared, &record, settings)).expect("a run");
    let wall = begun.elapsed().as_secs_f64();
    assert_eq!((outcome.recorded, outcome.unfinished.len()), (cases as u64, 0));
    let summary = Summary::of(&record, &Options::default()).expect("a summary");
    assert_eq!(summary.overall.rows.len(), 1);
    drop(runtime);
    Measured::print(wall, planning, files);
}

/// Summarises a record made for the purpose; writing it is not measured, nor is it part of the peak.
pub fn summarise(dir: &Path, trials: u64) {
    if !dir.join("plan.json").exists() {
        // Another process, because the peak is that of a whole process.
        let program = std::env::current_exe().expect("this program");
        let run = SyntheticRun { repeats: 1, ..SyntheticRun::varied() };
        // Each case of each dataset is asked of each provider.
        let each = (run.tasks.len() * run.providers.len()) as u64;
        SyntheticRun { cases: trials.div_ceil(each), ..run }.write(dir).expect("room for a record");
        let words = ["summarise".to_owned(), dir.display().to_string(), trials.to_string()];
        let status = std::process::Command::new(program).args(words).status().expect("another process");
        assert!(status.success());
        return;
    }
    let files = open_files();
    let begun = Instant::now();
    let record = Record::open(dir).expect("a record");
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Summary::of(&record, &Options { threads, ..Options::default() }).expect("a summary");
    Measured::print(begun.elapsed().as_secs_f64(), 0.0, files);
}
