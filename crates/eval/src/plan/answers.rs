//! Answers that others have collected, matched to the cases of a plan.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use eval_answers::Answer;
use eval_datasets::MediaRef;
use eval_record::{Execution, MediaPolicy, Plan, PlannedProvider, Quote, TrialKey, VERSION, Variant};
use vision_core::Task;

use super::{Planned, Setup, check_names, plan_dataset};
use crate::config::MOST_REPEATS;
use crate::opened::OpenDataset;
use crate::variants::MARK;
use crate::{Config, SetupError};

/// The kind of a candidate whose answers were imported. Nobody can ask it.
pub const IMPORTED: &str = "imported";

/// What the answers are, as far as they belong to a case.
#[derive(Debug)]
pub struct Matched {
    /// Each with the trial that it stands for.
    pub answers: Vec<(TrialKey, Task, Answer)>,
    /// Answers to cases that no dataset has: who, and what names the case.
    pub unknown: Vec<(String, String)>,
    /// Cases that a candidate has no answer to: who, and how many.
    pub missing: BTreeMap<String, u64>,
    /// Of cases that the datasets have.
    pub cases: u64,
    /// The same answer of a candidate to a case once more, which does not count: where it stands first, and again.
    pub again: Vec<(String, String)>,
    /// Whether the files number repeats from 1, and the record from 0.
    pub from_one: bool,
}

impl Matched {
    /// The candidates that answered fewer than half of the cases, with how many those are; a failed answer is none.
    #[must_use]
    pub fn sparse(&self) -> Vec<(&str, u64)> {
        let mut answered: BTreeMap<&str, HashSet<(&str, &str)>> = BTreeMap::new();
        for (key, _, answer) in &self.answers {
            let of_it = answered.entry(&key.provider).or_default();
            if answer.outcome.is_ok() {
                of_it.insert((&key.dataset, &key.case));
            }
        }
        let counts = answered.into_iter().map(|(candidate, cases)| (candidate, cases.len() as u64));
        counts.filter(|(_, cases)| 2 * cases < self.cases).collect()
    }
}

/// A plan that these answers could have come of.
pub fn plan_answers(
    config: &Config,
    setup: &Setup<'_>,
    answers: Vec<Answer>,
) -> Result<(Planned, Matched), SetupError> {
    let opened = config.dataset.iter().map(|entry| plan_dataset(entry, config, setup));
    let (datasets, planned): (Vec<_>, Vec<_>) =
        opened.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().unzip();
    check_names(&datasets)?;
    let names = CaseNames::of(&datasets)?;
    let matched = names.matched(answers)?;
    if matched.answers.is_empty() {
        let (_, key) = matched.unknown.first().cloned().unwrap_or_default();
        let message = format!("no answer belongs to a case of the datasets; the first names `{key}`");
        return Err(SetupError::NothingSelected(message));
    }
    let mut labels: Vec<&str> = Vec::new();
    for (key, _, _) in &matched.answers {
        if !labels.contains(&key.provider.as_str()) {
            labels.push(&key.provider);
        }
    }
    let repeats = matched.answers.iter().map(|(key, _, _)| key.repeat + 1).max().unwrap_or(1);
    let plan = Plan {
        v: VERSION,
        name: config.name.clone(),
        started: setup.started.clone(),
        tool: setup.tool.clone(),
        commit: setup.commit.clone(),
        command: setup.command.clone(),
        seed: config.seed,
        repeats,
        datasets: planned,
        providers: labels.into_iter().map(candidate).collect(),
        media: MediaPolicy::default(),
        generation: config.generation,
        execution: Execution {
            max_concurrency: config.max_concurrency,
            timeout_seconds: config.timeout_seconds,
            stream_timeout_seconds: config.stream_timeout_seconds,
            max_retries: config.max_retries,
        },
        budget_usd: None,
        partition: None,
        sequential: None,
        decide: Some(config.decide.clone()),
        skipped: Vec::new(),
        quote: Quote { price_date: setup.prices.as_of.clone(), lines: Vec::new() },
    };
    Ok((Planned { plan, unheld: Vec::new(), datasets }, matched))
}

/// What its label says is all that is known of a candidate: its model, and what was tried with it.
fn candidate(label: &str) -> PlannedProvider {
    let (model, factors) = label.split_once(MARK).unwrap_or((label, ""));
    let factors: BTreeMap<String, String> = factors
        .split(", ")
        .filter_map(|factor| factor.split_once('='))
        .map(|(factor, value)| (factor.to_owned(), value.to_owned()))
        .collect();
    let variant = Variant { of: model.to_owned(), factors, ..Variant::default() };
    PlannedProvider {
        label: label.to_owned(),
        kind: IMPORTED.to_owned(),
        model: model.to_owned(),
        about: "answers were imported".to_owned(),
        base_url: None,
        settings: serde_json::Value::Null,
        control: false,
        local: false,
        price: None,
        limits: eval_record::HostLimits::default(),
        capabilities: Vec::new(),
        batch: false,
        variant: (!variant.factors.is_empty()).then_some(variant),
    }
}

/// By what the cases of the datasets can be named. A name that several cases have names none.
struct CaseNames {
    cases: Vec<(String, String, Task)>,
    /// First ids, then names of media, then source documents.
    names: [HashMap<String, Option<usize>>; 3],
}

