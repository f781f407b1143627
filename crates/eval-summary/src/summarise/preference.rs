//! Which candidates' answers a judge prefers that saw them beside each other, in both orders.
//!
//! A verdict that changes with the order counts as a tie, so that a judge that likes the first place prefers nobody. The
//! strengths are those of Bradley and Terry, their errors come from leaving out one source document at a time. One made-up
//! pair with half a win for each side stands between every two candidates: always is not certainty.

use std::collections::BTreeMap;

use eval_record::{Better, JudgedAnswer};
use eval_statistics::preference::{Shown, Ties, Verdicts, bradley_terry, order_bias};
use eval_statistics::{Level, student_quantile};

use crate::judgements::OneJudge;
use crate::scored::Open;
use crate::{Bounds, Preference, PreferredCandidate, Scored};

/// How such an interval is called.
const METHOD: &str = "Bradley-Terry, jackknife t";

/// Nothing where the judge that counts compared no answers.
pub(super) fn preference(scored: &Scored<'_>, open: &Open, unit: u16, level: Level) -> Option<Preference> {
    let judge = open.judgements.judge()?;
    let found = Found::of(scored, open, unit, judge);
    let name = found.judge.clone()?;
    let bias = order_bias(&found.both, level.get());
    let mut candidates = Vec::new();
    let mut preferred = None;
    if let Some(fit) = Fit::of(&found.verdicts) {
        let order = fit.order();
        candidates = order.iter().map(|at| found.candidate(scored, &fit, *at, level)).collect();
        let is_honest = judge.obeyed().next().is_none();
        let first = order.first().filter(|first| is_honest && fit.is_before_all(**first, level));
        preferred = first.map(|first| scored.providers()[usize::from(fit.providers[*first])].label.clone());
    }
    Some(Preference {
        judge: name,
        pairs: bias.n as u64,
        same: found.same,
        unread: found.unread,
        consistent: bias.consistent as u64,
        always_first: bias.always_first as u64,
        always_second: bias.always_second as u64,
        usd: found.usd.iter().copied().sum::<Option<f64>>().map(|usd| usd + 0.0),
        order_effect: bias.position_effect.estimate,
        order_p: bias.p_sign_exact,
        candidates,
        preferred,
    })
}

/// Wins of the earlier and of the later candidate of the plan, and ties.
type Counts = [f64; 3];

/// By document and pair of candidates.
type ByDocument = BTreeMap<usize, BTreeMap<(u16, u16), Counts>>;

/// What was said of the answers of two candidates each.
#[derive(Default)]
struct Found {
    judge: Option<String>,
    both: Vec<[Shown; 2]>,
    same: u64,
    unread: u64,
    usd: Vec<Option<f64>>,
    verdicts: ByDocument,
}

impl Found {
    fn of(scored: &Scored<'_>, open: &Open, unit: u16, judge: &OneJudge) -> Self {
        let mut found = Self::default();
        let answers: Vec<(&(u16, u32, u16), &String)> =
            open.beside.iter().filter(|((of, ..), _)| *of == unit).collect();
        for case in answers.chunk_by(|a, b| a.0.1 == b.0.1) {
            for (at, (key_b, b)) in case.iter().enumerate() {
                for (key_a, a) in &case[..at] {
                    let (providers, document) = ((key_a.2, key_b.2), scored.cases.cluster(key_a.1));
                    let takes_part = |at: &u16| !scored.providers()[usize::from(*at)].control;
                    if [providers.0, providers.1].iter().all(takes_part) {
                        found.add((document, providers), (a.as_str(), b.as_str()), (open, judge));
                    }
                }
            }
        }
        found
    }

    fn add(
        &mut self,
        (document, providers): (usize, (u16, u16)),
        (a, b): (&str, &str),
        (open, judge): (&Open, &OneJudge),
    ) {
        let outcome = if a == b {
            self.same += 1;
            2
        } else {
            let lines = [(a, b), (b, a)].map(|(first, second)| said(open, judge, first, second));
            let Some(line) = lines[0].or(lines[1]) else { return };
            self.judge = Some(line.judge.to_string());
            self.usd.extend(lines.iter().flatten().map(|line| line.usd.map(|usd| usd.0)));
            let verdicts = lines.map(|line| shown(line?));
            let [Some(first), Some(second)] = verdicts else {
                self.unread += 1;
                return;
            };
            self.both.push([first, second]);
            match (first, second) {
                (Shown::First, Shown::Second) => 0,
                (Shown::Second, Shown::First) => 1,
                _ => 2,
            }
        };
        self.verdicts.entry(document).or_default().entry(providers).or_default()[outcome] += 1.0;
    }

    fn candidate(&self, scored: &Scored<'_>, fit: &Fit, at: usize, level: Level) -> PreferredCandidate {
        let provider = fit.providers[at];
        let (mut pairs, mut won) = (0.0, 0.0);
        for ((a, b), [first, second, ties]) in self.verdicts.values().flatten() {
            if *a == provider || *b == provider {
                pairs += first + second + ties;
                won += ties / 2.0 + if *a == provider { first } else { second };
            }
        }
        let strength = fit.strengths[at];
        let half = fit.half(fit.error(&|of: &[f64]| of[at], fit.errors[at]), level);
        PreferredCandidate {
            provider: scored.providers()[usize::from(provider)].label.clone(),
            pairs: pairs as u64,
            won: won / pairs,
            strength,
            interval: half.map(|half| Bounds {
                low: strength - half,
                high: strength + half,
                level: level.get(),
                method: METHOD.to_owned(),
            }),
        }
    }
}

