//! Round axis steps and the way from a value to a pixel.

/// A value axis.
#[derive(Debug, Clone)]
pub struct Axis {
    pub low: f64,
    pub high: f64,
    pub log: bool,
    /// Values with a label.
    pub ticks: Vec<f64>,
    /// Distance of two ticks on a linear axis.
    pub step: f64,
}

impl Axis {
    /// A linear axis that covers the values; it starts at zero unless `zoom` cuts away empty space below.
    pub fn linear(values: &[f64], zoom: bool, intervals: f64) -> Self {
        let (least, most) = range(values);
        let base = if zoom && least > 0.0 { least - (most - least) * 0.15 } else { least.min(0.0) };
        let top = most.max(0.0).max(base);
        let step = round_step((top - base) / intervals);
        let low = (base / step + 1e-9).floor() * step;
        let high = (top / step - 1e-9).ceil() * step;
        let count = ((high - low) / step).round();
        let mut ticks = Vec::new();
        let mut index = 0.0;
        while index <= count {
            ticks.push(tidy(low + index * step));
            index += 1.0;
        }
        Self { low: tidy(low), high: tidy(high), log: false, ticks, step }
    }

    /// The same axis with room above the highest value, for a legend or labels inside the plot.
    pub fn with_headroom(mut self, values: &[f64], share: f64) -> Self {
        let most = range(values).1;
        while self.high - most < share * (self.high - self.low) {
            self.high = tidy(self.high + self.step);
            self.ticks.push(self.high);
        }
        self
    }

    /// The same axis with room below the lowest value, if that is negative.
    pub fn with_footroom(mut self, values: &[f64], share: f64) -> Self {
        let least = range(values).0;
        while least < 0.0 && least - self.low < share * (self.high - self.low) {
            self.low = tidy(self.low - self.step);
            self.ticks.insert(0, self.low);
        }
        self
    }

    /// A logarithmic axis from one power of ten to another.
    pub fn log(values: &[f64]) -> Self {
        let (least, most) = range(values);
        let mut low = 1.0;
        while low * 10.0 <= least {
            low *= 10.0;
        }
        let mut ticks = vec![low];
        while ticks[ticks.len() - 1] < most {
            ticks.push(ticks[ticks.len() - 1] * 10.0);
        }
        Self { low, high: ticks[ticks.len() - 1], log: true, ticks, step: 0.0 }
    }

    /// The same logarithmic axis, one power of ten longer if the highest value comes close to its end.
    pub fn with_decade_above(mut self, values: &[f64], share: f64) -> Self {
        if 1.0 - self.share(range(values).1) < share {
            self.high *= 10.0;
            self.ticks.push(self.high);
        }
        self
    }

    /// Where a value stands: 0 at the low end of the axis, 1 at the high end.
    pub fn share(&self, value: f64) -> f64 {
        if self.log {
            libm::log10(value / self.low) / libm::log10(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }

    /// Where bars begin: zero, or the low end.
    pub fn base(&self) -> f64 {
        if self.log { self.low } else { self.low.max(0.0).min(self.high) }
    }

    /// Unlabelled ticks between the labelled ones.
    pub fn minor(&self) -> Vec<f64> {
        if self.log {
            let inner = |low: &f64| (2..10).map(|digit| f64::from(digit) * low).collect::<Vec<_>>();
            self.ticks[..self.ticks.len() - 1].iter().flat_map(inner).collect()
        } else {
            self.ticks[..self.ticks.len() - 1].iter().map(|tick| tick + self.step / 2.0).collect()
        }
    }

    /// The finest distance that can still be told from the picture with certainty.
    pub fn resolution(&self) -> f64 {
        // A fifth of a step of 5 or 10, a quarter of a step of 2: round numbers again.
        let lead = self.step / power_of_ten(self.step);
        if (1.5..3.0).contains(&lead) { self.step / 4.0 } else { self.step / 5.0 }
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `raw`.
fn round_step(raw: f64) -> f64 {
    let power = power_of_ten(raw);
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| tidy(factor * power))
        .find(|step| *step >= raw * 0.999_999)
        .expect("ten times its power of ten is above any number")
}

/// The power of ten just below a positive number.
fn power_of_ten(value: f64) -> f64 {
    let mut power = 1.0;
    while power > value * 1.000_000_1 {
        power /= 10.0;
    }
    while power * 10.0 <= value * 1.000_000_1 {
        power *= 10.0;
    }
    power
}

/// Without the dust of binary arithmetic.
pub fn tidy(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn range(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn ticks(values: &[f64], expected: &[f64]) {
        assert_eq!(Axis::linear(values, false, 5.0).ticks, expected);
    }

    #[test]
    fn linear_ticks_are_round_and_cover_everything() {
        ticks(&[420.0, 620.0], &[0.0, 200.0, 400.0, 600.0, 800.0]);
        ticks(&[-3.2, 4.1], &[-4.0, -2.0, 0.0, 2.0, 4.0, 6.0]);
        ticks(&[0.31, 0.92], &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten() {
        let axis = Axis::log(&[30.0, 7000.0]);
        assert_eq!(axis.ticks, [10.0, 100.0, 1000.0, 10000.0]);
        assert!((axis.share(100.0) - 1.0 / 3.0).abs() < 1e-9);
    }
}
