use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use eval_datasets::{Case, Dataset, Index, MediaRef, Partition, Problem, Selection, TaskSpec};
use eval_record::{
    Degraded, Plan, PlannedDataset, PlannedTask, PriceBook, Quote, Sequential, Skipped, VERSION,
};
use vision_core::{MediaKind, Modality, Task};
use vision_media::Degradation;

use crate::candidate::Candidate;
use crate::opened::{CasePlace, OpenDataset};
use crate::quote::{EarlierRuns, quote};
use crate::variants::{Way, chosen, expand};
use crate::{Config, DatasetConfig, Registry, SetupError};

mod answers;
mod provider;

pub use answers::{IMPORTED, Matched, plan_answers};
use provider::plan_provider;
pub(crate) use provider::price_of;

/// What stands around a configuration: things that only the caller knows.
#[derive(Debug)]
pub struct Setup<'a> {
    /// The folder that paths in the configuration are relative to.
    pub root: &'a Path,
    /// Which cases of every dataset are wanted.
    pub selection: Selection,
    /// Only these cases, by dataset and id, if not all: those that failed in another run.
    pub listed: Option<HashMap<String, HashSet<String>>>,
    /// With a twin of every picture for each of these ways of being worse.
    pub degrade: Vec<Degradation>,
    /// Only these candidates of what is tried with a model, by their labels, if not all.
    pub candidates: Vec<String>,
    /// How the run ends before its cases are used up, if it may.
    pub sequential: Option<Sequential>,
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
    pub earlier_runs: &'a EarlierRuns,
    /// The folder that remembers hashes of media, so that they are not read again for each run.
    pub media_hashes: Option<PathBuf>,
}

/// A plan, and the datasets that it chose cases of.
#[derive(Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// Who cannot be held to which schema.
    pub unheld: Vec<Unheld>,
    pub(crate) datasets: Vec<OpenDataset>,
}

/// A schema that a candidate cannot be held to, though it can to others: its prompt carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unheld {
    /// The candidate's label.
    pub provider: String,
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// What of the schema cannot be held.
    pub reason: String,
}

impl Planned {
    /// Every wanted case with its dataset's name and its place.
    pub fn cases(&self) -> impl Iterator<Item = Result<(&str, Case, CasePlace<'_>), Problem>> {
        self.datasets.iter().flat_map(OpenDataset::cases)
    }

    /// The folders of the datasets, by their names.
    pub fn folders(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.datasets.iter().map(|dataset| (dataset.name.as_str(), dataset.folder.as_path()))
    }
}

/// Chooses cases and candidates, checks everything that can be checked without spending, and quotes.
pub fn plan(config: &Config, setup: &Setup<'_>, registry: &dyn Registry) -> Result<Planned, SetupError> {
    let opened = config.dataset.iter().map(|entry| plan_dataset(entry, config, setup));
    let opened = opened.collect::<Result<Vec<_>, _>>()?;
    let (datasets, planned_datasets): (Vec<_>, Vec<_>) = opened.into_iter().flatten().unzip();
    if datasets.iter().all(|dataset| dataset.index.entries.is_empty()) {
        return Err(SetupError::NothingSelected("no case is selected".to_owned()));
    }
    check_names(&datasets)?;
    let planned_candidates = |ways: Vec<Way>| {
        let build = |way: Way| plan_provider(way, &datasets, setup, registry);
        ways.into_iter().map(build).collect::<Result<Vec<_>, _>>()
    };
    let too_many = |firsts: Vec<(Way, u64)>| {
        let (firsts, counts): (Vec<Way>, Vec<u64>) = firsts.into_iter().unzip();
        let firsts = planned_candidates(firsts)?;
        let quote = quote(&datasets, &firsts, config, setup.prices, setup.earlier_runs)?;
        Ok(rough_cost(&quote, firsts.iter().map(|it| it.planned.label.as_str()).zip(counts)))
    };
    let ways = expand(config, setup.root, &planned_datasets, registry, too_many)?;
    let candidates = planned_candidates(chosen(ways, &setup.candidates)?)?;
    if candidates.is_empty() {
        return Err(SetupError::NothingSelected("no provider is enabled".to_owned()));
    }
    let quote = quote(&datasets, &candidates, config, setup.prices, setup.earlier_runs)?;
    let unheld = unheld(&datasets, &candidates);
    let plan = Plan {
        v: VERSION,
        name: config.name.clone(),
        started: setup.started.clone(),
        tool: setup.tool.clone(),
        commit: setup.commit.clone(),
        command: setup.command.clone(),
        seed: config.seed,
        repeats: config.repeats,
        datasets: planned_datasets,
        skipped: skipped(&datasets, &candidates),
        providers: candidates.into_iter().map(|candidate| candidate.planned).collect(),
        media: config.media.clone(),
        generation: config.generation,
        execution: config.execution(),
        budget_usd: config.budget_usd.map(vision_core::Usd),
        partition: setup.selection.partition.map(|partition| format!("{}/{}", partition.part, partition.of)),
        sequential: setup.sequential,
        decide: Some(config.decide.clone()),
        quote,
    };
    Ok(Planned { plan, unheld, datasets })
}

