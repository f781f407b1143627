use crate::binomial::Binomial;
use crate::distribution::{normal_cumulative, normal_quantile, normal_tail, student_quantile};
use crate::interval::Level;
use crate::moments::Moments;
use crate::paired::PairedCase;

/// Where the variance of a paired difference comes from.
///
/// V = ω² + σ²_A/K_A + σ²_B/K_B: more repeats shrink the last two, only more
/// cases shrink all three.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedVariance {
    /// Variance of the true difference between cases.
    pub between_cases: f64,
    /// Variance of a's repeats within a case.
    pub within_a: f64,
    /// Variance of b's repeats within a case.
    pub within_b: f64,
    /// Repeats of a per case.
    pub repeats_a: f64,
    /// Repeats of b per case.
    pub repeats_b: f64,
}

impl PairedVariance {
    /// Splits the variance seen in data into its parts; undefined below two cases.
    #[must_use]
    pub fn from_cases(cases: &[PairedCase]) -> Option<Self> {
        let differences: Moments = cases.iter().filter_map(PairedCase::difference).collect();
        let total = differences.variance()?;
        let mean = |part: &dyn Fn(&PairedCase) -> Option<f64>| {
            let values: Vec<f64> = cases.iter().filter_map(part).collect();
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        };
        let within_a = mean(&|case| case.a.variance()).unwrap_or(0.0);
        let within_b = mean(&|case| case.b.variance()).unwrap_or(0.0);
        let repeats_a = mean(&|case| Some(case.a.count() as f64))?;
        let repeats_b = mean(&|case| Some(case.b.count() as f64))?;
        let noise = within_a / repeats_a + within_b / repeats_b;
        let between_cases = (total - noise).max(0.0);
        Some(Self { between_cases, within_a, within_b, repeats_a, repeats_b })
    }

    /// V, the variance of one case's difference.
    #[must_use]
    pub fn per_case(&self) -> f64 {
        self.between_cases + self.within_a / self.repeats_a + self.within_b / self.repeats_b
    }

    /// Cases that show a true difference of `delta` with this power. Not rounded.
    #[must_use]
    pub fn cases(&self, delta: f64, level: Level, power: f64) -> Option<f64> {
        finite((level.z() + normal_quantile(power)).powi(2) * self.per_case() / (delta * delta))
    }

    /// The difference that `n` cases show with this power.
    #[must_use]
    pub fn detectable(&self, n: f64, level: Level, power: f64) -> Option<f64> {
        finite((level.z() + normal_quantile(power)) * (self.per_case() / n).sqrt())
    }

    /// The chance that `n` cases show a true difference of `delta`.
    #[must_use]
    pub fn power(&self, n: f64, delta: f64, level: Level) -> Option<f64> {
        finite(normal_tail(level.z() - delta / (self.per_case() / n).sqrt()))
    }
}

/// What decides the chance that [`compare`](crate::compare) finds a true difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerPlan {
    /// The true difference.
    pub difference: f64,
    /// Standard error of the estimate with this many documents.
    pub error: f64,
    /// Source documents.
    pub documents: u64,
    /// Share of documents on which the two differ at all; 1 for scores in between.
    pub differing: f64,
    /// Half the distance between possible means: 1/n for yes/no scores asked once,
    /// 0 for scores in between. A test that counts cannot use the part of a step.
    pub step: f64,
}

impl PowerPlan {
    /// Noncentral t by its normal approximation, times the chance of enough
    /// differing documents: with m of them no p is below 2 / 2^m.
    #[must_use]
    pub fn power(&self, level: Level) -> Option<f64> {
        let degrees = self.documents as f64 - 1.0;
        let critical = -student_quantile(level.tail(), degrees);
        let one_sided = |shift: f64| {
            let corrected = critical * (1.0 - 1.0 / (4.0 * degrees));
            let scale = (1.0 + critical * critical / (2.0 * degrees)).sqrt();
            normal_cumulative((shift / self.error - corrected) / scale)
        };
        let size = self.difference.abs();
        let found = one_sided(size - self.step) + one_sided(-size - self.step);
        let fewest = (1.0 - (1.0 - level.get()).log2()).ceil() as u64;
        let enough = 1.0 - Binomial::new(self.documents, self.differing).cumulative(fewest - 1);
        finite(found * enough)
    }
}

