//! Which candidates' answers a judge prefers that saw them beside each other, in both orders.
//!
//! A verdict that changes with the order counts as a tie, so that a judge that likes the first place prefers nobody. The
//! strengths are those of Bradley and Terry, their errors come from leaving out one source document at a time.

use std::collections::BTreeMap;

use eval_record::{Better, JudgedAnswer};
use eval_statistics::Level;
use eval_statistics::preference::{PairCounts, Preferences, Shown, order_bias};

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
    let providers = found.providers();
    let documents = found.counts(&providers);
    if let Some(fit) = Preferences::of(providers.len(), documents.iter()) {
        let order = fit.order();
        candidates =
            order.iter().map(|at| found.candidate(scored, &fit, (*at, providers[*at]), level)).collect();
        let is_honest = judge.obeyed().next().is_none();
        let first = order.first().filter(|first| is_honest && fit.is_before_all(**first, level));
        preferred = first.map(|first| scored.providers()[usize::from(providers[*first])].label.clone());
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

    /// Those that were compared.
    fn providers(&self) -> Vec<u16> {
        let pairs = self.verdicts.values().flat_map(BTreeMap::keys);
        let mut providers: Vec<u16> = pairs.flat_map(|(a, b)| [*a, *b]).collect();
        providers.sort_unstable();
        providers.dedup();
        providers
    }

    /// By document, with the places of the candidates among these.
    fn counts(&self, providers: &[u16]) -> Vec<PairCounts> {
        let place = |provider: u16| providers.binary_search(&provider).unwrap_or_default();
        let of = |(pair, counts): (&(u16, u16), &Counts)| ((place(pair.0), place(pair.1)), *counts);
        self.verdicts.values().map(|document| document.iter().map(of).collect()).collect()
    }

    fn candidate(
        &self,
        scored: &Scored<'_>,
        fit: &Preferences,
        (at, provider): (usize, u16),
        level: Level,
    ) -> PreferredCandidate {
        let (mut pairs, mut won) = (0.0, 0.0);
        for ((a, b), [first, second, ties]) in self.verdicts.values().flatten() {
            if *a == provider || *b == provider {
                pairs += first + second + ties;
                won += ties / 2.0 + if *a == provider { first } else { second };
            }
        }
        let strength = fit.strengths[at];
        let half = fit.half(at, level);
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
