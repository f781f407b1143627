use super::{Comparison, Interval, Level, Method, PairedCase, TestMethod};
use crate::cluster::ClusteredSample;
use crate::distribution::{student_quantile, student_tail};
use crate::mcnemar::fair_coin;
use crate::permutation::{EXACT_LIMIT, sign_flip_exact, sign_flip_sampled};

/// Beyond this many differing documents the sampled test costs more than it tells.
const SAMPLED_LIMIT: usize = 5_000;

/// The differences of one comparison, summed by source document.
pub(super) struct Differences {
    pub(super) n: usize,
    pub(super) mean: f64,
    pub(super) better: usize,
    pub(super) worse: usize,
    sums: Vec<f64>,
    sample: ClusteredSample,
}

/// An interval with the error and the degrees of freedom behind it.
pub(super) struct Spread {
    pub(super) error: f64,
    pub(super) degrees: f64,
    pub(super) interval: Interval,
}

impl Differences {
    pub(super) fn new(cases: &[PairedCase]) -> Option<Self> {
        let values: Vec<f64> = cases.iter().map(PairedCase::difference).collect::<Option<_>>()?;
        let pairs = cases.iter().map(|case| case.cluster).zip(values.iter().copied());
        let sample = ClusteredSample::from_pairs(pairs);
        Some(Self {
            n: values.len(),
            mean: sample.moments().mean()?,
            better: values.iter().filter(|value| **value > 0.0).count(),
            worse: values.iter().filter(|value| **value < 0.0).count(),
            sums: sample.sums().collect(),
            sample,
        })
    }

    pub(super) fn clusters(&self) -> usize {
        self.sums.len()
    }

    /// Flips whole documents: under "no difference" a and b could swap names there.
    pub(super) fn test(&self, settings: &Comparison) -> (TestMethod, f64) {
        let moving: Vec<f64> = self.sums.iter().copied().filter(|sum| sum.abs() > 1e-12).collect();
        let Some(first) = moving.first() else { return (TestMethod::NoDifference, 1.0) };
        if moving.iter().all(|sum| (sum.abs() - first.abs()).abs() <= 1e-12) {
            let ups = moving.iter().filter(|sum| **sum > 0.0).count() as u64;
            let all = moving.len() as u64;
            return (TestMethod::ExactMcNemar, fair_coin(ups.min(all - ups), all));
        }
        let undefined = 1.0;
        if moving.len() <= EXACT_LIMIT {
            let exact = sign_flip_exact(&moving).map_or(undefined, |flips| flips.two_sided);
            (TestMethod::ExactSignFlip, exact)
        } else if moving.len() <= SAMPLED_LIMIT {
            let p = sign_flip_sampled(&moving, settings.resamples, settings.seed);
            (TestMethod::SampledSignFlip, p.unwrap_or(undefined))
        } else {
            (TestMethod::StudentT, self.student_p().unwrap_or(undefined))
        }
    }

    fn student_p(&self) -> Option<f64> {
        let error = self.sample.error()?;
        Some(2.0 * student_tail((self.mean / error.cr2?).abs(), error.degrees?))
    }

    /// Student's t where the differences show their spread, Bonett–Price where they hide it.
    pub(super) fn spread(&self, level: Level) -> Option<Spread> {
        if self.clusters() < 2 {
            return None;
        }
        if self.is_sparse() { self.bonett_price(level) } else { self.student(level) }
    }

    /// Mostly no difference, or only whole steps of one size: a yes/no comparison.
    fn is_sparse(&self) -> bool {
        let moving = self.sums.iter().filter(|sum| **sum != 0.0);
        let largest = moving.clone().fold(0.0, |largest: f64, sum| largest.max(sum.abs()));
        let one_size = moving.clone().all(|sum| (sum.abs() - largest).abs() <= 1e-12);
        one_size || 2 * moving.count() < self.clusters()
    }

    fn student(&self, level: Level) -> Option<Spread> {
        let error = self.sample.error()?;
        let (error, degrees) = (error.cr2?, error.degrees?);
        let half = -student_quantile(level.tail(), degrees) * error;
        let interval = Interval::around(self.mean, half, level, Method::StudentT);
        Some(Spread { error, degrees, interval })
    }

    /// Adds one document for each side, as large as the differences that were seen.
    ///
    /// For yes/no cases of one document each this is Bonett and Price's interval.
    fn bonett_price(&self, level: Level) -> Option<Spread> {
        let moving = self.sums.iter().filter(|sum| **sum != 0.0).count();
        let squares: f64 = self.sums.iter().map(|sum| sum * sum).sum();
        let size = self.n as f64 / self.clusters() as f64;
        // Where nothing differs, the next difference may be as large as a score.
        let step = if moving == 0 { size } else { (squares / moving as f64).sqrt() };
        let n = self.n as f64 + 2.0 * size;
        let middle = self.sums.iter().sum::<f64>() / n;
        let residuals = self.sample.residual_squares(middle)
            + (step - size * middle).powi(2)
            + (step + size * middle).powi(2);
        let error = residuals.sqrt() / n;
        let interval = Interval::around(middle, level.z() * error, level, Method::BonettPrice);
        let degrees = self.clusters() as f64 + 1.0;
        Some(Spread { error, degrees, interval: interval.clipped(-step.max(1.0), step.max(1.0)) })
    }
}
