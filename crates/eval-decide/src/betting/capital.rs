//! What a gambler has after each score.

use super::{Betting, Method};

/// Which way the stake goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// That the mean is larger.
    Above,
    /// That it is smaller.
    Below,
    /// Whatever the past says.
    Signed,
}

/// The scores with what the past said before each of them.
pub(super) struct Capital<'a> {
    scores: &'a [f64],
    settings: &'a Betting,
    /// The sum of the scores before.
    sums: Vec<f64>,
    /// The mean and the variance with their priors, before.
    means: Vec<f64>,
    variances: Vec<f64>,
}

impl<'a> Capital<'a> {
    pub fn new(scores: &'a [f64], settings: &'a Betting) -> Self {
        let mut it = Self { scores, settings, sums: Vec::new(), means: Vec::new(), variances: Vec::new() };
        let (mut sum, mut squares) = (0.0, settings.prior_variance);
        let mut mean = settings.prior_mean;
        for (before, score) in scores.iter().enumerate() {
            it.sums.push(sum);
            it.means.push(mean);
            it.variances.push(squares / (before + 1) as f64);
            sum += score;
            mean = (settings.prior_mean + sum) / (before + 2) as f64;
            squares += (score - mean).powi(2);
        }
        it
    }

    /// What the next score's mean is if `mean` is true.
    fn next_mean(&self, mean: f64, before: usize) -> f64 {
        match self.settings.population {
            None => mean,
            Some(all) => {
                let left = all.saturating_sub(before).max(1);
                // Rounding must not make a mean impossible that is just possible.
                let next = (all as f64 * mean - self.sums[before]) / left as f64;
                if (-1e-12..0.0).contains(&next) {
                    0.0
                } else if next > 1.0 && next < 1.0 + 1e-12 {
                    1.0
                } else {
                    next
                }
            }
        }
    }

    /// The logarithm of the capital after each score.
    pub fn path(&self, side: Side, mean: f64) -> Vec<f64> {
        let mut gamble = Gamble::new(self, side, mean);
        (0..self.scores.len()).map(|before| gamble.play(before)).collect()
    }

    /// The first time (from 1) at which it is at least this much.
    pub fn first_above(&self, side: Side, mean: f64, bar: f64) -> Option<usize> {
        let mut gamble = Gamble::new(self, side, mean);
        (0..self.scores.len()).find(|before| gamble.play(*before) >= bar).map(|before| before + 1)
    }
}

/// One gamble against one mean.
struct Gamble<'a> {
    capital: &'a Capital<'a>,
    side: Side,
    mean: f64,
    log: f64,
    /// By stake of a mixture.
    mixture: Vec<f64>,
    /// Of online Newton steps: the stake and the curvature.
    stake: f64,
    curvature: f64,
}

impl<'a> Gamble<'a> {
    fn new(capital: &'a Capital<'a>, side: Side, mean: f64) -> Self {
        let stakes = if capital.settings.method == Method::Mixture { capital.settings.grid } else { 0 };
        Self { capital, side, mean, log: 0.0, mixture: vec![0.0; stakes], stake: 0.0, curvature: 1.0 }
    }

    fn play(&mut self, before: usize) -> f64 {
        let next = self.capital.next_mean(self.mean, before);
        if self.log == f64::INFINITY || self.is_impossible(next) {
            self.log = f64::INFINITY;
            return self.log;
        }
        // A mean that is impossible on the other side wins nothing here.
        if !(0.0..=1.0).contains(&next) {
            return self.log;
        }
        let score = self.capital.scores[before];
        self.log = match self.capital.settings.method {
            Method::Mixture => self.mix(score, next),
            Method::Plugin => self.log + self.plug_in(score, next, before),
            Method::Agrapa => self.log + self.follow(score, next, before),
            Method::Ons => self.log + self.newton(score, next),
        };
        self.log
    }

    fn is_impossible(&self, next: f64) -> bool {
        match self.side {
            Side::Above => next < 0.0,
            Side::Below => next > 1.0,
            Side::Signed => !(0.0..=1.0).contains(&next),
        }
    }

    fn mix(&mut self, score: f64, next: f64) -> f64 {
        let (score, next) = match self.side {
            Side::Below => (1.0 - score, 1.0 - next),
            Side::Above | Side::Signed => (score, next),
        };
        let stakes = self.mixture.len() as f64;
        let mut sum = f64::NEG_INFINITY;
        for (at, log) in self.mixture.iter_mut().enumerate() {
            let stake = (at as f64 + 0.5) / stakes;
            let ratio = if score == next { 1.0 } else { score / next };
            *log += (1.0 - stake + stake * ratio).ln();
            sum = super::log_sum(sum, *log);
        }
        sum - stakes.ln()
    }

    fn plug_in(&self, score: f64, next: f64, before: usize) -> f64 {
        let settings = self.capital.settings;
        let time = (before + 1) as f64;
        let variance = self.capital.variances[before];
        let stake = (2.0 * (2.0 / settings.alpha).ln() / (variance * time * time.ln_1p())).sqrt();
        match self.side {
            Side::Below => (-stake.min(settings.truncation / (1.0 - next)) * (score - next)).ln_1p(),
            Side::Above | Side::Signed => (stake.min(settings.truncation / next) * (score - next)).ln_1p(),
        }
    }

    fn clipped(&self, stake: f64, next: f64) -> f64 {
        let most = self.capital.settings.truncation;
        stake.max(-most / (1.0 - next)).min(most / next)
    }

    fn follow(&self, score: f64, next: f64, before: usize) -> f64 {
        let mean = match self.capital.settings.population {
            None => self.capital.means[before],
            Some(all) => {
                let left = all.saturating_sub(before).max(1) as f64;
                (all as f64 * self.capital.means[before] - self.capital.sums[before]) / left
            }
        };
        let gap = mean - next;
        let stake = gap / (self.capital.variances[before] + gap * gap);
        (self.clipped(stake, next) * (score - next)).ln_1p()
    }

    fn newton(&mut self, score: f64, next: f64) -> f64 {
        let stake = self.clipped(self.stake, next);
        let gain = score - next;
        let slope = gain / (1.0 + stake * gain);
        self.curvature += slope * slope;
        self.stake = stake + 2.0 / (2.0 - 3.0_f64.ln()) * slope / self.curvature;
        (stake * gain).ln_1p()
    }
}
