//! A judging is an ordinary run over a dataset of answers: planned, quoted, agreed to, recorded and resumed as any other.

use std::fs;
use std::path::{Path, PathBuf};

use eval::{Config, DatasetConfig, EndedTrials, Registry, Rerun, equip, reopen};
use eval_judge::{DATASET, Item, RUN, canaries, collect, draft, open_answers, pairs, unjudged};
use eval_record::{Canary, JudgedAnswer, PlannedProvider, Record};
use eval_report::figures::counted;
use vision_core::Usd;

use super::JudgeArguments;
use super::bench::{Bench, judges, prompt, takes};
use crate::agreed;
use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::host::{Patience, Traffic, transport_of_run};
use crate::plan::{self, Keys};
use crate::registry::Providers;
use crate::run::agree;
use crate::running::{SendFlags, carry_out};
use crate::settings::{Choice, Project};

/// How judges are asked.
struct Asking<'a> {
    record: &'a Record,
    project: Project,
    how: &'a SendFlags,
    traffic: &'a Traffic,
    dry_run: bool,
    app: &'a App,
}

/// Asks every judge about everything that it has not judged.
pub(super) async fn ask(record: &Record, arguments: &JudgeArguments, app: &App) -> Result<Exit, Failure> {
    if arguments.how.workers.is_some() {
        return Err(Failure::new(Exit::Usage, "judges are asked from this machine: leave out --workers"));
    }
    let mut project = Project::read(&app.shared)?;
    arguments.how.lay_over(&mut project);
    let prompt = prompt(&project, arguments.prompt.as_deref())?;
    let bench = judges(&project, &arguments.judge, &prompt)?;
    let budget = arguments.budget_usd.or(project.config.judge.budget_usd);
    let (how, traffic, dry_run) = (&arguments.how, &arguments.traffic, arguments.dry_run);
    let asking = Asking { record, project, how, traffic, dry_run, app };
    asking.all(bench, budget, arguments.budget_usd.is_some()).await
}

/// Asks the judges of the configuration, if there are any and the run has open answers.
pub async fn after_run(
    record: &Record,
    project: &Project,
    (how, traffic): (&SendFlags, &Traffic),
    app: &App,
) -> Result<Exit, Failure> {
    let own = &project.config.judge;
    if own.provider.iter().all(|judge| !judge.enabled) || open_answers(record)?.is_empty() {
        return Ok(Exit::Pass);
    }
    if how.workers.is_some() {
        eprintln!(
            "note: judges are not asked by workers; have the answers judged with: vision-eval judge {}",
            record.dir.display()
        );
        return Ok(Exit::Pass);
    }
    let prompt = prompt(project, None)?;
    let bench = judges(project, &[], &prompt)?;
    let project = project.with(project.config.clone());
    let asking = Asking { record, project, how, traffic, dry_run: false, app };
    asking.all(bench, own.budget_usd, false).await
}

