//! Selective prediction: which answers can be accepted unseen, and with which promise.
//!
//! `right` is how right each answer is, from 0 to 1; its loss is what is missing to 1. `confidence` orders the answers;
//! one without is never accepted.

use eval_statistics::{Level, clopper_pearson};
use serde::Serialize;
use statrs::distribution::{Binomial, DiscreteCDF};

/// What rounding may do to a sum of losses.
const ROUNDING: f64 = 1e-12;

/// Risk against coverage at every threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskCoverage {
    /// By threshold, descending.
    pub curve: Curve,
    /// The risk if everything is accepted.
    pub risk_at_full_coverage: Option<f64>,
    /// The area under the curve: the mean risk of the k most confident, over all k; ties in random order.
    pub aurc: Option<f64>,
    /// The same for a perfect order.
    pub aurc_optimal: Option<f64>,
    /// What the order costs.
    pub eaurc: Option<f64>,
    /// The largest coverage with an *observed* risk of at most this: no promise.
    pub coverage_at_risk: Vec<CoverageAtRisk>,
}

/// The points of a risk–coverage curve.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Curve {
    /// The confidence from which on answers are accepted; missing where all are, sure or not.
    pub threshold: Vec<Option<f64>>,
    /// The share accepted.
    pub coverage: Vec<f64>,
    /// The mean loss of the accepted.
    pub risk: Vec<f64>,
}

/// The largest coverage with an observed risk of at most `risk`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoverageAtRisk {
    /// The bound.
    pub risk: f64,
    /// The share accepted.
    pub coverage: f64,
    /// From which confidence on.
    pub threshold: Option<f64>,
    /// How many.
    pub accepted: usize,
    /// Their mean loss.
    pub observed_risk: Option<f64>,
}

/// Answers of one confidence: they are accepted together.
struct Tie {
    threshold: Option<f64>,
    count: usize,
    loss: f64,
}

/// The most confident first, those without a confidence last.
fn ties(right: &[f64], confidence: &[Option<f64>]) -> Vec<Tie> {
    let mut order: Vec<(Option<f64>, f64)> =
        confidence.iter().zip(right).map(|(confidence, right)| (*confidence, 1.0 - right)).collect();
    let rank = |confidence: &Option<f64>| confidence.unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| b.0.is_some().cmp(&a.0.is_some()).then(rank(&b.0).total_cmp(&rank(&a.0))));
    let mut ties: Vec<Tie> = Vec::new();
    for (threshold, loss) in order {
        match ties.last_mut() {
            Some(tie) if tie.threshold == threshold => {
                tie.count += 1;
                tie.loss += loss;
            }
            _ => ties.push(Tie { threshold, count: 1, loss }),
        }
    }
    ties
}

/// Risk against coverage; undefined figures without answers.
#[must_use]
pub fn risk_coverage(right: &[f64], confidence: &[Option<f64>], risks: &[f64]) -> RiskCoverage {
    let n = right.len();
    let mut curve = Curve::default();
    let (mut count, mut loss, mut area) = (0_usize, 0.0, 0.0);
    let mut points = Vec::new();
    for tie in ties(right, confidence) {
        for within in 1..=tie.count {
            area += (loss + within as f64 * tie.loss / tie.count as f64) / (count + within) as f64;
        }
        count += tie.count;
        loss += tie.loss;
        curve.threshold.push(tie.threshold);
        curve.coverage.push(count as f64 / n as f64);
        curve.risk.push(loss / count as f64);
        points.push((tie.threshold, count));
    }
    let mut sorted: Vec<f64> = right.iter().map(|right| 1.0 - right).collect();
    sorted.sort_by(f64::total_cmp);
    let (mut sum, mut best) = (0.0, 0.0);
    for (before, loss) in sorted.iter().enumerate() {
        sum += loss;
        best += sum / (before + 1) as f64;
    }
    let mean = |area: f64| (n > 0).then(|| area / n as f64);
    let at = |risk: &f64| {
        let last = curve.risk.iter().rposition(|observed| *observed <= risk + ROUNDING);
        match last {
            None => CoverageAtRisk {
                risk: *risk,
                coverage: 0.0,
                threshold: None,
                accepted: 0,
                observed_risk: None,
            },
            Some(last) => CoverageAtRisk {
                risk: *risk,
                coverage: curve.coverage[last],
                threshold: points[last].0,
                accepted: points[last].1,
                observed_risk: Some(curve.risk[last]),
            },
        }
    };
    RiskCoverage {
        coverage_at_risk: risks.iter().map(at).collect(),
        risk_at_full_coverage: curve.risk.last().copied(),
        aurc: mean(area),
        aurc_optimal: mean(best),
        eaurc: mean(area - best),
        curve,
    }
}

