//! How many further cases would settle an open choice.
//!
//! What the true differences may be is drawn from what was seen and from how much candidates usually differ, then what
//! further cases would show, and the rule is asked again. So the correction for the number of candidates, the
//! tolerance and the chance that a difference lies near the tolerance are all in the answer. What is promised is also
//! enough for any difference that is not nearer to the tolerance than is said with it: right at the tolerance no number
//! of cases settles anything.

use eval_statistics::{SettledNear, SplitMix64, USUAL_DIFFERENCE, cases_to_settle_near, normal_quantile};

use super::gauss::{Square, posterior};
use super::{Contender, Gap, Gaps, decide};

/// Futures that are drawn.
const DRAWS: usize = 300;
/// The chance behind the lower and the upper figure.
const CHANCES: [f64; 2] = [0.5, 0.9];
/// Labeling more is not realistic, and the figure would rest on a difference that is not known well enough.
const MOST_CASES: f64 = 10_000.0;
/// How much larger the study becomes from one try to the next.
const STEP: f64 = 1.2;
/// How far apart two candidates may be, each as likely as the others: a large difference on a few cases is not luck only
/// because most candidates are close.
const DISTANCES: [f64; 4] = [USUAL_DIFFERENCE, 0.1, 0.2, 0.4];

/// Further cases that settle a choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// Enough in half of what may be true; missing if that is more than 10,000.
    pub low: Option<u64>,
    /// Enough in nine of ten, and for every true difference that is at least `distance` from the tolerance; missing if
    /// that is more than 10,000.
    pub high: Option<u64>,
    /// Half the tolerance and a point at least; more where the data leaves nothing that near plausible, and fewer cases are
    /// promised for that reason.
    pub distance: f64,
}

/// Looks ahead from `cases` cases; nothing where nothing is known of a difference.
#[must_use]
pub fn outlook(
    contenders: &[Contender],
    gaps: &Gaps,
    tolerance: f64,
    cases: u64,
    seed: u64,
) -> Option<Outlook> {
    let spread = Spread::of(gaps)?;
    let near = near(contenders, gaps, tolerance, cases as f64);
    let further = near.cases - cases as f64;
    let mut stream = SplitMix64::new(seed);
    let draws: Vec<[Vec<f64>; 2]> = (0..DRAWS).map(|_| spread.draw(&mut stream)).collect();
    let mut found = [None; 2];
    let mut times = STEP;
    while cases as f64 * (times - 1.0) <= MOST_CASES && found[1].is_none() {
        let settled = draws.iter().filter(|[truth, noise]| {
            let future = Future { contenders, gaps, times, truth, noise };
            future.is_settled(tolerance)
        });
        let share = settled.count() as f64 / DRAWS as f64;
        for (found, chance) in found.iter_mut().zip(CHANCES) {
            if found.is_none() && share >= chance {
                *found = Some(two_digits(cases as f64 * (times - 1.0)));
            }
        }
        times *= STEP;
    }
    let high = found[1].filter(|_| further <= MOST_CASES).map(|high| high.max(two_digits(further.max(1.0))));
    Some(Outlook { low: found[0], high, distance: near.distance })
}

/// All the cases that settle it though each open difference lies as near to the tolerance as is planned for.
fn near(contenders: &[Contender], gaps: &Gaps, tolerance: f64, cases: f64) -> SettledNear {
    let Some(ruling) = decide(contenders, gaps, tolerance) else {
        return SettledNear { cases: f64::INFINITY, distance: 0.0 };
    };
    let tail = gaps.level().tail();
    let of_rival = |rival: &usize| {
        let gap = gaps.between(ruling.pick, *rival);
        cases_to_settle_near(tolerance, gap.mean, cases, gap.scatter, tail)
    };
    let none = SettledNear { cases: 0.0, distance: 0.0 };
    ruling.open.iter().map(of_rival).fold(none, |all, one| SettledNear {
        cases: all.cases.max(one.cases),
        distance: all.distance.max(one.distance),
    })
}

/// Rounds up, so that a promise is kept.
fn two_digits(cases: f64) -> u64 {
    let unit = 10_f64.powf((cases.max(10.0).log10() - 1.0).floor());
    ((cases / unit).ceil() * unit) as u64
}

