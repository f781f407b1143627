//! Chains, judged on documents that they were not chosen on.

use std::collections::HashMap;

use eval_statistics::{Level, amount_over_tasks, score_over_tasks};
use eval_summary::Estimate;

use super::model::{
    AgainstSingle, CASCADE_VERSION, ChainFigures, ChainReport, ChainStage, ChainTask, FrontierPoint, Goal,
    Single,
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
    let rights: Vec<f64> = held_out.played.iter().map(|it| it.right).collect();
    let accuracy = search.share(&rights).unwrap_or_else(unknown);
    let singles: Vec<Single> = (0..table.names.len())
        .map(|at| Single {
            provider: table.names[at].clone(),
            accuracy: search.share(&table.right[at]).unwrap_or_else(unknown),
            usd_per_1000: mean(table.usd[at].iter().copied()) * 1000.0,
        })
        .collect();
    let same = |at: &&usize| {
        let other = &search.searched.chains[**at];
        search.names(other) == search.names(chosen) && other.person == chosen.person
    };
    let mut documents = table.documents.clone();
    documents.sort_unstable();
    documents.dedup();
    let referred = mean(held_out.played.iter().map(|it| it.referred));
    let total = mean(held_out.played.iter().map(|it| search.usd(it, goal))) * 1000.0;
    let low = accuracy.interval.as_ref().map(|it| it.low);
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
        against_single: against_single(search, &held_out, goal),
        held_out: ChainFigures {
            accuracy,
            answers: mean(held_out.played.iter().map(|it| it.answers)) * 1000.0,
            people: referred * table.people.map_or(0.0, |it| it.usd) * 1000.0,
            referred,
            total: matches!(goal, Goal::TotalCost { .. }).then_some(total),
        },
        frontier: frontier(search),
        singles,
    }
}

fn stages(search: &Search, chain: &Chain) -> Vec<ChainStage> {
    let stage =
        |(at, accept): &(usize, _)| ChainStage { provider: search.table.names[*at].clone(), accept: *accept };
    chain.stages.iter().map(stage).collect()
}

