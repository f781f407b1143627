//! Leaderboards.

use std::cmp::Ordering;

use super::row::row;
use crate::{Board, Measure, Options, Row, Scope, Scored};

pub(super) fn of_unit(scored: &Scored<'_>, unit: usize, options: &Options) -> Board {
    let it = &scored.units[unit];
    let values = it.judge.values();
    let (name, about) =
        values.first().map_or_else(Default::default, |it| (it.name.to_string(), it.about.to_string()));
    board(scored, it.scope(), Measure::Figure { name, about }, &[unit], options)
}

pub(crate) fn overall(scored: &Scored<'_>, options: &Options) -> Board {
    let deciding = scored.deciding();
    let units = comparable(scored, &deciding);
    let names = |of: &dyn Fn(usize) -> bool| -> Vec<String> {
        let others = (0..scored.units.len()).filter(|unit| !units.contains(unit) && of(*unit));
        others.map(|unit| scored.units[unit].name()).collect()
    };
    let is_answered = |unit: usize| is_answered(scored, unit);
    let by_wordings = names(&|unit| !deciding.contains(&unit) && is_answered(unit));
    let left_out = names(&|unit| deciding.contains(&unit) || !is_answered(unit));
    let measure = Measure::MeanOfTasks { tasks: units.len() as u64, left_out, by_wordings };
    board(scored, Scope::Overall, measure, &units, options)
}

/// Those of these tasks that at least one candidate could be asked: the others tell nobody from anybody. All, if there is
/// none.
fn comparable(scored: &Scored<'_>, units: &[usize]) -> Vec<usize> {
    let some: Vec<usize> = units.iter().copied().filter(|unit| is_answered(scored, *unit)).collect();
    if some.is_empty() { units.to_vec() } else { some }
}

/// Whether there is anything of a candidate.
fn is_answered(scored: &Scored<'_>, unit: usize) -> bool {
    let mut candidates = scored.providers().iter().enumerate().filter(|(_, planned)| !planned.control);
    candidates.any(|(provider, _)| !scored.rows(unit, provider).is_empty())
}

fn board(scored: &Scored<'_>, scope: Scope, measure: Measure, units: &[usize], options: &Options) -> Board {
    let providers = 0..scored.providers().len();
    let mut rows: Vec<Row> = providers.map(|provider| row(scored, provider, units, options)).collect();
    mark_pareto(&mut rows);
    // Stable: equals stay in the order of the plan.
    rows.sort_by(best_first);
    Board { scope, measure, rows }
}

/// Controls last; whoever answered all tasks before those who did not; then by score.
fn best_first(a: &Row, b: &Row) -> Ordering {
    let score = |row: &Row| row.score.as_ref().map_or(f64::NEG_INFINITY, |score| score.mean);
    let place = |row: &Row| (row.control, row.tasks_missing.len());
    place(a).cmp(&place(b)).then(score(b).total_cmp(&score(a)))
}

fn mark_pareto(rows: &mut [Row]) {
    let cost = |row: &Row| row.cost.per_1000.filter(|_| !row.cost.at_least);
    let time = |row: &Row| row.latency.as_ref().map(|latency| latency.p50.value);
    let by_cost = front(rows, cost);
    let by_time = front(rows, time);
    for (row, (cost, time)) in rows.iter_mut().zip(by_cost.into_iter().zip(by_time)) {
        (row.pareto_cost, row.pareto_latency) = (cost, time);
    }
}

/// Who is beaten by nobody in score and price at once; what is not known takes no part.
fn front(rows: &[Row], price: impl Fn(&Row) -> Option<f64>) -> Vec<bool> {
    let points: Vec<Option<(f64, f64)>> = rows
        .iter()
        .map(|row| {
            let takes_part = !row.control && row.tasks_missing.is_empty() && row.answers.answered > 0;
            Some((row.score.as_ref().filter(|_| takes_part)?.mean, price(row)?))
        })
        .collect();
    let beaten = |(score, price): (f64, f64)| {
        points
            .iter()
            .flatten()
            .any(|(other, its)| *other >= score && *its <= price && (*other > score || *its < price))
    };
    points.iter().map(|point| point.is_some_and(|point| !beaten(point))).collect()
}

#[cfg(test)]
mod tests {
    use super::front;
    use crate::{Answers, Cost, Estimate, Row, Tokens};

    fn row(score: f64, cost: f64) -> Row {
        Row {
            provider: String::new(),
            control: false,
            local: false,
            score: Some(Estimate {
                mean: score,
                n: 1,
                clusters: 1,
                error: None,
                interval: None,
                caution: None,
            }),
            strict: None,
            score_answered: None,
            fully_right: None,
            tasks: 1,
            tasks_missing: Vec::new(),
            answers: Answers { answered: 1, ..Answers::default() },
            failures: Default::default(),
            skipped: Vec::new(),
            latency: None,
            streamed: None,
            tokens: Tokens::default(),
            cost: Cost { per_1000: Some(cost), ..Cost::default() },
            loss: None,
            referred: None,
            repeats: None,
            values: Default::default(),
            pareto_cost: false,
            pareto_latency: false,
        }
    }

    #[test]
    fn nobody_on_the_front_is_beaten() {
        let rows = [row(0.9, 5.0), row(0.8, 5.0), row(0.7, 1.0), row(0.6, 2.0), row(0.7, 1.0)];
        assert_eq!(front(&rows, |row| row.cost.per_1000), [true, false, true, false, true]);
    }

    #[test]
    fn controls_and_the_unpriced_take_no_part() {
        let mut control = row(1.0, 0.0);
        control.control = true;
        let mut unpriced = row(1.0, 0.0);
        unpriced.cost.per_1000 = None;
        assert_eq!(front(&[control, unpriced, row(0.1, 9.0)], |row| row.cost.per_1000), [false, false, true]);
    }
}
