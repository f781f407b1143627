/// Holm's step-down: bounds the chance of any false alarm, for any dependence.
///
/// All four return adjusted p in the order given, capped at 1: reject where the
/// adjusted p is at most alpha. NaN counts as 1: a test that could not be
/// computed found nothing, but was asked.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    step_down(p, |p, rank, n| p * (n - rank) as f64)
}

/// Holm's procedure with weights: a test of twice the weight may use twice the error. What a rejected test used goes to
/// the others. With equal weights it is [`holm`].
///
/// Tests without a positive weight are never rejected.
#[must_use]
pub fn holm_weighted(tests: &[(f64, f64)]) -> Vec<f64> {
    let ratio = |at: usize| clean(tests[at].0) / tests[at].1.max(f64::MIN_POSITIVE);
    let mut order: Vec<usize> = (0..tests.len()).collect();
    order.sort_by(|a, b| ratio(*a).total_cmp(&ratio(*b)));
    let mut adjusted = vec![0.0; tests.len()];
    let mut remaining: f64 = tests.iter().map(|(_, weight)| weight.max(0.0)).sum();
    let mut largest: f64 = 0.0;
    for at in order {
        largest = largest.max(ratio(at) * remaining);
        adjusted[at] = largest.min(1.0);
        remaining -= tests[at].1.max(0.0);
    }
    adjusted
}

/// Bonferroni: every p times the number of tests.
#[must_use]
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    p.iter().map(|one| (clean(*one) * p.len() as f64).min(1.0)).collect()
}

/// Hochberg's step-up: Holm's factors from the other end; needs independent tests.
#[must_use]
pub fn hochberg(p: &[f64]) -> Vec<f64> {
    step_up(p, |p, rank, n| p * (n - rank) as f64)
}

/// Benjamini–Hochberg: bounds the expected share of false alarms among the alarms.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    step_up(p, |p, rank, n| p / ((rank + 1) as f64 / n as f64))
}

fn step_down(p: &[f64], factor: impl Fn(f64, usize, usize) -> f64) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![0.0; p.len()];
    let mut largest: f64 = 0.0;
    for (rank, index) in order.into_iter().enumerate() {
        largest = largest.max(factor(clean(p[index]), rank, p.len()));
        adjusted[index] = largest.min(1.0);
    }
    adjusted
}

fn step_up(p: &[f64], factor: impl Fn(f64, usize, usize) -> f64) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![0.0; p.len()];
    let mut smallest: f64 = 1.0;
    for (rank, index) in order.into_iter().enumerate().rev() {
        smallest = smallest.min(factor(clean(p[index]), rank, p.len()));
        adjusted[index] = smallest;
    }
    adjusted
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| clean(p[*a]).total_cmp(&clean(p[*b])));
    order
}

fn clean(p: f64) -> f64 {
    if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_an_uncomputable_test_as_asked_but_silent() {
        assert_eq!(holm(&[0.01, f64::NAN]), [0.02, 1.0]);
        assert_eq!(bonferroni(&[0.01, f64::NAN]), [0.02, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn weights_share_out_the_error_and_hand_it_on() {
        let p = [0.01, 0.04, 0.03, 0.5];
        let equal: Vec<f64> = holm_weighted(&p.map(|p| (p, 0.25)));
        holm(&p).iter().zip(&equal).for_each(|(a, b)| assert!((a - b).abs() < 1e-12));
        // Three quarters for the first: 0.03 / 0.75. The rest then stands among itself.
        let weighted = holm_weighted(&[(0.03, 0.75), (0.02, 0.125), (0.2, 0.125)]);
        let expected = [0.04, 0.04, 0.2];
        weighted.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 1e-12, "{weighted:?}"));
    }
}