/// One way in which it may go on: what is true, and what further cases would show of it.
struct Future<'a> {
    contenders: &'a [Contender],
    gaps: &'a Gaps,
    /// How many times as many cases as now.
    times: f64,
    truth: &'a [f64],
    noise: &'a [f64],
}

impl Future<'_> {
    fn is_settled(&self, tolerance: f64) -> bool {
        let new = 1.0 - 1.0 / self.times;
        // What a candidate's mean moves by: the truth is not what was seen, and the new cases have noise of their own.
        let moves = |one: usize| new * self.truth[one] + (new / self.times).sqrt() * self.noise[one];
        let z = -normal_quantile(self.gaps.level().tail());
        let gaps = Gaps::new(self.contenders.len(), |one, other| {
            let gap = self.gaps.between(one, other);
            let mean = gap.mean + moves(one) - moves(other);
            let scatter = z * gap.scatter.expected;
            // What is not scatter is the failure that was not seen, which gets rarer with every case.
            let distance =
                |now: f64| scatter.min(now) / self.times.sqrt() + (now - scatter).max(0.0) / self.times;
            let (below, above) = (distance(gap.mean - gap.low), distance(gap.high - gap.mean));
            Gap { mean, low: mean - below, high: mean + above, opinion: None, ..gap }
        });
        let moved = self
            .contenders
            .iter()
            .enumerate()
            .map(|(at, one)| Contender { score: one.score + moves(at), ..*one });
        let moved: Vec<Contender> = moved.collect();
        decide(&moved, &gaps, tolerance).is_some_and(|ruling| ruling.open.is_empty())
    }
}

/// What is believed of the true differences from the first candidate, and how the errors of further cases go together.
struct Spread {
    seen: Vec<f64>,
    /// How likely each candidate is at each of the distances.
    distances: Vec<[f64; DISTANCES.len()]>,
    errors: Square,
    noise: Square,
}

impl Spread {
    fn of(gaps: &Gaps) -> Option<Self> {
        let count = gaps.count;
        if count < 2 || (1..count).any(|one| !gaps.between(one, 0).is_bounded()) {
            return None;
        }
        let variance = |one: usize, other: usize| gaps.between(one, other).scatter.expected.powi(2);
        let errors = Square::new(count - 1, |a, b| {
            (variance(a + 1, 0) + variance(b + 1, 0) - variance(a + 1, b + 1)) / 2.0
        });
        let seen: Vec<f64> = (1..count).map(|one| gaps.between(one, 0).mean).collect();
        let distances = (1..count).map(|one| distances(gaps.between(one, 0))).collect();
        Some(Self { seen, distances, noise: errors.root(), errors })
    }

    /// For each candidate: truth minus what was seen, and the error of further cases.
    fn draw(&self, stream: &mut SplitMix64) -> [Vec<f64>; 2] {
        let own: Vec<f64> =
            self.distances.iter().map(|chances| own_variance(pick(chances, stream))).collect();
        let prior = Square::new(own.len(), |a, b| if a == b { own[a] + SHARED } else { SHARED });
        let (means, root) = posterior(&prior, &self.errors, &self.seen);
        let mut normal = || -> Vec<f64> {
            self.seen.iter().map(|_| normal_quantile(stream.unit().max(f64::MIN_POSITIVE))).collect()
        };
        let truth = root.times(&normal());
        let noise = self.noise.times(&normal());
        let truth =
            truth.iter().zip(means.iter().zip(&self.seen)).map(|(draw, (mean, seen))| draw + mean - seen);
        [std::iter::once(0.0).chain(truth).collect(), std::iter::once(0.0).chain(noise).collect()]
    }
}

/// The variance of the mean of the first candidate around that of all, which all differences share.
const SHARED: f64 = USUAL_DIFFERENCE * USUAL_DIFFERENCE / 2.0;

/// The variance of a candidate's own mean.
fn own_variance(distance: f64) -> f64 {
    distance * distance - SHARED
}

/// How likely each of the distances is, given the difference seen.
fn distances(gap: Gap) -> [f64; DISTANCES.len()] {
    let density = |distance: f64| {
        let variance = distance * distance + gap.scatter.expected.powi(2);
        (-gap.mean.powi(2) / (2.0 * variance)).exp() / variance.sqrt()
    };
    let densities = DISTANCES.map(density);
    let sum: f64 = densities.iter().sum();
    // So far off that nothing speaks for any: the largest.
    if sum > 0.0 { densities.map(|it| it / sum) } else { [0.0, 0.0, 0.0, 1.0] }
}