fn unheld(datasets: &[OpenDataset], candidates: &[Candidate]) -> Vec<Unheld> {
    let mut unheld = Vec::new();
    for candidate in candidates.iter().filter(|candidate| candidate.planned.variant.is_none()) {
        for dataset in datasets {
            for (task, question) in &dataset.questions {
                let schema = question.schema.as_ref().zip(candidate.capabilities());
                let problem = schema.and_then(|(schema, can)| can.schema_problem(&schema.schema));
                unheld.extend(problem.map(|reason| Unheld {
                    provider: candidate.planned.label.clone(),
                    dataset: dataset.name.clone(),
                    task: *task,
                    reason,
                }));
            }
        }
    }
    unheld
}

/// What so many ways of asking each model are expected to cost, if all of them cost as much as the first.
fn rough_cost<'a>(quote: &Quote, counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    let counts: HashMap<&str, u64> = counts.collect();
    let mut sum = Some(0.0);
    for line in quote.lines.iter().filter(|line| line.requests > 0) {
        let count = counts.get(line.provider.as_str()).copied().unwrap_or(1) as f64;
        sum = sum.zip(line.money).map(|(sum, money)| sum + money.expected.0 * count);
    }
    match sum {
        Some(0.0) => "free of charge".to_owned(),
        Some(usd) => format!("about {} in all", vision_core::Usd(usd)),
        None => "at an unknown cost".to_owned(),
    }
}

/// Records are joined by dataset name, so two datasets of one name would be one.
fn check_names(datasets: &[OpenDataset]) -> Result<(), SetupError> {
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

/// The dataset, and a twin of it for each way of being worse.
fn plan_dataset(
    entry: &DatasetConfig,
    config: &Config,
    setup: &Setup<'_>,
) -> Result<Vec<(OpenDataset, PlannedDataset)>, SetupError> {
    let dataset = Dataset::open(&vision_files::storage::within(setup.root, &entry.path))?;
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
        degraded: None,
    };
    let twins = setup.degrade.iter().map(|how| twin(*how, &planned, &dataset, &selection, config));
    let twins = twins.collect::<Result<Vec<_>, _>>()?;
    let elsewhere = elsewhere(&dataset, &selection, &index)?;
    let opened = OpenDataset::new(&planned, dataset.folder, index, (config.generation, config.seed))?;
    let clean = (OpenDataset { elsewhere, ..opened }, planned);
    Ok(std::iter::once(clean).chain(twins.into_iter().flatten()).collect())
}

/// The dataset with worse pictures; nothing where no case consists of pictures.
fn twin(
    how: Degradation,
    clean: &PlannedDataset,
    dataset: &Dataset,
    selection: &Selection,
    config: &Config,
) -> Result<Option<(OpenDataset, PlannedDataset)>, SetupError> {
    let mut index = dataset.index(selection)?;
    let mut elsewhere = elsewhere(dataset, selection, &index)?;
    std::iter::once(&mut index).chain(&mut elsewhere).try_for_each(only_pictures)?;
    if index.entries.is_empty() {
        return Ok(None);
    }
    let mut tasks = clean.tasks.clone();
    for (task, spec) in &mut tasks {
        spec.cases = index.entries.iter().filter(|entry| entry.task == *task).count() as u64;
    }
    tasks.retain(|_, spec| spec.cases > 0);
    let words = [clean.selection.as_str(), "pictures"];
    let planned = PlannedDataset {
        name: format!("{} · {how}", clean.name),
        cases: index.entries.len() as u64,
        tasks,
        selection: words.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", "),
        degraded: Some(Degraded { of: clean.name.clone(), how: how.to_string() }),
        ..clean.clone()
    };
    let folder = dataset.folder.clone();
    let opened = OpenDataset::new(&planned, folder, index, (config.generation, config.seed))?;
    Ok(Some((OpenDataset { elsewhere, ..opened }, planned)))
}

/// Without the cases that have a medium which cannot be made worse: documents, sound, links.
fn only_pictures(index: &mut Index) -> Result<(), Problem> {
    let is_picture = |medium: &MediaRef| {
        let name = medium.file().map(Path::new).and_then(Path::extension).and_then(|it| it.to_str());
        let kind = name.and_then(MediaKind::from_extension);
        kind.is_some_and(|kind| kind.modality() == Modality::Image)
    };
    let mut entries = Vec::new();
    for entry in &index.entries {
        let case = index.read(*entry)?;
        if !case.media.is_empty() && case.media.iter().all(is_picture) {
            entries.push(*entry);
        }
    }
    index.entries = entries;
    Ok(())
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
        own_schema: dataset.own_schema(task)?,
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

fn skipped(datasets: &[OpenDataset], candidates: &[Candidate]) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    for candidate in candidates {
        for dataset in datasets {
            for task in dataset.questions.keys() {
                let Some(reason) = candidate.refusal(dataset, *task) else { continue };
                skipped.push(Skipped {
                    provider: candidate.planned.label.clone(),
                    dataset: dataset.name.clone(),
                    task: *task,
                    cases: dataset.count(*task),
                    reason,
                });
            }
        }
    }
    skipped
}
