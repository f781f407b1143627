//! Corrected means where several cases are of one document.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::{Data, Settings, around, mean, squares, t_of};

/// A corrected mean over documents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clustered {
    /// Labelled cases.
    pub n: usize,
    /// The others.
    pub n_unlabelled: usize,
    /// Documents.
    pub clusters: usize,
    /// With a labelled case.
    pub clusters_labelled: usize,
    /// With another.
    pub clusters_unlabelled: usize,
    /// How much the judge counts.
    pub lambda: f64,
    /// The corrected mean.
    pub estimate: Option<f64>,
    /// Its error, linearised.
    pub se_linearised: Option<f64>,
    /// Its error, by leaving out whole documents: the one to use.
    pub se_jackknife: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<i64>,
    /// The interval of the linearised error.
    pub ci_linearised: [Option<f64>; 2],
    /// The interval to use.
    pub ci_jackknife: [Option<f64>; 2],
    /// The error as if there were no documents.
    pub se_ignoring_clusters: Option<f64>,
}

/// The corrected mean of cases in documents; `clusters[i]` numbers the document of the i-th case.
#[must_use]
pub fn corrected_clustered_mean(
    cases: &[(Option<f64>, f64)],
    clusters: &[usize],
    settings: &Settings,
) -> Clustered {
    let data = Data::new(cases);
    let lambda = data.shrunken(settings);
    let estimate = data.estimate(lambda);
    let documents = distinct(clusters.iter().copied());
    let with = |labelled: bool| {
        let all = cases.iter().zip(clusters);
        distinct(all.filter(|((human, _), _)| human.is_some() == labelled).map(|(_, cluster)| *cluster))
    };
    let (labelled, unlabelled) = (with(true), with(false));
    let enough = labelled.len() >= 2 && !(unlabelled.len() == 1 && lambda > 0.0);
    let linearised = estimate.filter(|_| enough).map(|_| {
        let counts = [labelled.len() as f64, unlabelled.len() as f64];
        linearised(cases, clusters, &data, lambda, counts)
    });
    let jackknife = estimate
        .filter(|_| enough)
        .and_then(|estimate| jackknife(cases, clusters, (&documents, &labelled), estimate, settings));
    let df = (labelled.len() >= 2).then_some(labelled.len() as i64 - 1);
    let half = |se: Option<f64>| se.zip(df).map(|(se, df)| t_of(settings.confidence, df as f64) * se);
    Clustered {
        n: data.human.len(),
        n_unlabelled: data.others.len(),
        clusters: documents.len(),
        clusters_labelled: labelled.len(),
        clusters_unlabelled: unlabelled.len(),
        lambda,
        estimate,
        se_linearised: linearised,
        se_jackknife: jackknife,
        df,
        ci_linearised: around(estimate, half(linearised)),
        ci_jackknife: around(estimate, half(jackknife)),
        se_ignoring_clusters: ignoring_clusters(&data, lambda),
    }
}

/// In order, each once.
fn distinct(documents: impl Iterator<Item = usize>) -> Vec<usize> {
    documents.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The error by leaving out each document, one after the other.
fn jackknife(
    cases: &[(Option<f64>, f64)],
    clusters: &[usize],
    (documents, labelled): (&[usize], &[usize]),
    estimate: f64,
    settings: &Settings,
) -> Option<f64> {
    let all = documents.len() as f64;
    let mut sum = 0.0;
    for document in documents {
        let rest: Vec<(Option<f64>, f64)> = cases
            .iter()
            .zip(clusters)
            .filter(|(_, cluster)| *cluster != document)
            .map(|(case, _)| *case)
            .collect();
        let rest = Data::new(&rest);
        let without = rest.estimate(rest.shrunken(settings))?;
        let count = if labelled.binary_search(document).is_ok() { labelled.len() as f64 } else { all };
        sum += (count - 1.0) / count * (without - estimate).powi(2);
    }
    Some(sum.sqrt())
}

/// Both parts of a document stay in one square, so that one with labelled and other pages is right, too.
fn linearised(
    cases: &[(Option<f64>, f64)],
    clusters: &[usize],
    data: &Data,
    lambda: f64,
    [labelled, unlabelled]: [f64; 2],
) -> f64 {
    let n = data.human.len() as f64;
    let rest = data.residuals(lambda).sum::<f64>() / n;
    let judged = if data.others.is_empty() { 0.0 } else { mean(&data.others) };
    let factor = |count: f64| if count > 1.0 { (count / (count - 1.0)).sqrt() } else { 0.0 };
    let mut sums: HashMap<usize, f64> = HashMap::new();
    for ((human, judge), cluster) in cases.iter().zip(clusters) {
        let part = match human {
            Some(human) => factor(labelled) * (human - lambda * judge - rest) / n,
            None => factor(unlabelled) * lambda * (judge - judged) / data.others.len() as f64,
        };
        *sums.entry(*cluster).or_default() += part;
    }
    let mut parts: Vec<f64> = sums.into_values().collect();
    parts.sort_by(f64::total_cmp);
    parts.iter().map(|part| part * part).sum::<f64>().sqrt()
}

fn ignoring_clusters(data: &Data, lambda: f64) -> Option<f64> {
    let n = data.human.len();
    (n >= 2).then(|| {
        let residuals: Vec<f64> = data.residuals(lambda).collect();
        let part = |values: &[f64]| match values.len() {
            0 | 1 => 0.0,
            count => squares(values) / (count as f64 - 1.0) / count as f64,
        };
        (lambda.powi(2) * part(&data.others) + part(&residuals)).sqrt()
    })
}
