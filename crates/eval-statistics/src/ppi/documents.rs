//! The correction of a mean over answers, by source document: what leaderboards and verdicts use.

use std::collections::HashSet;

use super::{Settings, corrected_clustered_mean};
use crate::comparison::{LOSS_TAIL, LossRules, LossVerdict, UNSEEN_TAIL};
use crate::{Level, student_quantile, student_tail};

/// One answer, or the difference of two: its document, what people say of it if they do, and what the judge says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgedCase {
    /// The number of its document.
    pub document: usize,
    /// What people say.
    pub people: Option<f64>,
    /// What the judge says.
    pub judge: f64,
}

/// A corrected mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CorrectedScore {
    /// The mean.
    pub mean: f64,
    /// Its error; missing where people judged too little for one.
    pub error: Option<f64>,
    /// Degrees of freedom.
    pub degrees: f64,
    /// Answers.
    pub n: u64,
    /// Documents.
    pub documents: u64,
    /// How much the judge counts, from 0 to 1.
    pub lambda: f64,
}

/// As many groups of documents that people have not judged are left out in turn.
const GROUPS: usize = 300;

/// Pulls the judge's weight towards 1 where people judged little.
const SHRINK: f64 = 20.0;

impl CorrectedScore {
    /// The correction of cases whose figures go from `least` to 1; nothing where people judged fewer than two documents.
    #[must_use]
    pub fn of(cases: &[JudgedCase], least: f64) -> Option<Self> {
        let of = |is: fn(&&JudgedCase) -> bool| -> HashSet<usize> {
            cases.iter().filter(is).map(|case| case.document).collect()
        };
        let (labelled, documents) = (of(|case| case.people.is_some()), of(|_| true));
        if labelled.len() < 2 {
            return None;
        }
        let many = documents.len() - labelled.len() > GROUPS;
        let group = |document: usize| match many && !labelled.contains(&document) {
            true => usize::MAX - 2 - document % GROUPS,
            false => document,
        };
        let mut clusters: Vec<usize> = cases.iter().map(|case| group(case.document)).collect();
        let mut scores: Vec<(Option<f64>, f64)> =
            cases.iter().map(|case| (case.people, case.judge)).collect();
        if says_too_little(cases) {
            let middle = middle(cases);
            scores.extend([(Some(least), middle), (Some(1.0), middle)]);
            clusters.extend([usize::MAX - 1, usize::MAX]);
        }
        let settings = Settings { confidence: 0.95, lambda: None, shrink: SHRINK, pseudo: 0 };
        let corrected = corrected_clustered_mean(&scores, &clusters, &settings);
        Some(Self {
            mean: corrected.estimate?,
            error: corrected.se_jackknife,
            degrees: (labelled.len() - 1) as f64,
            n: cases.len() as u64,
            documents: documents.len() as u64,
            lambda: corrected.lambda,
        })
    }

    /// The bounds of the interval; missing without an error.
    #[must_use]
    pub fn interval(&self, level: Level) -> Option<(f64, f64)> {
        let half = -student_quantile(level.tail(), self.degrees) * self.error?;
        half.is_finite().then_some((self.mean - half, self.mean + half))
    }

    /// Two-sided, of a mean of 0.
    #[must_use]
    pub fn p(&self) -> f64 {
        match self.error {
            Some(error) if error > 0.0 => {
                (2.0 * student_tail((self.mean / error).abs(), self.degrees)).min(1.0)
            }
            _ => 1.0,
        }
    }

    /// The mean over tasks, each with the same weight; nothing of nothing.
    #[must_use]
    pub fn over_tasks(tasks: &[Self]) -> Option<Self> {
        Self::weighted(&tasks.iter().map(|task| (*task, 1.0)).collect::<Vec<_>>())
    }

    /// The mean of tasks with their weights; nothing of nothing.
    #[must_use]
    pub fn weighted(tasks: &[(Self, f64)]) -> Option<Self> {
        let all: f64 = tasks.iter().map(|(_, weight)| weight).sum();
        let (first, _) = *tasks.first()?;
        let variance: Option<f64> =
            tasks.iter().map(|(it, weight)| it.error.map(|error| (weight * error).powi(2))).sum();
        Some(Self {
            mean: tasks.iter().map(|(it, weight)| weight * it.mean).sum::<f64>() / all,
            error: variance.map(|sum| sum.sqrt() / all),
            degrees: tasks.iter().map(|(it, _)| it.degrees).fold(f64::INFINITY, f64::min),
            n: tasks.iter().map(|(it, _)| it.n).sum(),
            documents: tasks.iter().map(|(it, _)| it.documents).sum(),
            lambda: first.lambda,
        })
    }

