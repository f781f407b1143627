//! A small dataset, and providers that do as they are told.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use eval::{
    BatchSettings, Built, Config, DatasetConfig, EarlierRuns, EndedTrials, ProviderConfig, Registry, Rerun,
    RunOutcome, RunSettings, Setup,
};
use eval::{SetupError, Steering, Stop, equip, plan, reopen, run};
use eval_datasets::Selection;
use eval_record::{Price, PriceBook, Record, Trial};
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, ProviderId, Request, Response, Result, Task, Usage,
    Usd, VisionProvider,
};
use vision_layers::RetryPolicy;

/// What a provider does at the `n`th time it is asked about a case.
pub type Script = Arc<dyn Fn(&str, usize) -> Result<Response> + Send + Sync>;

/// A provider that follows a script, and counts.
pub struct Scripted {
    id: ProviderId,
    capabilities: Capabilities,
    script: Script,
    /// How often each case was asked, and how often it was answered.
    pub asked: Counts,
    seen: Seen,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

#[async_trait]
impl VisionProvider for Scripted {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, _: &Request) -> Estimate {
        Estimate { text: 10, image: Some(100), pdf: Some(0), audio: Some(0), ..Estimate::default() }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.seen.lock().unwrap().push(request.clone());
        let media = request.media().next().unwrap();
        let case = format!("{}#{}", media.name(), request.repeat);
        let time = {
            let mut asked = self.asked.lock().unwrap();
            let entry = asked.entry(case.clone()).or_default();
            entry.0 += 1;
            entry.0
        };
        tokio::time::sleep(Duration::from_millis(100)).await;
        let outcome = (self.script)(&case, time);
        if outcome.is_ok() {
            self.asked.lock().unwrap().get_mut(&case).unwrap().1 += 1;
        }
        outcome
    }
}

pub fn answer() -> Result<Response> {
    let usage = Usage { input: Some(110), output: Some(5), ..Usage::default() };
    Ok(Response { text: r#"{"label":"chart"}"#.into(), usage, ..Response::default() })
}

pub fn failure(kind: ErrorKind) -> Result<Response> {
    Err(Error::new(kind, "no"))
}

/// How often each case and repeat was asked, and how often it was answered.
type Counts = Arc<Mutex<HashMap<String, (usize, usize)>>>;

/// Every request, in the order in which they came.
type Seen = Arc<Mutex<Vec<Request>>>;

/// Knows scripted providers by their kind.
#[derive(Default)]
pub struct Scripts(HashMap<String, (Script, Counts)>, Seen);

impl Scripts {
    pub fn with(
        mut self,
        kind: &str,
        script: impl Fn(&str, usize) -> Result<Response> + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(kind.to_owned(), (Arc::new(script), Arc::default()));
        self
    }

    /// What was asked, of whomever.
    pub fn seen(&self) -> Vec<Request> {
        self.1.lock().unwrap().clone()
    }

    /// How often the cases were asked and answered, by case and repeat.
    pub fn asked(&self, kind: &str) -> HashMap<String, (usize, usize)> {
        self.0[kind].1.lock().unwrap().clone()
    }
}

impl Registry for Scripts {
    fn build(&self, config: &ProviderConfig) -> Result<Built, SetupError> {
        let (script, asked) = self
            .0
            .get(&config.kind)
            .cloned()
            .ok_or_else(|| SetupError::Provider { label: config.label(), message: "unknown".into() })?;
        let capabilities = match config.model.as_str() {
            "receipts-only" => Capabilities { tasks: vec![Task::Receipt], ..Capabilities::default() },
            "able" => Capabilities {
                prompt: true,
                formats: vec![MediaKind::Png, MediaKind::Jpeg],
                detail: true,
                effort: true,
                json: true,
                ..Capabilities::default()
            },
            _ => Capabilities { prompt: true, formats: vec![MediaKind::Png], ..Capabilities::default() },
        };
        let id = ProviderId::new(&config.kind, &config.model);
        Ok(Built {
            batching: None,
            provider: Arc::new(Scripted { id, capabilities, script, asked, seen: self.1.clone() }),
            host: config.kind.clone(),
            base_url: None,
            concurrency: 4,
            local: false,
            about: String::new(),
            cascade: None,
        })
    }
}

/// A folder with a dataset of `count` cases, and everything that a run needs.
pub struct Project {
    pub folder: tempfile::TempDir,
    pub config: Config,
    pub scripts: Scripts,
}

impl Project {
    pub fn new(count: usize, scripts: Scripts) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_dataset(&folder.path().join("data"), count);
        let mut kinds: Vec<_> = scripts.0.keys().cloned().collect();
        kinds.sort();
        let config = Config {
            dataset: vec![DatasetConfig { path: "data".into(), ..DatasetConfig::default() }],
            provider: kinds.iter().map(|kind| ProviderConfig::new(kind, "m")).collect(),
            ..Config::default()
        };
        Self { folder, config, scripts }
    }

    pub fn setup<'a>(&'a self, prices: &'a PriceBook, earlier_runs: &'a EarlierRuns) -> Setup<'a> {
        Setup {
            root: self.folder.path(),
            selection: Selection::default(),
            listed: None,
            degrade: Vec::new(),
            candidates: Vec::new(),
            sequential: None,
            started: "2026-11-21T10:00:00Z".into(),
            tool: "0.1.0".into(),
            commit: None,
            command: "vision-eval run".into(),
            prices,
            earlier_runs,
            media_hashes: None,
        }
    }

    pub async fn run(&self, stop: Stop) -> (RunOutcome, Record) {
        self.run_steered(stop, Steering::default()).await
    }

    pub async fn run_steered(&self, stop: Stop, steering: Steering) -> (RunOutcome, Record) {
        let (prices, earlier_runs) = (prices(), EarlierRuns::default());
        let planned = plan(&self.config, &self.setup(&prices, &earlier_runs), &self.scripts).unwrap();
        let prepared = equip(planned, &self.scripts).unwrap();
        let record = Record::create(&self.folder.path().join("run"), prepared.plan.clone()).unwrap();
        let settings = RunSettings { steering, ..settings(EndedTrials::default(), Usd::ZERO, stop) };
        let outcome = run(prepared, &record, settings).await.unwrap();
        (outcome, record)
    }

    pub fn reopened(&self) -> Result<(eval::Prepared, Record, EndedTrials, Usd), SetupError> {
        let record = Record::open(&self.folder.path().join("run"))?;
        let (ended, spent, _) = EndedTrials::of(&record, Rerun::Transient)?;
        let planned = reopen(&record, &self.config, self.folder.path(), None)?;
        let prepared = equip(planned, &self.scripts)?;
        Ok((prepared, record, ended, spent))
    }

    pub async fn resume(&self, stop: Stop) -> (RunOutcome, Record) {
        let (prepared, record, ended, spent) = self.reopened().unwrap();
        let outcome = run(prepared, &record, settings(ended, spent, stop)).await.unwrap();
        (outcome, record)
    }
}

