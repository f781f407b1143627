use super::{Comparison, Interval, PairedTasks};
use crate::binomial::Binomial;
use crate::distribution::normal_quantile;
use crate::power::mcnemar_power;

/// With more documents that differ, the width of the interval says the same as counting them.
const MANY: usize = 60;

/// Steps of halving, to a tenth of a point.
const STEPS: usize = 10;

impl PairedTasks {
    /// The true difference that as many documents find with the power asked for; nothing if none is large enough.
    pub(super) fn smallest_detectable(&self, interval: Interval, settings: &Comparison) -> Option<f64> {
        // The half of the interval and not the standard error: it knows of what was not seen.
        let by_width = interval.width() / 2.0 * (1.0 + normal_quantile(settings.power) / settings.level.z());
        if !self.in_unit {
            return Some(by_width);
        }
        // No difference between shares is larger than 1: so few cases detect none.
        self.by_counting(by_width, settings).filter(|detectable| *detectable <= 1.0)
    }

    /// At least `least`. A test of few documents that differ counts them, and no p is small before there are some: five of
    /// five in favor are not significant, however little the rest varies.
    fn by_counting(&self, least: f64, settings: &Comparison) -> Option<f64> {
        let moving = || self.sums.iter().map(|sum| sum.abs()).filter(|sum| *sum > 1e-12);
        let (documents, differing) = (self.documents() as u64, moving().count());
        let whole = self.n as f64 / documents as f64;
        let (smallest, largest) = moving().fold((f64::MAX, 0.0_f64), |(a, b), it| (a.min(it), b.max(it)));
        let fewest = (1.0 - (1.0 - settings.level.get()).log2()).ceil() as u64;
        let share = differing as f64 / documents as f64;
        let are_few = 1.0 - Binomial::new(documents, share).cumulative(fewest - 1) < settings.power;
        let are_alike = differing > 0 && largest - smallest <= 1e-12;
        if differing > MANY || !(are_few || are_alike) {
            return Some(least);
        }
        // What a document can move the mean by, times the documents.
        let size = if are_alike { largest / whole } else { 1.0 };
        // One more differs that was not seen. By how little others do is in the width.
        let against = if are_alike { differing + 1 } else { 1 };
        let noise = against as f64 / (documents + 1) as f64;
        let finds = |detectable: f64| {
            let gain = (detectable / size).min(1.0);
            let differ = (noise + gain).min(1.0);
            let only_a = ((differ - gain) / 2.0).max(0.0);
            mcnemar_power(documents, only_a, differ - only_a, settings.level)
                .is_some_and(|power| power >= settings.power)
        };
        if finds(least) {
            return Some(least);
        }
        if !finds(size) {
            return None;
        }
        let (mut low, mut high) = (least.min(size), size);
        for _ in 0..STEPS {
            let middle = f64::midpoint(low, high);
            if finds(middle) { high = middle } else { low = middle }
        }
        Some(high)
    }
}
