//! Cascades: a cheap candidate first, a dearer one where the first is not sure enough.
//!
//! Chosen and judged on the same cases, a policy looks better than it is: the held-out figures are the ones to print.

use serde::Serialize;

/// What each candidate did on each case. All lists have the same length.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates {
    /// By candidate, then by case: whether it was right.
    pub correct: Vec<Vec<bool>>,
    /// The cost, in whole units so that ties are ties.
    pub cost: Vec<Vec<u64>>,
    /// The confidence; without one it is never sure enough.
    pub confidence: Vec<Vec<Option<f64>>>,
}

/// A threshold for each candidate but the last; one without is left out.
pub type Thresholds = Vec<Option<f64>>;

/// What a policy gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The share of right answers.
    pub accuracy: Option<f64>,
    /// Its error over cases.
    pub accuracy_se: Option<f64>,
    /// The mean cost.
    pub cost: Option<f64>,
    /// Its error over cases.
    pub cost_se: Option<f64>,
    /// The share answered by each candidate.
    pub answered_share: Vec<Option<f64>>,
}

/// One candidate alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Single {
    /// The share of right answers.
    pub accuracy: Option<f64>,
    /// The mean cost.
    pub cost: Option<f64>,
}

/// A policy on one case.
#[derive(Debug, Clone, Copy)]
struct Played {
    right: bool,
    cost: u64,
    by: usize,
}

impl Candidates {
    /// Cases.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.correct.first().map_or(0, Vec::len)
    }

    fn play(&self, thresholds: &[Option<f64>], case: usize) -> Played {
        let last = self.correct.len() - 1;
        let mut cost = 0_u64;
        for (by, threshold) in thresholds.iter().enumerate().take(last) {
            let Some(threshold) = threshold else { continue };
            cost = cost.saturating_add(self.cost[by][case]);
            if self.confidence[by][case].is_some_and(|confidence| confidence >= *threshold) {
                return Played { right: self.correct[by][case], cost, by };
            }
        }
        let cost = cost.saturating_add(self.cost[last][case]);
        Played { right: self.correct[last][case], cost, by: last }
    }

    /// Each candidate alone.
    #[must_use]
    pub fn single(&self) -> Vec<Single> {
        let n = self.cases() as f64;
        let share = |sum: f64| (n > 0.0).then(|| sum / n);
        let one = |(correct, cost): (&Vec<bool>, &Vec<u64>)| Single {
            accuracy: share(correct.iter().filter(|right| **right).count() as f64),
            cost: share(cost.iter().map(|cost| *cost as f64).sum()),
        };
        self.correct.iter().zip(&self.cost).map(one).collect()
    }
}

fn outcome(played: &[Played], candidates: usize) -> Outcome {
    let n = played.len() as f64;
    let (accuracy, accuracy_se) = mean_and_error(played.iter().map(|it| f64::from(u8::from(it.right))));
    let (cost, cost_se) = mean_and_error(played.iter().map(|it| it.cost as f64));
    let share = |by: usize| (n > 0.0).then(|| played.iter().filter(|it| it.by == by).count() as f64 / n);
    Outcome { accuracy, accuracy_se, cost, cost_se, answered_share: (0..candidates).map(share).collect() }
}

fn mean_and_error(values: impl Iterator<Item = f64>) -> (Option<f64>, Option<f64>) {
    let moments: eval_statistics::Moments = values.collect();
    (moments.mean(), moments.standard_error())
}

/// What one policy gives, with the accuracy of each candidate where it answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Policy {
    /// Over all cases.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Each candidate alone.
    pub single: Vec<Single>,
    /// The share of right answers of each where it answered.
    pub accuracy_where_answered: Vec<Option<f64>>,
}

/// Carries out one policy.
#[must_use]
pub fn policy(candidates: &Candidates, thresholds: &[Option<f64>]) -> Policy {
    let played: Vec<Played> = (0..candidates.cases()).map(|case| candidates.play(thresholds, case)).collect();
    let count = candidates.correct.len();
    let where_answered = |by: usize| {
        let of = played.iter().filter(|it| it.by == by);
        mean_and_error(of.map(|it| f64::from(u8::from(it.right)))).0
    };
    Policy {
        outcome: outcome(&played, count),
        single: candidates.single(),
        accuracy_where_answered: (0..count).map(where_answered).collect(),
    }
}

/// What a policy is chosen for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Objective {
    /// The cheapest with at least this accuracy.
    MinCost(f64),
    /// The most accurate with at most this mean cost.
    MaxAccuracy(f64),
    /// The least cost with this much for a wrong answer.
    MinLoss(f64),
}

/// A policy chosen on one part of the cases and judged on another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fold {
    /// Its number.
    pub fold: u64,
    /// What was chosen on the others.
    pub thresholds: Thresholds,
    /// Whether that met the target there.
    pub feasible: bool,
    /// Cases of this fold.
    pub n: usize,
    /// The share of right answers in it.
    pub accuracy: Option<f64>,
    /// The mean cost in it.
    pub cost: Option<f64>,
}

