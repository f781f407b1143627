//! A run that goes on, as the page shows it.

use std::collections::BTreeMap;

use eval_record::{Now, PlannedProvider, Record};
use eval_report::figures;
use serde::Serialize;

use super::race::{AnytimeMean, Race};
use crate::Result;

/// The most failures that are told one by one.
const TOLD: usize = 20;

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LiveView {
    /// Its name.
    pub name: String,
    /// Whether a process carries it out.
    pub running: bool,
    /// Whether it begins nothing.
    pub paused: bool,
    /// Whether it is ending.
    pub stopping: bool,
    /// Whether all that was wished is obeyed.
    pub obeyed: bool,
    /// Requests in parallel, at most; nothing if the run has not said so.
    pub max_concurrency: Option<usize>,
    /// Trials planned.
    pub planned: u64,
    /// Trials that ended.
    pub ended: u64,
    /// Trials without an answer.
    pub failed: u64,
    /// What was spent: `$0.0042`.
    pub spent: String,
    /// Whether some trials have no known price.
    pub spent_at_least: bool,
    /// What is put aside for requests under way.
    pub put_aside: String,
    /// What may be spent.
    pub budget: Option<String>,
    /// The candidates, the best score first, controls last.
    pub lanes: Vec<Lane>,
    /// What is asked now, the longest first.
    pub asked: Vec<UnderWay>,
    /// How many are asked in all.
    pub under_way: usize,
    /// How many of them only wait for their turn.
    pub waiting: usize,
    /// The last failures.
    pub troubles: Vec<Trouble>,
}

/// A candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lane {
    /// Its label.
    pub name: String,
    /// Whether it is a control.
    pub control: bool,
    /// Its trials.
    pub planned: u64,
    /// Those that ended.
    pub ended: u64,
    /// Its score so far, as it is printed; `n/a` without one.
    pub score: String,
    /// The bounds that hold however often one looks, as shares, to be drawn.
    pub bounds: Option<[f64; 3]>,
    /// The same as printed.
    pub interval: String,
    /// Documents behind it.
    pub documents: usize,
    /// Failures by kind.
    pub failures: BTreeMap<String, u64>,
    /// What it has cost.
    pub spent: String,
    /// The median time of an answer.
    pub p50: String,
}

/// A trial that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnderWay {
    /// The candidate.
    pub provider: String,
    /// The case.
    pub case: String,
    /// Since when: `3.2 s`.
    pub since: String,
}

/// A trial that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The candidate.
    pub provider: String,
    /// The case.
    pub case: String,
    /// The kind.
    pub kind: String,
    /// The host's words, or ours.
    pub message: String,
}

/// Everything, out of the record and what the run says of itself.
///
/// # Errors
/// If the record cannot be read.
pub fn view(record: &Record, race: &Race) -> Result<LiveView> {
    let running = record.is_running();
    let now = record.now().filter(|_| running);
    let mut lanes: Vec<(Option<f64>, Lane)> =
        record.plan.providers.iter().map(|it| lane(record, race, it, now.as_ref())).collect();
    lanes.sort_by(|(a, one), (b, other)| {
        one.control.cmp(&other.control).then(b.unwrap_or(-1.0).total_cmp(&a.unwrap_or(-1.0)))
    });
    let lanes: Vec<Lane> = lanes.into_iter().map(|(_, lane)| lane).collect();
    let known = || record.plan.providers.iter().flat_map(|it| race.of(&it.label));
    let lost = record.lost()?;
    let sum = |of: fn(&Lane) -> u64| lanes.iter().map(of).sum();
    let now = now.unwrap_or_default();
    Ok(LiveView {
        name: record.plan.name.clone(),
        running,
        paused: now.paused,
        stopping: now.stopping,
        obeyed: !running || now.obeyed >= record.wished(),
        max_concurrency: (now != Now::default()).then_some(now.max_concurrency),
        planned: sum(|lane| lane.planned),
        ended: sum(|lane| lane.ended),
        failed: known().filter(|(_, it)| it.failure.is_some()).count() as u64,
        spent: figures::money(known().filter_map(|(_, it)| it.usd).sum()),
        spent_at_least: known().any(|(_, it)| it.usd.is_none() && it.failure.is_none()),
        put_aside: if lost.usd.is_zero() { String::new() } else { figures::money(lost.usd.0) },
        budget: record.budget()?.map(|usd| figures::money(usd.0)),
        asked: now
            .asked
            .iter()
            .map(|it| UnderWay {
                provider: it.provider.clone(),
                case: it.case.clone(),
                since: figures::seconds(now.at_ms.saturating_sub(it.at_ms) as f64 / 1_000.0),
            })
            .collect(),
        under_way: now.under_way,
        waiting: now.waiting,
        troubles: troubles(record, race),
        lanes,
    })
}

fn lane(record: &Record, race: &Race, provider: &PlannedProvider, now: Option<&Now>) -> (Option<f64>, Lane) {
    let label = provider.label.as_str();
    let since = now.into_iter().flat_map(|now| &now.asked).filter(|it| it.provider == label);
    let mean = race.mean(label, since.map(|it| it.at_ms).min());
    let mut failures: BTreeMap<String, u64> = BTreeMap::new();
    for (kind, _) in race.of(label).filter_map(|(_, it)| it.failure.as_ref()) {
        *failures.entry(kind.clone()).or_default() += 1;
    }
    let mut times: Vec<f64> = race.of(label).filter_map(|(_, it)| it.seconds).collect();
    times.sort_by(f64::total_cmp);
    let printed = |it: AnytimeMean| format!("{}–{}", figures::percent(it.low), figures::percent(it.high));
    let lane = Lane {
        name: label.to_owned(),
        control: provider.control,
        planned: planned(record, label),
        ended: race.of(label).count() as u64,
        score: mean.map_or_else(|| "n/a".to_owned(), |it| figures::percent(it.mean)),
        bounds: mean.map(|it| [it.low, it.mean, it.high]),
        interval: mean.map(printed).unwrap_or_default(),
        documents: mean.map_or(0, |it| it.documents),
        failures,
        spent: figures::price(race.of(label).filter_map(|(_, it)| it.usd).sum()),
        p50: times.get(times.len() / 2).map_or_else(|| "n/a".to_owned(), |it| figures::seconds(*it)),
    };
    (mean.map(|it| it.mean), lane)
}

/// The trials of a candidate in the whole run.
fn planned(record: &Record, label: &str) -> u64 {
    let plan = &record.plan;
    let is_skipped = |dataset: &str, task| {
        plan.skipped.iter().any(|it| it.provider == label && it.dataset == dataset && it.task == task)
    };
    let tasks =
        plan.datasets.iter().flat_map(|it| it.tasks.iter().map(move |(task, planned)| (it, *task, planned)));
    let asked = tasks.filter(|(dataset, task, _)| !is_skipped(&dataset.name, *task));
    asked.map(|(_, _, planned)| planned.cases).sum::<u64>() * u64::from(plan.repeats)
}

fn troubles(record: &Record, race: &Race) -> Vec<Trouble> {
    let mut all: Vec<((usize, u64), Trouble)> = Vec::new();
    for provider in &record.plan.providers {
        for ((_, case, _), known) in race.of(&provider.label) {
            let Some((kind, message)) = &known.failure else { continue };
            let message = message.chars().take(300).collect();
            let (provider, case, kind) = (provider.label.clone(), case.clone(), kind.clone());
            all.push((known.begun, Trouble { provider, case, kind, message }));
        }
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all.into_iter().take(TOLD).map(|(_, trouble)| trouble).collect()
}