/// The best candidate alone, chosen for each part on the others as well.
fn against_single(search: &Search, chain: &HeldOut, goal: Goal) -> Option<AgainstSingle> {
    if search.table.names.is_empty() {
        return None;
    }
    let single = search.held_out(goal, Chain::is_single);
    let pairs = || chain.played.iter().zip(&single.played);
    // Between −1 and 1, as a share of 0 to 1, whose interval counts on what was not seen.
    let halves: Vec<f64> = pairs().map(|(a, b)| (a.right - b.right + 1.0) / 2.0).collect();
    let money: Vec<f64> =
        pairs().map(|(a, b)| (search.usd(a, goal) - search.usd(b, goal)) * 1000.0).collect();
    let accuracy = search.share(&halves)?;
    let whole = |it: f64| 2.0 * it - 1.0;
    Some(AgainstSingle {
        provider: search.most_chosen(&single).0.0.join(" → "),
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
mod tests {
    use super::{Goal, chains};
    use crate::automation::People;
    use crate::signal::Signal;
    use crate::study::Study;
    use crate::study::testing::study;

    /// A cheap candidate that is right where its rules pass, and a dear one that always is.
    fn easy() -> Study {
        let mut study = study(200, 2, 3);
        for (at, case) in study.cases.iter_mut().enumerate() {
            let passes = at % 4 != 0;
            let [Some(cheap), Some(dear)] = case.answers.as_mut_slice() else { continue };
            (cheap.right, cheap.usd, dear.right, dear.usd) = (passes, Some(0.001), true, Some(0.05));
            for answer in [cheap, dear] {
                answer.signals = Default::default();
                answer.signals[Signal::Rules.place()] = Some(f64::from(u8::from(passes)));
            }
        }
        study
    }

    #[test]
    fn a_cheap_candidate_takes_what_it_can_be_trusted_with() {
        let report = chains("run", &[easy()], Goal::BestSingle, None);
        let task = &report.tasks[0];
        let names: Vec<&str> = task.chosen.iter().map(|stage| stage.provider.as_str()).collect();
        assert_eq!((names.as_slice(), task.ends_with_person), (&["synthetic/0", "synthetic/1"][..], false));
        assert_eq!((task.held_out.accuracy.mean, task.same_in_parts), (1.0, 5));
        assert!((task.held_out.answers - (1.0 + 12.5)).abs() < 1e-9, "{:?}", task.held_out);
        let against = task.against_single.as_ref().unwrap();
        assert_eq!((against.provider.as_str(), against.accuracy.mean), ("synthetic/1", 0.0));
        assert!((against.usd_per_1000.mean + 36.5).abs() < 1e-9);
    }

    #[test]
    fn a_person_ends_a_chain_where_mistakes_are_dear() {
        let people = Some(People { usd: 0.02, error: 0.0 });
        let report = chains("run", &[easy()], Goal::TotalCost { wrong_usd: 10.0 }, people);
        let task = &report.tasks[0];
        assert_eq!((task.chosen.len(), task.ends_with_person), (1, true));
        assert!((task.held_out.referred - 0.25).abs() < 1e-9);
        assert!((task.held_out.total.unwrap() - (1.0 + 5.0)).abs() < 1e-9);
    }

    #[test]
    fn people_alone_are_a_choice_and_so_is_one_candidate_before_a_person() {
        let mut study = easy();
        study.candidates.truncate(1);
        study.cases.iter_mut().for_each(|case| case.answers.truncate(1));
        let chosen = |people: People, study: &Study| {
            let goal = Goal::TotalCost { wrong_usd: 10.0 };
            let task = chains("run", std::slice::from_ref(study), goal, Some(people)).tasks.remove(0);
            (task.chosen.len(), task.ends_with_person, (task.held_out.referred * 1e6).round() / 1e6)
        };
        let (cheap, dear) = (People { usd: 0.0005, error: 0.0 }, People { usd: 0.02, error: 0.0 });
        assert_eq!(chosen(cheap, &study), (0, true, 1.0));
        assert_eq!(chosen(dear, &study), (1, true, 0.25));
        assert!(chains("run", &[study], Goal::BestSingle, None).tasks.is_empty());
    }

    #[test]
    fn a_person_reads_what_a_candidate_fails_at_where_nothing_tells_its_answers_apart() {
        let mut study = easy();
        study.candidates.truncate(1);
        for (at, case) in study.cases.iter_mut().enumerate() {
            case.answers.truncate(1);
            let answer = case.answers[0].as_mut().unwrap();
            (answer.answered, answer.right) = (at % 10 != 0, at % 10 != 0);
            answer.signals = Default::default();
        }
        let goal = Goal::TotalCost { wrong_usd: 10.0 };
        let people = Some(People { usd: 0.4, error: 0.0 });
        let task = chains("run", &[study], goal, people).tasks.remove(0);
        assert_eq!((task.chosen[0].accept, task.ends_with_person), (None, true));
        assert!((task.held_out.referred - 0.1).abs() < 1e-9 && task.held_out.accuracy.mean > 1.0 - 1e-9);
    }

    #[test]
    fn a_point_of_the_frontier_is_named_after_the_chains_behind_its_figures() {
        for seed in 0..12 {
            let people = Some(People { usd: 0.05, error: 0.01 });
            let report = chains("run", &[study(40, 3, seed)], Goal::BestSingle, people);
            for point in &report.tasks[0].frontier {
                assert!((1..=5).contains(&point.same_in_parts), "{point:?}");
                if point.same_in_parts == 5 {
                    // Chains without a person cost what their candidates cost, at most.
                    let all = point.chain.iter().map(|name| match name.as_str() {
                        "synthetic/0" => 10.0,
                        "synthetic/1" => 5.0,
                        _ => 10.0 / 3.0,
                    });
                    let most: f64 = all.sum::<f64>() + if point.ends_with_person { 50.0 } else { 0.0 };
                    assert!(point.usd_per_1000 <= most + 1e-9, "{point:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_is_said_of_candidates_without_a_price() {
        let mut study = easy();
        study.cases.iter_mut().for_each(|case| case.answers[0].as_mut().unwrap().usd = None);
        assert!(chains("run", &[study], Goal::BestSingle, None).tasks.is_empty());
    }

    #[test]
    fn what_is_held_out_is_worse_than_what_a_lucky_threshold_shows() {
        // The confidence of these candidates says little; an accuracy of 96 % is out of reach.
        let goal = Goal::Accuracy { least: 0.99 };
        let report = chains("run", &[study(60, 3, 5)], goal, None);
        let task = &report.tasks[0];
        assert_eq!(task.meets_goal, Some(false));
        assert!(task.held_out.accuracy.mean < 0.99);
    }
}
