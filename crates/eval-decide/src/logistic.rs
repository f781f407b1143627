//! Logistic regression with a ridge, for a few features and some dozen documents.
//!
//! Few parameters, so that fifty documents are enough, and never less sure for more of a signal that speaks for an
//! answer: weights are not allowed to be negative. Isotonic regression would need no shape, but one signal only and ten
//! times the data.

use eval_statistics::matrix::Matrix;

/// How strongly weights are drawn to 0: as strongly as so many answers would.
const RIDGE: f64 = 1.0;
const ROUNDS: usize = 30;

/// A learned chance of being right.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    constant: f64,
    weights: Vec<f64>,
    centers: Vec<f64>,
}

impl Logistic {
    /// From rows of features, each as long, and whether each was right; nothing without rows.
    #[must_use]
    pub fn fit(rows: &[Vec<f64>], right: &[bool]) -> Option<Self> {
        let width = rows.first()?.len();
        let n = rows.len() as f64;
        let centers: Vec<f64> =
            (0..width).map(|at| rows.iter().map(|row| row[at]).sum::<f64>() / n).collect();
        let mut free = vec![true; width];
        // A weight that wants to be negative is left out, and the rest fitted anew.
        loop {
            let model = Self::newton(rows, right, &centers, &free);
            let Some(worst) = (0..width)
                .filter(|at| model.weights[*at] < 0.0)
                .min_by(|a, b| model.weights[*a].total_cmp(&model.weights[*b]))
            else {
                return Some(model);
            };
            free[worst] = false;
        }
    }

    fn newton(rows: &[Vec<f64>], right: &[bool], centers: &[f64], free: &[bool]) -> Self {
        let width = centers.len();
        let used: Vec<usize> = (0..width).filter(|at| free[*at]).collect();
        let design: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| std::iter::once(1.0).chain(used.iter().map(|at| row[*at] - centers[*at])).collect())
            .collect();
        let size = used.len() + 1;
        let mut beta = vec![0.0; size];
        for _ in 0..ROUNDS {
            let mut gradient: Vec<f64> = beta.iter().map(|it| -RIDGE * it).collect();
            let mut curvature = Matrix::diagonal(size, RIDGE);
            for (row, right) in design.iter().zip(right) {
                let chance = sigmoid(row.iter().zip(&beta).map(|(x, b)| x * b).sum());
                let miss = f64::from(u8::from(*right)) - chance;
                let weight = (chance * (1.0 - chance)).max(1e-9);
                gradient.iter_mut().zip(row).for_each(|(it, x)| *it += miss * x);
                curvature.add_square(row, weight);
            }
            let Some(step) = curvature.inverse().map(|inverse| inverse.apply(&gradient)) else { break };
            let longest = step.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
            let scale = if longest > 2.0 { 2.0 / longest } else { 1.0 };
            beta.iter_mut().zip(&step).for_each(|(b, s)| *b += s * scale);
            if longest < 1e-8 {
                break;
            }
        }
        let mut weights = vec![0.0; width];
        used.iter().zip(&beta[1..]).for_each(|(at, weight)| weights[*at] = *weight);
        Self { constant: beta[0], weights, centers: centers.to_vec() }
    }

    /// The logit of a row in the middle.
    pub(crate) fn constant(&self) -> f64 {
        self.constant
    }

    /// For each feature: its weight, and where its middle is.
    pub(crate) fn weights(&self) -> impl Iterator<Item = (f64, f64)> {
        self.weights.iter().copied().zip(self.centers.iter().copied())
    }

    /// The chance of being right.
    #[must_use]
    pub fn chance(&self, row: &[f64]) -> f64 {
        let sum: f64 =
            row.iter().zip(&self.centers).zip(&self.weights).map(|((x, c), weight)| (x - c) * weight).sum();
        sigmoid(self.constant + sum)
    }
}

pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::Logistic;

    /// Right with a chance of 0.9 where the first feature is 1, else 0.5; the second feature says nothing.
    fn sample(n: usize) -> (Vec<Vec<f64>>, Vec<bool>) {
        let rows: Vec<Vec<f64>> = (0..n)
            .map(|at| vec![f64::from(u8::from(at % 2 == 0)), f64::from(u8::from(at % 3 == 0))])
            .collect();
        let right = (0..n).map(|at| if at % 2 == 0 { at % 20 != 0 } else { at % 4 == 1 }).collect();
        (rows, right)
    }

    #[test]
    fn chances_are_those_of_the_data() {
        let (rows, right) = sample(600);
        let model = Logistic::fit(&rows, &right).unwrap();
        assert!((model.chance(&[1.0, 0.5]) - 0.9).abs() < 0.03, "{model:?}");
        assert!((model.chance(&[0.0, 0.5]) - 0.5).abs() < 0.03, "{model:?}");
    }

    #[test]
    fn a_signal_that_speaks_against_itself_is_left_out() {
        let (rows, right) = sample(600);
        let turned: Vec<Vec<f64>> = rows.iter().map(|row| vec![1.0 - row[0]]).collect();
        let model = Logistic::fit(&turned, &right).unwrap();
        assert_eq!(model.chance(&[0.0]), model.chance(&[1.0]));
    }

    #[test]
    fn all_right_is_sure_but_never_certain() {
        let rows = vec![vec![1.0]; 30];
        let model = Logistic::fit(&rows, &[true; 30]).unwrap();
        assert!((0.8..0.99).contains(&model.chance(&[1.0])));
        assert_eq!(Logistic::fit(&[], &[]), None);
    }
}
