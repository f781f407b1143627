//! Chains that are chosen on some documents, and what becomes of the others.

use std::collections::HashMap;

use eval_statistics::{Level, amount_over_tasks, score_over_tasks};
use eval_summary::Estimate;

use super::model::Goal;
use super::options::Table;
use super::search::{Chain, Played, Searched};
use crate::learned::{FOLDS, fold};

/// Every chain, over every case.
pub(super) struct Search {
    pub table: Table,
    pub searched: Searched,
}

/// What was chosen for each part, and what became of each case.
pub(super) struct HeldOut {
    /// By part.
    pub chosen: Vec<usize>,
    /// By case.
    pub played: Vec<Played>,
}

impl Search {
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; FOLDS];
        self.table.documents.iter().for_each(|document| sizes[fold(*document)] += 1);
        sizes
    }

    pub fn held_out(&self, goal: Goal, of: impl Fn(&Chain) -> bool) -> HeldOut {
        let sizes = self.sizes();
        let chosen: Vec<usize> =
            (0..FOLDS).map(|part| self.searched.best(goal, &sizes, Some(part), &of)).collect();
        let play = |case: usize| {
            let part = fold(self.table.documents[case]);
            self.searched.chains[chosen[part]].play(&self.table, case)
        };
        let played = (0..self.table.cases()).map(play).collect();
        HeldOut { chosen, played }
    }

    /// What one chain does to each case.
    pub fn played(&self, chain: &Chain) -> Vec<Played> {
        (0..self.table.cases()).map(|case| chain.play(&self.table, case)).collect()
    }

    pub fn names(&self, chain: &Chain) -> Vec<String> {
        chain.stages.iter().map(|(at, _)| self.table.names[*at].clone()).collect()
    }

    /// The candidates, and whether a person comes last, that most parts of the documents chose, with the number of these
    /// parts: that is what the figures are about.
    pub fn most_chosen(&self, held_out: &HeldOut) -> ((Vec<String>, bool), usize) {
        let mut counts: HashMap<(Vec<String>, bool), usize> = HashMap::new();
        for at in &held_out.chosen {
            let chain = &self.searched.chains[*at];
            *counts.entry((self.names(chain), chain.person)).or_default() += 1;
        }
        let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        most.expect("every part has chosen a chain")
    }

    /// The mean of a share over cases, documents being what is independent.
    pub fn share(&self, of: &[f64]) -> Option<Estimate> {
        let cases = self.table.documents.iter().copied().zip(of.iter().copied()).collect();
        score_over_tasks(&[cases], Level::P95).map(Estimate::from)
    }

    pub fn amount(&self, of: &[f64]) -> Option<Estimate> {
        let cases = self.table.documents.iter().copied().zip(of.iter().copied()).collect();
        amount_over_tasks(&[cases], Level::P95).map(Estimate::from)
    }

    /// Dollars of one case: answers and people, and mistakes where they have a price.
    pub fn usd(&self, played: &Played, goal: Goal) -> f64 {
        let people = played.referred * self.table.people.map_or(0.0, |it| it.usd);
        let mistakes = match goal {
            Goal::TotalCost { wrong_usd } => (1.0 - played.right) * wrong_usd,
            _ => 0.0,
        };
        played.answers + people + mistakes
    }
}

pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    values.collect::<eval_statistics::Moments>().mean().unwrap_or(0.0)
}

/// Of nothing.
pub(super) fn unknown() -> Estimate {
    Estimate { mean: 0.0, n: 0, clusters: 0, error: None, interval: None, caution: None }
}
