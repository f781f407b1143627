//! Every chain of up to three candidates, from cheap to dear, and a person.

use super::model::{Accept, Goal};
use super::options::Table;
use crate::learned::fold;

/// A chain: candidates with the way to accept each, the last one of which may be always.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chain {
    pub stages: Vec<(usize, Option<Accept>)>,
}

/// What a chain does to one case.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Played {
    /// The chance that the outcome is right.
    pub right: f64,
    /// Dollars for answers.
    pub answers: f64,
    /// 1 if it goes to a person.
    pub referred: f64,
}

/// Sums over cases.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub right: f64,
    pub usd: f64,
}

impl Chain {
    /// Whether a person answers what its last candidate cannot be trusted with.
    pub fn ends_with_person(&self) -> bool {
        self.stages.last().is_some_and(|(_, accept)| accept.is_some())
    }

    pub fn is_single(&self) -> bool {
        self.stages.len() == 1 && !self.ends_with_person()
    }

    pub fn play(&self, table: &Table, case: usize) -> Played {
        let mut played = Played::default();
        let mut before = None;
        for (at, accept) in &self.stages {
            played.answers += table.usd[*at][case];
            if accept.is_none_or(|accept| accepted(table, *at, before, accept)[case]) {
                return Played { right: table.right[*at][case], ..played };
            }
            before = Some(*at);
        }
        Played { right: 1.0 - table.people.map_or(1.0, |it| it.error), referred: 1.0, ..played }
    }
}

fn accepted(table: &Table, at: usize, before: Option<usize>, accept: Accept) -> &[bool] {
    let ways = [Some(&table.own[at]), before.map(|before| &table.with_previous[at][before])];
    let mut ways = ways.into_iter().flatten().flatten();
    ways.find(|(way, _)| *way == accept).map_or(&[], |(_, cases)| cases)
}

/// All chains with their sums: over all cases, and over each part of the documents.
pub(super) struct Searched {
    pub chains: Vec<Chain>,
    /// By chain.
    pub parts: Vec<Vec<Sums>>,
}

pub(super) fn search(table: &Table, parts: usize) -> Searched {
    let mut found = Searched { chains: Vec::new(), parts: Vec::new() };
    let all: Vec<usize> = (0..table.cases()).collect();
    let start = Partial { stages: Vec::new(), left: all, sums: vec![Sums::default(); parts] };
    grow(table, &start, &table.by_price, &mut found);
    found
}

/// The beginning of a chain.
struct Partial {
    stages: Vec<(usize, Option<Accept>)>,
    /// Cases that nothing has accepted yet.
    left: Vec<usize>,
    sums: Vec<Sums>,
}

const LONGEST: usize = 3;

/// Adds each dearer candidate, as the last one and, if there is room or a person, as one that passes cases on.
fn grow(table: &Table, start: &Partial, dearer: &[usize], found: &mut Searched) {
    for (place, at) in dearer.iter().enumerate() {
        let mut asked = start.sums.clone();
        for case in &start.left {
            asked[fold(table.documents[*case])].usd += table.usd[*at][*case];
        }
        let with = |accept: Option<Accept>| {
            let mut stages = start.stages.clone();
            stages.push((*at, accept));
            stages
        };
        let mut sums = asked.clone();
        for case in &start.left {
            sums[fold(table.documents[*case])].right += table.right[*at][*case];
        }
        found.add(with(None), sums);
        let before = start.stages.last().map(|(before, _)| *before);
        let previous = before.map(|before| &table.with_previous[*at][before]);
        for (accept, cases) in table.own[*at].iter().chain(previous.into_iter().flatten()) {
            let mut sums = asked.clone();
            let (taken, left): (Vec<usize>, Vec<usize>) = start.left.iter().partition(|case| cases[**case]);
            for case in taken {
                sums[fold(table.documents[case])].right += table.right[*at][case];
            }
            let next = Partial { stages: with(Some(*accept)), left, sums };
            if let Some(people) = table.people {
                let mut sums = next.sums.clone();
                for case in &next.left {
                    let part = &mut sums[fold(table.documents[*case])];
                    part.right += 1.0 - people.error;
                    part.usd += people.usd;
                }
                found.add(next.stages.clone(), sums);
            }
            if next.stages.len() < LONGEST && !next.left.is_empty() {
                grow(table, &next, &dearer[place + 1..], found);
            }
        }
    }
}

impl Searched {
    fn add(&mut self, stages: Vec<(usize, Option<Accept>)>, parts: Vec<Sums>) {
        self.chains.push(Chain { stages });
        self.parts.push(parts);
    }

    /// The best chain on all cases but those of a part; the first of equals.
    pub fn best(
        &self,
        goal: Goal,
        sizes: &[usize],
        without: Option<usize>,
        of: impl Fn(&Chain) -> bool,
    ) -> usize {
        let cases: usize =
            sizes.iter().enumerate().filter(|(part, _)| Some(*part) != without).map(|(_, size)| size).sum();
        let n = cases.max(1) as f64;
        let sums = |at: usize| {
            let parts = self.parts[at].iter().enumerate().filter(|(part, _)| Some(*part) != without);
            parts.fold(Sums::default(), |sum, (_, it)| Sums {
                right: sum.right + it.right,
                usd: sum.usd + it.usd,
            })
        };
        let known: Vec<(usize, Sums)> =
            (0..self.chains.len()).filter(|at| of(&self.chains[*at])).map(|at| (at, sums(at))).collect();
        let least = match goal {
            Goal::TotalCost { .. } => 0.0,
            Goal::Accuracy { least } => least * n,
            Goal::BestSingle => {
                let singles = (0..self.chains.len()).filter(|at| self.chains[*at].is_single());
                singles.map(|at| sums(at).right).fold(0.0, f64::max)
            }
        };
        let cost = |it: &Sums| match goal {
            Goal::TotalCost { wrong_usd } => it.usd + wrong_usd * (n - it.right),
            _ => it.usd,
        };
        let good = known.iter().filter(|(_, it)| it.right >= least - 1e-9);
        let cheapest =
            good.min_by(|(_, a), (_, b)| cost(a).total_cmp(&cost(b)).then(b.right.total_cmp(&a.right)));
        let most_right = || {
            known.iter().min_by(|(_, a), (_, b)| b.right.total_cmp(&a.right).then(a.usd.total_cmp(&b.usd)))
        };
        cheapest.or_else(most_right).map_or(0, |(at, _)| *at)
    }
}
