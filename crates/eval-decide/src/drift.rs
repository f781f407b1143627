//! What a difference between two runs is due to, as far as their records can tell.
//!
//! The old answers are scored by the present rules, then by the present labels: what that moves is no doing of the model's.
//! What is left is laid to what changed for each case: the model that answered, the prompt, the settings, the media as they
//! were sent. Repeats tell how far scores move where nothing changes.

mod canary;
mod case;
mod parity;

use std::collections::{BTreeMap, HashMap};

use eval_record::{Plan, PlannedProvider, PlannedTask, Record};
use eval_statistics::Moments;
use eval_summary::{Baseline, CaseView, Cause, Drift, DriftPart, Labels, Options, SummaryError, case_views};
use vision_core::Task;

use canary::{Both, Canaries};
use case::Said;
pub use parity::parity;

/// One of two runs.
#[derive(Debug, Clone, Copy)]
pub struct DriftSide<'a> {
    /// Its scores, by the rules of their time.
    pub scores: &'a Baseline,
    /// Its answers.
    pub record: &'a Record,
}

/// Dataset, task and case.
type Place = (String, Task, String);

/// What every candidate said, by its label.
type Answers = BTreeMap<Place, HashMap<String, Said>>;

/// What the difference of every candidate is due to that both runs have. If each has a single one, these are compared.
///
/// # Errors
/// If a record cannot be read or scored.
pub fn drift(
    before: DriftSide<'_>,
    now: DriftSide<'_>,
    options: &Options,
) -> Result<Vec<Drift>, SummaryError> {
    let (mut labels, mut then_canaries, mut canaries) =
        (Vec::new(), Canaries::default(), Canaries::default());
    let new = answers(now.record, options, |place, view| {
        labels.push(((place.0.clone(), place.2.clone()), view.expected.clone()));
        canaries.add(place, view);
    })?;
    let own = Options { labels: Labels::default(), ..options.clone() };
    let relabelled = Options { labels: Labels::new(labels), ..options.clone() };
    let runs = Runs {
        old: answers(before.record, &own, |place, view| then_canaries.add(place, view))?,
        relabelled: answers(before.record, &relabelled, |_, _| {})?,
        new,
        canaries: Both { before: then_canaries.hashed(before.record)?, now: canaries.hashed(now.record)? },
    };
    let then: HashMap<(Place, &str), f64> = before
        .scores
        .scores
        .iter()
        .map(|it| {
            let place = (it.dataset.clone(), it.task, it.case.clone());
            ((place, it.provider.as_str()), it.scores.iter().copied().collect::<Moments>().mean())
        })
        .filter_map(|(key, mean)| Some((key, mean?)))
        .collect();
    let plans = [&before.record.plan, &now.record.plan];
    let of_pair = |(old, new): (String, String)| {
        let scored_then = |place: &Place| then.get(&(place.clone(), old.as_str())).copied();
        runs.drift(plans, &old, &new, scored_then)
    };
    Ok(pairs(before.scores, now.scores).into_iter().filter_map(of_pair).collect())
}

/// The labels of candidates that are compared: then and now.
fn pairs(before: &Baseline, now: &Baseline) -> Vec<(String, String)> {
    if let ([old], [new]) = (before.providers.as_slice(), now.providers.as_slice()) {
        return vec![(old.label.clone(), new.label.clone())];
    }
    let is_there = |label: &str| before.providers.iter().any(|old| old.label == label);
    let both = now.providers.iter().filter(|new| is_there(&new.label));
    both.map(|new| (new.label.clone(), new.label.clone())).collect()
}

fn answers(
    record: &Record,
    options: &Options,
    mut each: impl FnMut(&Place, &CaseView),
) -> Result<Answers, SummaryError> {
    let mut found = Answers::new();
    for view in case_views(record, options)? {
        let view = view?;
        let place = (view.dataset.clone(), view.task, view.case.clone());
        each(&place, &view);
        let mut said: HashMap<String, Said> = HashMap::new();
        for answer in &view.answers {
            if answer.score.is_some() {
                said.entry(answer.provider.clone()).or_default().add(&view, answer);
            }
        }
        found.insert(place, said);
    }
    Ok(found)
}

/// The old answers by their labels and by the present ones, and the new answers; and the canaries among the cases.
struct Runs {
    old: Answers,
    relabelled: Answers,
    new: Answers,
    canaries: Both,
}

/// One case of one candidate in both runs.
struct Pair<'a> {
    place: &'a Place,
    old: &'a Said,
    relabelled: &'a Said,
    new: &'a Said,
}

