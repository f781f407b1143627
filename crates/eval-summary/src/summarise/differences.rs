//! Every pair of providers but controls: paired on shared cases, clustered by document.
//!
//! All comparisons of a report are one family: between providers that are alike, at most 5 % of reports call anybody
//! better or worse anywhere. The overall comparisons may use three quarters of that error and those of single tasks a
//! quarter; what a found difference does not need goes to the others (Holm with weights). So the overall comparison,
//! which decides, loses little power to the tasks, and a task may still differ where the overall comparison does not.

use eval_statistics::ppi::CorrectedScore;
use eval_statistics::{
    Comparison, Level, PairedComparison, PairedTasks, Verdict, correct_weighted, report_weights,
};

use super::corrected;
use super::pairing::shared;
use super::stopped::anytime;
use crate::{Bounds, Difference, Differences, Opinion, Options, Scope, Scored};

/// Power behind "how many more cases".
const POWER: f64 = 0.8;

/// Every pair, compared on all tasks and on each.
pub(super) struct Compared<'a> {
    scored: &'a Scored<'a>,
    level: Level,
    found: Vec<Found>,
}

impl<'a> Compared<'a> {
    pub fn new(scored: &'a Scored<'a>, options: &Options) -> Self {
        let units: Vec<usize> = (0..scored.units.len()).collect();
        let deciding = scored.deciding();
        let settings = settings(options.level, scored.plan().seed);
        let mut found: Vec<Found> = Vec::new();
        for (a, b) in candidate_pairs(scored) {
            let shared = shared(scored, &deciding, a, b);
            let only = (shared.only_a, shared.only_b);
            found.extend(shared.pairs().map(|pairs| Found::new(0, (a, b), only, pairs, &settings)));
            // One task alone is the overall comparison.
            for unit in units.iter().filter(|_| units.len() > 1) {
                let alone = super::pairing::shared(scored, &[*unit], a, b);
                let only = (alone.only_a, alone.only_b);
                found.extend(alone.pairs().map(|pairs| Found::new(unit + 1, (a, b), only, pairs, &settings)));
            }
        }
        correct(&mut found, options.level);
        Self { scored, level: options.level, found }
    }

    /// With the intervals at the level of the verdict, so that one difference has one interval.
    pub fn at(mut self, level: f64) -> Self {
        let Ok(level) = Level::new(level) else { return self };
        self.found.iter_mut().for_each(|one| one.comparison.interval = one.pairs.interval(level));
        self
    }

    /// The same as people's judgements correct it, where a judge's scores count.
    fn by_people(&self, one: &Found, line: Difference) -> Difference {
        let (scored, level) = (self.scored, self.level);
        let overall = self.found.iter().filter(|one| one.place == 0).count();
        let weights = report_weights(overall, self.found.len() - overall);
        let (place, weight) = match one.place {
            0 => (scored.deciding(), weights.0),
            unit => (vec![unit - 1], weights.1),
        };
        let Some(figure) = corrected::difference(scored, &place, one.providers.0, one.providers.1) else {
            return line;
        };
        let mean = |provider| corrected::score(scored, provider, &place, level).map(|it| it.mean);
        let means = (mean(one.providers.0), mean(one.providers.1));
        by_people(&line, one, (&figure, means, weight), level)
    }

    /// Overall first, then every dataset × task.
    pub fn all(&self) -> Vec<Differences> {
        let scored = self.scored;
        let scopes = scored.units.iter().map(crate::scored::Unit::scope);
        let scopes: Vec<Scope> = std::iter::once(Scope::Overall).chain(scopes).collect();
        let label = |provider: usize| scored.providers()[provider].label.clone();
        let line = |one: &Found| {
            let mut line = one.difference(label, self.level);
            if one.place == 0 {
                at_all_looks(scored, &mut line, self.level);
            }
            self.by_people(one, line)
        };
        let of = |place: usize| self.found.iter().filter(move |one| one.place == place).map(line);
        let mut all: Vec<Differences> = scopes
            .into_iter()
            .enumerate()
            .map(|(place, scope)| Differences { scope, pairs: of(place).collect() })
            .collect();
        if let [overall, only] = all.as_mut_slice() {
            only.pairs.clone_from(&overall.pairs);
        }
        all
    }
}

/// In a run that ended when it was decided, the verdict and this line say the same.
fn at_all_looks(scored: &Scored<'_>, line: &mut Difference, level: Level) {
    let Some(gap) = anytime(scored, &line.b, &line.a) else { return };
    line.opinion = match gap {
        worse if worse.high < 0.0 => Opinion::Worse,
        better if better.low > 0.0 => Opinion::Better,
        _ => Opinion::CannotTell,
    };
    line.interval =
        Some(Bounds { low: gap.low, high: gap.high, level: level.get(), method: "anytime".to_owned() });
    (line.anytime, line.smallest_detectable, line.cases_to_settle) = (true, None, None);
    line.doubt = None;
}