/// Conformal risk control: a threshold for which the chance of "accepted and wrong" is at most α *per document*.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskControl {
    /// Answers.
    pub n: usize,
    /// Whether so many answers can keep the promise at all.
    pub feasible: bool,
    /// Accept from this confidence on; missing if nothing may be accepted.
    pub threshold: Option<f64>,
    /// The share accepted.
    pub coverage: f64,
    /// How many.
    pub accepted: usize,
    /// The share that is accepted and wrong.
    pub joint_risk: f64,
    /// The same with one more loss, which the promise rests on.
    pub corrected_risk: f64,
    /// The mean loss of the accepted: no promise is made about it.
    pub observed_risk: Option<f64>,
}

/// Conformal risk control of the joint loss.
#[must_use]
pub fn risk_control(right: &[f64], confidence: &[Option<f64>], alpha: f64) -> RiskControl {
    let n = right.len();
    let corrected = |loss: f64| (loss + 1.0) / (n as f64 + 1.0);
    let (mut count, mut loss) = (0_usize, 0.0);
    let mut chosen: Option<(f64, usize, f64)> = None;
    for tie in ties(right, confidence) {
        let Some(threshold) = tie.threshold else { break };
        count += tie.count;
        loss += tie.loss;
        if corrected(loss) <= alpha + ROUNDING {
            chosen = Some((threshold, count, loss));
        }
    }
    let (accepted, loss) = chosen.map_or((0, 0.0), |(_, accepted, loss)| (accepted, loss));
    let share = |part: f64| if n == 0 { 0.0 } else { part / n as f64 };
    RiskControl {
        n,
        feasible: corrected(0.0) <= alpha + ROUNDING,
        threshold: chosen.map(|(threshold, ..)| threshold),
        coverage: share(accepted as f64),
        accepted,
        joint_risk: share(loss),
        corrected_risk: corrected(loss),
        observed_risk: (accepted > 0).then(|| loss / accepted as f64),
    }
}

/// How the p of a threshold is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RiskBound {
    /// Exact for losses of 0 and 1.
    Binomial,
    /// For any losses between 0 and 1.
    HoeffdingBentkus,
}

/// In which order thresholds are tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Procedure {
    /// From the strictest on, until the first that fails.
    FixedSequence,
    /// All, each at δ over their number.
    Bonferroni,
}

/// The settings of [`learn_then_test`].
#[derive(Debug, Clone, PartialEq)]
pub struct LearnThenTest {
    /// The promised error among the accepted.
    pub risk: f64,
    /// The chance that the promise is broken.
    pub delta: f64,
    /// Descending, fixed before looking at the answers.
    pub thresholds: Vec<f64>,
    /// How p is bounded.
    pub bound: RiskBound,
    /// In which order.
    pub procedure: Procedure,
    /// Start where a test could succeed at all.
    pub skip_untestable: bool,
    /// Start where so many are accepted.
    pub min_accepted: usize,
}

/// What [`learn_then_test`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Learned {
    /// Answers.
    pub n: usize,
    /// By threshold: how many are accepted.
    pub accepted: Vec<usize>,
    /// By threshold: their summed loss.
    pub loss: Vec<f64>,
    /// By threshold: p of "the error among the accepted is above the risk".
    pub p: Vec<f64>,
    /// By threshold: whether the promise can be made.
    pub rejected: Vec<bool>,
    /// The threshold with the largest coverage among them.
    pub choice: Chosen,
}

/// A threshold with its promise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chosen {
    /// Accept from this confidence on; missing if no promise can be made.
    pub threshold: Option<f64>,
    /// The share accepted.
    pub coverage: f64,
    /// How many.
    pub accepted: usize,
    /// Their mean loss.
    pub observed_risk: Option<f64>,
    /// The upper bound of their true error (Clopper–Pearson, one-sided at δ), for losses of 0 and 1.
    pub upper_bound: Option<f64>,
}

