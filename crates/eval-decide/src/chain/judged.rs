//! Chains, judged on documents that they were not chosen on.

use std::collections::HashMap;

use eval_statistics::{Level, amount_over_tasks, score_over_tasks};
use eval_summary::Estimate;

use super::model::{
    AgainstSingle, CASCADE_VERSION, ChainBill, ChainFigures, ChainReport, ChainStage, ChainTask,
    FrontierPoint, Goal, Single,
};
use super::options::Table;
use super::search::{Chain, Played, Searched, search};
use crate::automation::People;
use crate::learned::{FOLDS, fold};
use crate::study::Study;

/// Prices of a wrong answer that the frontier goes through, in dollars.
const PRICES: [f64; 9] = [0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0];

/// The chains of every task with two candidates or more whose price is known, or a person.
#[must_use]
pub fn chains(run: &str, studies: &[Study], goal: Goal, people: Option<People>) -> ChainReport {
    let of = |study: &Study| {
        let table = Table::new(study, people)?;
        let searched = search(&table, FOLDS);
        Some(of_task(study, &Search { table, searched }, goal))
    };
    ChainReport {
        v: CASCADE_VERSION,
        run: run.to_owned(),
        goal,
        people,
        tasks: studies.iter().filter_map(of).collect(),
    }
}

struct Search {
    table: Table,
    searched: Searched,
}

/// What was chosen for each part, and what became of each case.
struct HeldOut {
    chosen: Vec<usize>,
    played: Vec<Played>,
}