impl Asking<'_> {
    /// The first judge last, because the scores are those of the judge that spoke last.
    async fn all(&self, bench: Vec<Bench>, mut budget: Option<f64>, is_typed: bool) -> Result<Exit, Failure> {
        let items = open_answers(self.record)?;
        if items.is_empty() {
            let none =
                "nothing to judge: no answer to a task with checks (describe, summarize, compare-free)";
            return Err(Failure::new(Exit::NothingSelected, none));
        }
        let tests = canaries(&items, self.record.plan.seed);
        let beside = if self.project.config.judge.pairs { pairs(self.record)? } else { Vec::new() };
        let mut exit = Exit::Pass;
        let judges = bench.iter().rev().flat_map(|judge| {
            let of_pairs =
                (!beside.is_empty()).then(|| (judge.of_pairs(), &beside, &[] as &[(Item, Canary)]));
            let of_answers = judge.clone();
            std::iter::once((of_answers, &items, tests.as_slice())).chain(of_pairs)
        });
        for (judge, items, tests) in judges {
            let (ended, spent) = self.one(&judge, items, tests, (budget, is_typed)).await?;
            budget = budget.map(|budget| (budget - spent.0).max(0.0));
            if ended != Exit::Pass {
                exit = ended;
            }
            if ended == Exit::Interrupted {
                break;
            }
        }
        Ok(exit)
    }

    /// Resumes what was begun, and begins what is left.
    async fn one(
        &self,
        judge: &Bench,
        items: &[Item],
        tests: &[(Item, Canary)],
        (budget, is_typed): (Option<f64>, bool),
    ) -> Result<(Exit, Usd), Failure> {
        let mut spent = Usd::ZERO;
        let folders = Folders::of(self.record, judge);
        let mine = folders.last().into_iter().chain([folders.next()]);
        let inner = mine.flat_map(|folder| [folder.join(DATASET), folder.join(RUN), folder]);
        inner.chain([folders.base.clone()]).try_for_each(|folder| check_folder(&folder))?;
        if let (Some(begun), false) = (folders.last(), self.dry_run) {
            let typed = budget.filter(|_| is_typed);
            if let Some((exit, paid)) = self.resume(judge, &begun, typed).await? {
                spent += paid;
                self.keep(judge, &begun)?;
                if exit != Exit::Pass {
                    return Ok((exit, spent));
                }
            }
        }
        let said = self.record.judgements()?;
        let left = unjudged(items.to_vec(), tests.to_vec(), &said, &judge.name);
        if left.iter().all(|(_, canary)| canary.is_some()) && said.iter().any(|line| line.judge == judge.name)
        {
            self.speak_last(judge, &said)?;
            if !self.app.shared.quiet {
                let what = if items.iter().any(|item| item.rival.is_some()) { "pairs" } else { "answers" };
                eprintln!("{}: all {} {what} are judged", judge.name, items.len());
            }
            return Ok((Exit::Pass, spent));
        }
        let budget = budget.map(|budget| (budget - spent.0).max(0.0));
        let (exit, paid) = self.begin(judge, &folders.next(), &left, budget).await?;
        spent += paid;
        Ok((exit, spent))
    }

    /// What is asked of one judge, as a project: its own models, data and generation, and nothing of the run's.
    fn own(&self, judge: &Bench, folder: &Path, budget: Option<f64>) -> Project {
        let run = &self.project.config;
        let folder = std::path::absolute(folder.join(DATASET)).unwrap_or_else(|_| folder.join(DATASET));
        let mut generation = run.generation;
        generation.max_output_tokens = None;
        // Judged again, an answer is to be judged the same.
        generation.temperature = Some(0.0);
        self.project.with(Config {
            name: "judging".to_owned(),
            seed: run.seed,
            max_concurrency: run.max_concurrency,
            timeout_seconds: run.timeout_seconds,
            stream_timeout_seconds: run.stream_timeout_seconds,
            max_retries: run.max_retries,
            budget_usd: budget,
            prices: run.prices.clone(),
            dataset: vec![DatasetConfig { path: folder.display().to_string(), ..DatasetConfig::default() }],
            provider: vec![judge.config.clone()],
            media: run.media.clone(),
            generation,
            ..Config::default()
        })
    }

    async fn begin(
        &self,
        judge: &Bench,
        folder: &Path,
        left: &[(Item, Option<Canary>)],
        budget: Option<f64>,
    ) -> Result<(Exit, Usd), Failure> {
        let app = self.app;
        let mut project = self.own(judge, folder, budget);
        // Nothing is sent by this one, and nothing is said of it.
        let provider = self.providers(&project, false)?.build(&judge.config)?.provider;
        let sees = |name: &str| takes(provider.capabilities(), name);
        // What an earlier quote or a crash has left.
        remove(folder)?;
        let written = draft(folder, &self.project.root, left, &judge.prompt, &sees)?;
        for line in &written.left_out {
            eprintln!("warning: {}", eval_report::escape::terminal(line));
        }
        if written.without_media > 0 && !app.shared.quiet {
            let of = format!("{} of {} answers", written.without_media, written.answers);
            eprintln!("note: {} judges {of} without seeing all their media", judge.name.provider);
        }
        let keys = if self.dry_run { Keys::Later } else { Keys::Now };
        let planned = plan::planned_unlabeled(&mut project, &Choice::default(), self.traffic, keys, app);
        if self.dry_run {
            let ended = planned.and_then(|(planned, _)| plan::dry_run(&planned.plan, None, &app.environment));
            remove(folder)?;
            return ended.map(|exit| (exit, Usd::ZERO));
        }
        let (planned, providers) = planned?;
        let warnings = plan::warnings(&planned.plan, &project.prices()?);
        agree(&planned.plan, &warnings, self.how, self.traffic.replay.is_some(), app)?;
        let prepared = equip(planned, &providers)?;
        let (record, _lock) = Record::create_locked(&folder.join(RUN), prepared.plan.clone())?;
        agreed::note(&record, &app.environment);
        let nothing = (EndedTrials::default(), Usd::ZERO, false);
        let exit = carry_out(prepared, &record, nothing, self.how, (&project, app)).await?;
        self.keep(judge, folder)?;
        Ok((exit, EndedTrials::of(&record, Rerun::Transient)?.1))
    }

    /// Goes on with a judging; nothing if it was never begun. What it may spend is what it was given, unless more is typed.
    async fn resume(
        &self,
        judge: &Bench,
        folder: &Path,
        typed: Option<f64>,
    ) -> Result<Option<(Exit, Usd)>, Failure> {
        if !folder.join(RUN).join("cases.jsonl").is_file() {
            return Ok(None);
        }
        let record = Record::open(&folder.join(RUN))?;
        let is_same = |it: &PlannedProvider| it.kind == judge.name.kind && it.model == judge.name.model;
        // What a stranger's record says of prices and budgets is not the user's word: that judging is begun anew.
        let is_own = self.traffic.replay.is_some() || agreed::is_own(&record.plan, &self.app.environment);
        if !is_own || !record.plan.providers.iter().all(is_same) {
            return Ok(None);
        }
        let _lock = record.lock()?;
        let (done, before, _) = EndedTrials::of(&record, Rerun::Transient)?;
        let planned: u64 = record.plan.datasets.iter().map(|dataset| dataset.cases).sum();
        if done.len() as u64 >= planned {
            return Ok(Some((Exit::Pass, Usd::ZERO)));
        }
        let project = self.own(judge, folder, None);
        let media_hashes = self.app.environment.cache_folder().map(|folder| folder.join("media"));
        let mut planned = reopen(&record, &project.config, &project.root, media_hashes.as_deref())?;
        planned.plan.budget_usd = typed.map(Usd).or(planned.plan.budget_usd);
        let own = std::slice::from_ref(&judge.config);
        let providers = self.providers(&project, self.traffic.replay.is_none())?.of_a_record(own);
        let prepared = equip(planned, &providers)?;
        if !self.app.shared.quiet {
            eprintln!("{}: {} judged", judge.name, counted(done.len() as u64, "answer"));
        }
        let exit =
            carry_out(prepared, &record, (done, before, false), self.how, (&project, self.app)).await?;
        let after = EndedTrials::of(&record, Rerun::Transient)?.1;
        Ok(Some((exit, Usd((after.0 - before.0).max(0.0)))))
    }

    fn providers(&self, project: &Project, needs_keys: bool) -> Result<Providers<'_>, Failure> {
        let config = &project.config;
        let patience = Patience {
            timeout_seconds: config.timeout_seconds,
            stream_timeout_seconds: config.stream_timeout_seconds,
        };
        let transport = transport_of_run(&self.app.shared, self.traffic, patience)?;
        Ok(Providers::new(&self.app.environment, transport, needs_keys).within(config.timeout_seconds))
    }

    /// Adds what a judging has brought to the record, once.
    fn keep(&self, judge: &Bench, folder: &Path) -> Result<(), Failure> {
        let known = self.record.judgements()?;
        let mut lines = collect(folder, &judge.name)?;
        lines.retain(|line| !known.contains(line));
        self.record.add_judgements(&lines)?;
        Ok(())
    }

    /// A judge that was asked again, and had said everything, is the last that spoke.
    fn speak_last(&self, judge: &Bench, said: &[JudgedAnswer]) -> Result<(), Failure> {
        let mut answers = said.iter().rev().filter(|line| line.pair.is_none());
        let last = answers.clone().next();
        let own = answers.find(|line| line.judge == judge.name);
        if let (Some(own), Some(last)) = (own, last)
            && last.judge != judge.name
        {
            self.record.add_judgements(std::slice::from_ref(own))?;
        }
        Ok(())
    }
}

