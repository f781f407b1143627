//! Every chain of up to three candidates, from cheap to dear, and a person.

use super::model::{Accept, Goal};
use super::options::{Step, Table};
use super::signal::ChainSignal;
use crate::automation::People;
use crate::learned::fold;

/// A chain: candidates with the way to accept each; without one, every answer is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chain {
    pub stages: Vec<Step>,
    /// Whether a person reads what no answer is accepted for. Else the last answer there is is taken.
    pub person: bool,
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
    pub fn is_single(&self) -> bool {
        !self.person && matches!(self.stages.as_slice(), [(_, None)])
    }

    pub fn play(&self, table: &Table, case: usize) -> Played {
        let mut played = Played::default();
        for (place, (at, accept)) in self.stages.iter().enumerate() {
            played.answers += table.usd((*at, *accept), case);
            if table.answered[*at][case] {
                played.right = table.right[*at][case];
                let before = &self.stages[..place];
                if accept.is_none_or(|accept| accepted(table, *at, before, accept)[case]) {
                    return played;
                }
            }
        }
        match table.people.filter(|_| self.person) {
            Some(people) => Played { right: 1.0 - people.error, referred: 1.0, ..played },
            None => played,
        }
    }
}

fn accepted<'t>(table: &'t Table, at: usize, before: &[Step], accept: Accept) -> &'t [bool] {
    table.ways(at, before).find(|(way, _)| *way == accept).map_or(&[], |(_, cases)| cases)
}

/// All chains with their sums: over all cases, and over each part of the documents.
pub(super) struct Searched {
    pub chains: Vec<Chain>,
    /// By chain.
    pub parts: Vec<Vec<Sums>>,
}

pub(super) fn search(table: &Table, parts: usize) -> Searched {
    let mut found = Searched { chains: Vec::new(), parts: Vec::new() };
    let start = Partial {
        stages: Vec::new(),
        left: (0..table.cases()).collect(),
        last: vec![0.0; table.cases()],
        sums: vec![Sums::default(); parts],
    };
    if let Some(people) = table.people {
        found.add(start.stages.clone(), true, start.referred(table, people));
    }
    grow(table, &start, &table.by_price, &mut found);
    found
}

/// The beginning of a chain.
#[derive(Clone)]
struct Partial {
    stages: Vec<Step>,
    /// Cases that nothing has accepted yet.
    left: Vec<usize>,
    /// By case: 1 if the last answer there is is right.
    last: Vec<f64>,
    sums: Vec<Sums>,
}

const LONGEST: usize = 3;

impl Partial {
    /// With one more candidate whose answers to these cases are accepted.
    fn with(&self, table: &Table, step: Step, accepted: &[bool]) -> Self {
        let at = step.0;
        let mut next = Self { left: Vec::new(), ..self.clone() };
        next.stages.push(step);
        for case in self.left.iter().copied() {
            let part = &mut next.sums[fold(table.documents[case])];
            part.usd += table.usd(step, case);
            if table.answered[at][case] {
                next.last[case] = table.right[at][case];
            }
            if accepted[case] {
                part.right += table.right[at][case];
            } else {
                next.left.push(case);
            }
        }
        next
    }

    /// The sums if a person reads what is left.
    fn referred(&self, table: &Table, people: People) -> Vec<Sums> {
        let mut sums = self.sums.clone();
        for case in &self.left {
            let part = &mut sums[fold(table.documents[*case])];
            part.right += 1.0 - people.error;
            part.usd += people.usd;
        }
        sums
    }

    /// The sums if the last answer there is is taken for what is left.
    fn as_they_are(&self, table: &Table) -> Vec<Sums> {
        let mut sums = self.sums.clone();
        for case in &self.left {
            sums[fold(table.documents[*case])].right += self.last[*case];
        }
        sums
    }
}

/// Adds each dearer candidate: as the last one, before a person, and as one that passes cases on.
fn grow(table: &Table, start: &Partial, dearer: &[usize], found: &mut Searched) {
    for (place, at) in dearer.iter().enumerate() {
        let ways = table.ways(*at, &start.stages).map(|(accept, cases)| (Some(*accept), cases));
        for (accept, cases) in std::iter::once((None, &table.answered[*at])).chain(ways) {
            let next = start.with(table, (*at, accept), cases);
            if accept.is_none() {
                found.add(next.stages.clone(), false, next.as_they_are(table));
            }
            // A person who has nothing to read changes nothing.
            if let Some(people) = table.people.filter(|_| accept.is_some() || !next.left.is_empty()) {
                found.add(next.stages.clone(), true, next.referred(table, people));
            }
            if next.stages.len() < LONGEST && !next.left.is_empty() {
                grow(table, &next, &dearer[place + 1..], found);
            }
        }
    }
}

/// Whether a candidate is asked for nothing: its answer is not taken, and no later one is compared with it.
fn is_idle(stages: &[Step]) -> bool {
    let signal = |place: usize| stages.get(place).and_then(|(_, accept)| *accept).map(|accept| accept.signal);
    let looks_back = |place: usize, by: usize| signal(place + by).is_some_and(|it| it.looks_back(by));
    let is_compared = |place: usize| signal(place) == Some(ChainSignal::Compared);
    (0..stages.len()).any(|place| is_compared(place) && !(1..LONGEST).any(|by| looks_back(place, by)))
}

impl Searched {
    fn add(&mut self, stages: Vec<Step>, person: bool, parts: Vec<Sums>) {
        if is_idle(&stages) {
            return;
        }
        self.chains.push(Chain { stages, person });
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