impl Search {
    fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; FOLDS];
        self.table.documents.iter().for_each(|document| sizes[fold(*document)] += 1);
        sizes
    }

    fn held_out(&self, goal: Goal, of: impl Fn(&Chain) -> bool) -> HeldOut {
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
    fn played(&self, chain: &Chain) -> Vec<Played> {
        (0..self.table.cases()).map(|case| chain.play(&self.table, case)).collect()
    }

    fn names(&self, chain: &Chain) -> Vec<String> {
        chain.stages.iter().map(|(at, _)| self.table.names[*at].clone()).collect()
    }

    /// The candidates, and whether a person comes last, that most parts of the documents chose, with the number of these
    /// parts: that is what the figures are about.
    fn most_chosen(&self, held_out: &HeldOut) -> ((Vec<String>, bool), usize) {
        let mut counts: HashMap<(Vec<String>, bool), usize> = HashMap::new();
        for at in &held_out.chosen {
            let chain = &self.searched.chains[*at];
            *counts.entry((self.names(chain), chain.person)).or_default() += 1;
        }
        let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        most.expect("every part has chosen a chain")
    }

    /// The mean of a share over cases, documents being what is independent.
    fn share(&self, of: &[f64]) -> Option<Estimate> {
        let cases = self.table.documents.iter().copied().zip(of.iter().copied()).collect();
        score_over_tasks(&[cases], Level::P95).map(Estimate::from)
    }

    fn amount(&self, of: &[f64]) -> Option<Estimate> {
        let cases = self.table.documents.iter().copied().zip(of.iter().copied()).collect();
        amount_over_tasks(&[cases], Level::P95).map(Estimate::from)
    }

    /// Dollars of one case: answers and people, and mistakes where they have a price.
    fn usd(&self, played: &Played, goal: Goal) -> f64 {
        let people = played.referred * self.table.people.map_or(0.0, |it| it.usd);
        let mistakes = match goal {
            Goal::TotalCost { wrong_usd } => (1.0 - played.right) * wrong_usd,
            _ => 0.0,
        };
        played.answers + people + mistakes
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    values.collect::<eval_statistics::Moments>().mean().unwrap_or(0.0)
}

fn unknown() -> Estimate {
    Estimate { mean: 0.0, n: 0, clusters: 0, error: None, interval: None, caution: None }
}

fn of_task(study: &Study, search: &Search, goal: Goal) -> ChainTask {
    let table = &search.table;
    let all = search.searched.best(goal, &search.sizes(), None, |_| true);
    let chosen = &search.searched.chains[all];
    let held_out = search.held_out(goal, |_| true);
    let figures = figures(search, &held_out.played, goal);
    let singles: Vec<Single> = (0..table.names.len()).map(|at| single(search, at, goal)).collect();
    let same = |at: &&usize| {
        let other = &search.searched.chains[**at];
        search.names(other) == search.names(chosen) && other.person == chosen.person
    };
    let mut documents = table.documents.clone();
    documents.sort_unstable();
    documents.dedup();
    let low = figures.accuracy.interval.as_ref().map(|it| it.low);
    ChainTask {
        scope: study.scope.clone(),
        on: study.on.clone(),
        cases: table.cases() as u64,
        documents: documents.len() as u64,
        chosen: stages(search, chosen),
        ends_with_person: chosen.person,
        same_in_parts: held_out.chosen.iter().filter(same).count() as u64,
        parts: FOLDS as u64,
        meets_goal: match goal {
            Goal::Accuracy { least } => Some(low.is_some_and(|low| low >= least)),
            _ => None,
        },
        as_chosen: bill(search, &search.played(chosen)),
        against_single: against_single(search, &held_out.played, goal),
        beaten_by: (!chosen.is_single()).then(|| beaten_by(&singles, &figures)).flatten(),
        held_out: figures,
        frontier: frontier(search),
        singles,
    }
}

/// What became of all cases.
fn figures(search: &Search, played: &[Played], goal: Goal) -> ChainFigures {
    let rights: Vec<f64> = played.iter().map(|it| it.right).collect();
    let ChainBill { answers, people, referred } = bill(search, played);
    let total = mean(played.iter().map(|it| search.usd(it, goal))) * 1000.0;
    ChainFigures {
        accuracy: search.share(&rights).unwrap_or_else(unknown),
        answers,
        people,
        referred,
        total: matches!(goal, Goal::TotalCost { .. }).then_some(total),
    }
}

fn bill(search: &Search, played: &[Played]) -> ChainBill {
    let referred = mean(played.iter().map(|it| it.referred));
    ChainBill {
        answers: mean(played.iter().map(|it| it.answers)) * 1000.0,
        people: referred * search.table.people.map_or(0.0, |it| it.usd) * 1000.0,
        referred,
    }
}

fn single(search: &Search, at: usize, goal: Goal) -> Single {
    let alone = Chain { stages: vec![(at, None)], person: false };
    let it = figures(search, &search.played(&alone), goal);
    Single {
        provider: search.table.names[at].clone(),
        accuracy: it.accuracy,
        usd_per_1000: it.answers,
        total: it.total,
    }
}

/// The best of those that alone do better than a chain does on documents that it was not chosen on.
fn beaten_by(singles: &[Single], chain: &ChainFigures) -> Option<String> {
    let beats = |one: &&Single| match (one.total, chain.total) {
        (Some(single), Some(chain)) => single < chain,
        _ => {
            let right = one.accuracy.mean - chain.accuracy.mean;
            let saved = chain.answers + chain.people - one.usd_per_1000;
            right >= 0.0 && saved >= 0.0 && right + saved > 0.0
        }
    };
    let order = |one: &Single| (one.total.unwrap_or(0.0), -one.accuracy.mean, one.usd_per_1000);
    let better = singles.iter().filter(beats);
    better.min_by(|a, b| order(a).partial_cmp(&order(b)).expect("numbers")).map(|it| it.provider.clone())
}

fn stages(search: &Search, chain: &Chain) -> Vec<ChainStage> {
    let stage =
        |(at, accept): &(usize, _)| ChainStage { provider: search.table.names[*at].clone(), accept: *accept };
    chain.stages.iter().map(stage).collect()
}

/// The best candidate alone on the same cases. It is picked after all of them, so that a chain has to beat the luckiest.
fn against_single(search: &Search, chain: &[Played], goal: Goal) -> Option<AgainstSingle> {
    if search.table.names.is_empty() {
        return None;
    }
    let best = search.searched.best(goal, &search.sizes(), None, Chain::is_single);
    let best = &search.searched.chains[best];
    let single = search.played(best);
    let pairs = || chain.iter().zip(&single);
    // Between −1 and 1, as a share of 0 to 1, whose interval counts on what was not seen.
    let halves: Vec<f64> = pairs().map(|(a, b)| (a.right - b.right + 1.0) / 2.0).collect();
    let money: Vec<f64> =
        pairs().map(|(a, b)| (search.usd(a, goal) - search.usd(b, goal)) * 1000.0).collect();
    let accuracy = search.share(&halves)?;
    let whole = |it: f64| 2.0 * it - 1.0;
    Some(AgainstSingle {
        provider: search.names(best).join(" → "),
        accuracy: Estimate {
            mean: whole(accuracy.mean),
            error: accuracy.error.map(|error| 2.0 * error),
            interval: accuracy.interval.map(|mut it| {
                (it.low, it.high) = (whole(it.low), whole(it.high));
                it
            }),
            ..accuracy
        },
        usd_per_1000: search.amount(&money)?,
    })
}

/// Held-out points that no other one beats.
fn frontier(search: &Search) -> Vec<FrontierPoint> {
    let point = |wrong_usd: f64| {
        let goal = Goal::TotalCost { wrong_usd };
        let held_out = search.held_out(goal, |_| true);
        let ((chain, ends_with_person), parts) = search.most_chosen(&held_out);
        FrontierPoint {
            wrong_usd,
            chain,
            ends_with_person,
            same_in_parts: parts as u64,
            accuracy: mean(held_out.played.iter().map(|it| it.right)),
            usd_per_1000: mean(held_out.played.iter().map(|it| search.usd(it, Goal::BestSingle))) * 1000.0,
        }
    };
    let points: Vec<FrontierPoint> = PRICES.into_iter().map(point).collect();
    let beaten = |one: &FrontierPoint| {
        points.iter().any(|other| {
            other.accuracy >= one.accuracy
                && other.usd_per_1000 <= one.usd_per_1000
                && (other.accuracy > one.accuracy || other.usd_per_1000 < one.usd_per_1000)
        })
    };
    let mut kept: Vec<FrontierPoint> = points.iter().filter(|one| !beaten(one)).cloned().collect();
    kept.sort_by(|a, b| a.usd_per_1000.total_cmp(&b.usd_per_1000));
    kept.dedup_by(|a, b| a.usd_per_1000 == b.usd_per_1000 && a.accuracy == b.accuracy);
    kept
}

#[cfg(test)]
mod tests;