/// Learn then Test: the thresholds at which the error among the accepted is below the risk, whatever the distribution.
#[must_use]
pub fn learn_then_test(right: &[f64], confidence: &[Option<f64>], settings: &LearnThenTest) -> Learned {
    let n = right.len();
    let sums = |threshold: &f64| {
        let taken = confidence.iter().zip(right);
        let taken = taken.filter(|(confidence, _)| confidence.is_some_and(|it| it >= *threshold));
        taken.fold((0_usize, 0.0), |(count, loss), (_, right)| (count + 1, loss + 1.0 - right))
    };
    let (accepted, loss): (Vec<usize>, Vec<f64>) = settings.thresholds.iter().map(sums).unzip();
    let p: Vec<f64> = accepted.iter().zip(&loss).map(|(n, loss)| p_of_risk(*n, *loss, settings)).collect();
    let rejected = rejected(&accepted, &p, settings);
    let best = (0..p.len()).filter(|at| rejected[*at]).max_by_key(|at| accepted[*at]);
    let choice = best.map_or(
        Chosen { threshold: None, coverage: 0.0, accepted: 0, observed_risk: None, upper_bound: None },
        |at| Chosen {
            threshold: Some(settings.thresholds[at]),
            coverage: if n == 0 { 0.0 } else { accepted[at] as f64 / n as f64 },
            accepted: accepted[at],
            observed_risk: (accepted[at] > 0).then(|| loss[at] / accepted[at] as f64),
            upper_bound: upper_bound(accepted[at], loss[at], settings),
        },
    );
    Learned { n, accepted, loss, p, rejected, choice }
}

fn rejected(accepted: &[usize], p: &[f64], settings: &LearnThenTest) -> Vec<bool> {
    match settings.procedure {
        Procedure::Bonferroni => {
            let level = settings.delta / p.len() as f64;
            p.iter().map(|p| *p <= level).collect()
        }
        Procedure::FixedSequence => {
            let testable = |count: usize| {
                count >= settings.min_accepted
                    && (!settings.skip_untestable
                        || (1.0 - settings.risk).powf(count as f64) <= settings.delta)
            };
            let start = accepted.iter().position(|count| testable(*count)).unwrap_or(p.len());
            let mut going = true;
            let test = |(at, p): (usize, &f64)| {
                going &= at < start || *p <= settings.delta;
                at >= start && going
            };
            p.iter().enumerate().map(test).collect()
        }
    }
}

fn p_of_risk(accepted: usize, loss: f64, settings: &LearnThenTest) -> f64 {
    if accepted == 0 {
        return 1.0;
    }
    let at_most = |wrong: f64| at_most(accepted, settings.risk, wrong);
    match settings.bound {
        RiskBound::Binomial => at_most((loss + ROUNDING).floor()),
        RiskBound::HoeffdingBentkus => {
            let n = accepted as f64;
            let observed = (loss / n).min(settings.risk);
            let hoeffding = (-n * divergence(observed, settings.risk)).exp();
            let bentkus = std::f64::consts::E * at_most((loss - ROUNDING).ceil());
            hoeffding.min(bentkus).min(1.0)
        }
    }
}

/// P(Bin(n, p) ≤ k).
fn at_most(n: usize, p: f64, k: f64) -> f64 {
    if k < 0.0 {
        return 0.0;
    }
    Binomial::new(p, n as u64).map_or(1.0, |it| it.cdf(k as u64))
}

/// a ln(a/b) + (1−a) ln((1−a)/(1−b)).
fn divergence(a: f64, b: f64) -> f64 {
    let part = |a: f64, b: f64| if a <= 0.0 { 0.0 } else { a * (a / b).ln() };
    part(a, b) + part(1.0 - a, 1.0 - b)
}

fn upper_bound(accepted: usize, loss: f64, settings: &LearnThenTest) -> Option<f64> {
    if settings.bound != RiskBound::Binomial {
        return None;
    }
    let wrong = (loss + ROUNDING).floor() as u64;
    // One-sided at δ is the upper end of the two-sided interval at 2 δ.
    let level = Level::from_alpha(2.0 * settings.delta).ok()?;
    clopper_pearson(wrong, accepted as u64, level).map(|interval| interval.high)
}
