//! Eight providers that are equally good: how often is one of them declared different?

use eval_statistics::{Comparison, Observation, SplitMix64, Verdict, compare_all, holm};

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
