//! Makes a record of what others have run already.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use eval::{EarlierRuns, Setup, plan_answers, write_answers};
use eval_answers::{Answer, Form, NO_ANSWER, read};
use eval_record::Record;
use eval_report::figures::counted;

use crate::app::App;
use crate::conclusion::Conclusion;
use crate::exit::{Exit, Failure};
use crate::labels;
use crate::plan::{check_datasets, commit, now};
use crate::repeating;
use crate::run::default_dir;
use crate::settings::{Choice, Project, read_saved};

/// What `import` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval import answers answers.csv --dataset receipts
  vision-eval import answers results.json --dataset receipts --run-dir runs/promptfoo")]
pub struct ImportArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Import answers that another tool has collected; send nothing
    Answers(Box<AnswersArguments>),
}

/// What `import answers` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval import answers answers.csv --dataset receipts
  vision-eval import answers results.json --dataset receipts --run-dir runs/promptfoo
  vision-eval import answers predictions/model-a predictions/model-b --dataset receipts

Exit codes: 0 imported, 5 a candidate answered fewer than half of the cases (a failed answer is none), 4 no answer belongs to a case or a \
candidate answers a case twice, 96 a file cannot be read; with --baseline those of `gate`.")]
struct AnswersArguments {
    /// Files, or directories of files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Read the files as FORM: csv, jsonl, promptfoo, inspect, lmms-eval, prediction [default: by their content]
    #[arg(long, value_name = "FORM", value_parser = form)]
    form: Option<Form>,

    /// Name the candidate, where the files do not
    #[arg(long, value_name = "NAME")]
    candidate: Option<String>,

    /// Take several answers of a candidate to a case as repeats, in the order of the files
    #[arg(long)]
    repeats: bool,

    /// Select datasets by name or directory
    #[arg(short, long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Selection")]
    dataset: Vec<String>,

    /// Select tasks
    #[arg(long, value_name = "TASK,…", value_delimiter = ',', help_heading = "Selection")]
    task: Vec<vision_core::Task>,

    /// Record the run in DIR [default: runs/TIME-NAME]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    run_dir: Option<PathBuf>,

    #[command(flatten)]
    then: Conclusion,
}

