//! Which items of two lists belong together.
//!
//! Up to a size, the one-to-one matching with the largest total similarity. In longer lists, items that are the same on both
//! sides are settled first; and where still too many are left, names count as the same or not, and items choose in the order
//! of how well they fit. So the work has a bound, and lists that are mostly right are matched as short ones are.

use std::collections::HashMap;

use super::cell::{Cell, add_agreements, add_similarities};
use crate::MetricError;
use crate::assignment::Weights;

/// More pairs than that are not looked at before the same items are settled.
const SETTLED_BEYOND: usize = 250_000;

/// More pairs than that are compared as whole values only.
const MOST_SPELLED: usize = 1_000_000;

/// The members of items: for each member the cell of every item, in both lists.
pub(super) struct Table {
    pub(super) expected: Vec<Vec<Cell>>,
    pub(super) given: Vec<Vec<Cell>>,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// A similarity below is none.
    pub(super) floor: f64,
}

/// For each expected item the given one, and how they were found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Matching {
    pub(super) partners: Vec<Option<usize>>,
    /// Names were compared as a whole.
    pub(super) is_coarse: bool,
}

impl Table {
    pub(super) fn matching(&self) -> Result<Matching, MetricError> {
        let mut partners = vec![None; self.rows];
        let (mut rows, mut columns): (Vec<usize>, Vec<usize>) =
            ((0..self.rows).collect(), (0..self.columns).collect());
        if rows.len().saturating_mul(columns.len()) > SETTLED_BEYOND {
            self.settle(&mut partners, &mut rows, &mut columns);
        }
        let is_coarse = rows.len().saturating_mul(columns.len()) > MOST_SPELLED;
        let weights = self.weights(&rows, &columns, is_coarse)?;
        let pairs =
            if is_coarse { by_fit(&weights, rows.len(), columns.len()) } else { weights.best_matching() };
        for (row, column) in pairs {
            if weights.at(row, column) > 0.0 {
                partners[rows[row]] = Some(columns[column]);
            }
        }
        Ok(Matching { partners, is_coarse })
    }

    /// Pairs items that are the same in every labeled value, the first with the first.
    fn settle(&self, partners: &mut [Option<usize>], rows: &mut Vec<usize>, columns: &mut Vec<usize>) {
        let mut free: HashMap<Vec<&Cell>, Vec<usize>> = HashMap::new();
        for column in columns.iter().rev() {
            free.entry(self.given.iter().map(|cells| &cells[*column]).collect()).or_default().push(*column);
        }
        let mut taken = vec![false; self.columns];
        rows.retain(|row| {
            let cells: Vec<&Cell> = self.expected.iter().map(|cells| &cells[*row]).collect();
            let tells = cells.iter().any(|cell| !matches!(cell, Cell::Unlabelled | Cell::Absent));
            let found = free.get_mut(&cells).filter(|_| tells).and_then(Vec::pop);
            if let Some(column) = found {
                (partners[*row], taken[column]) = (Some(column), true);
            }
            found.is_none()
        });
        columns.retain(|column| !taken[*column]);
    }

    fn weights(&self, rows: &[usize], columns: &[usize], is_coarse: bool) -> Result<Weights, MetricError> {
        let mut sums = vec![0.0; rows.len() * columns.len()];
        let mut whole = vec![0.0; rows.len()];
        for (expected, given) in self.expected.iter().zip(&self.given) {
            let left: Vec<&Cell> = rows.iter().map(|row| &expected[*row]).collect();
            let right: Vec<&Cell> = columns.iter().map(|column| &given[*column]).collect();
            whole.iter_mut().zip(&left).for_each(|(whole, cell)| *whole += cell.weight());
            let add = if is_coarse { add_agreements } else { add_similarities };
            add(&left, &right, &mut sums);
        }
        Weights::new(rows.len(), columns.len(), |row, column| {
            let similarity =
                if whole[row] > 0.0 { sums[row * columns.len() + column] / whole[row] } else { 0.0 };
            if similarity < self.floor { 0.0 } else { similarity }
        })
    }
}

/// Pairs where the item that fits best chooses first: a look at each pair or two, where an assignment takes the third power.
fn by_fit(weights: &Weights, rows: usize, columns: usize) -> Vec<(usize, usize)> {
    let best = |row: usize| (0..columns).map(|column| weights.at(row, column)).fold(0.0, f64::max);
    let mut order: Vec<(usize, f64)> = (0..rows).map(|row| (row, best(row))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut taken = vec![false; columns];
    let mut pairs = Vec::new();
    for (row, _) in order {
        let free = (0..columns).filter(|column| !taken[*column]);
        let fits = |a: &usize, b: &usize| weights.at(row, *a).total_cmp(&weights.at(row, *b)).then(b.cmp(a));
        if let Some(column) = free.max_by(fits).filter(|column| weights.at(row, *column) > 0.0) {
            taken[column] = true;
            pairs.push((row, column));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{Cell, Table};

    /// Rows of a name and a code each.
    fn table(expected: &[(String, String)], given: &[(String, String)]) -> Table {
        let cells = |items: &[(String, String)]| {
            let names = items.iter().map(|item| Cell::Name(item.0.clone())).collect();
            let codes = items.iter().map(|item| Cell::Word(item.1.clone())).collect();
            vec![names, codes]
        };
        Table {
            expected: cells(expected),
            given: cells(given),
            rows: expected.len(),
            columns: given.len(),
            floor: 0.4,
        }
    }

    fn items(count: usize, name: &str) -> Vec<(String, String)> {
        (0..count).map(|at| (format!("{name} {at}"), format!("c{at}"))).collect()
    }

    #[test]
    fn long_lists_that_are_mostly_right_are_matched_like_short_ones() {
        let expected = items(2_000, "article");
        let mut given: Vec<_> = expected.iter().rev().cloned().collect();
        given[5].0 = "artikle 1994".to_owned();
        given.remove(9);
        let matching = table(&expected, &given).matching().unwrap();
        assert!(!matching.is_coarse);
        assert_eq!(matching.partners[1_994], Some(5));
        assert_eq!(matching.partners[1_990], None);
        assert_eq!(matching.partners[0], Some(1_998));
    }

    #[test]
    fn what_differs_everywhere_is_compared_as_a_whole() {
        let (expected, mut given) = (items(1_100, "article"), items(1_100, "product"));
        given.reverse();
        let matching = table(&expected, &given).matching().unwrap();
        assert!(matching.is_coarse);
        // The code alone is a third of the weight.
        assert_eq!(matching.partners, vec![None; 1_100]);
        let coarse = Table { floor: 0.3, ..table(&expected, &given) }.matching().unwrap();
        assert_eq!(coarse.partners[7], Some(1_092));
    }

    #[test]
    fn items_that_tell_nothing_are_not_settled() {
        let empty = |count| Table {
            expected: vec![vec![Cell::Absent; count]],
            given: vec![vec![Cell::Absent; count]],
            rows: count,
            columns: count,
            floor: 0.4,
        };
        assert_eq!(empty(3).matching().unwrap().partners, [Some(0), Some(1), Some(2)]);
    }
}