/// A stranger's record may lead elsewhere, where nothing is to be written or removed.
fn check_folder(folder: &Path) -> Result<(), Failure> {
    match folder.symlink_metadata() {
        Ok(there) if !there.is_dir() => {
            Err(Failure::setup(format!("{} is not a folder of the run", folder.display())))
        }
        _ => Ok(()),
    }
}

fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(Exit::Output, format!("{} cannot be removed: {error}", folder.display())))
        }
        _ => Ok(()),
    }
}

/// Where the judgings of one judge are: `RUN/judging/NAME-1`, `-2`, …
struct Folders {
    base: PathBuf,
    name: String,
}

impl Folders {
    fn of(record: &Record, judge: &Bench) -> Self {
        Self { base: record.path("judging"), name: eval_report::escape::file_name(&judge.name.to_string()) }
    }

    fn at(&self, number: u32) -> PathBuf {
        self.base.join(format!("{}-{number}", self.name))
    }

    fn begun(&self, number: u32) -> bool {
        self.at(number).join(RUN).join("plan.json").is_file()
    }

    /// The newest that was begun.
    fn last(&self) -> Option<PathBuf> {
        (1..).take_while(|number| self.begun(*number)).last().map(|number| self.at(number))
    }

    fn next(&self) -> PathBuf {
        let number = (1..).find(|number| !self.begun(*number)).expect("some number is free");
        self.at(number)
    }
}