/// The chosen policy, as it appears and as it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// What is chosen on all cases.
    pub thresholds: Thresholds,
    /// Whether it meets the target on them.
    pub feasible: bool,
    /// Chosen and judged on all cases: too good.
    pub apparent: Outcome,
    /// Chosen on other folds than judged on.
    pub held_out: Outcome,
    /// By fold.
    pub folds: Vec<Fold>,
    /// Apparent − held out.
    pub optimism_accuracy: Option<f64>,
    /// Held out − apparent.
    pub optimism_cost: Option<f64>,
    /// Each candidate alone.
    pub single: Vec<Single>,
}

/// All policies of the product of `grids`, the last grid fastest.
fn policies(grids: &[Vec<Option<f64>>]) -> Vec<Thresholds> {
    let mut all: Vec<Thresholds> = vec![Vec::new()];
    for grid in grids {
        all = all
            .into_iter()
            .flat_map(|start| {
                grid.iter().map(move |threshold| {
                    let mut policy = start.clone();
                    policy.push(*threshold);
                    policy
                })
            })
            .collect();
    }
    all
}

/// Chooses among the product of `grids`; `folds[i]` is the fold of case i.
#[must_use]
pub fn fit(candidates: &Candidates, grids: &[Vec<Option<f64>>], folds: &[u64], objective: Objective) -> Fit {
    let policies = policies(grids);
    let played: Vec<Vec<Played>> = policies
        .iter()
        .map(|policy| (0..candidates.cases()).map(|case| candidates.play(policy, case)).collect())
        .collect();
    let everything: Vec<usize> = (0..candidates.cases()).collect();
    let (chosen, feasible) = choose(&played, &everything, objective);
    let mut names = folds.to_vec();
    names.sort_unstable();
    names.dedup();
    let mut held_out: Vec<Played> = Vec::new();
    let mut lines = Vec::new();
    for fold in names {
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            everything.iter().partition(|case| folds[**case] == fold);
        let (chosen, feasible) = choose(&played, &outside, objective);
        let part: Vec<Played> = inside.iter().map(|case| played[chosen][*case]).collect();
        let of_it = outcome(&part, candidates.correct.len());
        lines.push(Fold {
            fold,
            thresholds: policies[chosen].clone(),
            feasible,
            n: part.len(),
            accuracy: of_it.accuracy,
            cost: of_it.cost,
        });
        held_out.extend(part);
    }
    let count = candidates.correct.len();
    let (apparent, held_out) = (outcome(&played[chosen], count), outcome(&held_out, count));
    let less = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
    Fit {
        thresholds: policies[chosen].clone(),
        feasible,
        optimism_accuracy: less(apparent.accuracy, held_out.accuracy),
        optimism_cost: less(held_out.cost, apparent.cost),
        apparent,
        held_out,
        folds: lines,
        single: candidates.single(),
    }
}

/// The number of the chosen policy and whether it meets the target; the first of equals.
fn choose(played: &[Vec<Played>], cases: &[usize], objective: Objective) -> (usize, bool) {
    let sums = |policy: &Vec<Played>| {
        cases.iter().fold((0_u64, 0_u128), |(right, cost), case| {
            (right + u64::from(policy[*case].right), cost + u128::from(policy[*case].cost))
        })
    };
    let all: Vec<(u64, u128)> = played.iter().map(sums).collect();
    let n = cases.len() as f64;
    let best = |key: &dyn Fn(usize) -> (f64, f64), of: &dyn Fn(usize) -> bool| {
        (0..all.len()).filter(|at| of(*at)).min_by(|a, b| {
            let (a, b) = (key(*a), key(*b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        })
    };
    let (right, cost) = (|at: usize| all[at].0 as f64, |at: usize| all[at].1 as f64);
    match objective {
        Objective::MinCost(target) => {
            let good = |at: usize| right(at) >= target * n - 1e-9;
            match best(&|at| (cost(at), -right(at)), &good) {
                Some(at) => (at, true),
                None => (best(&|at| (-right(at), cost(at)), &|_| true).unwrap_or(0), false),
            }
        }
        Objective::MaxAccuracy(target) => {
            let cheap = |at: usize| cost(at) <= target * n + 1e-9;
            match best(&|at| (-right(at), cost(at)), &cheap) {
                Some(at) => (at, true),
                None => (best(&|at| (cost(at), -right(at)), &|_| true).unwrap_or(0), false),
            }
        }
        Objective::MinLoss(target) => {
            let loss = |at: usize| cost(at) + target * (n - right(at));
            (best(&|at| (loss(at), cost(at)), &|_| true).unwrap_or(0), true)
        }
    }
}
