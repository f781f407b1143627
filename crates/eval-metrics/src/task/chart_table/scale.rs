//! The scale that a heading states: `Revenue ($K)` holds thousands.

use super::grid::{Cell, Grid};
use super::unit::{measure_of, own_scale, share_of, stated, without_unit};
use crate::distance::similarity;
use crate::value::measure::Measure;
use crate::value::text;

/// The answer's table in the scale of the expected one, in each way it can be meant; the first as it stands if nothing is
/// stated.
pub(super) fn readings(expected: &Grid, given: Grid) -> Vec<Grid> {
    let title = |grid: &Grid| grid.title.as_ref().and_then(|title| stated(&text(title)));
    let (whole, of_given) = (title(expected), title(&given));
    // The unit of measure that is wanted, and how many of it one of the answer's is.
    let measures: Vec<Option<(Measure, f64)>> = (0..given.columns.len())
        .map(|at| {
            let label = counterpart(expected, at, &given.columns[at], given.columns.len())?;
            let wanted = measure_of(label)?;
            let own = measure_of(&given.columns[at]).filter(|own| own.0 == wanted.0);
            Some((wanted, own.map_or(1.0, |own| own.1 / wanted.1)))
        })
        .collect();
    let factors: Vec<[f64; 2]> = given
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let wanted = counterpart(expected, at, column, given.columns.len());
            let (wanted, stated) =
                (wanted.and_then(|label| stated(label)).or(whole), stated(column).or(of_given));
            match (wanted, stated) {
                _ if measures[at].is_some_and(|it| it.1 != 1.0) => [measures[at].map_or(1.0, |it| it.1); 2],
                (Some(wanted), Some(stated)) => [stated / wanted; 2],
                // Unsaid, it is the same scale or the full amount.
                (Some(wanted), None) => [1.0, 1.0 / wanted],
                (None, Some(stated)) => [1.0, stated],
                (None, None) => [1.0; 2],
            }
        })
        .collect();
    let wanted: Vec<Option<f64>> = (0..given.columns.len())
        .map(|at| {
            counterpart(expected, at, &given.columns[at], given.columns.len())
                .and_then(|label| stated(label))
                .or(whole)
        })
        .collect();
    let scaled = |way: usize| {
        let mut grid = given.clone();
        for cell in &mut grid.cells {
            let at = given.columns.iter().position(|column| *column == cell.column);
            let Some(at) = at else { continue };
            let own = share_of(&cell.value, measures[at].map(|it| it.0));
            cell.rescale(own.unwrap_or(factors[at][way]), wanted[at], way == 0);
        }
        grid
    };
    let mut readings = vec![scaled(0)];
    let scaled_itself = |cell: &Cell| own_scale(&cell.value).is_some();
    let two_ways =
        || given.columns.len() <= 200 && wanted.contains(&None) && given.cells.iter().any(scaled_itself);
    if factors.iter().any(|[one, other]| one != other) || two_ways() {
        readings.push(scaled(1));
    }
    readings
}

/// The expected column that a given one stands for: at the same place, else by its name.
fn counterpart<'a>(expected: &'a Grid, at: usize, column: &str, columns: usize) -> Option<&'a String> {
    if expected.columns.len() == columns {
        return expected.columns.get(at);
    }
    let alike = |label: &&String| {
        similarity(&without_unit(label).to_lowercase(), &without_unit(column).to_lowercase())
    };
    // A flood of columns is not worth a look at each.
    let few = expected.columns.iter().take(50).filter(|_| columns <= 200);
    few.max_by(|a, b| alike(a).total_cmp(&alike(b)))
}