/// Exact chance that McNemar's exact test rejects, for independent yes/no cases.
///
/// `only_a` and `only_b` are the probabilities that a case is solved by one alone.
#[must_use]
pub fn mcnemar_power(n: u64, only_a: f64, only_b: f64, level: Level) -> Option<f64> {
    let discordant = only_a + only_b;
    if !(only_a >= 0.0 && only_b >= 0.0 && discordant > 0.0 && discordant <= 1.0) {
        return None;
    }
    let alpha = 1.0 - level.get();
    let power = Binomial::new(n, discordant)
        .outcomes()
        .filter(|(_, probability)| *probability > 1e-15)
        .map(|(count, probability)| probability * rejection(count, only_b / discordant, alpha))
        .sum();
    Some(power)
}

/// P(reject | this many discordant cases, each for b with probability `share`).
fn rejection(count: u64, share: f64, alpha: f64) -> f64 {
    let mut tail = 0.0;
    let critical = Binomial::new(count, 0.5)
        .outcomes()
        .map_while(|(k, probability)| {
            tail += probability;
            (2.0 * tail <= alpha).then_some(k)
        })
        .last();
    let Some(critical) = critical else { return 0.0 };
    let binomial = Binomial::new(count, share);
    let upper = 1.0 - binomial.cumulative(count - critical - 1);
    (binomial.cumulative(critical) + upper).clamp(0.0, 1.0)
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(got: Option<f64>, want: f64, tolerance: f64) {
        let got = got.expect("defined");
        assert!((got - want).abs() <= tolerance, "{got} is not {want}");
    }

    #[test]
    fn needs_six_discordant_cases_to_reject() {
        // P(Bin(10, ½) ≥ 6) = 386/1024, and every discordant case is for b.
        close(mcnemar_power(10, 0.0, 0.5, Level::P95), 386.0 / 1024.0, 1e-12);
        assert_eq!(mcnemar_power(10, 0.6, 0.6, Level::P95), None);
        assert_eq!(mcnemar_power(10, f64::NAN, 0.5, Level::P95), None);
    }

    #[test]
    fn approaches_the_normal_formula_with_many_documents() {
        let plan =
            PowerPlan { difference: 0.028, error: 0.01, documents: 100_000, differing: 1.0, step: 0.0 };
        close(plan.power(Level::P95), normal_tail(1.959_964 - 2.8), 1e-4);
    }

    #[test]
    fn knows_that_few_documents_cost_power() {
        // The noncentral t of scipy gives 0.80310 for n = 10, difference = sd.
        let plan = PowerPlan {
            difference: 1.0,
            error: 1.0 / 10f64.sqrt(),
            documents: 10,
            differing: 1.0,
            step: 0.0,
        };
        close(plan.power(Level::P95), 0.8031, 0.005);
    }

    #[test]
    fn finds_nothing_where_too_few_documents_differ() {
        let plan = PowerPlan { difference: 0.5, error: 1e-3, documents: 10, differing: 0.5, step: 0.0 };
        close(plan.power(Level::P95), 386.0 / 1024.0, 1e-9);
    }

    #[test]
    fn splits_the_variance_into_cases_and_repeats() {
        let case = |cluster, a: [f64; 2], b: [f64; 2]| PairedCase {
            cluster,
            a: a.into_iter().collect(),
            b: b.into_iter().collect(),
        };
        let cases = [case(0, [0.0, 1.0], [1.0, 1.0]), case(1, [0.0, 1.0], [0.0, 0.0])];
        let variance = PairedVariance::from_cases(&cases).expect("two cases");
        // Differences ±½: variance ½, of which ½ / 2 repeats is a's own noise.
        assert_eq!((variance.within_a, variance.within_b), (0.5, 0.0));
        assert_eq!((variance.between_cases, variance.per_case()), (0.25, 0.5));
    }
}
