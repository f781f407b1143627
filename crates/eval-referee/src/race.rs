//! Differences of candidates that hold at all looks together.

use eval_decide::betting::{Betting, confidence_sequence};
use eval_record::About;
use eval_statistics::Level;
use eval_summary::decide::Gap;

/// What the documents of a run weigh: every task the same, within it every case.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    documents: usize,
    /// The most that one document can move the difference.
    most: f64,
    right_or_wrong: bool,
    about: About,
}

/// Steps of the grid of means.
const BREAKS: usize = 2_000;

impl Weights {
    /// Of documents whose cases weigh so much in the mean over everything: all of them together weigh 1.
    #[must_use]
    pub fn new(documents: impl IntoIterator<Item = f64>) -> Self {
        let (mut count, mut most) = (0, 0.0_f64);
        for weight in documents {
            count += 1;
            most = most.max(weight);
        }
        Self { documents: count, most, right_or_wrong: false, about: About::default() }
    }

    /// Where the answer to each document is right or wrong, which decides how to bet.
    #[must_use]
    pub fn right_or_wrong(self, right_or_wrong: bool) -> Self {
        Self { right_or_wrong, ..self }
    }

    /// What the differences speak of.
    #[must_use]
    pub fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    /// What is known of "b − a" after some of the documents, in the order in which they came: `differences` holds the
    /// weighted sum of the differences of each document's cases. One of `rivals` comparisons that all must hold.
    #[must_use]
    pub fn gap(&self, differences: &[f64], rivals: usize) -> Gap {
        let Some(last) = self.path(differences, rivals, &[differences.len()]).pop() else {
            return Gap::UNKNOWN;
        };
        last
    }

    /// The same after each of these numbers of documents.
    #[must_use]
    pub fn path(&self, differences: &[f64], rivals: usize, times: &[usize]) -> Vec<Gap> {
        if differences.is_empty() || self.most <= 0.0 {
            return vec![Gap::UNKNOWN; times.len()];
        }
        let scores: Vec<f64> = differences
            .iter()
            .map(|difference| ((difference / self.most + 1.0) / 2.0).clamp(0.0, 1.0))
            .collect();
        let sequence = confidence_sequence(&scores, times, &self.betting(rivals));
        let whole = |mean: f64| (2.0 * mean - 1.0) * self.most * self.documents as f64;
        let level = Level::from_alpha(self.betting(rivals).alpha).unwrap_or(Level::P95);
        let gap = |(at, time): (usize, &usize)| {
            let (mean, certain) = (sequence.mean[at], self.certain(sequence.mean[at], *time));
            // A set that is narrower than the grid is empty, and what is certain still holds.
            let low = whole(sequence.low[at].unwrap_or(certain.0)).max(-1.0);
            let high = whole(sequence.high[at].unwrap_or(certain.1)).min(1.0);
            Gap::within(whole(mean).clamp(-1.0, 1.0), low, high, level)
        };
        times.iter().enumerate().map(gap).collect()
    }

    /// Where the mean must lie whatever the rest says, after a mean of so many documents.
    fn certain(&self, mean: f64, time: usize) -> (f64, f64) {
        match self.about {
            About::DocumentsLikeThese => (0.0, 1.0),
            About::TheseDocuments => {
                let share = (time as f64 / self.documents as f64).min(1.0);
                (mean * share, 1.0 - (1.0 - mean) * share)
            }
        }
    }

    fn betting(&self, rivals: usize) -> Betting {
        let alpha = 0.05 / rivals.max(1) as f64;
        let betting = Betting::on_documents_like_these(alpha, BREAKS, self.right_or_wrong);
        match self.about {
            About::DocumentsLikeThese => betting,
            About::TheseDocuments => betting.on_these_alone(self.documents),
        }
    }
}

#[cfg(test)]
mod tests {
    use eval_record::About;

    use super::Weights;

    fn alike(documents: usize) -> Weights {
        Weights::new(std::iter::repeat_n(1.0 / documents as f64, documents))
    }

    #[test]
    fn a_large_difference_is_soon_shown_and_none_is_not() {
        let weights = alike(200);
        let better = weights.gap(&[0.5 / 200.0; 20], 1);
        assert!(better.low > 0.0 && better.high < 1.0 && (better.mean - 0.5).abs() < 1e-9, "{better:?}");
        let same = weights.gap(&[0.0; 20], 1);
        assert!(same.low < 0.0 && same.high > 0.0, "{same:?}");
        let several = weights.gap(&[0.5 / 200.0; 20], 10);
        assert!(several.low <= better.low && several.high >= better.high, "{several:?}");
    }

    #[test]
    fn all_documents_of_a_dataset_are_still_a_sample_of_documents_like_these() {
        let differences: Vec<f64> = (0..50).map(|at| f64::from(at % 2) / 50.0).collect();
        for right_or_wrong in [false, true] {
            let gap = alike(50).right_or_wrong(right_or_wrong).gap(&differences, 1);
            assert!((gap.mean - 0.5).abs() < 1e-9 && gap.low < 0.45 && gap.high > 0.55, "{gap:?}");
        }
    }

    #[test]
    fn of_these_documents_alone_nothing_is_open_once_all_are_asked() {
        let differences: Vec<f64> = (0..50).map(|at| f64::from(at % 2) / 50.0).collect();
        for right_or_wrong in [false, true] {
            let weights = alike(50).right_or_wrong(right_or_wrong).about(About::TheseDocuments);
            let gap = weights.gap(&differences, 1);
            assert!((gap.low - 0.5).abs() < 1e-9 && (gap.high - 0.5).abs() < 1e-9, "{gap:?}");
            // Before that, what is left bounds what can still come.
            let (few, like) = (weights.gap(&differences[..40], 1), alike(50).gap(&differences[..40], 1));
            assert!(few.low < 0.5 && few.high > 0.5, "{few:?}");
            assert!(few.high - few.low < like.high - like.low, "{few:?} {like:?}");
        }
    }

    #[test]
    fn documents_of_different_size_weigh_as_their_cases_do() {
        // One document of nine cases and one of a single case: all nine better by 1, the other worse by 1.
        let weights = Weights::new([0.9, 0.1]);
        let gap = weights.gap(&[0.9, -0.1], 1);
        assert!((gap.mean - 0.8).abs() < 1e-9 && gap.low <= 0.8 && gap.high >= 0.8 - 1e-3, "{gap:?}");
    }

    #[test]
    fn bounds_only_become_narrower() {
        let differences: Vec<f64> = (0..60).map(|at| f64::from(at % 3 - 1) / 60.0).collect();
        let times: Vec<usize> = (1..=60).collect();
        let path = alike(60).path(&differences, 1, &times);
        assert!(
            path.windows(2).all(|two| two[1].low >= two[0].low - 1e-9 && two[1].high <= two[0].high + 1e-9)
        );
    }

    #[test]
    fn nothing_is_known_without_documents() {
        assert_eq!(alike(5).gap(&[], 1), eval_summary::decide::Gap::UNKNOWN);
    }
}