/// Every scripted model costs a dollar for a thousand tokens.
pub fn prices() -> PriceBook {
    let price = |kind: &str| Price {
        provider: kind.into(),
        model: "m".into(),
        input_per_mtok: Some(1000.0),
        output_per_mtok: Some(1000.0),
        ..Price::default()
    };
    PriceBook { entries: vec![price("good"), price("bad")], ..PriceBook::embedded().clone() }
}

pub fn settings(ended: EndedTrials, spent: Usd, stop: Stop) -> RunSettings {
    RunSettings {
        max_concurrency: 8,
        max_connections: usize::MAX,
        timeout: Duration::from_secs(5),
        retry: RetryPolicy { attempts: 4, ..RetryPolicy::default() },
        spent,
        batch: BatchSettings::default(),
        ended,
        observer: Arc::new(()),
        stop,
        steering: Steering::default(),
        referee: None,
        outer_layer: Arc::new(|_, provider| provider),
        workers: None,
    }
}

pub fn trials(record: &Record) -> Vec<Trial> {
    let mut damage = Vec::new();
    record.trials(&mut damage).unwrap().map(Result::unwrap).collect()
}

/// A whole picture of 2 × 2 pixels.
const PNG: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x02\x00\x00\x00\x02\x08\x00\x00\x00\x00\x57\xdd\x52\xf8\x00\x00\x00\x0e\x49\x44\x41\x54\x78\x9c\x63\xf8\xcf\xc0\xc0\xf0\x1f\x00\x06\x00\x01\xff\x78\x5c\xb6\x81\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

fn write_dataset(folder: &Path, count: usize) {
    fs::create_dir_all(folder).unwrap();
    let manifest = r#"
        name = "demo"
        version = "1"
        licence = "CC0-1.0"
        provenance = "made up"
        [tasks.classify]
        prompt = "What is it?"
        metric = "classify"
        max_output_tokens = 50
    "#;
    fs::write(folder.join("dataset.toml"), manifest).unwrap();
    let mut cases = String::new();
    for number in 0..count {
        fs::write(folder.join(format!("{number}.png")), PNG).unwrap();
        cases += &format!(
            "{{\"id\":\"c{number}\",\"media\":[\"{number}.png\"],\"expected\":{{\"label\":\"chart\"}}}}\n"
        );
    }
    fs::write(folder.join("cases.jsonl"), cases).unwrap();
}
