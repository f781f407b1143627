//! Host parity: one model at several hosts.

use std::collections::HashMap;

use eval_record::{Plan, PlannedProvider, Record};
use eval_statistics::{Level, Moments, score_over_tasks};
use eval_summary::{AnswerView, CaseView, Estimate, Options, Parity, SummaryError, TrialStatus, case_views};

use crate::reading::{Comparer, Reading};

/// Answers of one case that are compared with each other.
const MOST_REPEATS: usize = 3;

/// Every pair of hosts that this run asked the same model at.
///
/// # Errors
/// If the record cannot be read or scored.
pub fn parity(record: &Record, options: &Options) -> Result<Vec<Parity>, SummaryError> {
    let pairs = pairs(&record.plan);
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Pair<'_>> =
        pairs.into_iter().map(|(model, one, other)| Pair::new(model, one, other)).collect();
    let mut documents: HashMap<(String, String), usize> = HashMap::new();
    for view in case_views(record, options)? {
        let view = view?;
        let next = documents.len();
        let document = *documents.entry((view.dataset.clone(), view.source.clone())).or_insert(next);
        let dataset = record.plan.datasets.iter().find(|it| it.name == view.dataset);
        let Some(task) = dataset.and_then(|it| it.tasks.get(&view.task)) else { continue };
        let comparer = Comparer::new(task, &[]);
        found.iter_mut().for_each(|pair| pair.add(document, &view, &comparer));
    }
    Ok(found.into_iter().filter_map(Pair::finish).collect())
}

/// Candidates with one model and two hosts. Variants are compared with the same variant only.
fn pairs(plan: &Plan) -> Vec<(String, &PlannedProvider, &PlannedProvider)> {
    let all: Vec<&PlannedProvider> =
        plan.providers.iter().filter(|it| !it.control && (!it.local || it.base_url.is_some())).collect();
    let mut found = Vec::new();
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            let hosts = [one, other].map(|it| (&it.kind, &it.base_url));
            let ways = [one, other].map(|it| serde_json::to_value(&it.variant).unwrap_or_default());
            if hosts[0] != hosts[1] && name(&one.model) == name(&other.model) && ways[0] == ways[1] {
                found.push((name(&one.model), *one, *other));
            }
        }
    }
    found
}

/// Hosts write one name in many ways: `Qwen/Qwen3-VL-8B` and `qwen3_vl_8b:free`.
fn name(model: &str) -> String {
    let last = model.rsplit('/').next().unwrap_or(model);
    let plain = last.split(':').next().unwrap_or(last);
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// What is known of two hosts; each value with its document.
struct Pair<'a> {
    model: String,
    one: &'a str,
    other: &'a str,
    difference: Vec<(usize, f64)>,
    across: Vec<(usize, f64)>,
    within: Vec<(usize, f64)>,
    beyond: Vec<(usize, f64)>,
}

impl<'a> Pair<'a> {
    fn new(model: String, one: &'a PlannedProvider, other: &'a PlannedProvider) -> Self {
        let (difference, across, within, beyond) = Default::default();
        Self { model, one: &one.label, other: &other.label, difference, across, within, beyond }
    }

    fn add(&mut self, document: usize, view: &CaseView, comparer: &Comparer) {
        let of = |label: &str| -> Vec<&AnswerView> {
            let answers = view.answers.iter().filter(|it| it.provider == label);
            answers.filter(|it| it.status == TrialStatus::Answered).take(MOST_REPEATS).collect()
        };
        let (one, other) = (of(self.one), of(self.other));
        let score =
            |answers: &[&AnswerView]| answers.iter().filter_map(|it| it.score).collect::<Moments>().mean();
        if let (Some(one), Some(other)) = (score(&one), score(&other)) {
            self.difference.push((document, other - one));
        }
        let read = |answers: Vec<&AnswerView>| -> Vec<Reading> {
            answers.into_iter().map(|answer| Reading::new(&answer.text)).collect()
        };
        let (one, other) = (read(one), read(other));
        let all = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
        let Some(across) = same(comparer, all) else { return };
        self.across.push((document, across));
        let own = |readings: &'_ [Reading]| -> Vec<(usize, usize)> {
            (0..readings.len()).flat_map(|a| (a + 1..readings.len()).map(move |b| (a, b))).collect()
        };
        let within =
            [&one, &other].into_iter().flat_map(|it| own(it).into_iter().map(move |(a, b)| (&it[a], &it[b])));
        if let Some(within) = same(comparer, within) {
            self.within.push((document, within));
            self.beyond.push((document, within - across));
        }
    }

    fn finish(self) -> Option<Parity> {
        let share = |of: Vec<(usize, f64)>| score_over_tasks(&[of], Level::P95).map(Estimate::from);
        Some(Parity {
            cases: self.across.len() as u64,
            difference: difference(self.difference)?,
            same_across: share(self.across)?,
            same_within: share(self.within),
            beyond_noise: difference(self.beyond),
            model: self.model,
            one: self.one.to_owned(),
            other: self.other.to_owned(),
        })
    }
}

fn same<'r>(comparer: &Comparer, pairs: impl Iterator<Item = (&'r Reading, &'r Reading)>) -> Option<f64> {
    pairs.map(|(a, b)| comparer.agreement(a, b)).collect::<Moments>().mean()
}

/// A mean between −1 and 1, as a share from 0 to 1, whose interval counts on what was not seen.
fn difference(of: Vec<(usize, f64)>) -> Option<Estimate> {
    let halves = of.into_iter().map(|(document, it)| (document, (it + 1.0) / 2.0)).collect();
    let share = score_over_tasks(&[halves], Level::P95).map(Estimate::from)?;
    let whole = |it: f64| 2.0 * it - 1.0;
    Some(Estimate {
        mean: whole(share.mean),
        error: share.error.map(|error| 2.0 * error),
        interval: share.interval.map(|mut it| {
            (it.low, it.high) = (whole(it.low), whole(it.high));
            it
        }),
        ..share
    })
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn hosts_write_one_name_in_many_ways() {
        let names = ["Qwen/Qwen3-VL-8B", "qwen3_vl_8b:free", "qwen3-vl-8b"].map(name);
        assert!(names.iter().all(|it| it == "qwen3-vl-8b"), "{names:?}");
        assert_ne!(name("qwen3-vl-8b"), name("qwen3-vl-80b"));
    }
}
