//! How many cases a comparison needs, and what cases of one document are worth.

use eval_statistics::{Moments, normal_quantile, student_quantile};
use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};
use statrs::function::gamma::ln_gamma;

/// The intra-class correlation of scores in documents, one-way.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Icc {
    /// Scores.
    pub n: usize,
    /// Documents.
    pub n_clusters: usize,
    /// Σn²/n of the documents' sizes.
    pub cluster_size_kish: Option<f64>,
    /// Mean square between documents.
    pub msb: Option<f64>,
    /// Mean square within documents.
    pub msw: Option<f64>,
    /// The size that stands for all in the variance components.
    pub k0: Option<f64>,
    /// The correlation.
    pub icc: Option<f64>,
    /// F of "the documents are alike".
    pub f: Option<f64>,
    /// Its p.
    pub p: Option<f64>,
    /// The interval of the correlation; exact for documents of one size.
    pub icc_ci: [Option<f64>; 2],
    /// By how much the documents widen an error, squared.
    pub design_effect: Option<f64>,
    /// Independent scores that say as much.
    pub n_effective: Option<f64>,
}

/// The intra-class correlation of `scores`, where `clusters[i]` numbers the document of the i-th.
#[must_use]
pub fn icc(scores: &[f64], clusters: &[usize], confidence: f64) -> Icc {
    let mut groups: Vec<(usize, Vec<f64>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (score, cluster) in scores.iter().zip(clusters) {
        let place = *places.entry(*cluster).or_insert_with(|| {
            groups.push((*cluster, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(*score);
    }
    let (n, count) = (scores.len(), groups.len());
    let mut out = Icc { n, n_clusters: count, ..Icc::default() };
    if n == 0 {
        return out;
    }
    let size = |group: &(usize, Vec<f64>)| group.1.len() as f64;
    let kish = groups.iter().map(|group| size(group).powi(2)).sum::<f64>() / n as f64;
    out.cluster_size_kish = Some(kish);
    if count < 2 {
        return out;
    }
    let all = scores.iter().sum::<f64>() / n as f64;
    let mean = |group: &(usize, Vec<f64>)| group.1.iter().sum::<f64>() / size(group);
    let between: f64 = groups.iter().map(|group| size(group) * (mean(group) - all).powi(2)).sum();
    let within: f64 = groups
        .iter()
        .map(|group| {
            let mean = mean(group);
            group.1.iter().map(|score| (score - mean).powi(2)).sum::<f64>()
        })
        .sum();
    let degrees = [(count - 1) as f64, (n - count) as f64];
    let k0 = (n as f64 - kish) / degrees[0];
    let is_constant = scores.iter().all(|score| *score == scores[0]);
    let msb = if is_constant { 0.0 } else { between / degrees[0] };
    if degrees[1] == 0.0 {
        return Icc { design_effect: Some(1.0), n_effective: Some(n as f64), ..out };
    }
    out.msb = Some(msb);
    out.k0 = Some(k0);
    // What rounding leaves of documents whose scores are all equal is nothing.
    let same = groups.iter().all(|group| group.1.iter().all(|score| *score == group.1[0]));
    let msw = if same { 0.0 } else { within / degrees[1] };
    out.msw = Some(msw);
    if is_constant {
        return out;
    }
    let icc = (msb - msw) / (msb + (k0 - 1.0) * msw);
    out.icc = Some(icc);
    if msw > 0.0 {
        let f = msb / msw;
        out.f = Some(f);
        out.p = FisherSnedecor::new(degrees[0], degrees[1]).ok().map(|it| it.sf(f));
        let tail = (1.0 - confidence) / 2.0;
        let end = |f: f64| (f - 1.0) / (f + k0 - 1.0);
        let low = f_upper(tail, degrees[0], degrees[1]).map(|q| end(f / q));
        let high = f_upper(tail, degrees[1], degrees[0]).map(|q| end(f * q));
        out.icc_ci = [low, high];
    }
    let effect = 1.0 + (kish - 1.0) * icc.max(0.0);
    out.design_effect = Some(effect);
    out.n_effective = Some(n as f64 / effect);
    out
}

/// The x that F exceeds with a chance of `tail`.
fn f_upper(tail: f64, a: f64, b: f64) -> Option<f64> {
    let distribution = FisherSnedecor::new(a, b).ok()?;
    Some(exceeded(|x| distribution.sf(x), tail))
}

/// Where a falling tail reaches a chance, to the last digit.
fn exceeded(tail: impl Fn(f64) -> f64, chance: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    while tail(high) > chance && high < 1e300 {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        if tail(middle) > chance {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// What a pilot says about the size of a study.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RequiredCases {
    /// Pairs of the pilot.
    pub pilot_n: usize,
    /// Mean of b − a.
    pub mean_diff: Option<f64>,
    /// Its standard deviation.
    pub sd: Option<f64>,
    /// By the normal approximation.
    pub n_normal: Option<f64>,
    /// Rounded up.
    pub n_normal_ceil: Option<u64>,
    /// The smallest n at which the paired t-test has the power.
    pub n_t: Option<u64>,
    /// From a finite set of cases.
    pub n_population: Option<f64>,
    /// Rounded up.
    pub n_population_ceil: Option<u64>,
    /// The upper 80 % bound of the deviation.
    pub sd_upper_80: Option<f64>,
    /// With that one: for pilots below fifty.
    pub n_conservative: Option<f64>,
    /// Rounded up.
    pub n_conservative_ceil: Option<u64>,
    /// Of the documents, for the differences.
    pub design_effect: Option<f64>,
    /// With that.
    pub n_clustered: Option<f64>,
    /// Rounded up.
    pub n_clustered_ceil: Option<u64>,
}

/// The settings of [`required_cases`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// The error rate, two-sided.
    pub alpha: f64,
    /// The power.
    pub power: f64,
    /// The difference to find.
    pub delta: f64,
    /// All cases there are.
    pub population: Option<f64>,
}

/// How many cases find a difference of `delta`, from the differences of a pilot and the documents they come from.
#[must_use]
pub fn required_cases(differences: &[f64], clusters: Option<&[usize]>, wanted: &Wanted) -> RequiredCases {
    let moments: Moments = differences.iter().copied().collect();
    let n = differences.len();
    let mut out = RequiredCases { pilot_n: n, mean_diff: moments.mean(), ..RequiredCases::default() };
    if n < 2 {
        return out;
    }
    let (least, most) = differences
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), it| (least.min(*it), most.max(*it)));
    if most - least <= 1e-10 {
        return RequiredCases { sd: Some(0.0), ..out };
    }
    let Some(sd) = moments.deviation() else { return out };
    out.sd = Some(sd);
    let z = -normal_quantile(wanted.alpha / 2.0) + normal_quantile(wanted.power);
    let cases = |sd: f64| (z * sd / wanted.delta).powi(2);
    let ceil = |cases: f64| cases.ceil() as u64;
    let normal = cases(sd);
    out.n_normal = Some(normal);
    out.n_normal_ceil = Some(ceil(normal));
    out.n_t = cases_by_t(sd / wanted.delta.abs(), wanted);
    let degrees = (n - 1) as f64;
    let lower = ChiSquared::new(degrees).ok().map(|it| exceeded(|x| it.sf(x), 0.8));
    let upper = lower.map(|lower| sd * (degrees / lower).sqrt());
    out.sd_upper_80 = upper;
    out.n_conservative = upper.map(cases);
    out.n_conservative_ceil = out.n_conservative.map(ceil);
    let effect = clusters.and_then(|clusters| icc(differences, clusters, 0.95).design_effect);
    out.design_effect = effect;
    out.n_clustered = effect.map(|effect| normal * effect);
    out.n_clustered_ceil = out.n_clustered.map(ceil);
    let wanted_cases = out.n_clustered.unwrap_or(normal);
    out.n_population = wanted.population.map(|all| wanted_cases / (1.0 + wanted_cases / all));
    out.n_population_ceil = out.n_population.map(ceil);
    out
}

/// The smallest n of at least 2 at which the paired t-test finds 1 in `sd` with the power.
fn cases_by_t(sd: f64, wanted: &Wanted) -> Option<u64> {
    const MOST: u64 = 1 << 50;
    let enough = |n: u64| power_of_t(n, sd, wanted.alpha) >= wanted.power;
    let mut high = 2;
    while !enough(high) {
        high *= 2;
        if high > MOST {
            return None;
        }
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high.max(2))
}

/// Both tails of the noncentral t, integrated over the deviation that a study happens to see.
fn power_of_t(n: u64, sd: f64, alpha: f64) -> f64 {
    const STEPS: usize = 2_000;
    let degrees = (n - 1) as f64;
    let shift = (n as f64).sqrt() / sd;
    let critical = -student_quantile(alpha / 2.0, degrees);
    // Density of s = √(χ²/degrees).
    let constant = 2.0_f64.ln() + degrees / 2.0 * (degrees / 2.0).ln() - ln_gamma(degrees / 2.0);
    let density = |s: f64| (constant + (degrees - 1.0) * s.ln() - degrees * s * s / 2.0).exp();
    let width = 12.0 / (2.0 * degrees).sqrt();
    let (from, to) = ((1.0 - width).max(1e-12), 1.0 + width);
    let step = (to - from) / STEPS as f64;
    let value = |at: usize| {
        let s = from + step * at as f64;
        let tails = eval_statistics::normal_tail(critical * s - shift)
            + eval_statistics::normal_tail(critical * s + shift);
        density(s) * tails
    };
    let sum: f64 = (0..=STEPS)
        .map(|at| {
            let weight = if at == 0 || at == STEPS {
                1.0
            } else if at % 2 == 1 {
                4.0
            } else {
                2.0
            };
            weight * value(at)
        })
        .sum();
    sum * step / 3.0
}