    /// This less another one, as if they had no case in common: what they have makes the error too large rather than too
    /// small.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        let error = self.error.zip(other.error).map(|(one, two)| one.hypot(two));
        Self { mean: self.mean - other.mean, error, degrees: self.degrees.min(other.degrees), ..*self }
    }

    /// The one-sided p of "no loss". 1 for a gain, and where there is no error.
    #[must_use]
    pub fn p_of_loss(&self) -> f64 {
        if self.mean < 0.0 { self.p() / 2.0 } else { 1.0 }
    }

    /// Judges a loss; `p` is that of [`p_of_loss`](Self::p_of_loss), corrected for its family.
    #[must_use]
    pub fn judge_loss(&self, rules: &LossRules, p: f64) -> LossVerdict {
        rules.judge(p, self.surely_lost(), |tail| self.low(tail))
    }

    /// The loss that is surely exceeded (95 % confidence).
    #[must_use]
    pub fn surely_lost(&self) -> f64 {
        let slack =
            self.error.map_or(f64::INFINITY, |error| -student_quantile(LOSS_TAIL, self.degrees) * error);
        -self.mean - slack
    }

    /// The smallest loss that would not have gone unseen.
    #[must_use]
    pub fn could_see(&self) -> Option<f64> {
        self.low(UNSEEN_TAIL).map(|low| -low)
    }

    fn low(&self, tail: f64) -> Option<f64> {
        Some(self.mean + student_quantile(tail, self.degrees) * self.error?)
    }
}

/// Where people give whole scores only, or always the same one, their spread says too little: one more of each end is
/// added.
fn says_too_little(cases: &[JudgedCase]) -> bool {
    let people = || cases.iter().filter_map(|case| case.people);
    let first = people().next().unwrap_or_default();
    people().all(|score| score.fract() == 0.0) || people().all(|score| score == first)
}

/// The judge's mean where people have not judged, or else everywhere.
fn middle(cases: &[JudgedCase]) -> f64 {
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    let others: Vec<f64> = cases.iter().filter(|case| case.people.is_none()).map(|case| case.judge).collect();
    match others.is_empty() {
        true => mean(&cases.iter().map(|case| case.judge).collect::<Vec<_>>()),
        false => mean(&others),
    }
}

#[cfg(test)]
mod tests {
    use super::{CorrectedScore, JudgedCase};
    use crate::Level;

    fn cases(people: &[f64], judge: impl Fn(usize) -> f64, all: usize) -> Vec<JudgedCase> {
        let case = |at: usize| JudgedCase { document: at, people: people.get(at).copied(), judge: judge(at) };
        (0..all).map(case).collect()
    }

    #[test]
    fn a_judge_that_is_always_too_kind_is_corrected() {
        let truth = |at: usize| (at * 7 % 11) as f64 / 20.0;
        let people: Vec<f64> = (0..30).map(truth).collect();
        let corrected = CorrectedScore::of(&cases(&people, |at| truth(at) + 0.3, 200), 0.0).unwrap();
        let mean = (0..200).map(truth).sum::<f64>() / 200.0;
        assert!((corrected.mean - mean).abs() < 0.01, "{corrected:?}, in truth {mean}");
        let (low, high) = corrected.interval(Level::P95).unwrap();
        assert!(low < mean && mean < high && high - low < 0.12, "{low} {high}");
    }

    #[test]
    fn what_is_always_the_same_is_not_certain() {
        let corrected = CorrectedScore::of(&cases(&[1.0; 20], |_| 1.0, 100), 0.0).unwrap();
        let (low, high) = corrected.interval(Level::P95).unwrap();
        assert!(high - low > 0.05, "{low} {high}");
        let equal = CorrectedScore::of(&cases(&[0.0; 20], |_| 0.0, 100), -1.0).unwrap();
        assert!(equal.interval(Level::P95).unwrap().0 < -0.05 && equal.p() > 0.5, "{equal:?}");
    }

    #[test]
    fn a_loss_is_shown_or_ruled_out_by_what_people_say() {
        use crate::{LossRules, LossVerdict};
        let rules = LossRules { margin: 0.01, detect: 0.1 };
        let lost = |people: f64, judge: f64, noise: f64| {
            let noisy = move |at: usize| people + noise * ((at * 7 % 11) as f64 / 5.0 - 1.0);
            let people: Vec<f64> = (0..40).map(noisy).collect();
            let found = CorrectedScore::of(&cases(&people, |at| noisy(at) + judge, 200), -1.0).unwrap();
            found.judge_loss(&rules, found.p_of_loss())
        };
        assert_eq!(lost(-0.2, 0.2, 0.1), LossVerdict::Regressed, "the judge sees nothing of it");
        assert_eq!(lost(0.05, -0.3, 0.1), LossVerdict::Pass, "the judge says that all is lost");
        assert_eq!(lost(0.0, 0.0, 0.2), LossVerdict::NoLossFound);
        assert_eq!(lost(0.0, 0.0, 3.0), LossVerdict::Inconclusive);
    }

    #[test]
    fn one_document_tells_nothing() {
        assert_eq!(CorrectedScore::of(&cases(&[0.5], |_| 0.5, 50), 0.0), None);
    }
}
