//! The rule of the verdict, apart from records.
//!
//! 1. A candidate that is shown to be worse by more than the tolerance than another, which is shown to meet the
//!    constraints, is out. (Who is shown to miss them takes no part.)
//! 2. The cheapest of the rest is recommended if it is shown to meet the constraints, and to be within the tolerance of
//!    every other one left. One that is not shown to beat a control cannot be recommended. It is a rival all the same: that
//!    little is known of it does not make it worse.
//! 3. Otherwise it is not settled, and more cases are needed.
//!
//! "Shown" means that the interval of the paired difference says so, at a level corrected for the number of rivals:
//! for the candidate that is best in truth these are all but itself, those included that constraints exclude: which these are
//! may be chosen after looking. A candidate that is worse than the best by more
//! than the tolerance is therefore recommended in less than 5 % of studies, and a cheaper one that is good enough is
//! out in less than 5 %, however many cases there are.

mod gauss;
mod outlook;
mod shifts;

use eval_statistics::{Level, PairedTasks, Scatter, Verdict, normal_quantile};

pub use outlook::{Outlook, outlook};
pub use shifts::{Shift, shifts};

/// A candidate as the rule sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contender {
    /// Its score, from 0 to 1.
    pub score: f64,
    /// What should be little: dollars or seconds. Unknown is dearer than anything.
    pub price: Option<f64>,
    /// Whether it may be recommended. One that is not shown to beat a control may not, but may still be the best.
    pub eligible: bool,
    /// Whether it is shown to meet the constraints, and not only not shown to miss them.
    pub meets: bool,
}

/// The score of one candidate minus that of another, with an interval at [`level_for`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// The difference as seen.
    pub mean: f64,
    /// Where the true one begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// How far that may be from what was seen.
    pub scatter: Scatter,
    /// What a report says of it, if it says anything: an end of the interval that is 0 does not tell.
    pub opinion: Option<Verdict>,
}

impl Gap {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self::unbounded(0.0);

    /// A difference as seen, from which nothing follows.
    #[must_use]
    pub const fn unbounded(mean: f64) -> Self {
        Self { mean, low: -1.0, high: 1.0, scatter: evenly(f64::INFINITY), opinion: None }
    }

    /// A difference of which an interval at this level is all that is known.
    #[must_use]
    pub fn within(mean: f64, low: f64, high: f64, level: Level) -> Self {
        let scatter = evenly((high - low) / 2.0 / -normal_quantile(level.tail()));
        Self { mean, low, high, scatter, opinion: None }
    }

    /// What the shared cases say of b − a.
    #[must_use]
    pub fn of(pairs: &PairedTasks, level: Level) -> Self {
        let mean = pairs.difference();
        match pairs.interval(level) {
            None => Self::unbounded(mean),
            Some(interval) => {
                let plain = Self::within(mean, interval.low, interval.high, level);
                let most = plain.scatter.largest;
                let scatter = pairs.scatter().map_or(plain.scatter, |it| Scatter {
                    expected: it.expected.min(most),
                    largest: it.largest.min(most),
                });
                Self { scatter, ..plain }
            }
        }
    }

    /// Whether it is bounded at all.
    #[must_use]
    pub fn is_bounded(self) -> bool {
        self.scatter.expected.is_finite()
    }

    /// The same where a report says this of it: a verdict that took one to be worse where its report does not, or the
    /// other way round, would be two answers.
    #[must_use]
    pub fn agreeing(self, opinion: Verdict) -> Self {
        if !self.is_bounded() {
            return self;
        }
        let (low, high) = match opinion {
            Verdict::Better => (self.low.max(0.0), self.high.max(0.0)),
            Verdict::Worse => (self.low.min(0.0), self.high.min(0.0)),
            Verdict::CannotTell => (self.low.min(0.0), self.high.max(0.0)),
        };
        Self { low, high, opinion: Some(opinion), ..self }
    }

    /// Whether it is shown to be a loss of more than this. Where every loss counts, what a report calls worse is one.
    #[must_use]
    pub fn is_loss_beyond(self, tolerance: f64) -> bool {
        self.high < -tolerance || (tolerance <= 0.0 && self.opinion == Some(Verdict::Worse))
    }

    /// The same from the other side.
    #[must_use]
    pub fn turned(self) -> Self {
        // Without the negative zero.
        let (mean, low, high) = (0.0 - self.mean, 0.0 - self.high, 0.0 - self.low);
        Self { mean, low, high, opinion: self.opinion.map(Verdict::turned), ..self }
    }
}

/// One figure for both.
const fn evenly(error: f64) -> Scatter {
    Scatter { expected: error, largest: error }
}

/// Every difference between some candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaps {
    count: usize,
    /// That of their intervals.
    level: Level,
    /// Row minus column.
    gaps: Vec<Gap>,
}

impl Gaps {
    /// Asks for each pair once: `of(one, other)` is one minus other, with `one < other`. The intervals are those of a family of
    /// no others.
    pub fn new(count: usize, of: impl FnMut(usize, usize) -> Gap) -> Self {
        Self::among(count, count, of)
    }

