use std::collections::BTreeMap;

use eval_record::PlannedProvider;
use serde_json::json;

use super::{
    BASELINE_VERSION, Baseline, BaselineProvider, BaselineTask, ByPeople, CaseScore, RunFigures, TaskJudge,
};
use crate::scored::{OpenRow, Row, by_case};
use crate::summarise::{calibrated, metric_hash, overall, prompt_hash, served};
use crate::{JudgeStanding, Options, SCORER, Scored, SummaryError};

/// What is needed of a case beside its scores.
#[derive(Default, Clone)]
struct Name {
    case: String,
    source: String,
    tags: BTreeMap<String, String>,
}

impl Baseline {
    /// The scores of a run.
    pub fn of(scored: &Scored<'_>, name: &str) -> Result<Self, SummaryError> {
        let plan = scored.plan();
        let mut names = Vec::with_capacity(scored.cases.len());
        scored.record.cases(|_, line| {
            names.push(Name { case: line.case, source: line.source, tags: line.tags });
        })?;
        let mut scores = Vec::new();
        for (provider, planned) in plan.providers.iter().enumerate().filter(|(_, one)| !one.control) {
            for unit in 0..scored.units.len() {
                let cases = by_case(scored.rows(unit, provider));
                scores
                    .extend(cases.filter_map(|case| case_score(scored, unit, &planned.label, case, &names)));
            }
        }
        scores.sort_by(|a, b| a.place().cmp(&b.place()));
        Ok(Self {
            v: BASELINE_VERSION,
            name: name.to_owned(),
            run: plan.name.clone(),
            started: plan.started.clone(),
            tool: plan.tool.clone(),
            scorer: SCORER.to_owned(),
            command: plan.command.clone(),
            repeats: plan.repeats,
            price_date: plan.quote.price_date.clone(),
            settings: json!({ "media": plan.media, "generation": plan.generation }).to_string(),
            tasks: tasks(scored),
            providers: providers(scored),
            scores,
        })
    }
}

impl CaseScore {
    /// What lines are sorted by.
    pub(super) fn place(&self) -> (&str, vision_core::Task, &str, &str) {
        (&self.dataset, self.task, &self.case, &self.provider)
    }
}

fn tasks(scored: &Scored<'_>) -> Vec<BaselineTask> {
    let task = |(at, unit): (usize, &crate::scored::Unit)| {
        let dataset = scored.plan().datasets.iter().find(|dataset| dataset.name == unit.dataset);
        dataset.map(|dataset| BaselineTask {
            dataset: unit.dataset.clone(),
            task: unit.task,
            version: dataset.version.clone(),
            content_hash: dataset.content_hash.clone(),
            prompt_hash: prompt_hash(&unit.planned),
            metric: unit.judge.name().to_owned(),
            metric_hash: metric_hash(scored, at),
            judge: judge(scored, at),
        })
    };
    scored.units.iter().enumerate().filter_map(task).collect()
}

/// Nothing where no judge was asked and people judged too little to correct the rule: then the rule scores as ever.
fn judge(scored: &Scored<'_>, at: usize) -> Option<TaskJudge> {
    let (open, unit) = (scored.open.as_ref()?, u16::try_from(at).ok()?);
    let (standing, judge) = (open.judgements.standing(unit)?, open.judgements.judge());
    let has_said = judge.is_some_and(|judge| judge.has_judged(&scored.units[at]));
    (has_said || standing == JudgeStanding::Calibrated).then(|| TaskJudge {
        name: judge.map(|judge| judge.name.to_string()).unwrap_or_default(),
        standing,
        labelled: open.judgements.labelled.get(&unit).copied().unwrap_or_default(),
    })
}

fn by_people(rows: &[OpenRow]) -> Option<ByPeople> {
    let judged: Vec<(f64, f64)> = rows.iter().filter_map(|row| Some((row.people?, row.judge))).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| judged.iter().map(of).sum::<f64>() / judged.len() as f64;
    (!judged.is_empty()).then(|| ByPeople { people: mean(|it| it.0), judge: mean(|it| it.1) })
}

fn providers(scored: &Scored<'_>) -> Vec<BaselineProvider> {
    let board = overall(scored, &Options::default());
    let figures = |label: &str| {
        let row = board.rows.iter().find(|row| row.provider == label)?;
        Some(RunFigures {
            // What failed every time has no cost that would hold for answers.
            usd_per_1000: row.cost.per_1000.filter(|_| row.answers.answered > 0),
            at_least: row.cost.at_least,
            p95_seconds: row.latency.as_ref().map(|latency| latency.p95.value),
        })
    };
    let all = scored.providers().iter().enumerate().filter(|(_, provider)| !provider.control);
    // What is tried with a model is a setting of the candidate; older baselines know nothing of it.
    let settings = |provider: &PlannedProvider| match &provider.variant {
        None => json!({ "base_url": provider.base_url, "settings": provider.settings }).to_string(),
        Some(variant) => {
            json!({ "base_url": provider.base_url, "settings": provider.settings, "variant": variant })
                .to_string()
        }
    };
    all.map(|(at, provider)| BaselineProvider {
        label: provider.label.clone(),
        model: provider.model.clone(),
        settings: settings(provider),
        served: served(scored, at),
        figures: figures(&provider.label),
    })
    .collect()
}

/// Nothing for a case whose score is undefined.
fn case_score(
    scored: &Scored<'_>,
    unit: usize,
    provider: &str,
    rows: &[Row],
    names: &[Name],
) -> Option<CaseScore> {
    let (it, name) = (&scored.units[unit], &names[rows[0].case as usize]);
    let scores: Vec<f64> = rows.iter().filter_map(Row::score).collect();
    let mut wrong: Vec<String> =
        it.field_names(rows.iter().fold(0, |bits, row| bits | row.wrong)).map(str::to_owned).collect();
    wrong.sort();
    let open = calibrated(scored, unit).map(|open| open.of_case(unit, &rows[0]));
    (!scores.is_empty()).then(|| CaseScore {
        dataset: it.dataset.clone(),
        task: it.task,
        case: name.case.clone(),
        provider: provider.to_owned(),
        source: if name.source == name.case { String::new() } else { name.source.clone() },
        scores,
        failed: rows.iter().filter(|row| row.failed).count() as u32,
        people: open.and_then(by_people),
        wrong,
        tags: name.tags.clone(),
    })
}
