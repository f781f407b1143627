//! Eight providers that are equally good: how often is one of them declared different?

use eval_statistics::{
    Comparison, Level, Observation, PairedCase, PairedComparison, PairedTasks, SplitMix64, Verdict,
    compare_all, correct_family, correct_weighted, holm, report_weights,
};

use crate::draw::{beta, chance, normal};

const PROVIDERS: usize = 8;

/// The scores of all providers on one case; alike, because the case is easy or hard for all.
type Case = fn(&mut SplitMix64) -> [f64; PROVIDERS];

pub const SHAPES: &[(&str, Case, usize)] =
    &[("yes/no", yes_no, 1), ("F1", f1, 1), ("F1, 4 cases per document", f1, 4)];

fn yes_no(stream: &mut SplitMix64) -> [f64; PROVIDERS] {
    let difficulty = beta(stream, 1.6, 0.4);
    std::array::from_fn(|_| chance(stream, difficulty))
}

fn f1(stream: &mut SplitMix64) -> [f64; PROVIDERS] {
    let difficulty = beta(stream, 6.0, 1.5);
    std::array::from_fn(|_| (difficulty + 0.1 * normal(stream)).clamp(0.0, 1.0))
}

pub struct Alarms {
    /// Any of the 28 pairs, Holm over all of them: what the crate does.
    pub all_pairs: f64,
    /// One provider fixed beforehand (the baseline) against 7, Holm over 7.
    pub baseline: f64,
    /// The best *seen* against 7, Holm over 7 only: the tempting mistake.
    pub best_of_seen: f64,
    /// Any of the 28 pairs without correction.
    pub uncorrected: f64,
}

pub fn alarms(case: Case, per_document: usize, documents: usize, runs: u64, seed: u64) -> Alarms {
    let mut stream = SplitMix64::new(seed);
    let names: Vec<String> = (0..documents * per_document).map(|n| n.to_string()).collect();
    let mut counts = [0u64; 4];
    for run in 0..runs {
        let scores: Vec<[f64; PROVIDERS]> = names.iter().map(|_| case(&mut stream)).collect();
        for (count, alarm) in counts.iter_mut().zip(one_run(&names, per_document, &scores, seed ^ run)) {
            *count += u64::from(alarm);
        }
    }
    let [all_pairs, baseline, best_of_seen, uncorrected] = counts.map(|count| count as f64 / runs as f64);
    Alarms { all_pairs, baseline, best_of_seen, uncorrected }
}

