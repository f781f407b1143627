/// pass@k without bias: the chance that at least one of k draws without
/// replacement from n samples, c of them correct, is correct. Undefined for k > n.
#[must_use]
pub fn pass_at_k(n: u64, correct: u64, k: u64) -> Option<f64> {
    let wrong = n.checked_sub(correct)?;
    all_drawn(wrong, n, k).map(|none_correct| 1.0 - none_correct)
}

/// pass^k without bias: the chance that all k draws are correct.
#[must_use]
pub fn pass_hat_k(n: u64, correct: u64, k: u64) -> Option<f64> {
    (correct <= n).then_some(())?;
    all_drawn(correct, n, k)
}

/// C(special, k) / C(n, k), factor by factor: nothing overflows.
fn all_drawn(special: u64, n: u64, k: u64) -> Option<f64> {
    if k > n {
        return None;
    }
    if k > special {
        return Some(0.0);
    }
    let mut product = 1.0;
    for drawn in 0..k {
        product *= (special - drawn) as f64 / (n - drawn) as f64;
        if product == 0.0 {
            break;
        }
    }
    Some(product)
}

/// Share of cases whose repeats do not all give the same outcome.
///
/// Cases asked once say nothing about stability and are left out; undefined if all are.
pub fn flip_rate<T: PartialEq>(cases: &[Vec<T>]) -> Option<f64> {
    let repeated = cases.iter().filter(|repeats| repeats.len() > 1);
    let (asked, flipped) = repeated.fold((0u64, 0u64), |(asked, flipped), repeats| {
        let differs = repeats.iter().any(|outcome| *outcome != repeats[0]);
        (asked + 1, flipped + u64::from(differs))
    });
    (asked > 0).then(|| flipped as f64 / asked as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_only_cases_that_were_repeated() {
        assert_eq!(flip_rate(&[vec![1, 1], vec![1, 0], vec![1]]), Some(0.5));
        assert_eq!(flip_rate(&[vec![1]]), None);
    }

    #[test]
    fn is_undefined_for_more_draws_than_samples() {
        assert_eq!(pass_at_k(3, 1, 4), None);
        assert_eq!(pass_at_k(3, 4, 1), None);
        assert_eq!(pass_hat_k(3, 3, 0), Some(1.0));
    }
}
