//! The one-to-one matching of two lists with the largest total.

use crate::MetricError;

/// Larger tables are refused: 4,000 × 4,000 take 128 MB a copy.
///
/// The time is cubic at worst. On a busy machine 2,000 × 2,000 took 1 s for random weights and 28 s for products of
/// row and column, which is close to the worst; line items are far from it.
pub const MOST_CELLS: usize = 16_000_000;

/// A table of weights, one row per item on the left and one column per item on the right.
#[derive(Debug, Clone)]
pub struct Weights {
    rows: usize,
    columns: usize,
    cells: Vec<f64>,
}

impl Weights {
    /// Fills the table with `weight(row, column)`, row by row; what is not finite counts as 0.
    ///
    /// # Errors
    /// If the table would have more than [`MOST_CELLS`] cells.
    pub fn new(
        rows: usize,
        columns: usize,
        mut weight: impl FnMut(usize, usize) -> f64,
    ) -> Result<Self, MetricError> {
        let mut cells = Vec::with_capacity(check_size(rows, columns)?);
        for row in 0..rows {
            cells.extend((0..columns).map(|column| weight(row, column)));
        }
        Ok(Self::from_cells(rows, columns, cells))
    }

    /// A table that is already filled, row by row; what is not finite counts as 0.
    pub(crate) fn from_cells(rows: usize, columns: usize, mut cells: Vec<f64>) -> Self {
        debug_assert_eq!(cells.len(), rows * columns);
        for cell in &mut cells {
            *cell = if cell.is_finite() { *cell } else { 0.0 };
        }
        Self { rows, columns, cells }
    }

    /// The weight of a pair.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.columns + column]
    }

    /// Replaces a row by weights that are finite.
    pub(crate) fn set_row(&mut self, row: usize, cells: &[f64]) {
        debug_assert!(cells.iter().all(|cell| cell.is_finite()));
        self.cells[row * self.columns..][..self.columns].copy_from_slice(cells);
    }

    /// The pairs `(row, column)` with the largest total weight, as many as the shorter side has, by row.
    ///
    /// Cubic in the longer side. Among equally good matchings it takes the one SciPy takes, since the crate is a
    /// translation of SciPy's `linear_sum_assignment`.
    #[must_use]
    pub fn best_matching(&self) -> Vec<(usize, usize)> {
        self.undisputed_matching().unwrap_or_else(|| {
            let (rows, columns) = lsap::solve(self.rows, self.columns, &self.cells, true)
                .expect("all weights are finite, so the problem is valid and feasible");
            rows.into_iter().zip(columns).collect()
        })
    }

    /// The best matching where every item of the shorter side gets one of its best partners; nothing if that cannot be.
    ///
    /// It is the one `lsap` finds, also among equally good ones: as long as every item gets its way, the search for an
    /// item ends at once, at the first free one of its best partners. Most answers are nearly right, so this suffices,
    /// and `lsap` would copy the whole table first.
    pub(crate) fn undisputed_matching(&self) -> Option<Vec<(usize, usize)>> {
        let is_wide = self.rows <= self.columns;
        let (shorter, longer) = if is_wide { (self.rows, self.columns) } else { (self.columns, self.rows) };
        let at = |item: usize, partner: usize| {
            if is_wide { self.at(item, partner) } else { self.at(partner, item) }
        };
        let mut taken = vec![false; longer];
        let mut pairs = Vec::with_capacity(shorter);
        for item in 0..shorter {
            let best = (0..longer).map(|partner| at(item, partner)).reduce(f64::max)?;
            let partner = (0..longer).find(|&partner| !taken[partner] && at(item, partner) == best)?;
            taken[partner] = true;
            pairs.push(if is_wide { (item, partner) } else { (partner, item) });
        }
        pairs.sort_unstable();
        Some(pairs)
    }
}

/// How many items of an answer are matched with `expected` ones; the rest is invented without a look.
///
/// An answer may list anything, and a flood must not cost minutes. But it may always list twice what is expected, as
/// long as the table stays within [`MOST_CELLS`].
///
/// # Errors
/// If even a right answer would have too many items to be matched.
pub(crate) fn matched_items(expected: usize, given: usize) -> Result<usize, MetricError> {
    const CHEAP: usize = 1_000_000;
    check_size(expected, expected)?;
    let expected = expected.max(1);
    Ok(given.min((CHEAP / expected).max(2 * expected)).min(MOST_CELLS / expected))
}

/// The number of comparisons of two lists, if they are few enough to be made.
pub(crate) fn check_size(rows: usize, columns: usize) -> Result<usize, MetricError> {
    let size = rows.saturating_mul(columns);
    if size > MOST_CELLS {
        return Err(MetricError::new(format!(
            "comparing {rows} with {columns} items needs {size} comparisons; at most {MOST_CELLS} are made"
        )));
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn maximises_the_total_and_not_each_pair() {
        let table = [[0.9, 0.8], [0.8, 0.1]];
        let weights = Weights::new(2, 2, |row, column| table[row][column]).unwrap();
        assert_eq!(weights.best_matching(), [(0, 1), (1, 0)]);
    }

    proptest! {
        #[test]
        fn takes_the_matching_of_the_crate(
            rows in 1..7_usize,
            columns in 1..7_usize,
            levels in 1..60_u32,
            seeds in proptest::collection::vec(0..u32::MAX, 36),
        ) {
            let weight = |row: usize, column: usize| f64::from(seeds[row * 6 + column] % levels) / 7.0;
            let weights = Weights::new(rows, columns, weight).unwrap();
            let (left, right) = lsap::solve(rows, columns, &weights.cells, true).unwrap();
            prop_assert_eq!(weights.best_matching(), left.into_iter().zip(right).collect::<Vec<_>>());
        }
    }

    #[test]
    fn matches_tables_that_are_not_square() {
        let wide = Weights::new(1, 3, |_, column| [0.0, 2.0, 1.0][column]).unwrap();
        assert_eq!(wide.best_matching(), [(0, 1)]);
        let tall = Weights::new(3, 1, |row, _| [0.0, 1.0, 2.0][row]).unwrap();
        assert_eq!(tall.best_matching(), [(2, 0)]);
        assert_eq!(Weights::new(0, 3, |_, _| 1.0).unwrap().best_matching(), []);
    }

    #[test]
    fn treats_what_is_no_number_as_worthless() {
        let weights = Weights::new(1, 2, |_, column| [f64::NAN, 0.5][column]).unwrap();
        assert_eq!(weights.best_matching(), [(0, 1)]);
    }

    #[test]
    fn refuses_tables_beyond_its_bound() {
        let error = Weights::new(5_000, 5_000, |_, _| 0.0).unwrap_err();
        assert!(error.to_string().contains("at most 16000000"), "{error}");
    }
}
