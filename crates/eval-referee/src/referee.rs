use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use eval::{Document, Referee};
use eval_record::{About, CaseLine, Look, LookGap, Plan, Record, Sequential, Trial};
use eval_summary::decide::{Contender, Gaps, decide};
use eval_summary::{Scorable, SummaryError};

use vision_core::Task;

use crate::race::Weights;

/// Scores the trials of a run as its reports will, and applies the rule of the verdict at each look.
pub struct ScoringReferee {
    scorable: Scorable,
    sequential: Sequential,
    documents: Vec<Vec<Case>>,
    weights: Weights,
    cases: HashMap<(String, String), CaseLine>,
    /// Who is asked: the contenders first, then the controls.
    labels: Vec<String>,
    /// How many of them are no controls.
    contenders: usize,
    /// Contender, dataset and task that cannot be asked.
    skipped: HashSet<(String, String, Task)>,
    state: Mutex<State>,
}

/// A case of a document, and what it weighs in the mean over everything.
struct Case {
    key: (String, String),
    task: Task,
    weight: f64,
}

/// What is known of the trials of a contender on a case, by repeat: what is done again replaces what failed.
type Known = BTreeMap<u32, One>;

/// What is known of one trial.
#[derive(Debug, Clone, Copy)]
struct One {
    score: Option<f64>,
    usd: Option<f64>,
    seconds: Option<f64>,
}

#[derive(Default)]
struct State {
    /// By contender, dataset and case.
    known: HashMap<(usize, (String, String)), Known>,
    /// The contenders that are out, with the documents they had answered.
    out: BTreeMap<usize, u64>,
}

/// How a run is looked at whose plan does not say.
const UNPLANNED: Sequential =
    Sequential { block: 1, tolerance: 0.0, prefer_time: false, about: About::DocumentsLikeThese };

impl ScoringReferee {
    /// For the run of this record, whose documents come in this order.
    pub fn new(record: &Record, documents: Vec<Document>) -> Result<Self, SummaryError> {
        let plan = &record.plan;
        let sequential = plan.sequential.unwrap_or(UNPLANNED);
        let scorable = Scorable::new(plan)?;
        let mut cases = HashMap::new();
        record.cases(|_, case| {
            cases.insert((case.dataset.clone(), case.case.clone()), case);
        })?;
        let documents = weighed(documents, plan);
        let weight = |document: &Vec<Case>| document.iter().map(|case| case.weight).sum::<f64>();
        let right_or_wrong = plan.repeats == 1 && scorable.is_right_or_wrong() && are_alike(&documents);
        let weights =
            Weights::new(documents.iter().map(weight)).right_or_wrong(right_or_wrong).about(sequential.about);
        Ok(Self {
            scorable,
            sequential,
            weights,
            documents,
            cases,
            contenders: plan.providers.iter().filter(|provider| !provider.control).count(),
            labels: labels(plan),
            skipped: plan
                .skipped
                .iter()
                .map(|skip| (skip.provider.clone(), skip.dataset.clone(), skip.task))
                .collect(),
            state: Mutex::default(),
        })
    }

    /// How many of the first documents a contender has answered without a gap.
    fn answered(&self, state: &State, contender: usize, most: usize) -> usize {
        let is_known = |case: &Case| {
            let skip = (self.labels[contender].clone(), case.key.0.clone(), case.task);
            state.known.contains_key(&(contender, case.key.clone())) || self.skipped.contains(&skip)
        };
        self.documents[..most].iter().take_while(|document| document.iter().all(is_known)).count()
    }

    /// The score of `a` minus that of `b` on each of the first documents, as it weighs in the whole.
    fn differences(&self, state: &State, (a, b): (usize, usize), documents: usize) -> Vec<f64> {
        let score = |contender: usize, case: &Case| score(state.known.get(&(contender, case.key.clone()))?);
        // A case that says nothing about one of them says nothing about their difference.
        let of = |case: &Case| score(a, case).zip(score(b, case)).map_or(0.0, |(a, b)| (a - b) * case.weight);
        self.documents[..documents].iter().map(|document| document.iter().map(of).sum()).collect()
    }

    /// The score and the price of a contender on the first documents.
    fn contender(&self, state: &State, contender: usize, documents: usize) -> Contender {
        let (mut sum, mut weight) = (0.0, 0.0);
        let (mut usd, mut seconds, mut unknown, mut trials) = (Vec::new(), Vec::new(), 0, 0);
        for case in self.documents[..documents].iter().flatten() {
            let Some(known) = state.known.get(&(contender, case.key.clone())) else { continue };
            if let Some(mean) = score(known) {
                sum += mean * case.weight;
                weight += case.weight;
            }
            trials += known.len();
            unknown += known.values().filter(|one| one.usd.is_none()).count();
            usd.extend(known.values().filter_map(|one| one.usd));
            seconds.extend(known.values().filter_map(|one| one.seconds));
        }
        let price = match self.sequential.prefer_time {
            true => median(seconds),
            false => mean(&usd).filter(|_| unknown * 5 <= trials),
        };
        Contender { score: if weight > 0.0 { sum / weight } else { 0.0 }, price, eligible: true, meets: true }
    }
}