    /// The same where they are some of a family of candidates that are all compared with each other.
    pub fn among(family: usize, count: usize, mut of: impl FnMut(usize, usize) -> Gap) -> Self {
        let zero = Gap { mean: 0.0, low: 0.0, high: 0.0, scatter: evenly(0.0), opinion: None };
        let mut all = Self { count, level: level_for(family), gaps: vec![zero; count * count] };
        for one in 0..count {
            for other in one + 1..count {
                let gap = of(one, other);
                all.gaps[one * count + other] = gap;
                all.gaps[other * count + one] = gap.turned();
            }
        }
        all
    }

    /// The level of their intervals.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// The score of `one` minus that of `other`.
    #[must_use]
    pub fn between(&self, one: usize, other: usize) -> Gap {
        self.gaps[one * self.count + other]
    }
}

/// The level at which the differences between so many candidates are judged.
#[must_use]
pub fn level_for(candidates: usize) -> Level {
    let rivals = candidates.saturating_sub(1).max(1);
    Level::from_alpha(0.05 / rivals as f64).unwrap_or(Level::P95)
}

/// What the rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The best score as seen, among the eligible.
    pub leader: usize,
    /// The cheapest eligible one that is not out.
    pub pick: usize,
    /// Whether each candidate is shown to be worse than another by more than the tolerance.
    pub out: Vec<bool>,
    /// Those that `pick` is not shown to be within the tolerance of, the one it may lose most against first. The
    /// choice is settled if there are none.
    pub open: Vec<usize>,
    /// Whether `pick` may miss the constraints.
    pub in_doubt: bool,
}

impl Ruling {
    /// Who is recommended.
    #[must_use]
    pub fn recommended(&self) -> Option<usize> {
        (self.open.is_empty() && !self.in_doubt).then_some(self.pick)
    }
}

/// Applies the rule; nothing without eligible candidates.
#[must_use]
pub fn decide(contenders: &[Contender], gaps: &Gaps, tolerance: f64) -> Option<Ruling> {
    let everybody = 0..contenders.len();
    let eligible = || everybody.clone().filter(|one| contenders[*one].eligible);
    let leader = eligible().rev().max_by(|a, b| contenders[*a].score.total_cmp(&contenders[*b].score))?;
    let is_behind = |one: usize, other: usize| {
        contenders[other].meets && gaps.between(one, other).is_loss_beyond(tolerance)
    };
    let mut out: Vec<bool> =
        everybody.clone().map(|one| everybody.clone().any(|other| is_behind(one, other))).collect();
    // Pairs may stand on different cases and go round in a circle.
    if eligible().all(|one| out[one]) {
        out = vec![false; contenders.len()];
    }
    let left = || everybody.clone().filter(|one| !out[*one]);
    let pick = eligible()
        .filter(|one| !out[*one])
        .min_by(|a, b| cheapest_first(&contenders[*a], &contenders[*b]))?;
    let low = |rival: &usize| gaps.between(pick, *rival).low;
    let mut open: Vec<usize> = left().filter(|rival| *rival != pick && low(rival) < -tolerance).collect();
    open.sort_by(|a, b| low(a).total_cmp(&low(b)));
    Some(Ruling { leader, pick, out, open, in_doubt: !contenders[pick].meets })
}

