//! Two providers on the cases that both have.

use std::collections::BTreeMap;

use eval_statistics::{Moments, PairedCase, PairedTasks};

use crate::scored::{Priced, Row, Scored, by_case};

/// Shared cases of two providers by task.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub tasks: Vec<Vec<PairedCase>>,
    pub only_a: u64,
    pub only_b: u64,
}

/// One case of one provider.
type Scores<'a> = (u32, &'a [Row]);

/// What is compared of a trial: from 0 to 1, more is better.
type Figure<'a> = &'a dyn Fn(&Row) -> Option<f64>;

/// By their scores.
pub(super) fn shared(scored: &Scored<'_>, units: &[usize], a: usize, b: usize) -> Shared {
    let figure: Figure<'_> = &Row::score;
    let mut found = Shared::default();
    for unit in units {
        let matched = matched(figure, scored.rows(*unit, a), scored.rows(*unit, b), &mut found);
        let cases = matched.iter().map(|((case, of_a), (_, of_b))| PairedCase {
            cluster: scored.cases.cluster(*case),
            a: moments(figure, of_a),
            b: moments(figure, of_b),
        });
        found.tasks.push(cases.collect());
    }
    found
}

/// By what documents cost: the share that is saved of the most that one can cost.
pub(super) fn shared_documents(
    priced: &Priced,
    scored: &Scored<'_>,
    units: &[usize],
    a: usize,
    b: usize,
) -> Option<PairedTasks> {
    let saved = |unit: usize, provider: usize| {
        let mut documents: BTreeMap<usize, Moments> = BTreeMap::new();
        for (document, usd) in priced.documents(scored, (unit, provider), Row::total) {
            documents.entry(document).or_default().push(1.0 - (usd / priced.most).clamp(0.0, 1.0));
        }
        documents
    };
    let of_unit = |unit: &usize| -> Vec<PairedCase> {
        let mut of_b = saved(*unit, b);
        let pair = |(cluster, a)| Some(PairedCase { cluster, a, b: of_b.remove(&cluster)? });
        saved(*unit, a).into_iter().filter_map(pair).collect()
    };
    let tasks: Vec<Vec<PairedCase>> = units.iter().map(of_unit).collect();
    PairedTasks::new(&tasks.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// By their scores, one against an empty answer to each of its cases, which is worth nothing.
pub(super) fn beside_nothing(scored: &Scored<'_>, units: &[usize], provider: usize) -> Shared {
    let score: Figure<'_> = &Row::score;
    let case = |rows: &[Row]| PairedCase {
        cluster: scored.cases.cluster(rows[0].case),
        a: std::iter::once(0.0).collect(),
        b: moments(score, rows),
    };
    let of_unit = |unit: &usize| {
        let cases = by_case(scored.rows(*unit, provider));
        cases.filter(|rows| rows.iter().any(|row| score(row).is_some())).map(case).collect()
    };
    Shared { tasks: units.iter().map(of_unit).collect(), ..Shared::default() }
}

impl Shared {
    /// All cases together, each with the same weight; undefined without a shared case.
    pub fn pooled(&self) -> Option<PairedTasks> {
        PairedTasks::new(&[self.tasks.concat().as_slice()])
    }

    /// All tasks together, each with the same weight; undefined without a shared case.
    pub fn pairs(&self) -> Option<PairedTasks> {
        PairedTasks::new(&self.tasks.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }
}

fn matched<'a>(
    figure: Figure<'_>,
    a: &'a [Row],
    b: &'a [Row],
    found: &mut Shared,
) -> Vec<(Scores<'a>, Scores<'a>)> {
    let defined = |case: &&[Row]| case.iter().any(|row| figure(row).is_some());
    let scores = |rows: &'a [Row]| by_case(rows).filter(defined).map(|case| (case[0].case, case));
    let (mut a, mut b) = (scores(a).peekable(), scores(b).peekable());
    let mut matched = Vec::new();
    loop {
        match (a.peek(), b.peek()) {
            (Some(left), Some(right)) if left.0 == right.0 => {
                matched.push((*left, *right));
                a.next();
                b.next();
            }
            (Some(left), Some(right)) if left.0 < right.0 => {
                found.only_a += 1;
                a.next();
            }
            (Some(_), None) => {
                found.only_a += 1;
                a.next();
            }
            (_, Some(_)) => {
                found.only_b += 1;
                b.next();
            }
            (None, None) => return matched,
        }
    }
}

/// All repeats of a case.
pub(super) fn moments(figure: Figure<'_>, rows: &[Row]) -> Moments {
    rows.iter().filter_map(figure).collect()
}
