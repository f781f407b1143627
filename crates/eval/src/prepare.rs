use std::collections::{BTreeMap, HashMap, HashSet};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eval_datasets::{Case, Dataset, Index, Partition, Problem, Selection, TaskSpec, Template};
use eval_record::{
    Execution, HostLimits, Plan, PlannedDataset, PlannedTask, Price, PriceBook, Quote, Skipped, VERSION,
};
use vision_core::{Capabilities, Provider, Schema, Task};

use crate::config::DEFAULT_CONCURRENCY;
use crate::control::Control;
use crate::question::Question;
use crate::quote::{Past, quote};
use crate::{Config, DatasetConfig, Registry, SetupError};

mod provider;

pub use provider::CAPABILITIES;
use provider::prepare_provider;

/// What stands around a configuration: things that only the caller knows.
#[derive(Debug)]
pub struct Setup<'a> {
    /// The folder that paths in the configuration are relative to.
    pub root: &'a Path,
    /// Which cases of every dataset are wanted.
    pub selection: Selection,
    /// Only these cases, by dataset and id, if not all: those of a run that goes on.
    pub listed: Option<HashMap<String, HashSet<String>>>,
    /// Now, RFC 3339, UTC.
    pub started: String,
    /// The program's version.
    pub tool: String,
    /// The commit of the project, if it is a checkout.
    pub commit: Option<String>,
    /// The command that was typed.
    pub command: String,
    /// What models cost.
    pub prices: &'a PriceBook,
    /// What earlier runs tell about the length and time of answers.
    pub past: &'a Past,
    /// The folder that remembers hashes of media, so that they are not read again for each run.
    pub media_hashes: Option<PathBuf>,
}

/// A plan, and everything that is needed to carry it out.
#[derive(Debug)]
pub struct Prepared {
    /// The plan.
    pub plan: Plan,
    pub(crate) datasets: Vec<PreparedDataset>,
    pub(crate) providers: Vec<PreparedProvider>,
}

impl Prepared {
    /// Every wanted case with its dataset's name and its place.
    pub fn cases(&self) -> impl Iterator<Item = Result<(&str, Case, At<'_>), Problem>> {
        self.datasets.iter().flat_map(|dataset| {
            dataset.index.entries.iter().map(|entry| {
                let at = At { folder: &dataset.folder, line: entry.line };
                Ok((dataset.name.as_str(), dataset.index.read(*entry)?, at))
            })
        })
    }

    /// The folders of the datasets, by their names.
    pub fn folders(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.datasets.iter().map(|dataset| (dataset.name.as_str(), dataset.folder.as_path()))
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The dataset's folder.
    pub folder: &'a Path,
    /// The line of its `cases.jsonl`, from 1.
    pub line: u32,
}

impl At<'_> {
    /// What is wrong there.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::at_line(self.folder.join("cases.jsonl"), self.line as usize, message)
    }
}

#[derive(Debug)]
pub(crate) struct PreparedDataset {
    pub name: String,
    pub folder: PathBuf,
    pub index: Index,
    /// The cases of the other parts, if this is one of several.
    pub elsewhere: Vec<Index>,
    pub questions: BTreeMap<Task, Question>,
}

#[derive(Debug)]
pub(crate) struct PreparedProvider {
    pub label: String,
    pub answerer: Answerer,
    pub host: String,
    pub concurrency: Concurrency,
    pub limits: HostLimits,
    pub price: Option<Price>,
}

/// Requests at once to one provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Concurrency {
    /// What the configuration says, or what this machine can do.
    Fixed(usize),
    /// What usually works, unless the run's own limit is raised.
    Usual(usize),
}

/// Where answers come from.
#[derive(Debug)]
pub(crate) enum Answerer {
    Provider(Provider),
    Control(Arc<Control>),
}

impl PreparedProvider {
    /// Requests at once, where the run as a whole may have so many.
    pub fn at_once(&self, max_concurrency: usize) -> usize {
        let raised = max_concurrency > DEFAULT_CONCURRENCY;
        let wanted = match self.concurrency {
            Concurrency::Usual(usual) if raised => usual.max(max_concurrency),
            Concurrency::Usual(usual) => usual,
            Concurrency::Fixed(fixed) => fixed,
        };
        wanted.min(max_concurrency).max(1)
    }

    /// What it can do; a control can do everything.
    pub fn capabilities(&self) -> Option<&Capabilities> {
        match &self.answerer {
            Answerer::Provider(provider) => Some(provider.capabilities()),
            Answerer::Control(_) => None,
        }
    }

    /// Why it cannot do this task at all, if so.
    pub fn refuses(&self, task: Task) -> Option<String> {
        let capabilities = self.capabilities()?;
        let can = capabilities.prompt || capabilities.tasks.contains(&task);
        (!can).then(|| {
            let known: Vec<_> = capabilities.tasks.iter().map(|task| task.name()).collect();
            format!("task `{task}` not supported (supported: {})", known.join(", "))
        })
    }
}