/// By price, the better score first among equally cheap ones.
pub(crate) fn cheapest_first(a: &Contender, b: &Contender) -> std::cmp::Ordering {
    let price = |one: &Contender| one.price.unwrap_or(f64::INFINITY);
    price(a).total_cmp(&price(b)).then(b.score.total_cmp(&a.score))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Score and price of each, and a half width for all differences.
    fn ruling(contenders: &[(f64, f64)], half: f64, tolerance: f64) -> Ruling {
        let contenders: Vec<Contender> = contenders
            .iter()
            .map(|(score, price)| Contender {
                score: *score,
                price: Some(*price),
                eligible: true,
                meets: true,
            })
            .collect();
        let gaps = Gaps::new(contenders.len(), |one, other| {
            let mean = contenders[one].score - contenders[other].score;
            Gap::within(mean, mean - half, mean + half, Level::P95)
        });
        decide(&contenders, &gaps, tolerance).expect("there are candidates")
    }

    #[test]
    fn a_cheaper_candidate_within_the_tolerance_is_recommended() {
        let ruling = ruling(&[(0.92, 10.0), (0.918, 1.0)], 0.005, 0.01);
        assert_eq!((ruling.leader, ruling.recommended()), (0, Some(1)));
    }

    #[test]
    fn more_data_does_not_move_the_choice_to_a_dearer_one_within_the_tolerance() {
        for half in [0.005, 0.002, 0.000_1] {
            assert_eq!(ruling(&[(0.92, 10.0), (0.913, 1.0)], half, 0.02).recommended(), Some(1), "{half}");
        }
    }

    #[test]
    fn a_candidate_that_is_shown_to_be_worse_is_out() {
        let ruling = ruling(&[(0.92, 10.0), (0.8, 1.0)], 0.05, 0.01);
        assert_eq!((ruling.out.as_slice(), ruling.recommended()), (&[false, true][..], Some(0)));
    }

    #[test]
    fn where_every_loss_counts_a_candidate_that_a_report_calls_worse_is_out() {
        let of = |score, price| Contender { score, price: Some(price), eligible: true, meets: true };
        let ruling = |opinion, tolerance| {
            // The interval reaches beyond 0, and the test decides.
            let gaps = Gaps::new(2, |_, _| Gap::within(0.06, -0.01, 0.13, Level::P95).agreeing(opinion));
            decide(&[of(0.96, 9.0), of(0.9, 1.0)], &gaps, tolerance).expect("both are eligible")
        };
        let worse = ruling(Verdict::Better, 0.0);
        assert_eq!((worse.out.as_slice(), worse.recommended()), (&[false, true][..], Some(0)));
        assert_eq!(ruling(Verdict::CannotTell, 0.0).out, [false, false]);
        assert_eq!(
            ruling(Verdict::Better, 0.01).out,
            [false, false],
            "by more than the tolerance is not shown"
        );
    }

    #[test]
    fn neither_shown_is_not_settled() {
        let ruling = ruling(&[(0.92, 10.0), (0.889, 1.0)], 0.04, 0.01);
        assert_eq!((ruling.leader, ruling.pick, ruling.open.as_slice()), (0, 1, &[0][..]));
        assert_eq!(ruling.recommended(), None);
    }

    #[test]
    fn the_best_and_cheapest_still_has_to_be_shown() {
        let ruling = ruling(&[(0.92, 1.0), (0.91, 2.0)], 0.3, 0.01);
        assert_eq!((ruling.leader, ruling.pick, ruling.recommended()), (0, 0, None));
    }

    #[test]
    fn equals_of_one_price_are_chosen_by_score_and_one_alone_is_chosen() {
        assert_eq!(ruling(&[(0.918, 0.0), (0.92, 0.0)], 0.001, 0.01).recommended(), Some(1));
        assert_eq!(ruling(&[(0.5, 3.0)], 0.001, 0.01).recommended(), Some(0));
        assert_eq!(decide(&[], &Gaps::new(0, |_, _| Gap::UNKNOWN), 0.01), None);
    }

    #[test]
    fn a_rival_of_which_little_is_known_cannot_win_and_can_keep_another_from_it() {
        let of = |score, eligible| Contender { score, price: Some(1.0), eligible, meets: true };
        let ruling = |low| {
            let gaps = Gaps::new(2, |_, _| Gap::within(0.2, low, 0.4, Level::P95));
            decide(&[of(0.9, true), of(0.7, false)], &gaps, 0.01).expect("one is eligible")
        };
        assert_eq!((ruling(0.005).recommended(), ruling(-0.1).recommended()), (Some(0), None));
        let gaps = Gaps::new(2, |_, _| Gap::within(0.0, 0.0, 0.0, Level::P95));
        assert_eq!(decide(&[of(0.9, false), of(0.7, false)], &gaps, 0.01), None);
    }

    #[test]
    fn a_dearer_equal_is_not_recommended_because_the_cheaper_one_may_miss_a_constraint() {
        let of = |price, meets| Contender { score: 0.9, price: Some(price), eligible: true, meets };
        let gaps = Gaps::new(2, |_, _| Gap::within(0.0, -0.001, 0.001, Level::P95));
        let ruling = decide(&[of(1.0, false), of(9.0, true)], &gaps, 0.01).expect("both are eligible");
        assert_eq!((ruling.pick, ruling.in_doubt, ruling.recommended()), (0, true, None));
        let ruling = decide(&[of(1.0, true), of(9.0, false)], &gaps, 0.01).expect("both are eligible");
        assert_eq!(ruling.recommended(), Some(0));
    }

    #[test]
    fn one_that_may_miss_a_constraint_puts_nobody_out() {
        let of = |score, price, meets| Contender { score, price: Some(price), eligible: true, meets };
        let gaps = Gaps::new(2, |_, _| Gap::within(0.3, 0.2, 0.4, Level::P95));
        let ruling = decide(&[of(0.9, 9.0, false), of(0.6, 1.0, true)], &gaps, 0.01);
        let ruling = ruling.expect("both are eligible");
        assert_eq!((ruling.out, ruling.open, ruling.pick), (vec![false, false], vec![0], 1));
    }

    #[test]
    fn an_unknown_price_is_dearer_than_anything() {
        let of = |price| Contender { score: 0.9, price, eligible: true, meets: true };
        let contenders = [of(None), of(Some(9.0))];
        let gaps = Gaps::new(2, |_, _| Gap::within(0.0, -0.001, 0.001, Level::P95));
        assert_eq!(decide(&contenders, &gaps, 0.01).and_then(|ruling| ruling.recommended()), Some(1));
    }
}