/// The difference of a judge's scores as people's judgements correct it; the first of the pair is `a`.
fn by_people(
    line: &Difference,
    found: &Found,
    (figure, (mean_a, mean_b), weight): (&CorrectedScore, (Option<f64>, Option<f64>), f64),
    level: Level,
) -> Difference {
    // As it was found, before the better one was put first.
    let line = if found.comparison.difference > 0.0 { line.turned() } else { line.clone() };
    let means = (mean_a.unwrap_or(line.mean_a), mean_b.unwrap_or(line.mean_b));
    let corrected = corrected::line(line, figure, means, (weight, level));
    if figure.mean > 0.0 { corrected.turned() } else { corrected }
}

fn candidate_pairs(scored: &Scored<'_>) -> Vec<(usize, usize)> {
    let providers = scored.providers();
    let candidates: Vec<usize> = (0..providers.len()).filter(|at| !providers[*at].control).collect();
    let pairs = candidates.iter().enumerate().flat_map(|(at, b)| candidates[..at].iter().map(|a| (*a, *b)));
    pairs.collect()
}

/// How comparisons are made: the seed is that of the run, so that they repeat.
pub(crate) fn settings(level: Level, seed: u64) -> Comparison {
    Comparison { level, ..Comparison::usual(seed) }
}

/// One pair of providers on all tasks or on one.
struct Found {
    /// 0 for all tasks, then the number of the task.
    place: usize,
    providers: (usize, usize),
    only: (u64, u64),
    pairs: PairedTasks,
    comparison: PairedComparison,
    cases_to_settle: Option<u64>,
}

impl Found {
    fn new(
        place: usize,
        providers: (usize, usize),
        only: (u64, u64),
        pairs: PairedTasks,
        settings: &Comparison,
    ) -> Self {
        let comparison = pairs.compare(settings);
        Self { place, providers, only, pairs, comparison, cases_to_settle: None }
    }

    fn difference(&self, label: impl Fn(usize) -> String, level: Level) -> Difference {
        let ((a, b), (only_a, only_b), (mean_a, mean_b)) = (self.providers, self.only, self.pairs.means());
        let mut difference = if self.comparison.difference > 0.0 {
            // The better one first: "b is worse by so much" reads best.
            let turned = self.comparison.turned();
            difference(label(b), label(a), (mean_b, mean_a), (only_b, only_a), &turned, level)
        } else {
            difference(label(a), label(b), (mean_a, mean_b), (only_a, only_b), &self.comparison, level)
        };
        difference.cases_to_settle = self.cases_to_settle;
        difference
    }
}

fn correct(found: &mut [Found], level: Level) {
    let overall = found.iter().filter(|one| one.place == 0).count();
    let of_tasks = found.len() - overall;
    let (of_overall, of_task) = report_weights(overall, of_tasks);
    let weight = |one: &Found| if one.place == 0 { of_overall } else { of_task };
    let mut family: Vec<(PairedComparison, f64)> =
        found.iter().map(|one| (one.comparison, weight(one))).collect();
    correct_weighted(&mut family, level);
    for (one, (corrected, weight)) in found.iter_mut().zip(family) {
        one.comparison = corrected;
        if corrected.verdict == Verdict::CannotTell {
            let required = one.pairs.required_cases(0.0, level.tail() * weight, POWER);
            one.cases_to_settle = required.and_then(|cases| cases.high).filter(|cases| *cases > 0);
        }
    }
}

pub(crate) fn difference(
    a: String,
    b: String,
    (mean_a, mean_b): (f64, f64),
    (only_a, only_b): (u64, u64),
    comparison: &PairedComparison,
    level: Level,
) -> Difference {
    Difference {
        a,
        b,
        n: comparison.n as u64,
        only_a,
        only_b,
        clusters: comparison.clusters as u64,
        better: comparison.better as u64,
        worse: comparison.worse as u64,
        mean_a,
        mean_b,
        difference: comparison.difference,
        interval: comparison.agreed_interval().map(Into::into),
        p: comparison.p,
        p_adjusted: comparison.p_adjusted,
        test: comparison.test.to_string(),
        smallest_detectable: comparison.smallest_detectable,
        cases_to_settle: None,
        opinion: comparison.verdict.into(),
        doubt: comparison.doubt(level).map(Into::into),
        anytime: false,
    }
}
