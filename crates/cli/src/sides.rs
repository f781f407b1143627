//! What a comparison is between: runs, baselines, or one provider of them.

use std::path::{Path, PathBuf};

use eval_decide::drift::{DriftSide, drift, parity};
use eval_record::Record;
use eval_summary::{Against, Baseline, CaseScore, Options, SCORER, score};

use crate::exit::{Exit, Failure};
use crate::settings::Project;

/// Where baselines are.
pub fn baselines(project: &Project) -> PathBuf {
    project.root.join("reports").join("baselines")
}

/// Saves a baseline of the project: never through a link that leads out of it.
pub fn save_baseline(project: &Project, baseline: &Baseline) -> Result<PathBuf, Failure> {
    let folder = baselines(project);
    Baseline::check_name(&baseline.name)?;
    let path = folder.join(format!("{}.json", baseline.name));
    vision_files::check_target_below(&project.root, &path)
        .map_err(|refused| Failure::new(Exit::Output, format!("{} {refused}", path.display())))?;
    Ok(baseline.write(&folder)?)
}

/// One of several runs that are compared.
#[derive(Debug)]
pub struct Side {
    /// Its scores.
    pub scores: Baseline,
    /// Its answers; a baseline has none.
    pub record: Option<Record>,
    /// Whether a dataset was changed while it went on.
    pub is_mixed: bool,
}

impl From<Baseline> for Side {
    fn from(scores: Baseline) -> Self {
        Self { scores, record: None, is_mixed: false }
    }
}

/// `RUN`, `BASELINE`, `RUN@PROVIDER` or `BASELINE@PROVIDER`.
pub fn side(text: &str, project: &Project, options: &Options) -> Result<Side, Failure> {
    let (name, provider) = match text.rsplit_once('@') {
        Some((name, provider)) if !Path::new(text).exists() => (name, Some(provider)),
        _ => (text, None),
    };
    let whole = whole(name, project, options)?;
    let Some(provider) = provider else { return Ok(whole) };
    let labels: Vec<String> = whole.scores.providers.iter().map(|one| one.label.clone()).collect();
    let mut part = whole.scores.only(provider).ok_or_else(|| {
        Failure::setup(format!("{name} has no provider `{provider}` (it has: {})", labels.join(", ")))
    })?;
    part.name = text.to_owned();
    Ok(Side { scores: part, ..whole })
}

fn whole(name: &str, project: &Project, options: &Options) -> Result<Side, Failure> {
    let dir = Path::new(name);
    if vision_files::storage::is_address(dir) || dir.join("plan.json").is_file() {
        return of_run(dir, name, options);
    }
    let in_runs = project.root.join(&project.config.runs).join(name);
    if in_runs.join("plan.json").is_file() {
        return of_run(&in_runs, name, options);
    }
    let folder = baselines(project);
    if !folder.join(format!("{name}.json")).is_file() {
        let known = known(&folder, &project.root.join(&project.config.runs));
        let advice = match eval_datasets::nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`vision-eval baseline set {name}` accepts the newest run as that"),
        };
        let message = format!(
            "`{name}` is neither the directory of a run nor a baseline in {}; {advice}",
            folder.display()
        );
        return Err(Failure::setup(message));
    }
    Ok(Baseline::read(&folder, name)?.into())
}

/// Names of baselines and runs.
fn known(baselines: &Path, runs: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
    };
    let of_files = names(baselines);
    let of_files = of_files.iter().filter_map(|file| file.strip_suffix(".json").map(str::to_owned));
    of_files.chain(names(runs)).collect()
}

/// A run, with its scores in the form of a baseline.
pub fn of_run(dir: &Path, name: &str, options: &Options) -> Result<Side, Failure> {
    let record = Record::open(dir).map_err(|error| Failure::setup(error.to_string()))?;
    let changed = record.changed_datasets()?;
    for one in &changed {
        let said = format!("{name}: {}", eval_report::changed_during_run(&one.dataset, one.media));
        eprintln!("warning: {}", eval_report::escape::terminal(&said));
    }
    let scores = Baseline::of(&score(&record, options)?, name)?;
    Ok(Side { scores, record: Some(record), is_mixed: !changed.is_empty() })
}

/// The run that a baseline was made from, if it is still in the project and was scored in the same way.
pub fn run_of(baseline: &Baseline, project: &Project) -> Option<Record> {
    record_of(baseline, project).filter(|_| baseline.scorer == SCORER)
}

/// The run that a baseline was made from, if it is still in the project.
fn record_of(baseline: &Baseline, project: &Project) -> Option<Record> {
    let entries = std::fs::read_dir(project.root.join(&project.config.runs)).ok()?;
    let records = entries.filter_map(|entry| Record::open(&entry.ok()?.path()).ok());
    let is_same =
        |record: &Record| (&record.plan.started, &record.plan.name) == (&baseline.started, &baseline.run);
    let mut same: Vec<Record> = records.filter(is_same).collect();
    if same.len() > 1 {
        // Begun in the same second: their scores tell them apart.
        let scores =
            |record: &Record| Some(Baseline::of(&score(record, &Options::default()).ok()?, "").ok()?.scores);
        same.retain(|record| scores(record).is_some_and(|scores| is_alike(&scores, &baseline.scores)));
    }
    same.pop()
}

/// Whether they say the same, but for tags, which a file does not hold, and what people have said since.
fn is_alike(one: &[CaseScore], other: &[CaseScore]) -> bool {
    let key = |score: &CaseScore| CaseScore { tags: Default::default(), people: None, ..score.clone() };
    one.iter().map(key).eq(other.iter().map(key))
}

/// Adds to a comparison what the difference is due to, and how hosts of one model compare: as far as the answers of both
/// sides are still there.
pub fn explain(
    against: &mut Against,
    before: &Side,
    now: &Side,
    project: &Project,
    options: &Options,
) -> Result<(), Failure> {
    let Some(record) = &now.record else { return Ok(()) };
    against.parity = parity(record, options)?;
    let found = if before.record.is_none() { record_of(&before.scores, project) } else { None };
    let Some(earlier) = before.record.as_ref().or(found.as_ref()) else { return Ok(()) };
    let before = DriftSide { scores: &before.scores, record: earlier };
    against.drift = drift(before, DriftSide { scores: &now.scores, record }, options)?;
    Ok(())
}

/// The newest run of the project.
pub fn newest(project: &Project) -> Result<PathBuf, Failure> {
    let folder = project.root.join(&project.config.runs);
    let entries = std::fs::read_dir(&folder).map_err(|error| {
        Failure::setup(format!("there is no run yet: {} cannot be read: {error}", folder.display()))
    })?;
    let runs =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.join("plan.json").is_file());
    runs.max_by_key(|path| began(path))
        .ok_or_else(|| Failure::setup(format!("there is no run in {}", folder.display())))
}

/// Names begin with the time, so the last name is the newest run; a name of one's own goes by its plan.
fn began(path: &Path) -> (String, PathBuf) {
    let started = Record::open(path).map(|record| record.plan.started).unwrap_or_default();
    (started, path.to_owned())
}
