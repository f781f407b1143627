//! The unit beside a number.

use crate::value::currency;
use crate::value::measure::measure;

/// What stands around a number.
#[derive(Default, Clone, PartialEq, Debug)]
pub(in crate::task) struct Unit {
    pub(in crate::task) currency: Option<&'static str>,
    /// 1,000 for K; nothing if none is written.
    pub(in crate::task) scale: Option<f64>,
    pub(super) percent: bool,
    /// A unit of measure with its kind and size: watts in GW are 10^9.
    pub(super) measure: Option<(&'static str, f64)>,
}

impl Unit {
    /// Reads `$K`, `million USD`, `%`.
    pub(in crate::task) fn read(text: &str) -> Self {
        const SCALES: [(f64, &[&str]); 8] = [
            (12.0, &["dozen", "dutzend"]),
            (1e2, &["hundred", "hundreds"]),
            (1e3, &["k", "thousand", "thousands", "tsd", "tausend", "tys", "mil", "тыс", "千"]),
            (1e5, &["lakh", "lakhs", "lac", "lacs"]),
            (
                1e6,
                &["m", "mn", "mio", "mln", "million", "millions", "millionen", "millones", "milioni", "млн"],
            ),
            (1e7, &["crore", "crores", "cr"]),
            (
                1e9,
                &[
                    "b",
                    "bn",
                    "mrd",
                    "bln",
                    "mld",
                    "billion",
                    "billions",
                    "milliard",
                    "milliards",
                    "milliarden",
                    "miliardi",
                    "miliardo",
                    "млрд",
                ],
            ),
            (1e12, &["t", "tn", "trn", "trillion", "trillions"]),
        ];
        let lower = text.to_lowercase();
        let symbol = |c: char| "$€£¥₹₽₩₺₫%‰".contains(c);
        let spaced: String =
            lower.chars().flat_map(|c| if symbol(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
        let mut unit = Self::default();
        for word in
            spaced.split(|c: char| !(c.is_alphanumeric() || symbol(c))).filter(|word| !word.is_empty())
        {
            unit.percent |=
                matches!(word, "%" | "percent" | "pct" | "percentage" | "prozent" | "pp" | "pourcent");
            unit.measure = unit.measure.or_else(|| measure(word));
            // `real` and `won` are English words first.
            let is_word = matches!(word, "real" | "won" | "try" | "dong" | "ft" | "kr" | "fr" | "rs");
            unit.currency = unit.currency.or_else(|| if is_word { None } else { currency(word) });
            unit.scale = unit
                .scale
                .or_else(|| SCALES.iter().find(|(_, list)| list.contains(&word)).map(|(scale, _)| *scale));
        }
        // `$5 m` are millions, and so is a capital M; `5 m` may be meters as well.
        if unit.currency.is_some() || unit.percent || text.trim() == "M" || text.trim() == "T" {
            unit.measure = None;
        }
        unit
    }

    /// Whether it says no more than how long, how far or how warm: beside a number of something else it is a detail.
    pub(super) fn is_detail(&self) -> bool {
        let kind = self.measure.map(|(kind, _)| kind);
        let plain = self.currency.is_none() && !self.percent;
        plain
            && kind.is_some_and(|kind| ["time", "length", "celsius", "fahrenheit", "volume"].contains(&kind))
    }

    pub(in crate::task) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether two written units cannot mean the same.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        let different = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
        let measured = |unit: &Self| unit.measure.map(|(kind, _)| kind);
        different(self.currency, other.currency)
            || different(measured(self), measured(other))
            || (self.percent != other.percent && (self.percent || !self.is_none()))
    }
}
