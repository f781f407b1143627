use std::collections::HashMap;

use crate::distribution::{normal_tail, student_tail};
use crate::interval::{Interval, Level};
use crate::moments::Moments;

/// One score of one provider: a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation<'a> {
    /// The case; repeats of it share this.
    pub case: &'a str,
    /// The source document; cases of one document share this.
    pub cluster: &'a str,
    /// The score.
    pub value: f64,
}

/// One case with the repeats of both providers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedCase {
    /// Number of the source document.
    pub cluster: usize,
    /// Repeats of the first provider.
    pub a: Moments,
    /// Repeats of the second provider.
    pub b: Moments,
}

impl PairedCase {
    /// One score of each side.
    #[must_use]
    pub fn single(cluster: usize, a: f64, b: f64) -> Self {
        Self { cluster, a: std::iter::once(a).collect(), b: std::iter::once(b).collect() }
    }

    /// Mean of b minus mean of a; undefined if a side is empty or not finite.
    ///
    /// Repeats of the same scores in another order are alike: what rounding leaves of nothing is nothing.
    #[must_use]
    pub fn difference(&self) -> Option<f64> {
        let difference = self.b.mean()? - self.a.mean()?;
        Some(if difference.abs() < 1e-12 { 0.0 } else { difference })
    }
}

/// The cases that both providers have, and how many only one has.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairing {
    /// Shared cases, in the order of the first provider.
    pub cases: Vec<PairedCase>,
    /// Cases of the first provider alone.
    pub only_a: usize,
    /// Cases of the second provider alone.
    pub only_b: usize,
}

/// Matches two providers case by case; each case counts once, however often repeated.
#[must_use]
pub fn pair_cases(a: &[Observation<'_>], b: &[Observation<'_>]) -> Pairing {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut clusters: HashMap<&str, usize> = HashMap::new();
    let mut cases: Vec<PairedCase> = Vec::new();
    for observation in a {
        let next = clusters.len();
        let cluster = *clusters.entry(observation.cluster).or_insert(next);
        let number = *numbers.entry(observation.case).or_insert_with(|| {
            cases.push(PairedCase { cluster, a: Moments::default(), b: Moments::default() });
            cases.len() - 1
        });
        cases[number].a.push(observation.value);
    }
    let mut strangers = std::collections::HashSet::new();
    for observation in b {
        match numbers.get(observation.case) {
            Some(number) => cases[*number].b.push(observation.value),
            None => {
                strangers.insert(observation.case);
            }
        }
    }
    let before = cases.len();
    cases.retain(|case| case.b.count() > 0);
    Pairing { only_a: before - cases.len(), only_b: strangers.len(), cases }
}

/// The textbook figures of b − a, cases independent and asked once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedDifference {
    /// Mean of b − a.
    pub mean: f64,
    /// sd(b − a) / √n.
    pub error_paired: Option<f64>,
    /// What the error would be had the two been measured on different cases.
    pub error_unpaired: Option<f64>,
    /// Pearson's correlation; undefined if a side does not vary.
    pub correlation: Option<f64>,
    /// Mean ÷ paired error; undefined without spread.
    pub z: Option<f64>,
    /// Two-sided p of z under the normal.
    pub p_normal: Option<f64>,
    /// Two-sided p under Student's t with n − 1.
    pub p_student: Option<f64>,
    /// Mean ± z · paired error.
    pub interval: Option<Interval>,
}

/// Differences of two equally long lists; undefined if they differ in length,
/// are empty, or hold a value that is not finite.
#[must_use]
pub fn paired_difference(a: &[f64], b: &[f64], level: Level) -> Option<PairedDifference> {
    (a.len() == b.len()).then_some(())?;
    let left: Moments = a.iter().copied().collect();
    let right: Moments = b.iter().copied().collect();
    let differences: Moments = a.iter().zip(b).map(|(a, b)| b - a).collect();
    let mean = differences.mean()?;
    let error_paired = differences.standard_error();
    let squared = |side: &Moments| side.standard_error().map(|error| error * error);
    let z = error_paired.filter(|error| *error > 0.0).map(|error| mean / error);
    let degrees = differences.count() as f64 - 1.0;
    Some(PairedDifference {
        mean,
        error_paired,
        error_unpaired: squared(&left).zip(squared(&right)).map(|(a, b)| (a + b).sqrt()),
        correlation: correlation(a, b, &left, &right),
        z,
        p_normal: z.map(|z| 2.0 * normal_tail(z.abs())),
        p_student: z.map(|z| 2.0 * student_tail(z.abs(), degrees)),
        interval: differences.normal_interval(level),
    })
}

fn correlation(a: &[f64], b: &[f64], left: &Moments, right: &Moments) -> Option<f64> {
    let (mean_a, mean_b) = (left.mean()?, right.mean()?);
    let spread = left.deviation()? * right.deviation()?;
    let together: f64 = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum();
    let result = together / (a.len() as f64 - 1.0) / spread;
    (spread > 0.0 && result.is_finite()).then(|| result.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen<'a>(case: &'a str, value: f64) -> Observation<'a> {
        Observation { case, cluster: "document", value }
    }

    #[test]
    fn the_same_repeats_in_another_order_are_a_tie() {
        let orders = [[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [0.1, 0.7, 0.3], [0.7, 0.3, 0.1]];
        let case = |a: [f64; 3], b: [f64; 3]| PairedCase {
            cluster: 0,
            a: a.into_iter().collect(),
            b: b.into_iter().collect(),
        };
        for (a, b) in [(0, 1), (0, 2), (2, 0), (1, 2), (3, 4), (4, 3)] {
            assert_eq!(case(orders[a], orders[b]).difference(), Some(0.0), "{a} and {b}");
        }
    }

    #[test]
    fn averages_repeats_and_lists_strangers() {
        let a = [seen("one", 1.0), seen("one", 0.0), seen("two", 1.0), seen("three", 1.0)];
        let b = [seen("two", 0.5), seen("one", 1.0), seen("four", 1.0), seen("four", 0.0)];
        let pairing = pair_cases(&a, &b);
        let differences: Vec<_> = pairing.cases.iter().map(PairedCase::difference).collect();
        assert_eq!(differences, [Some(0.5), Some(-0.5)]);
        assert_eq!((pairing.only_a, pairing.only_b), (1, 1));
    }
}
