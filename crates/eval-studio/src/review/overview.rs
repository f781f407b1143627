//! What has changed by the labels that stand: every candidate before and after, and the verdict.

use std::collections::BTreeMap;

use eval_record::Record;
use eval_report::{figures, headline};
use eval_summary::{Row, Summary};
use serde::Serialize;

use super::desk::{CaseDesk, Desk};
use super::event::{CaseName, Ruled};

/// How far the review is, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewOverview {
    /// The name of the run.
    pub name: String,
    /// When it was begun.
    pub started: String,
    /// Cases of it.
    pub cases: usize,
    /// The candidates, in the order of the leaderboard as it was, controls last.
    pub candidates: Vec<Candidate>,
    /// The verdict by the record's labels.
    pub verdict_before: String,
    /// The verdict by those that stand.
    pub verdict_after: String,
    /// Whether it decides otherwise, or for another candidate: not only in other figures.
    pub verdict_moved: bool,
    /// What was decided.
    pub counts: Counts,
    /// By dataset: what can be written into a new version.
    pub datasets: Vec<DatasetState>,
    /// Cases that something was decided or said about.
    pub about: Vec<About>,
    /// Who did anything.
    pub people: Vec<String>,
    /// Whether the run goes on.
    pub live: bool,
    /// Whether it has open answers, which people can judge.
    pub has_open: bool,
}

/// A candidate by both labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Its label.
    pub name: String,
    /// Whether it is a control.
    pub control: bool,
    /// Its score by the record's labels.
    pub before: Option<f64>,
    /// Its score by those that stand.
    pub after: Option<f64>,
    /// Both as they are printed: `71.2%`.
    pub shown: [String; 2],
    /// The difference as it is printed: `+1.4`; empty if there is none.
    pub change: String,
    /// The 95% interval by the labels that stand: `66.0–75.4`.
    pub interval: String,
    /// How it stands in the verdict now.
    pub standing: Option<&'static str>,
}

/// Decisions that stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Labels that were replaced.
    pub corrected: usize,
    /// Labels that were looked at and are right.
    pub kept: usize,
    /// Labels that are wrong, and nobody knows what is right.
    pub unlabeled: usize,
    /// Readings that are accepted beside a label.
    pub readings: usize,
    /// Cases that are flagged.
    pub flagged: usize,
    /// Remarks.
    pub comments: usize,
}

/// What was done about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct About {
    /// Its name.
    #[serde(flatten)]
    pub of: CaseName,
    /// Decisions that stand.
    pub decided: usize,
    /// Whether it is flagged.
    pub flagged: bool,
    /// Remarks.
    pub comments: usize,
}

/// A dataset of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DatasetState {
    /// Its name.
    pub name: String,
    /// Its version in the run.
    pub version: String,
    /// Decisions about it.
    pub decided: usize,
    /// Whether its folder may be opened from here.
    pub here: bool,
}

/// Everything, out of the summaries before and after.
#[must_use]
pub fn overview(
    record: &Record,
    (before, after): (&Summary, &Summary),
    desk: &Desk,
    is_here: impl Fn(&str) -> bool,
) -> ReviewOverview {
    let candidate = |(name, control): (String, bool)| {
        let of = |summary: &Summary| summary.overall.rows.iter().find(|row| row.provider == name).cloned();
        candidate(&name, control, of(before), of(after), after)
    };
    let decided = decided(desk);
    let dataset = |it: &eval_record::PlannedDataset| DatasetState {
        name: it.name.clone(),
        version: it.version.clone(),
        decided: decided.get(it.name.as_str()).copied().unwrap_or(0),
        here: is_here(&it.name),
    };
    ReviewOverview {
        name: record.plan.name.clone(),
        started: record.plan.started.chars().take(16).collect::<String>().replace('T', " "),
        cases: 0,
        candidates: order(record, Some(before)).into_iter().map(candidate).collect(),
        verdict_before: headline(&before.verdict),
        verdict_after: headline(&after.verdict),
        verdict_moved: (&before.verdict.decision, &before.verdict.winner)
            != (&after.verdict.decision, &after.verdict.winner),
        counts: counts(desk),
        datasets: record.plan.clean_datasets().map(dataset).collect(),
        about: desk.cases().map(about).collect(),
        people: desk.people().map(str::to_owned).collect(),
        live: false,
        has_open: false,
    }
}

/// The candidates in the order of the leaderboard, controls last.
#[must_use]
pub fn order(record: &Record, summary: Option<&Summary>) -> Vec<(String, bool)> {
    let rows = summary.map_or(&[][..], |summary| &summary.overall.rows);
    let place = |name: &str| rows.iter().position(|row| row.provider == name).unwrap_or(usize::MAX);
    let mut all: Vec<(String, bool)> =
        record.plan.providers.iter().map(|it| (it.label.clone(), it.control)).collect();
    all.sort_by_key(|(name, control)| (*control, place(name)));
    all
}

fn candidate(
    name: &str,
    control: bool,
    before: Option<Row>,
    after: Option<Row>,
    summary: &Summary,
) -> Candidate {
    let mean = |row: &Option<Row>| row.as_ref().and_then(|row| row.score.as_ref()).map(|score| score.mean);
    let shown = |score: Option<f64>| score.map_or_else(|| "n/a".to_owned(), figures::percent);
    let bounds = after.as_ref().and_then(|row| row.score.as_ref()?.interval.clone());
    let (then, now) = (mean(&before), mean(&after));
    let moved = then.zip(now).map(|(then, now)| now - then).filter(|moved| moved.abs() > 5e-5);
    Candidate {
        name: name.to_owned(),
        control,
        before: then,
        after: now,
        shown: [shown(then), shown(now)],
        change: moved.map(figures::points).unwrap_or_default(),
        interval: bounds
            .map(|it| format!("{}–{}", figures::percent(it.low), figures::percent(it.high)))
            .unwrap_or_default(),
        standing: summary.verdict.standing(name).map(figures::standing),
    }
}

fn about((of, case): (&CaseName, &CaseDesk)) -> About {
    let (decided, comments) = (case.standing().count(), case.comments.len());
    About { of: of.clone(), decided, flagged: case.flag.is_some(), comments }
}

fn decided(desk: &Desk) -> BTreeMap<&str, usize> {
    let mut decided: BTreeMap<&str, usize> = BTreeMap::new();
    for (of, case) in desk.cases() {
        *decided.entry(of.dataset.as_str()).or_default() += case.standing().count();
    }
    decided
}

fn counts(desk: &Desk) -> Counts {
    let mut counts = Counts::default();
    for (_, case) in desk.cases() {
        counts.flagged += usize::from(case.flag.is_some());
        counts.comments += case.comments.len();
        for standing in case.standing() {
            match standing.decision.ruling {
                Ruled::Kept => counts.kept += 1,
                Ruled::Value(_) | Ruled::Absent => counts.corrected += 1,
                Ruled::Unlabeled => counts.unlabeled += 1,
                Ruled::Also(_) => counts.readings += 1,
            }
        }
    }
    counts
}