fn one_run(names: &[String], per_document: usize, scores: &[[f64; PROVIDERS]], seed: u64) -> [bool; 4] {
    let trials: Vec<Vec<Observation<'_>>> = (0..PROVIDERS)
        .map(|provider| {
            let one = |(number, row): (usize, &[f64; PROVIDERS])| Observation {
                case: &names[number],
                cluster: &names[number / per_document],
                value: row[provider],
            };
            scores.iter().enumerate().map(one).collect()
        })
        .collect();
    let borrowed: Vec<&[Observation<'_>]> = trials.iter().map(Vec::as_slice).collect();
    let pairs = compare_all(&borrowed, &Comparison::usual(seed));
    let total = |provider: &usize| scores.iter().map(|row| row[*provider]).sum::<f64>();
    let best = (0..PROVIDERS).max_by(|a, b| total(a).total_cmp(&total(b))).expect("there are eight");
    let against = |one: usize| {
        let of_one = pairs.iter().filter(|pair| pair.0 == one || pair.1 == one);
        holm(&of_one.map(|pair| pair.2.p).collect::<Vec<_>>()).iter().any(|p| *p <= 0.05)
    };
    [
        pairs.iter().any(|pair| pair.2.verdict != Verdict::CannotTell),
        against(0),
        against(best),
        pairs.iter().any(|pair| pair.2.p <= 0.05),
    ]
}

/// Tasks of a report.
const TASKS: usize = 5;

/// What became of the comparisons of many reports.
#[derive(Default)]
pub struct Reports {
    /// Reports that call anybody better or worse anywhere.
    pub any: f64,
    /// The same with Holm within each task and the overall comparison, each for itself.
    pub any_apart: f64,
    /// Reports that find the first provider better than the second overall.
    pub overall: f64,
    /// The same if nothing but the overall comparison were asked for.
    pub overall_alone: f64,
    /// Reports that find it better on the first task.
    pub task: f64,
    /// The same if nothing but that task were asked for.
    pub task_alone: f64,
}

/// Reports on five tasks of so many cases. The first provider is better by `gain`, on all tasks or on the first alone.
pub fn reports(
    case: Case,
    providers: usize,
    cases: usize,
    (gain, on_all): (f64, bool),
    runs: u64,
    seed: u64,
) -> Reports {
    let mut stream = SplitMix64::new(seed);
    let mut counts = [0u64; 6];
    for run in 0..runs {
        let scores: Vec<Vec<[f64; PROVIDERS]>> = (0..TASKS)
            .map(|task| {
                let shift = if on_all || task == 0 { gain } else { 0.0 };
                (0..cases).map(|_| better(case(&mut stream), shift, &mut stream)).collect()
            })
            .collect();
        let found = one_report(&scores, providers, seed ^ run);
        counts.iter_mut().zip(found).for_each(|(count, it)| *count += u64::from(it));
    }
    let [any, any_apart, overall, overall_alone, task, task_alone] =
        counts.map(|count| count as f64 / runs as f64);
    Reports { any, any_apart, overall, overall_alone, task, task_alone }
}

/// A failed case of the first provider is saved with a chance that lifts its mean by the gain; graded scores are moved.
fn better(mut scores: [f64; PROVIDERS], gain: f64, stream: &mut SplitMix64) -> [f64; PROVIDERS] {
    if gain > 0.0 {
        // A fifth of the yes/no cases are wrong.
        scores[0] = if scores[0] == 0.0 {
            f64::from(u8::from(stream.unit() < gain / 0.2))
        } else {
            (scores[0] + gain).min(1.0)
        };
    }
    scores
}

fn one_report(scores: &[Vec<[f64; PROVIDERS]>], providers: usize, seed: u64) -> [bool; 6] {
    let settings = Comparison { resamples: 1_999, ..Comparison::usual(seed) };
    let compare = |a: usize, b: usize, tasks: &[usize]| -> PairedComparison {
        let of_task = |task: &usize| -> Vec<PairedCase> {
            let rows = scores[*task].iter().enumerate();
            rows.map(|(number, row)| PairedCase::single(task * 100_000 + number, row[a], row[b])).collect()
        };
        let tasks: Vec<Vec<PairedCase>> = tasks.iter().map(of_task).collect();
        let borrowed: Vec<&[PairedCase]> = tasks.iter().map(Vec::as_slice).collect();
        PairedTasks::new(&borrowed).expect("there are cases").compare(&settings)
    };
    let pairs: Vec<(usize, usize)> = (0..providers).flat_map(|b| (0..b).map(move |a| (b, a))).collect();
    let all: Vec<usize> = (0..TASKS).collect();
    let scopes: Vec<&[usize]> = std::iter::once(all.as_slice()).chain(all.chunks(1)).collect();
    let (of_overall, of_task) = report_weights(pairs.len(), pairs.len() * TASKS);
    let mut family = Vec::new();
    let mut apart = false;
    for (place, scope) in scopes.iter().enumerate() {
        let mut own: Vec<PairedComparison> = pairs.iter().map(|(b, a)| compare(*b, *a, scope)).collect();
        let weight = if place == 0 { of_overall } else { of_task };
        family.extend(own.iter().map(|comparison| (*comparison, weight)));
        correct_family(&mut own, Level::P95);
        apart |= own.iter().any(|comparison| comparison.verdict != Verdict::CannotTell);
    }
    // The first pair is that of the second provider and the first: a gain of the first is a loss of the second.
    let alone = |place: usize| family[place * pairs.len()].0.verdict == Verdict::Better;
    let (overall_alone, task_alone) = (alone(0), alone(1));
    correct_weighted(&mut family, Level::P95);
    let found = |place: usize| family[place * pairs.len()].0.verdict == Verdict::Better;
    let any = family.iter().any(|(comparison, _)| comparison.verdict != Verdict::CannotTell);
    [any, apart, found(0), overall_alone, found(1), task_alone]
}
