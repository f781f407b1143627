//! Two providers on the cases that both have.

use eval_statistics::{Moments, PairedCase};

use crate::scored::{Row, Scored, by_case};

/// Shared cases of two providers on some tasks, weighted so that every task counts the same.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub cases: Vec<PairedCase>,
    pub only_a: u64,
    pub only_b: u64,
}

/// One case of one provider.
type Scores<'a> = (u32, &'a [Row]);

pub(super) fn shared(scored: &Scored<'_>, units: &[usize], a: usize, b: usize) -> Shared {
    let mut found = Shared::default();
    let matched: Vec<Vec<(Scores<'_>, Scores<'_>)>> = units
        .iter()
        .map(|unit| matched(scored.rows(*unit, a), scored.rows(*unit, b), &mut found))
        .filter(|cases| !cases.is_empty())
        .collect();
    let all: usize = matched.iter().map(Vec::len).sum();
    for unit in &matched {
        // The mean over all weighted cases is the mean of the tasks' means.
        let weight = all as f64 / (matched.len() * unit.len()) as f64;
        found.cases.extend(unit.iter().map(|((case, of_a), (_, of_b))| PairedCase {
            cluster: scored.cases.cluster(*case),
            a: moments(of_a, weight),
            b: moments(of_b, weight),
        }));
    }
    found
}

fn matched<'a>(a: &'a [Row], b: &'a [Row], found: &mut Shared) -> Vec<(Scores<'a>, Scores<'a>)> {
    let scores =
        |rows: &'a [Row]| by_case(rows).filter(|case| defined(case)).map(|case| (case[0].case, case));
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

fn defined(case: &[Row]) -> bool {
    case.iter().any(|row| row.score().is_some())
}

fn moments(rows: &[Row], weight: f64) -> Moments {
    rows.iter().filter_map(Row::score).map(|score| score * weight).collect()
}
