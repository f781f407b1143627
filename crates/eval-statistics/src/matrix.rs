//! The few operations on small square matrices that a fit needs.

/// A square matrix.
#[derive(Debug, Clone)]
pub struct Matrix {
    size: usize,
    cells: Vec<f64>,
}

impl Matrix {
    /// Nothing but zeros.
    #[must_use]
    pub fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    /// A multiple of the identity.
    #[must_use]
    pub fn diagonal(size: usize, value: f64) -> Self {
        let mut matrix = Self::zero(size);
        (0..size).for_each(|at| matrix.cells[at * size + at] = value);
        matrix
    }

    /// One cell.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    /// Adds weight × vector × vectorᵀ.
    pub fn add_square(&mut self, vector: &[f64], weight: f64) {
        for (row, a) in vector.iter().enumerate().filter(|(_, a)| **a != 0.0) {
            for (column, b) in vector.iter().enumerate() {
                self.cells[row * self.size + column] += weight * a * b;
            }
        }
    }

    /// Itself × another of the same size.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut product = Self::zero(self.size);
        for row in 0..self.size {
            for at in 0..self.size {
                for column in 0..self.size {
                    product.cells[row * self.size + column] += self.get(row, at) * other.get(at, column);
                }
            }
        }
        product
    }

    /// Itself × a vector.
    #[must_use]
    pub fn apply(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.size)
            .map(|row| vector.iter().enumerate().map(|(column, value)| self.get(row, column) * value).sum())
            .collect()
    }

    /// The inverse where the first `free` parameters sum to 0: adding one number to all of them changes nothing.
    #[must_use]
    pub fn pseudo_inverse(&self, free: usize) -> Option<Self> {
        let mut whole = self.clone();
        for row in 0..free {
            for column in 0..free {
                whole.cells[row * self.size + column] += 1.0;
            }
        }
        let mut inverse = whole.inverse()?;
        let part = 1.0 / (free * free) as f64;
        for row in 0..free {
            for column in 0..free {
                inverse.cells[row * self.size + column] -= part;
            }
        }
        Some(inverse)
    }

    /// Gauss and Jordan, with pivots; nothing where there is none.
    #[must_use]
    pub fn inverse(mut self) -> Option<Self> {
        let n = self.size;
        let mut inverse = Self::zero(n);
        (0..n).for_each(|at| inverse.cells[at * n + at] = 1.0);
        for at in 0..n {
            let pivot = (at..n).max_by(|a, b| self.get(*a, at).abs().total_cmp(&self.get(*b, at).abs()))?;
            let size = self.get(pivot, at);
            if size.is_nan() || size.abs() <= 1e-300 {
                return None;
            }
            for column in 0..n {
                self.cells.swap(at * n + column, pivot * n + column);
                inverse.cells.swap(at * n + column, pivot * n + column);
            }
            for column in 0..n {
                self.cells[at * n + column] /= size;
                inverse.cells[at * n + column] /= size;
            }
            for row in (0..n).filter(|row| *row != at) {
                let factor = self.get(row, at);
                if factor != 0.0 {
                    for column in 0..n {
                        self.cells[row * n + column] -= factor * self.cells[at * n + column];
                        inverse.cells[row * n + column] -= factor * inverse.cells[at * n + column];
                    }
                }
            }
        }
        Some(inverse)
    }
}
