//! Every run under a folder, over time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use eval_record::Record;
use vision_core::Task;

use crate::summarise::{served_fingerprints, served_models};
use crate::{
    Board, Change, History, HistoryLine, Options, ProviderInfo, Row, SUMMARY_VERSION, Scope, Summary,
    SummaryError,
};

/// One line per run × provider × task and overall, of every run in a folder or below it.
///
/// Every record is scored anew: the `summary.json` beside it may be anybody's.
pub fn history(folder: &Path, options: &Options) -> Result<History, SummaryError> {
    let mut unreadable = Vec::new();
    let mut runs = Vec::new();
    for dir in runs_below(folder)? {
        let name = dir.strip_prefix(folder).unwrap_or(&dir).to_string_lossy().into_owned();
        let name = if name.is_empty() { ".".to_owned() } else { name };
        match Record::open(&dir).map_err(SummaryError::from).and_then(|record| Summary::of(&record, options))
        {
            Ok(summary) => runs.push((name, summary)),
            Err(error) => unreadable.push(format!("{name}: {error}")),
        }
    }
    runs.sort_by(|a, b| (&a.1.run.started, &a.0).cmp(&(&b.1.run.started, &b.0)));
    let mut lines: BTreeMap<(String, Scope, u32), Vec<HistoryLine>> = BTreeMap::new();
    let mut known: BTreeMap<Scope, Vec<String>> = BTreeMap::new();
    let mut before: BTreeMap<(String, Scope), usize> = BTreeMap::new();
    for (at, (name, summary)) in runs.iter().enumerate() {
        for board in std::iter::once(&summary.overall).chain(&summary.boards) {
            let data =
                number_of(data_of(summary, &board.scope), known.entry(board.scope.clone()).or_default());
            for mut line in board_lines(name, summary, board) {
                line.data = data;
                let key = (line.provider.clone(), line.scope.clone());
                if let Some(earlier) = before.insert(key, at) {
                    line.marks = marks(&runs[earlier].1, summary, &line);
                }
                lines.entry((line.provider.clone(), line.scope.clone(), data)).or_default().push(line);
            }
        }
    }
    Ok(History { v: SUMMARY_VERSION, lines: lines.into_values().flatten().collect(), unreadable })
}

/// What decides which cases a figure is about. Two that differ are not to be joined in one line.
fn data_of(summary: &Summary, scope: &Scope) -> String {
    let mut parts = Vec::new();
    for dataset in &summary.datasets {
        for task in &dataset.tasks {
            let of = Scope::task(&dataset.name, task.task);
            if *scope == Scope::Overall || *scope == of {
                parts.push(format!("{of} {} {} {}", dataset.content_hash, dataset.selection, task.cases));
            }
        }
    }
    parts.sort();
    parts.join("\n")
}

/// Its number among those known, in the order in which they came.
fn number_of(data: String, known: &mut Vec<String>) -> u32 {
    let at = known.iter().position(|one| *one == data).unwrap_or_else(|| {
        known.push(data);
        known.len() - 1
    });
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Directories with a `plan.json`, at most three levels down, by path.
fn runs_below(folder: &Path) -> Result<Vec<PathBuf>, SummaryError> {
    let mut runs = Vec::new();
    let mut level = vec![folder.to_owned()];
    for _ in 0..=3 {
        let mut below = Vec::new();
        for dir in level {
            if dir.join("plan.json").is_file() {
                runs.push(dir);
                continue;
            }
            let entries = fs::read_dir(&dir).map_err(|error| SummaryError::file(&dir, error))?;
            below.extend(entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()));
        }
        level = below;
    }
    runs.sort();
    Ok(runs)
}

/// The text of a run's own summary, if there is one that may be read.
fn written(dir: &Path) -> Option<String> {
    let path = vision_files::below(dir, "summary.json").ok()?;
    vision_files::read_text(&path, vision_files::DOCUMENT).ok()
}

fn board_lines<'a>(
    run: &'a str,
    summary: &'a Summary,
    board: &'a Board,
) -> impl Iterator<Item = HistoryLine> + 'a {
    // A run in which one could not be asked says nothing about it; one in which it was not reached does.
    let was_asked = |row: &&Row| row.answers.trials + row.answers.missing > 0;
    board.rows.iter().filter(was_asked).map(move |row| HistoryLine {
        run: run.to_owned(),
        name: summary.run.name.clone(),
        started: summary.run.started.clone(),
        provider: row.provider.clone(),
        scope: board.scope.clone(),
        data: 0,
        score: row.score.clone(),
        trials: row.answers.trials + row.answers.missing,
        failed: row.answers.failed + row.answers.missing,
        p50: row.latency.as_ref().map(|latency| latency.p50.clone()),
        p95: row.latency.as_ref().map(|latency| latency.p95.clone()),
        usd_per_1000: row.cost.per_1000,
        at_least: row.cost.at_least,
        served: provider(summary, &row.provider).map_or_else(Vec::new, |info| info.served.clone()),
        marks: Vec::new(),
    })
}