impl Runs {
    fn pairs<'a>(&'a self, old: &str, new: &str) -> Vec<Pair<'a>> {
        let pair = |(place, said): (&'a Place, &'a HashMap<String, Said>)| {
            Some(Pair {
                place,
                new: said.get(new)?,
                old: self.old.get(place)?.get(old)?,
                relabelled: self.relabelled.get(place)?.get(old)?,
            })
        };
        self.new.iter().filter_map(pair).collect()
    }

    fn drift(
        &self,
        plans: [&Plan; 2],
        old: &str,
        new: &str,
        scored_then: impl Fn(&Place) -> Option<f64>,
    ) -> Option<Drift> {
        let pairs = self.pairs(old, new);
        let n = pairs.len() as f64;
        if pairs.is_empty() {
            return None;
        }
        let variance = pairs
            .iter()
            .flat_map(|pair| [pair.relabelled.variance(), pair.new.variance()])
            .flatten()
            .collect::<Moments>()
            .mean();
        let general = Change::of(plans, old, new);
        let mut scorer = Sum::default();
        let mut labels = Sum::default();
        let mut answers: BTreeMap<Vec<Cause>, Sum> = BTreeMap::new();
        let mut canaries = self.canaries.counted(plans[1]);
        for pair in &pairs {
            let then = scored_then(pair.place).unwrap_or_else(|| pair.old.mean());
            scorer.add(pair.old.mean() - then, None);
            labels.add(pair.relabelled.mean() - pair.old.mean(), None);
            let noise = variance.map(|variance| variance * (pair.old.share() + pair.new.share()));
            let causes = general.with(plans, pair);
            let difference = pair.new.mean() - pair.relabelled.mean();
            canaries.add(pair.place, [old, new], &causes, difference);
            answers.entry(causes).or_default().add(difference, noise);
        }
        let mut parts: Vec<DriftPart> = [(Cause::Scorer, scorer), (Cause::Labels, labels)]
            .into_iter()
            .filter(|(_, sum)| sum.moved > 0)
            // Of labels and rules only the cases that they move are known.
            .map(|(cause, sum)| Sum { cases: sum.moved, noise: None, ..sum }.part(vec![cause], n))
            .collect();
        let noise = answers.values().map(|sum| sum.noise).sum::<Option<f64>>();
        let mut of_answers: Vec<DriftPart> =
            answers.into_iter().map(|(causes, sum)| sum.part(causes, n)).collect();
        of_answers.sort_by(|a, b| {
            let rank = |part: &DriftPart| (part.causes.is_empty(), -part.difference.abs());
            rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal)
        });
        parts.extend(of_answers);
        Some(Drift {
            provider: new.to_owned(),
            cases: pairs.len() as u64,
            difference: parts.iter().map(|part| part.difference).sum(),
            parts,
            noise: noise.map(|variance| variance.sqrt() / n),
            canaries: canaries.finish(),
        })
    }
}

/// What some cases add to a difference.
#[derive(Debug, Clone, Copy)]
struct Sum {
    cases: u64,
    moved: u64,
    difference: f64,
    /// The variance of the sum by noise alone.
    noise: Option<f64>,
}

impl Default for Sum {
    fn default() -> Self {
        Self { cases: 0, moved: 0, difference: 0.0, noise: Some(0.0) }
    }
}

impl Sum {
    fn add(&mut self, difference: f64, noise: Option<f64>) {
        self.cases += 1;
        self.moved += u64::from(difference.abs() > 1e-12);
        self.difference += difference;
        self.noise = self.noise.zip(noise).map(|(sum, it)| sum + it);
    }

    fn part(self, causes: Vec<Cause>, n: f64) -> DriftPart {
        DriftPart {
            causes,
            cases: self.cases,
            moved: self.moved,
            difference: self.difference / n,
            noise: self.noise.map(|variance| variance.sqrt() / n),
        }
    }
}

/// What changed for all cases of a candidate.
struct Change {
    causes: Vec<Cause>,
}

impl Change {
    fn of([before, now]: [&Plan; 2], old: &str, new: &str) -> Self {
        let find = |plan: &Plan, label: &str| plan.providers.iter().find(|it| it.label == label).cloned();
        let (old, new) = (find(before, old), find(now, new));
        let is_other =
            |of: fn(&PlannedProvider) -> serde_json::Value| old.as_ref().map(of) != new.as_ref().map(of);
        let mut causes = Vec::new();
        if is_other(|it| serde_json::json!([it.kind, it.model])) {
            causes.push(Cause::Model);
        }
        let settings = is_other(|it| serde_json::json!([it.base_url, it.settings, it.variant]));
        if settings || before.generation != now.generation {
            causes.push(Cause::Settings);
        }
        Self { causes }
    }

    /// With what changed for one case.
    fn with(&self, plans: [&Plan; 2], pair: &Pair<'_>) -> Vec<Cause> {
        let mut causes = self.causes.clone();
        let tasks = plans.map(|plan| task(plan, pair.place));
        let judged = |it: &PlannedTask| serde_json::json!([it.metric, it.settings, it.critical, it.schema]);
        if tasks[0].map(judged) != tasks[1].map(judged) {
            causes.push(Cause::Metric);
        }
        if tasks[0].map(|it| it.max_output_tokens) != tasks[1].map(|it| it.max_output_tokens) {
            causes.push(Cause::Settings);
        }
        causes.extend(pair.old.changed(pair.new));
        causes.sort_unstable();
        causes.dedup();
        causes
    }
}

fn task<'a>(plan: &'a Plan, (dataset, task, _): &Place) -> Option<&'a PlannedTask> {
    plan.datasets.iter().find(|it| it.name == *dataset)?.tasks.get(task)
}

#[cfg(test)]
mod tests;