/// Reads datasets, builds providers, checks everything that can be checked without spending, and quotes.
pub fn prepare(config: &Config, setup: &Setup<'_>, registry: &dyn Registry) -> Result<Prepared, SetupError> {
    let mut datasets = Vec::new();
    let mut planned_datasets = Vec::new();
    for entry in &config.dataset {
        let (prepared, planned) = prepare_dataset(entry, config, setup)?;
        datasets.push(prepared);
        planned_datasets.push(planned);
    }
    if datasets.iter().all(|dataset| dataset.index.entries.is_empty()) {
        return Err(SetupError::NothingSelected("no case is selected".to_owned()));
    }
    check_names(&datasets)?;

    let enabled: Vec<_> = config.provider.iter().filter(|provider| provider.enabled).collect();
    if enabled.is_empty() {
        return Err(SetupError::NothingSelected("no provider is enabled".to_owned()));
    }
    let mut providers = Vec::new();
    let mut planned_providers = Vec::new();
    for entry in enabled {
        let (prepared, planned) = prepare_provider(entry, config, setup, registry)?;
        providers.push(prepared);
        planned_providers.push(planned);
    }

    let mut plan = Plan {
        v: VERSION,
        name: config.name.clone(),
        started: setup.started.clone(),
        tool: setup.tool.clone(),
        commit: setup.commit.clone(),
        command: setup.command.clone(),
        seed: config.seed,
        repeats: config.repeats,
        datasets: planned_datasets,
        providers: planned_providers,
        media: config.media.clone(),
        generation: config.generation,
        execution: Execution {
            max_concurrency: config.max_concurrency,
            timeout_seconds: config.timeout_seconds,
            max_retries: config.max_retries,
        },
        budget_usd: config.budget_usd.map(vision_core::Usd),
        partition: setup.selection.partition.map(|partition| format!("{}/{}", partition.part, partition.of)),
        skipped: skipped(&datasets, &providers),
        quote: Quote::default(),
    };
    let mut prepared = Prepared { plan: plan.clone(), datasets, providers };
    plan.quote = quote(&prepared, config, setup.prices, setup.past)?;
    prepared.plan = plan;
    Ok(prepared)
}

/// Records are joined by dataset name, so two datasets of one name would be one.
fn check_names(datasets: &[PreparedDataset]) -> Result<(), SetupError> {
    let mut seen = HashSet::new();
    for dataset in datasets {
        if !seen.insert(&dataset.name) {
            let path = dataset.folder.join("dataset.toml");
            let message = format!("another dataset of this run is called `{}` too", dataset.name);
            return Err(Problem::new(path, message).into());
        }
    }
    Ok(())
}

fn prepare_dataset(
    entry: &DatasetConfig,
    config: &Config,
    setup: &Setup<'_>,
) -> Result<(PreparedDataset, PlannedDataset), SetupError> {
    let folder = setup.root.join(&entry.path);
    let dataset = Dataset::open(&folder)?;
    let mut selection = narrowed(&setup.selection, entry, config)?;
    if let Some(listed) = &setup.listed {
        selection.listed = Some(listed.get(&dataset.manifest.name).cloned().unwrap_or_default());
    }
    let index = dataset.index(&selection)?;
    let mut tasks = BTreeMap::new();
    for (task, spec) in &dataset.manifest.tasks {
        let cases = index.entries.iter().filter(|entry| entry.task == *task).count() as u64;
        if cases > 0 {
            tasks.insert(*task, planned_task(&dataset, *task, spec, entry, config, cases)?);
        }
    }
    let planned = PlannedDataset {
        name: dataset.manifest.name.clone(),
        version: dataset.manifest.version.clone(),
        licence: dataset.manifest.licence.clone(),
        origin: dataset.manifest.origin.map(|origin| origin.name().to_owned()),
        folder: entry.path.clone(),
        content_hash: dataset.content_hash(setup.media_hashes.as_deref())?,
        selection: in_words(&selection),
        cases: index.entries.len() as u64,
        tasks,
    };
    let questions = questions(&planned, &folder, config)?;
    let elsewhere = elsewhere(&dataset, &selection, &index)?;
    Ok((PreparedDataset { name: planned.name.clone(), folder, index, elsewhere, questions }, planned))
}

/// The cases of the other parts, so that a part that is lost can be missed.
fn elsewhere(dataset: &Dataset, selection: &Selection, here: &Index) -> Result<Vec<Index>, SetupError> {
    let Some(own) = selection.partition else { return Ok(Vec::new()) };
    if selection.range.is_none() && selection.sample.is_none() {
        let mut all = dataset.index(&Selection { partition: None, ..selection.clone() })?;
        let offsets: HashSet<u64> = here.entries.iter().map(|entry| entry.offset).collect();
        all.entries.retain(|entry| !offsets.contains(&entry.offset));
        return Ok(vec![all]);
    }
    // Positions and lots are counted within each part.
    let others = (1..=own.of).filter(|part| *part != own.part);
    let other = |part| Selection { partition: Some(Partition { part, of: own.of }), ..selection.clone() };
    others.map(|part| Ok(dataset.index(&other(part))?)).collect()
}

