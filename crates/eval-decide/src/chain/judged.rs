//! Chains, judged on documents that they were not chosen on.

use eval_summary::Estimate;

use super::held_out::{Search, mean, unknown};
use super::model::{
    Accept, AgainstSingle, CASCADE_VERSION, ChainFigures, ChainReport, ChainStage, ChainTask, FrontierPoint,
    Goal, Single,
};
use super::options::Table;
use super::promised::promised;
use super::search::{Chain, Played, search};
use crate::automation::People;
use crate::learned::FOLDS;
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
        against_single: against_single(search, &held_out.played, goal),
        beaten_by: (!chosen.is_single()).then(|| beaten_by(&singles, &figures)).flatten(),
        promised: promised(search, chosen, &held_out),
        held_out: figures,
        frontier: frontier(search),
        singles,
    }
}

/// What became of all cases.
fn figures(search: &Search, played: &[Played], goal: Goal) -> ChainFigures {
    let rights: Vec<f64> = played.iter().map(|it| it.right).collect();
    let referred = mean(played.iter().map(|it| it.referred));
    let total = mean(played.iter().map(|it| search.usd(it, goal))) * 1000.0;
    ChainFigures {
        accuracy: search.share(&rights).unwrap_or_else(unknown),
        answers: mean(played.iter().map(|it| it.answers)) * 1000.0,
        people: referred * search.table.people.map_or(0.0, |it| it.usd) * 1000.0,
        referred,
        total: matches!(goal, Goal::TotalCost { .. }).then_some(total),
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
    let table = &search.table;
    let stage = |(place, (at, accept)): (usize, &(usize, Option<Accept>))| {
        let before = place.checked_sub(1).map(|before| chain.stages[before].0);
        let model = accept.and_then(|accept| table.model(*at, before, accept.signal)).cloned();
        ChainStage { provider: table.names[*at].clone(), accept: *accept, model }
    };
    chain.stages.iter().enumerate().map(stage).collect()
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