impl Referee for ScoringReferee {
    fn note(&self, trial: &Trial) {
        let contender = self.labels.iter().position(|label| *label == trial.key.provider);
        let key = (trial.key.dataset.clone(), trial.key.case.clone());
        let (Some(contender), Some(case)) = (contender, self.cases.get(&key)) else { return };
        let one = One {
            score: self.scorable.score(case, trial),
            usd: trial.cost.map(|usd| usd.0),
            seconds: trial.latency().map(|time| time.as_secs_f64()),
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.known.entry((contender, key)).or_default().insert(trial.key.repeat, one);
    }

    fn look(&self, documents: u64) -> Look {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let most = usize::try_from(documents).unwrap_or(usize::MAX).min(self.documents.len());
        let everybody = 0..self.contenders;
        let answered: Vec<usize> =
            (0..self.labels.len()).map(|contender| self.answered(&state, contender, most)).collect();
        let gap = |a: usize, b: usize, rivals: usize| {
            let both = answered[a].min(answered[b]);
            self.weights.gap(&self.differences(&state, (a, b), both), rivals)
        };
        // Who is not shown to beat every control is a rival that cannot be recommended.
        let eligible = |contender: usize| {
            let mut controls = self.contenders..self.labels.len();
            controls.all(|control| gap(contender, control, self.contenders).low > 0.0)
        };
        let contender =
            |at: usize| Contender { eligible: eligible(at), ..self.contender(&state, at, answered[at]) };
        let contenders: Vec<Contender> = everybody.clone().map(contender).collect();
        let rivals = self.contenders.saturating_sub(1);
        let gaps = Gaps::new(self.contenders, |a, b| gap(a, b, rivals));
        let ruling = decide(&contenders, &gaps, self.sequential.tolerance);
        // A report may find that somebody beats the controls of whom this is not shown here: an end that depends on it is
        // none.
        let all: Vec<Contender> = contenders.iter().map(|one| Contender { eligible: true, ..*one }).collect();
        let of_all = decide(&all, &gaps, self.sequential.tolerance);
        let recommended = ruling.as_ref().and_then(|ruling| ruling.recommended());
        let is_settled =
            recommended.is_some() && recommended == of_all.and_then(|ruling| ruling.recommended());
        let label = |at: usize| self.labels[at].clone();
        let mut look = Look {
            documents,
            of: self.documents.len() as u64,
            pick: ruling.as_ref().map(|ruling| label(ruling.pick)),
            // Once all is answered there is nothing to end: the report says what all cases say.
            settled: most < self.documents.len() && is_settled,
            ..Look::default()
        };
        for (at, out) in ruling.iter().flat_map(|ruling| ruling.out.iter().enumerate()) {
            if *out {
                state.out.entry(at).or_insert(answered[at] as u64);
            }
        }
        look.out = state.out.iter().map(|(at, documents)| (label(*at), *documents)).collect();
        let is_open = |at: &usize| !contenders[*at].eligible && !state.out.contains_key(at);
        look.not_above_control = everybody.clone().filter(is_open).map(label).collect();
        for a in everybody {
            for b in a + 1..self.contenders {
                let gap = gaps.between(a, b);
                let (difference, low, high) = (gap.mean, gap.low, gap.high);
                look.gaps.push(LookGap { a: label(a), b: label(b), difference, low, high });
            }
        }
        look
    }
}

fn labels(plan: &Plan) -> Vec<String> {
    let (controls, contenders): (Vec<_>, Vec<_>) = plan.providers.iter().partition(|it| it.control);
    contenders.into_iter().chain(controls).map(|it| it.label.clone()).collect()
}

/// Every task counts the same, and so does every case within it. As in a report, open tasks do not count beside others:
/// while a run goes on, accepted wordings alone score them.
fn weighed(documents: Vec<Document>, plan: &Plan) -> Vec<Vec<Case>> {
    let mut counts: HashMap<(String, Task), f64> = HashMap::new();
    for (dataset, _, task) in documents.iter().flat_map(|document| &document.cases) {
        *counts.entry((dataset.clone(), *task)).or_default() += 1.0;
    }
    let is_open = |(dataset, task): &(String, Task)| is_by_wordings(plan, dataset, *task);
    if !counts.keys().all(is_open) {
        counts.retain(|task, _| !is_open(task));
    }
    let tasks = counts.len() as f64;
    let case = |(dataset, id, task): (String, String, Task)| {
        let weight = counts.get(&(dataset.clone(), task)).map_or(0.0, |cases| 1.0 / (tasks * cases));
        Case { key: (dataset, id), task, weight }
    };
    documents.into_iter().map(|document| document.cases.into_iter().map(case).collect()).collect()
}

fn is_by_wordings(plan: &Plan, dataset: &str, task: Task) -> bool {
    let mut datasets = plan.datasets.iter().filter(|it| it.name == dataset);
    datasets.any(|it| it.tasks.get(&task).is_some_and(|planned| planned.metric == "checks"))
}

/// Whether each document is one case that weighs the same: only then is a difference all, nothing or the opposite.
fn are_alike(documents: &[Vec<Case>]) -> bool {
    let first = documents.first().and_then(|document| document.first()).map(|case| case.weight);
    documents.iter().all(|document| document.len() == 1 && Some(document[0].weight) == first)
}

/// The mean over repeats, where it is defined.
fn score(known: &Known) -> Option<f64> {
    mean(&known.values().filter_map(|one| one.score).collect::<Vec<_>>())
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
