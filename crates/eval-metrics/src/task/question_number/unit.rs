//! The unit beside a number.

use crate::value::currency;
use crate::value::measure::{Measure, composed, measure};

/// What stands around a number.
#[derive(Default, Clone, PartialEq, Debug)]
pub(in crate::task) struct Unit {
    pub(in crate::task) currency: Option<&'static str>,
    /// 1,000 for K; nothing if none is written.
    pub(in crate::task) scale: Option<f64>,
    pub(in crate::task) percent: bool,
    /// A unit of measure with its kind and size: watts in GW are 10^9.
    pub(in crate::task) measure: Option<Measure>,
}

/// Words for powers of ten, and for a dozen.
const SCALES: [(f64, &[&str]); 10] = [
    (1e4, &["万", "萬", "만"]),
    (1e8, &["億", "亿", "억"]),
    (12.0, &["dozen", "dutzend"]),
    (1e2, &["hundred", "hundreds"]),
    (1e3, &["k", "thousand", "thousands", "tsd", "tausend", "tys", "mil", "тыс", "千"]),
    (1e5, &["lakh", "lakhs", "lac", "lacs"]),
    (1e6, &["m", "mn", "mio", "mln", "million", "millions", "millionen", "millones", "milioni", "млн"]),
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

impl Unit {
    /// Reads `$K`, `million USD`, `%`.
    pub(in crate::task) fn read(text: &str) -> Self {
        let lower = text.to_lowercase();
        let symbol = |c: char| "$€£¥₹₽₩₺₫%‰".contains(c);
        let spaced: String =
            lower.chars().flat_map(|c| if symbol(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
        let rate = lower.contains('/').then_some(lower.as_str());
        let measured = composed(&lower).or_else(|| lower.split_whitespace().find_map(composed));
        // `230 A`; anywhere else it is an article.
        let amperes = || if lower.trim() == "a" { measure("ampere") } else { None };
        let mut unit = Self { measure: measured.or_else(amperes), ..Self::default() };
        for word in
            spaced.split(|c: char| !(c.is_alphanumeric() || symbol(c))).filter(|word| !word.is_empty())
        {
            unit.percent |=
                matches!(word, "%" | "percent" | "pct" | "percentage" | "prozent" | "pp" | "pourcent");
            // Of `patients/month` nothing is known.
            unit.measure = unit.measure.or_else(|| if rate.is_some() { None } else { measure(word) });
            // `real` and `won` are English words first.
            let is_word = matches!(word, "real" | "won" | "try" | "dong" | "ft" | "kr" | "fr" | "rs");
            unit.currency = unit.currency.or_else(|| if is_word { None } else { currency(word) });
            unit.scale = unit
                .scale
                .or_else(|| SCALES.iter().find(|(_, list)| list.contains(&word)).map(|(scale, _)| *scale));
        }
        if let Some(part) = part_of_percent(&lower) {
            unit = Self { percent: true, scale: Some(part), ..Self::default() };
        }
        // `$5 m` are millions, and so is a capital M; `5 m` may be meters as well.
        if unit.currency.is_some() || unit.percent || text.trim() == "M" || text.trim() == "T" {
            unit.measure = None;
        }
        unit
    }

    /// Whether it says no more than how long, how far or how warm: beside a number of something else it is a detail.
    pub(super) fn is_detail(&self) -> bool {
        let kind = self.measure.map(|(kind, _)| kind.name);
        let plain = self.currency.is_none() && !self.percent;
        plain
            && kind.is_some_and(|kind| ["time", "length", "celsius", "fahrenheit", "volume"].contains(&kind))
    }

    /// Whether it is a share or measures something, which nothing that is counted does.
    pub(super) fn is_of_no_count(&self) -> bool {
        self.percent || self.scale.is_none() && (self.measure.is_some() || self.currency.is_some())
    }

    pub(in crate::task) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether two written units cannot mean the same.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        let differ = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
        let other_kind = matches!((self.measure, other.measure), (Some((a, _)), Some((b, _))) if a != b);
        differ(self.currency, other.currency)
            || other_kind
            || (self.percent != other.percent && (self.percent || !self.is_none()))
    }
}

/// How many percent one of a smaller share is: a basis point is a hundredth of one.
fn part_of_percent(lower: &str) -> Option<f64> {
    let is = |names: &[&str]| {
        lower.split(|c: char| !(c.is_alphanumeric() || c == '‰')).any(|it| names.contains(&it))
    };
    if lower.contains("basis point") || is(&["bp", "bps"]) {
        Some(0.01)
    } else {
        is(&["‰", "permille", "promille"]).then_some(0.1)
    }
}