fn provider<'a>(summary: &'a Summary, label: &str) -> Option<&'a ProviderInfo> {
    summary.providers.iter().find(|provider| provider.label == label)
}

/// What changed between two runs for one provider on one task.
fn marks(before: &Summary, now: &Summary, line: &HistoryLine) -> Vec<Change> {
    let mut marks = Vec::new();
    let mut mark = |what: &str, of: &str, from: String, to: String| {
        if from != to {
            marks.push(Change { what: what.to_owned(), of: of.to_owned(), from, to });
        }
    };
    let of_provider = |summary: &Summary, of: fn(&ProviderInfo) -> String| {
        provider(summary, &line.provider).map_or_else(String::new, of)
    };
    let mut about_provider = |what: &str, of: fn(&ProviderInfo) -> String| {
        mark(what, &line.provider, of_provider(before, of), of_provider(now, of));
    };
    about_provider("served model", |info| served_models(&info.served));
    about_provider("fingerprint", |info| served_fingerprints(&info.served));
    about_provider("prices", |info| info.price_date.clone().unwrap_or_default());
    for dataset in &now.datasets {
        let Some(old) = before.datasets.iter().find(|old| old.name == dataset.name) else { continue };
        for task in &dataset.tasks {
            let scope = Scope::task(&dataset.name, task.task);
            let is_in = line.scope == Scope::Overall || line.scope == scope;
            let Some(old_task) = old.tasks.iter().find(|old| old.task == task.task).filter(|_| is_in) else {
                continue;
            };
            let of = scope.to_string();
            mark("dataset", &of, old.content_hash.clone(), dataset.content_hash.clone());
            mark("prompt", &of, old_task.prompt_hash.clone(), task.prompt_hash.clone());
            mark("metric", &of, old_task.metric_hash.clone(), task.metric_hash.clone());
        }
    }
    mark("scorer", "", before.scorer.clone(), now.scorer.clone());
    marks
}

/// What earlier runs tell about the answers of one model to one task, for quotes.
#[derive(Debug, Clone, PartialEq)]
pub struct Experience {
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// The kind of provider.
    pub kind: String,
    /// The model.
    pub model: String,
    /// The label that it had: there may be several ways of asking a model.
    pub provider: String,
    /// Mean input tokens of a request, if they were counted.
    pub input_tokens: Option<f64>,
    /// Mean output tokens of an answer.
    pub output_tokens: f64,
    /// Mean seconds of an answer; missing if all came from the cache.
    pub seconds: Option<f64>,
}

/// What the newest summary of each provider and task under a folder tells, the oldest first. Only `summary.json` files are read, so that
/// a quote is made in no time; a folder that is not there tells nothing.
pub fn experience(folder: &Path) -> Result<Vec<Experience>, SummaryError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let read = |dir: PathBuf| {
        let text = written(&dir)?;
        serde_json::from_str::<Summary>(&text).ok().filter(|summary| summary.v == SUMMARY_VERSION)
    };
    let mut summaries: Vec<Summary> = runs_below(folder)?.into_iter().filter_map(read).collect();
    summaries.sort_by(|a, b| a.run.started.cmp(&b.run.started));
    let mut newest: Vec<Experience> = Vec::new();
    for found in summaries.iter().flat_map(experiences) {
        let is_older = |known: &Experience| {
            (&known.dataset, known.task, &known.kind, &known.model, &known.provider)
                == (&found.dataset, found.task, &found.kind, &found.model, &found.provider)
        };
        newest.retain(|known| !is_older(known));
        newest.push(found);
    }
    Ok(newest)
}

fn experiences(summary: &Summary) -> Vec<Experience> {
    let of_row = |dataset: &str, task: Task, row: &Row| {
        let info = provider(summary, &row.provider)?;
        Some(Experience {
            dataset: dataset.to_owned(),
            task,
            kind: info.kind.clone(),
            model: info.model.clone(),
            provider: row.provider.clone(),
            input_tokens: row.tokens.input.as_ref().map(|input| input.mean),
            output_tokens: row.tokens.output.as_ref()?.mean,
            seconds: row.latency.as_ref().map(|latency| latency.mean),
        })
    };
    let of_board = |board: &Board| match &board.scope {
        Scope::Task { dataset, task } => {
            board.rows.iter().filter_map(|row| of_row(dataset, *task, row)).collect()
        }
        Scope::Overall => Vec::new(),
    };
    summary.boards.iter().flat_map(of_board).collect()
}
