//! The little linear algebra that looking ahead needs: symmetric matrices of a few candidates.

/// A square matrix, row by row.
#[derive(Debug, Clone)]
pub(super) struct Square {
    pub size: usize,
    pub cells: Vec<f64>,
}

impl Square {
    pub fn new(size: usize, cell: impl Fn(usize, usize) -> f64) -> Self {
        let cells = (0..size * size).map(|at| cell(at / size, at % size)).collect();
        Self { size, cells }
    }

    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    /// The lower triangle whose square this is (Cholesky); what rounding or unlike cases make negative is nothing.
    pub fn root(&self) -> Self {
        let mut root = Self::new(self.size, |_, _| 0.0);
        for row in 0..self.size {
            for column in 0..=row {
                let known: f64 = (0..column).map(|at| root.get(row, at) * root.get(column, at)).sum();
                let rest = self.get(row, column) - known;
                root.cells[row * self.size + column] = match (row == column, root.get(column, column)) {
                    (true, _) => rest.max(0.0).sqrt(),
                    (false, pivot) if pivot > 1e-12 => rest / pivot,
                    (false, _) => 0.0,
                };
            }
        }
        root
    }

    /// The x with `self · selfᵀ · x = b`, for a lower triangle.
    fn solve_square(&self, b: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut x = b.to_vec();
        for row in 0..n {
            let known: f64 = (0..row).map(|at| self.get(row, at) * x[at]).sum();
            x[row] = (x[row] - known) / self.get(row, row).max(1e-12);
        }
        for row in (0..n).rev() {
            let known: f64 = (row + 1..n).map(|at| self.get(at, row) * x[at]).sum();
            x[row] = (x[row] - known) / self.get(row, row).max(1e-12);
        }
        x
    }

    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        let row = |row: usize| (0..self.size).map(|at| self.get(row, at) * vector[at]).sum();
        (0..self.size).map(row).collect()
    }
}

/// What is believed of values with this prior covariance around 0, after they were seen with this error covariance:
/// their means, and the root of their covariance.
pub(super) fn posterior(prior: &Square, errors: &Square, seen: &[f64]) -> (Vec<f64>, Square) {
    let n = prior.size;
    let sum = Square::new(n, |row, column| prior.get(row, column) + errors.get(row, column)).root();
    let means = prior.times(&sum.solve_square(seen));
    let columns: Vec<Vec<f64>> = (0..n)
        .map(|column| {
            let of_prior: Vec<f64> = (0..n).map(|row| prior.get(row, column)).collect();
            prior.times(&sum.solve_square(&of_prior))
        })
        .collect();
    let covariance = Square::new(n, |row, column| prior.get(row, column) - columns[column][row]);
    (means, covariance.root())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_pulled_towards_zero_by_the_ratio_of_the_variances() {
        let one = |variance: f64| Square::new(1, |_, _| variance);
        let (means, root) = posterior(&one(3.0), &one(1.0), &[2.0]);
        assert!((means[0] - 1.5).abs() < 1e-12 && (root.get(0, 0).powi(2) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn a_root_squares_to_its_matrix() {
        let matrix = Square::new(3, |row, column| if row == column { 2.0 } else { 0.5 });
        let root = matrix.root();
        for row in 0..3 {
            for column in 0..3 {
                let cell: f64 = (0..3).map(|at| root.get(row, at) * root.get(column, at)).sum();
                assert!((cell - matrix.get(row, column)).abs() < 1e-12);
            }
        }
    }
}