/// Reads, matches, records and reports.
pub fn start(arguments: ImportArguments, app: &App) -> Result<Exit, Failure> {
    let What::Answers(arguments) = arguments.what;
    let mut project = Project::read(&app.shared)?;
    arguments.then.check(&project, &app.environment)?;
    arguments.then.lay_over(&mut project);
    let choice =
        Choice { dataset: arguments.dataset.clone(), task: arguments.task.clone(), ..Choice::default() };
    let selection = project.apply(&choice)?;
    check_datasets(&project)?;
    let answers = answers(&arguments)?;
    let (prices, earlier_runs) = (project.prices()?, EarlierRuns::default());
    let setup = Setup {
        root: &project.root,
        selection,
        listed: None,
        degrade: Vec::new(),
        candidates: Vec::new(),
        sequential: None,
        started: now(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        commit: commit(&project.root),
        command: repeating::command(),
        prices: &prices,
        earlier_runs: &earlier_runs,
        media_hashes: app.environment.cache_folder().map(|folder| folder.join("media")),
    };
    let (planned, matched) =
        plan_answers(&project.config, &setup, answers).map_err(|error| project.located(error))?;
    labels::check(&planned, &app.shared)?;
    let dir = match &arguments.run_dir {
        Some(dir) => dir.clone(),
        None => default_dir(&project, &planned.plan)?,
    };
    let (record, _lock) = Record::create_locked(&dir, planned.plan.clone())?;
    for line in mismatches(&matched) {
        eprintln!("{}", eval_report::escape::terminal(&line));
    }
    if !app.shared.quiet {
        let answers = counted(matched.answers.len() as u64, "answer");
        eprintln!("{}: {answers}", dir.display());
    }
    let sparse = matched.sparse();
    for (candidate, answered) in &sparse {
        let of = eval_report::figures::counted(matched.cases, "case");
        let line = format!(
            "warning: {candidate} answered {answered} of {of}, fewer than half: the run is incomplete (exit code 5)"
        );
        eprintln!("{}", eval_report::escape::terminal(&line));
    }
    let exit = if sparse.is_empty() { Exit::Pass } else { Exit::Incomplete };
    write_answers(&planned, matched, &record)?;
    arguments.then.conclude(&record, exit, project, app)
}

fn form(name: &str) -> Result<Form, String> {
    let known = || Form::ALL.map(|(name, _)| name).join(", ");
    let found = Form::ALL.into_iter().find(|(known, _)| *known == name);
    found.map(|(_, form)| form).ok_or_else(|| format!("not a form (known: {})", known()))
}

fn answers(arguments: &AnswersArguments) -> Result<Vec<Answer>, Failure> {
    let mut answers = Vec::new();
    for path in files(&arguments.files)? {
        let text = read_saved(&path)?;
        let name = path.display().to_string();
        let read = read(&name, &text, arguments.form)
            .map_err(|message| Failure::setup(format!("{name}: {message}")))?;
        answers.extend(read);
    }
    if let Some(candidate) = &arguments.candidate {
        answers.iter_mut().for_each(|answer| answer.candidate.clone_from(candidate));
    }
    if arguments.repeats {
        answers.iter_mut().for_each(|answer| answer.repeat = answer.repeat.or(Some(0)));
    }
    Ok(answers)
}

/// The files, those of directories by name.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable = |error| Failure::setup(format!("{}: {error}", path.display()));
        let mut inside: Vec<PathBuf> =
            std::fs::read_dir(path).map_err(unreadable)?.filter_map(|it| Some(it.ok()?.path())).collect();
        inside.retain(|path| path.is_file() && is_of_answers(path));
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

fn is_of_answers(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    ["csv", "tsv", "json", "jsonl", "ndjson"].contains(&end)
}

/// Lines of the list of mismatches that are printed; the others are counted.
const TOLD: usize = 10;

fn mismatches(matched: &eval::Matched) -> Vec<String> {
    let mut lines = Vec::new();
    for (candidate, key) in matched.unknown.iter().take(TOLD) {
        let of = if candidate.is_empty() { String::new() } else { format!(" of {candidate}") };
        lines.push(format!("warning: no case for the answer{of} to `{key}`"));
    }
    if matched.unknown.len() > TOLD {
        let more = counted((matched.unknown.len() - TOLD) as u64, "more answer");
        lines.push(format!("warning: no case for {more}"));
    }
    for (first, again) in matched.again.iter().take(TOLD) {
        lines.push(format!("warning: {again} repeats {first} word for word and is left out"));
    }
    if matched.again.len() > TOLD {
        let more = counted((matched.again.len() - TOLD) as u64, "more repeated answer");
        lines.push(format!("warning: left out: {more}"));
    }
    if matched.from_one {
        lines.push(
            "note: repeats are numbered from 1 in the files; the record numbers them from 0".to_owned(),
        );
    }
    let mut empty: BTreeMap<&str, u64> = BTreeMap::new();
    for (key, _, answer) in &matched.answers {
        let is_empty = answer.outcome.as_ref().is_err_and(|why| why == NO_ANSWER);
        *empty.entry(&key.provider).or_default() += u64::from(is_empty);
    }
    for (candidate, count) in empty.into_iter().filter(|(_, count)| *count > 0) {
        let answers = counted(count, "empty answer");
        lines.push(format!("warning: {candidate} has {answers}: no answer, so a failed trial that scores 0"));
    }
    for (candidate, cases) in &matched.missing {
        let cases = counted(*cases, "case");
        lines.push(format!("warning: {candidate} has no answer to {cases}"));
    }
    lines
}