fn narrowed(selection: &Selection, entry: &DatasetConfig, config: &Config) -> Result<Selection, SetupError> {
    let mut selection = selection.clone();
    if selection.tasks.is_empty() {
        selection.tasks = entry.tasks.clone();
    }
    if let (None, Some(limit)) = (selection.range, &entry.limit) {
        selection.range =
            Some(limit.parse().map_err(|message: String| wrong(entry, format!("limit: {message}")))?);
    }
    if let (None, Some(count)) = (selection.sample, entry.sample) {
        selection.sample = Some((count, config.seed));
    }
    Ok(selection)
}

fn wrong(entry: &DatasetConfig, message: String) -> SetupError {
    SetupError::Dataset { path: entry.path.clone(), message: format!("{}: {message}", entry.path) }
}

fn in_words(selection: &Selection) -> String {
    let mut words = Vec::new();
    if !selection.tasks.is_empty() {
        let names: Vec<_> = selection.tasks.iter().map(|task| task.name()).collect();
        words.push(format!("task {}", names.join(" or ")));
    }
    if !selection.ids.is_empty() {
        words.push(format!("{} named cases", selection.ids.len()));
    }
    words.extend(selection.listed.as_ref().map(|listed| format!("{} listed cases", listed.len())));
    words.extend(selection.tags.iter().map(|(key, value)| format!("{key}={value}")));
    words.extend(selection.partition.map(|part| format!("part {}/{}", part.part, part.of)));
    words.extend(selection.range.map(|range| format!("cases {}-{}", range.first, range.last)));
    words.extend(selection.sample.map(|(count, seed)| format!("{count} drawn by seed {seed}")));
    words.join(", ")
}

fn planned_task(
    dataset: &Dataset,
    task: Task,
    spec: &TaskSpec,
    entry: &DatasetConfig,
    config: &Config,
    cases: u64,
) -> Result<PlannedTask, SetupError> {
    let (prompt_name, system, prompt) = match &entry.prompt {
        None => ("default".to_owned(), spec.system.clone(), spec.prompt.clone()),
        Some(name) => match config.prompt.get(&task).and_then(|prompts| prompts.get(name)) {
            Some(prompt) => (name.clone(), prompt.system.clone(), prompt.text.clone()),
            None => {
                return Err(wrong(
                    entry,
                    format!("`{name}` names a prompt, but there is no [prompt.{task}.{name}]"),
                ));
            }
        },
    };
    Ok(PlannedTask {
        prompt_name,
        system,
        prompt,
        schema: dataset.schema(task)?.map(|schema| (*schema.schema).clone()),
        metric: spec.metric.clone(),
        settings: serde_json::to_value(&spec.settings).expect("a table of TOML has texts as keys"),
        critical: spec.critical.clone(),
        max_output_tokens: config
            .generation
            .max_output_tokens
            .or(spec.max_output_tokens)
            .unwrap_or(MAX_OUTPUT_TOKENS),
        cases,
    })
}

/// Enough for a long receipt as JSON and a little thinking; what an answer can cost at most follows from it.
const MAX_OUTPUT_TOKENS: u32 = 2048;

/// The questions of a planned dataset.
pub(crate) fn questions(
    planned: &PlannedDataset,
    folder: &Path,
    config: &Config,
) -> Result<BTreeMap<Task, Question>, SetupError> {
    let template = |text: &str| {
        Template::parse(text)
            .map_err(|message| Problem::new(folder.join("dataset.toml"), format!("prompt: {message}")))
    };
    let mut questions = BTreeMap::new();
    for (task, spec) in &planned.tasks {
        let schema = spec.schema.clone().map(|schema| Schema {
            name: task.name().replace('-', "_").into(),
            schema: Arc::new(schema),
            strict: true,
        });
        let question = Question {
            system: spec.system.as_deref().map(template).transpose()?,
            prompt: template(&spec.prompt)?,
            schema,
            max_output_tokens: NonZeroU32::new(spec.max_output_tokens).unwrap_or(NonZeroU32::MIN),
            generation: config.generation,
        };
        questions.insert(*task, question);
    }
    Ok(questions)
}

fn skipped(datasets: &[PreparedDataset], providers: &[PreparedProvider]) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    for provider in providers {
        for dataset in datasets {
            for task in dataset.questions.keys() {
                let Some(reason) = provider.refuses(*task) else { continue };
                let cases = dataset.index.entries.iter().filter(|entry| entry.task == *task).count() as u64;
                let (provider, dataset) = (provider.label.clone(), dataset.name.clone());
                skipped.push(Skipped { provider, dataset, task: *task, cases, reason });
            }
        }
    }
    skipped
}