/// What the judge said of two answers in this order.
fn said<'o>(open: &'o Open, judge: &OneJudge, first: &str, second: &str) -> Option<&'o JudgedAnswer> {
    let key = (first.to_owned(), second.to_owned());
    let is_same = |line: &&JudgedAnswer| {
        (&line.judge.provider, &line.judge.model) == (&judge.name.provider, &judge.name.model)
    };
    open.judgements.pairs.get(&key)?.iter().rev().find(is_same)
}

fn shown(line: &JudgedAnswer) -> Option<Shown> {
    Some(match line.pair.as_ref()?.better? {
        Better::First => Shown::First,
        Better::Second => Shown::Second,
        Better::Tie => Shown::Tie,
    })
}

/// Strengths with all documents, and without each.
struct Fit {
    providers: Vec<u16>,
    strengths: Vec<f64>,
    /// By the model.
    errors: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    without: Vec<Vec<f64>>,
}

impl Fit {
    fn of(verdicts: &ByDocument) -> Option<Self> {
        let mut sums: BTreeMap<(u16, u16), Counts> = BTreeMap::new();
        for (pair, counts) in verdicts.values().flatten() {
            let sum = sums.entry(*pair).or_insert([0.5, 0.5, 0.0]);
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        let mut providers: Vec<u16> = sums.keys().flat_map(|(a, b)| [*a, *b]).collect();
        providers.sort_unstable();
        providers.dedup();
        let place = |provider: u16| providers.binary_search(&provider).unwrap_or_default();
        let fitted = |sums: &BTreeMap<(u16, u16), Counts>| {
            let rows: Vec<Verdicts> = sums
                .iter()
                .map(|((a, b), [wins_first, wins_second, ties])| Verdicts {
                    first: place(*a),
                    second: place(*b),
                    wins_first: *wins_first,
                    wins_second: *wins_second,
                    ties: *ties,
                })
                .collect();
            bradley_terry(providers.len(), &rows, Ties::Half, false)
        };
        let whole = fitted(&sums)?;
        let without = verdicts.values().map(|document| {
            let mut rest = sums.clone();
            for (pair, counts) in document {
                let sum = rest.entry(*pair).or_default();
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum -= count);
            }
            fitted(&rest).map(|fit| fit.strength)
        });
        let without = without.collect::<Option<_>>()?;
        let (strengths, errors, covariance) = (whole.strength, whole.se, whole.covariance);
        Some(Self { strengths, errors, covariance, without, providers })
    }

    /// Places of the candidates, the strongest first.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.strengths.len()).collect();
        order.sort_by(|a, b| self.strengths[*b].total_cmp(&self.strengths[*a]));
        order
    }

    /// By leaving out each document; where that moves nothing, by the model.
    fn error(&self, of: &dyn Fn(&[f64]) -> f64, by_model: f64) -> Option<f64> {
        let n = self.without.len() as f64;
        let values: Vec<f64> = self.without.iter().map(|strengths| of(strengths)).collect();
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let jackknife = ((n - 1.0) / n * squares).sqrt();
        (n >= 2.0).then_some(if jackknife > 1e-9 { jackknife } else { by_model })
    }

    fn half(&self, error: Option<f64>, level: Level) -> Option<f64> {
        Some(-student_quantile(level.tail(), self.without.len() as f64 - 1.0) * error?)
    }

    /// Whether one is stronger than each of the others beyond chance, corrected for their number.
    fn is_before_all(&self, first: usize, level: Level) -> bool {
        let others = (0..self.strengths.len()).filter(|other| *other != first);
        let share = (1.0 - level.get()) / (self.strengths.len() - 1).max(1) as f64;
        let level = Level::from_alpha(share).unwrap_or(level);
        let cell = |a: usize, b: usize| self.covariance[a][b];
        others.into_iter().all(|other| {
            let variance = cell(first, first) + cell(other, other) - 2.0 * cell(first, other);
            let error = self.error(&|of: &[f64]| of[first] - of[other], variance.max(0.0).sqrt());
            let gap = self.strengths[first] - self.strengths[other];
            self.half(error, level).is_some_and(|half| gap - half > 0.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ByDocument, Fit};
    use eval_statistics::Level;

    /// So many documents with this outcome of the only pair: the first wins, the second wins, a tie.
    fn fit(wins: usize, losses: usize, ties: usize) -> Fit {
        let outcomes = [vec![0; wins], vec![1; losses], vec![2; ties]].concat();
        let mut verdicts = ByDocument::new();
        for (document, outcome) in outcomes.into_iter().enumerate() {
            verdicts.entry(document).or_default().entry((3, 5)).or_default()[outcome] += 1.0;
        }
        Fit::of(&verdicts).unwrap()
    }

    #[test]
    fn a_preference_is_claimed_beyond_chance_only() {
        for (wins, losses, ties, is_shown) in
            [(30, 0, 0, true), (30, 6, 10, true), (0, 0, 40, false), (11, 9, 20, false), (3, 0, 0, false)]
        {
            let fit = fit(wins, losses, ties);
            assert_eq!(fit.providers, [3, 5]);
            assert_eq!(fit.is_before_all(0, Level::P95), is_shown, "{wins} {losses} {ties}");
            assert!(!fit.is_before_all(1, Level::P95));
            assert!((fit.strengths[0] + fit.strengths[1]).abs() < 1e-9);
        }
    }

    #[test]
    fn strengths_are_log_odds() {
        let fit = fit(29, 9, 0);
        let gap = fit.strengths[0] - fit.strengths[1];
        assert!((gap - (29.5_f64 / 9.5).ln()).abs() < 1e-9, "{gap}");
    }
}