fn pick(chances: &[f64; DISTANCES.len()], stream: &mut SplitMix64) -> f64 {
    let mut left = stream.unit();
    let found = DISTANCES.iter().zip(chances).find(|(_, chance)| {
        left -= **chance;
        left < 0.0
    });
    *found.map_or(&DISTANCES[DISTANCES.len() - 1], |(distance, _)| distance)
}

#[cfg(test)]
mod tests {
    use eval_statistics::{Level, PairedCase, PairedTasks};

    use super::*;

    fn two(mean: f64, half: f64, tolerance: f64) -> Option<Outlook> {
        let of = |score, price| Contender { score, price: Some(price), eligible: true, meets: true };
        let contenders = [of(0.9, 1.0), of(0.9 - mean, 2.0)];
        let gaps = Gaps::new(2, |_, _| Gap::within(mean, mean - half, mean + half, Level::P95));
        outlook(&contenders, &gaps, tolerance, 100, 1)
    }

    #[test]
    fn a_clearer_difference_needs_fewer_cases() {
        let cases = |mean| two(mean, 0.05, 0.01).and_then(|outlook| outlook.low).expect("some number");
        assert!(cases(0.035) < cases(0.01), "{} {}", cases(0.035), cases(0.01));
        let range = two(0.03, 0.05, 0.01).expect("a difference");
        assert!(range.low < range.high, "{range:?}");
    }

    #[test]
    fn what_is_promised_is_enough_a_point_from_the_tolerance() {
        // The error of one case is 25.5 points; 1.96 + 1.28 errors fit into a point with 6,830 cases.
        let promised = two(0.035, 0.05, 0.01).and_then(|outlook| outlook.high);
        assert!(promised.is_some_and(|cases| cases >= 6_730), "{promised:?}");
    }

    #[test]
    fn fewer_cases_are_promised_only_for_a_truth_farther_from_the_tolerance() {
        let of = |price| Contender { score: 0.9, price: Some(price), eligible: true, meets: true };
        let promised = |mean: f64| {
            // Open because of a failure that may have been missed, and not because the differences scatter.
            let scatter = crate::decide::evenly(0.05);
            let gaps =
                Gaps::new(2, |_, _| Gap { scatter, ..Gap::within(mean, mean - 0.3, mean + 0.3, Level::P95) });
            outlook(&[of(1.0), of(2.0)], &gaps, 0.01, 100, 1).expect("a difference")
        };
        let (near, clear) = (promised(0.05), promised(0.25));
        assert_eq!((near.high, near.distance), (None, 0.01));
        assert!((clear.distance - (0.26 - 1.96 * 0.05)).abs() < 1e-3 && clear.high.is_some(), "{clear:?}");
    }

    #[test]
    fn no_number_is_made_up_where_too_many_would_be_needed() {
        let hopeless = two(-0.01, 0.2, 0.01).expect("a difference");
        assert_eq!(hopeless.high, None);
        assert_eq!(two(0.0, 1.0, 0.01).and_then(|outlook| outlook.high), None);
    }

    #[test]
    fn a_large_difference_on_five_cases_needs_no_hundreds_of_them() {
        let losses = [0.8333, 0.75, 0.6667, 0.2222, 0.2222];
        let cases: Vec<PairedCase> =
            (0..).zip(losses).map(|(at, loss)| PairedCase::single(at, 1.0 - loss, 1.0)).collect();
        let pairs = PairedTasks::new(&[&cases]).expect("there are cases");
        let gaps = Gaps::new(2, |_, _| Gap::of(&pairs, Level::P95));
        let of = |score| Contender { score, price: None, eligible: true, meets: true };
        let found = outlook(&[of(1.0), of(0.461)], &gaps, 0.01, 5, 1).expect("some number");
        assert!(
            found.low.is_some_and(|low| low <= 15) && found.high.is_some_and(|high| high <= 80),
            "{found:?}"
        );
    }

    #[test]
    fn figures_are_rounded_up_to_two_digits() {
        assert_eq!([3.2, 87.1, 123.0, 4_501.0].map(two_digits), [4, 88, 130, 4_600]);
    }
}