impl CaseNames {
    fn of(datasets: &[OpenDataset]) -> Result<Self, SetupError> {
        let mut all = Self { cases: Vec::new(), names: Default::default() };
        for case in datasets.iter().flat_map(OpenDataset::cases) {
            let (dataset, case, _) = case?;
            let number = all.cases.len();
            all.add(0, case.id.clone(), number);
            all.add(0, format!("{dataset}/{}", case.id), number);
            for name in case.media.iter().filter_map(MediaRef::file) {
                let path = Path::new(name);
                let parts = [path.file_name(), path.file_stem()].into_iter().flatten();
                let parts: HashSet<String> = parts.map(|part| part.to_string_lossy().into_owned()).collect();
                all.add(1, name.to_owned(), number);
                parts.into_iter().filter(|part| part != name).for_each(|part| all.add(1, part, number));
            }
            all.add(2, case.source, number);
            all.cases.push((dataset.to_owned(), case.id, case.task));
        }
        Ok(all)
    }

    fn add(&mut self, rank: usize, name: String, case: usize) {
        self.names[rank].entry(name).and_modify(|known| *known = None).or_insert(Some(case));
    }

    fn find(&self, keys: &[String]) -> Option<usize> {
        let plain = |key: &'_ String| key.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let exact = |names: &HashMap<String, Option<usize>>| {
            keys.iter().find_map(|key| names.get(key).copied().flatten())
        };
        // A path of another machine ends as ours does.
        let by_end = || keys.iter().find_map(|key| self.names[1].get(&plain(key)).copied().flatten());
        self.names.iter().find_map(exact).or_else(by_end)
    }

    fn matched(&self, mut answers: Vec<Answer>) -> Result<Matched, SetupError> {
        let from_one = count_from_zero(&mut answers);
        let (mut taken, mut again): (HashMap<TrialKey, usize>, Vec<_>) = (HashMap::new(), Vec::new());
        let (mut found, mut unknown): (Vec<(TrialKey, Task, Answer)>, Vec<_>) = (Vec::new(), Vec::new());
        for answer in answers {
            let Some(number) = self.find(&answer.keys) else {
                unknown.push((answer.candidate, answer.keys.into_iter().next().unwrap_or_default()));
                continue;
            };
            let (dataset, case, task) = &self.cases[number];
            if answer.candidate.is_empty() {
                let message = format!("no candidate is named for case `{case}`: name it with --candidate");
                return Err(SetupError::NothingSelected(message));
            }
            let key = |repeat| TrialKey {
                dataset: dataset.clone(),
                case: case.clone(),
                provider: label(&answer.candidate),
                repeat,
            };
            if let (None, Some(first)) = (answer.repeat, taken.get(&key(0))) {
                let first: &Answer = &found[*first].2;
                if first.outcome != answer.outcome {
                    return Err(two_answers(case, first, &answer));
                }
                again.push((first.place.clone(), answer.place));
                continue;
            }
            // Where repeats are counted, who answers the same case again repeats it.
            let from = answer.repeat.unwrap_or(0);
            let Some(repeat) = (from..MOST_REPEATS).find(|repeat| !taken.contains_key(&key(*repeat))) else {
                let message = format!("case `{case}` is answered more than {MOST_REPEATS} times");
                return Err(SetupError::NothingSelected(message));
            };
            taken.insert(key(repeat), found.len());
            found.push((key(repeat), *task, answer));
        }
        let missing = self.missing(&found);
        Ok(Matched { answers: found, unknown, missing, cases: self.cases.len() as u64, again, from_one })
    }

    fn missing(&self, found: &[(TrialKey, Task, Answer)]) -> BTreeMap<String, u64> {
        let mut answered: BTreeMap<&str, HashSet<(&str, &str)>> = BTreeMap::new();
        for (key, _, _) in found {
            answered.entry(&key.provider).or_default().insert((&key.dataset, &key.case));
        }
        let left =
            |(label, cases): (&str, HashSet<_>)| (label.to_owned(), (self.cases.len() - cases.len()) as u64);
        answered.into_iter().map(left).filter(|(_, left)| *left > 0).collect()
    }
}

/// Whether all answers number their repeats from 1; they are numbered from 0 then.
fn count_from_zero(answers: &mut [Answer]) -> bool {
    let from_one = answers.iter().all(|answer| answer.repeat.is_some_and(|repeat| repeat > 0));
    if from_one {
        answers.iter_mut().for_each(|answer| answer.repeat = answer.repeat.map(|repeat| repeat - 1));
    }
    from_one
}

fn two_answers(case: &str, first: &Answer, other: &Answer) -> SetupError {
    SetupError::NothingSelected(format!(
        "{} has two different answers to case `{case}` ({} and {}): remove one, or number them in a column `repeat`, or \
         import them as repeats with --repeats",
        first.candidate, first.place, other.place
    ))
}

/// One line, without blanks at its ends.
fn label(candidate: &str) -> String {
    candidate.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_numbered_from_nought_or_one() {
        for (given, wanted, from_one) in [
            (vec![Some(1), Some(2), Some(3)], vec![Some(0), Some(1), Some(2)], true),
            (vec![Some(0), Some(1)], vec![Some(0), Some(1)], false),
            (vec![Some(1), None], vec![Some(1), None], false),
        ] {
            let mut answers: Vec<Answer> =
                given.into_iter().map(|repeat| Answer { repeat, ..Answer::default() }).collect();
            assert_eq!(count_from_zero(&mut answers), from_one);
            assert_eq!(answers.iter().map(|answer| answer.repeat).collect::<Vec<_>>(), wanted);
        }
    }
}
